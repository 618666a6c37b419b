#include "poller/control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/log.h"

enum {
	MOST_CLIENTS = 64,
	MOST_QUESTION = (LIMIT_DEVICES + 1) * (LIMIT_NAME + 1), /* bytes: a poll may name every
								   device */
	MOST_ANSWER = 64 << 20                                  /* bytes that wait for one client */
};

struct control {
	int fd;
	char *path;
	struct client *clients;
	size_t n;
};

static int
address_of(const char *path, struct sockaddr_un *at, struct error *err)
{
	*at = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (text_copy(text_of(path), at->sun_path, sizeof(at->sun_path)))
		return 0;
	return error_set(err,
	    "%s: too long for a socket (%zu bytes at most): choose a shorter folder for the store",
	    path, sizeof(at->sun_path) - 1);
}

struct control *
control_open(const char *path, struct error *err)
{
	struct sockaddr_un at;
	struct control *c;
	mode_t mask;
	int fd, rc;

	if (address_of(path, &at, err) != 0)
		return NULL;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	(void)unlink(path);
	mask = umask(0077);
	rc = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&at, sizeof(at));
	(void)umask(mask);
	if (rc != 0 || listen(fd, MOST_CLIENTS) != 0) {
		error_set(err, "cannot listen at %s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	c = mem_alloc(1, sizeof(*c));
	c->fd = fd;
	c->path = mem_string(path);
	return c;
}

static void
free_client(struct client *client)
{
	for (size_t i = 0; i < client->n_devices; i++)
		free(client->devices[i]);
	free(client->devices);
	free(client->question);
	free(client->answer);
	close(client->fd);
	free(client);
}

void
control_close(struct control *c)
{
	if (!c)
		return;
	while (c->clients) {
		struct client *client = c->clients;

		c->clients = client->next;
		free_client(client);
	}
	close(c->fd);
	(void)unlink(c->path);
	free(c->path);
	free(c);
}

struct client *
control_clients(const struct control *c)
{
	return c->clients;
}

nfds_t
control_watch(const struct control *c, struct pollfd *watch, nfds_t room)
{
	nfds_t n = 0;

	watch[n++] = (struct pollfd){ .fd = c->fd, .events = POLLIN };
	for (struct client *client = c->clients; client && n < room; client = client->next)
		watch[n++] = (struct pollfd){ .fd = client->fd,
			.events = (short)(POLLIN | (client->n_answer > 0 ? POLLOUT : 0)) };
	return n;
}

/* --- answers ---------------------------------------------------------------------------------- */

static void
add_line(struct client *client, json_t *line)
{
	char *text = json_dumps(line, JSON_COMPACT | JSON_ENCODE_ANY);
	size_t n = text ? strlen(text) : 0;

	json_decref(line);
	if (client->n_answer + n + 1 > MOST_ANSWER)
		client->ended = true;
	if (text && !client->ended) {
		if (client->n_answer + n + 1 > client->room) {
			client->room = (client->n_answer + n + 1) * 2;
			client->answer = mem_grow(client->answer, client->room, 1);
		}
		memcpy(client->answer + client->n_answer, text, n);
		client->answer[client->n_answer + n] = '\n';
		client->n_answer += n + 1;
	}
	free(text);
}

void
control_say(struct client *client, json_t *row)
{
	add_line(client, row);
}

void
control_end(struct client *client, int exit, const char *error)
{
	add_line(client, json_pack("{s:i,s:s?}", "end", exit, "error", error));
	client->ended = true;
	client->decision = 0;
}

/* False when the client is gone, or has all it waits for. */
static bool
send_answer(struct client *client)
{
	ssize_t n;

	if (client->n_answer == 0)
		return !client->ended;
	n = send(client->fd, client->answer, client->n_answer, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	client->n_answer -= (size_t)n;
	memmove(client->answer, client->answer + n, client->n_answer);
	return client->n_answer > 0 || !client->ended;
}

/* --- questions -------------------------------------------------------------------------------- */

static void
accept_client(struct control *c)
{
	int fd = accept4(c->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ucred who;
	socklen_t size = sizeof(who);
	struct client *client;

	if (fd < 0)
		return;
	if (c->n >= MOST_CLIENTS || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0 ||
	    (who.uid != geteuid() && who.uid != 0)) {
		log_line(LOG_WARNING, "control: a connection was refused");
		close(fd);
		return;
	}
	client = mem_alloc(1, sizeof(*client));
	client->control = c;
	client->fd = fd;
	client->uid = who.uid;
	client->next = c->clients;
	c->clients = client;
	c->n++;
}

static bool
is_whole(const struct client *client)
{
	return client->n_question >= 2 && client->question[client->n_question - 1] == '\0' &&
	       client->question[client->n_question - 2] == '\0';
}

static void
hear(struct client *client, void (*question)(struct client *client, int n, char **words, void *arg),
    void *arg)
{
	char **words;
	int n = 0;

	for (char *at = client->question; *at; at += strlen(at) + 1)
		n++;
	words = mem_alloc((size_t)n + 1, sizeof(*words));
	n = 0;
	for (char *at = client->question; *at; at += strlen(at) + 1)
		words[n++] = at;
	if (n > 0)
		question(client, n, words, arg);
	else
		control_end(client, EXIT_USAGE, "a question has words");
	free(words);
}

/* False when the client has gone, or says more than a question. */
static bool
read_question(struct client *client,
    void (*question)(struct client *client, int n, char **words, void *arg), void *arg)
{
	char bytes[4096];
	ssize_t n = recv(client->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	if (n == 0 || is_whole(client) || client->n_question + (size_t)n > MOST_QUESTION)
		return false;
	client->question = mem_grow(client->question, client->n_question + (size_t)n, 1);
	memcpy(client->question + client->n_question, bytes, (size_t)n);
	client->n_question += (size_t)n;
	if (is_whole(client))
		hear(client, question, arg);
	return true;
}

void
control_turn(struct control *c, const struct pollfd *watch, nfds_t n,
    void (*question)(struct client *client, int n, char **words, void *arg), void *arg)
{
	struct client **at = &c->clients;

	for (nfds_t i = 1; i < n && *at; i++) {
		struct client *client = *at;
		bool stays = true;

		if (client->fd == watch[i].fd && watch[i].revents)
			stays = read_question(client, question, arg);
		if (stays && (client->n_answer > 0 || client->ended))
			stays = send_answer(client);
		if (stays) {
			at = &client->next;
			continue;
		}
		*at = client->next;
		c->n--;
		free_client(client);
	}
	if (n > 0 && watch[0].revents)
		accept_client(c);
}

/* --- the other side --------------------------------------------------------------------------- */

static int
send_words(int fd, int n, const char *const *words, struct error *err)
{
	for (int i = 0; i <= n; i++) {
		const char *word = i < n ? words[i] : "";
		size_t size = strlen(word) + 1;

		if (send(fd, word, size, MSG_NOSIGNAL) != (ssize_t)size)
			return error_set(err, "the daemon does not listen: %s", strerror(errno));
	}
	return 0;
}

static int
read_answer(FILE *in, void (*row)(const json_t *row, void *arg), void *arg, struct error *err)
{
	char *line = NULL;
	size_t room = 0;
	int exit = -1;

	while (exit < 0 && getline(&line, &room, in) > 0) {
		json_t *json = json_loads(line, 0, NULL), *end = json_object_get(json, "end");

		if (json_is_integer(end)) {
			const char *why = json_string_value(json_object_get(json, "error"));

			exit = (int)json_integer_value(end);
			if (why)
				error_exit(err, exit, "%s", why);
		} else if (json) {
			row(json, arg);
		}
		json_decref(json);
	}
	free(line);
	if (exit < 0)
		return error_set(err, "the daemon went away in the middle of its answer");
	return exit;
}

int
control_ask(const char *path, int n, const char *const *words,
    void (*row)(const json_t *row, void *arg), void *arg, struct error *err)
{
	struct sockaddr_un at;
	FILE *in;
	int fd, rc;

	if (address_of(path, &at, err) != 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0) {
		rc = errno == ENOENT || errno == ECONNREFUSED
			 ? CONTROL_NOBODY
			 : error_exit(err, EXIT_AUTH, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return rc;
	}
	in = fdopen(fd, "r");
	rc = send_words(fd, n, words, err);
	if (rc == 0)
		rc = read_answer(in, row, arg, err);
	fclose(in);
	return rc;
}
