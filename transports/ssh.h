/* The ssh transport's own files: connection, login, dialogue. Nothing outside transports/ssh*.c may
 * include libssh.
 *
 * libssh 0.10 answers "nothing came" and "end of file" with the same number; every read goes
 * through ssh_read, which tells them apart. */
#ifndef GATEBOOK_TRANSPORTS_SSH_H
#define GATEBOOK_TRANSPORTS_SSH_H

#include <libssh/libssh.h>
#include <sys/types.h>

#include "transports/dialogue.h"
#include "transports/line.h"

struct ssh_line {
	struct link *link;
	ssh_session session;
	ssh_channel channel; /* of the shell; NULL for exec */
	int fd;
	dev_t device; /* of fd, to recognise it: libssh may have closed it already */
	ino_t inode;
	char *overheard; /* libssh's word on a failed negotiation, raw; NULL: none */
	struct ssh_counter_struct counter; /* of the socket */
	uint64_t seen;  /* bytes that had come in when the last round of reading began */
	bool alive;     /* the session can still be used */
	bool at_prompt; /* the shell waits for a line */
	struct dialogue dialogue;
};

/* ssh_wire.c: the connection. */

/* TCP and key exchange. Returns 0, or -1 with reason and why. */
int ssh_reach(struct ssh_line *s);

/* Fills link->host_key. Returns 0, or -1. */
int ssh_look_at_key(struct ssh_line *s);
void ssh_hang_up(struct ssh_line *s);

/* The next libssh call must come back within this time, and by the deadline. */
void ssh_patience(struct ssh_line *s, int ms);

/* libssh's last error, escaped; valid until the next call. */
const char *ssh_complaint(struct ssh_line *s);

/* ssh_jump.c: the way through a jump host. */

/* Logs into s->link->to->via and makes s->fd a line to the device through it. Returns 0, or -1 with
 * reason and why. */
int ssh_jump(struct ssh_line *s);

/* ssh_profile.c: algorithms. */

/* Sets the profile of the target. Returns 0, or -1 with reason and why. */
int ssh_profile_set(struct ssh_line *s);

/* If libssh's error is a failed negotiation, explains it in link->why and returns true; *key_type
 * is set when it was the host key's type that did not match. */
bool ssh_profile_explain(struct ssh_line *s, const char *complaint, bool *key_type);

/* ssh_login.c: whom we talk to, and who we are. */

/* Compares link->host_key with the pins. Returns 0 if it is trusted, or -1 with REASON_HOST_KEY. */
int ssh_verify(struct ssh_line *s);

/* Offers each credential once. Returns 0, or -1. */
int ssh_login(struct ssh_line *s);

/* ssh_shell.c and ssh_exec.c: lines and replies. */
enum ssh_got { SSH_GOT_BYTES, SSH_GOT_NOTHING, SSH_GOT_END, SSH_GOT_ERROR };

/* What has arrived, without waiting. */
enum ssh_got ssh_read(
    struct ssh_line *s, ssh_channel channel, bool aside, char *buffer, size_t size, size_t *n);

/* False once the connection is gone; it stays gone. */
bool ssh_lives(struct ssh_line *s);

/* Begins a round of reading: all streams of a channel are read, then ssh_await is called. Each read
 * takes in packets for every stream, so the last one may have brought what an earlier one looked
 * for. */
void ssh_begin_round(struct ssh_line *s);

/* Waits until there may be something to read: at most ms, not at all if something came in during
 * the round. Returns false if nothing came. */
bool ssh_await(struct ssh_line *s, int ms);

int ssh_shell_open(struct ssh_line *s); /* pty, shell, prompt learned */
int ssh_shell_ask(struct ssh_line *s, const char *line, const struct sink *sink);
void ssh_shell_leave(struct ssh_line *s);
int ssh_exec_ask(struct ssh_line *s, const char *line, const struct sink *sink, int *status);

#endif
