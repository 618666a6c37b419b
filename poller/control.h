/* The daemon's ear: a Unix socket beside the store. A connection is one question: words, each ended
 * by a NUL, and one more NUL. The answer is a line of JSON for each row; the last line is
 * {"end": EXIT, "error": TEXT or null}. Who asks is known from the socket (SO_PEERCRED): the user
 * the daemon runs as, and root; nobody else gets through. */
#ifndef GATEBOOK_POLLER_CONTROL_H
#define GATEBOOK_POLLER_CONTROL_H

#include <jansson.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct control;

/* One who asks; valid until control_end. */
struct client {
	struct control *control;
	int fd;
	uid_t uid;
	char *question; /* the words */
	size_t n_question;
	char *answer; /* what is not sent yet */
	size_t n_answer, room;
	bool ended;
	/* for whoever answers later */
	uint32_t decision; /* number of the decision it waits for */
	char **devices;    /* whose polls it waits for; NULL among them: had its row */
	size_t n_devices;
	bool follows;  /* the log */
	uint64_t line; /* number of the last one it has */
	struct client *next;
};

/* Listens at the path; what lies there from a daemon that died is removed, for the caller holds the
 * store. NULL with err. */
struct control *control_open(const char *path, struct error *err);
void control_close(struct control *c);

nfds_t control_watch(const struct control *c, struct pollfd *watch, nfds_t room);

/* Hears those with something to read, sends to those who can take it; question() is called once for
 * each whole question and answers now or later. */
void control_turn(struct control *c, const struct pollfd *watch, nfds_t n,
    void (*question)(struct client *client, int n, char **words, void *arg), void *arg);

struct client *control_clients(const struct control *c);

void control_say(struct client *client, json_t *row);                 /* takes the reference */
void control_end(struct client *client, int exit, const char *error); /* error NULL: none */

/* The other side. Asks the daemon at the path; row() gets every line of the answer but the last.
 * Returns the exit code of the answer (err is set when it is not 0), or -1 with err when the
 * connection broke; CONTROL_NOBODY when no daemon listens there. */
enum { CONTROL_NOBODY = -2 };
int control_ask(const char *path, int n, const char *const *words,
    void (*row)(const json_t *row, void *arg), void *arg, struct error *err);

#endif
