/* The replay transport: the device is a recorded reply, or a folder of them. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "drivers/reply.h"
#include "transports/line.h"

enum { CHUNK = 32768, GUESS_BYTES = 65536, NOT_FOUND = 127 };

struct replay {
	int file[LIMIT_COMMANDS]; /* the reply to each of the driver's commands; -1: none recorded
				   */
};

/* "show ip nat translations" is recorded as show-ip-nat-translations.raw. */
static void
file_name(const char *send, char out[static LIMIT_NAME * 2])
{
	size_t n = 0;
	bool dash = false;

	for (; *send && n + 6 < LIMIT_NAME * 2; send++) {
		bool plain = (*send >= 'a' && *send <= 'z') || (*send >= 'A' && *send <= 'Z') ||
			     (*send >= '0' && *send <= '9') || *send == '_' || *send == '.';

		if (plain && dash && n > 0)
			out[n++] = '-';
		if (plain)
			out[n++] = *send;
		dash = !plain;
	}
	memcpy(out + n, ".raw", 5);
}

static int
fail_at(struct link *link, const char *path)
{
	return line_fail(
	    link, REASON_CONNECT, "%s: %s: %s", link->to->device, path, strerror(errno));
}

/* --- finding the replies ------------------------------------------------------------------------
 */

/* All files are opened now: later, in the sandbox, none can be. */
static int
open_folder(struct link *link, struct replay *r, int folder)
{
	const struct command *c = link->to->driver->commands;
	char name[LIMIT_NAME * 2];

	for (int i = 0; i < LIMIT_COMMANDS && c[i].send; i++) {
		file_name(c[i].send, name);
		r->file[i] = openat(folder, name, O_RDONLY | O_CLOEXEC);
		if (r->file[i] < 0 && errno != ENOENT)
			return fail_at(link, name);
	}
	return 0;
}

/* Which command a lone file answers: its name says, or the reply itself. */
static const struct command *
answered(const struct link *link, int file)
{
	const struct command *c = link->to->driver->commands;
	const char *base = strrchr(link->to->file, '/');
	char name[LIMIT_NAME * 2], *head;
	struct text scanned = { NULL, 0 };
	ssize_t n;

	base = base ? base + 1 : link->to->file;
	for (int i = 0; i < LIMIT_COMMANDS && c[i].send; i++) {
		file_name(c[i].send, name);
		if (strcmp(name, base) == 0)
			return &c[i];
	}
	head = mem_alloc(1, GUESS_BYTES);
	while (scanned.n < GUESS_BYTES &&
	       (n = pread(file, head + scanned.n, GUESS_BYTES - scanned.n, (off_t)scanned.n)) > 0)
		scanned.n += (size_t)n;
	scanned.s = head;
	c = reply_guess(link->to->driver, scanned);
	free(head);
	return c;
}

static int
open_file(struct link *link, struct replay *r, int file)
{
	const struct command *c = answered(link, file);
	ptrdiff_t index = c ? c - link->to->driver->commands : -1;

	if (index < 0 || index >= LIMIT_COMMANDS) {
		(void)close(file);
		return line_fail(link, REASON_PLATFORM,
		    "%s is no reply to a command of %s; name it like the command "
		    "(show-tcp-brief.raw), or correct the platform",
		    link->to->file, link->to->driver->name);
	}
	r->file[index] = file;
	return 0;
}

static void
close_replay(struct link *link)
{
	struct replay *r = link->state;

	if (!r)
		return;
	for (int i = 0; i < LIMIT_COMMANDS; i++)
		if (r->file[i] >= 0)
			(void)close(r->file[i]);
	free(r);
	link->state = NULL;
}

static int
open_replay(struct link *link)
{
	struct replay *r = mem_alloc(1, sizeof(*r));
	struct stat st;
	int fd, rc;

	line_clear(link);
	for (int i = 0; i < LIMIT_COMMANDS; i++)
		r->file[i] = -1;
	link->state = r;
	(void)text_copy(text_of("replay"), link->exchange, sizeof(link->exchange));
	fd = link->to->file ? open(link->to->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	if (fd < 0 || fstat(fd, &st) != 0) {
		rc = link->to->file ? fail_at(link, link->to->file)
				    : line_fail(link, REASON_CONNECT, "%s has no `file:` to replay",
					  link->to->device);
	} else if (S_ISDIR(st.st_mode)) {
		rc = open_folder(link, r, fd);
		(void)close(fd);
	} else {
		rc = open_file(link, r, fd);
	}
	if (rc != 0)
		close_replay(link);
	return rc;
}

/* --- asking --------------------------------------------------------------------------------------
 */

static void
give(const struct sink *sink, const char *bytes, size_t n)
{
	if (sink && sink->bytes)
		sink->bytes(sink->arg, bytes, n);
}

/* What was not recorded was refused, in the platform's own words (some are patterns, not words). */
static int
refuse(struct link *link, const struct sink *sink, int *exit_status)
{
	const char *const *refusal = link->to->driver->dialect.refusals;
	const char *words;

	while (refusal && *refusal && strchr(*refusal, '{'))
		refusal++;
	words = refusal && *refusal ? *refusal : "not recorded";
	give(sink, words, strlen(words));
	give(sink, "\n", 1);
	*exit_status = link->to->driver->dialect.shell ? 0 : NOT_FOUND;
	return 0;
}

static int
ask_replay(struct link *link, const char *line, const struct sink *sink, int *exit_status)
{
	struct replay *r = link->state;
	const struct command *c = link->to->driver->commands;
	char bytes[CHUNK];
	off_t at = 0;
	ssize_t n;
	int i = 0;

	*exit_status = 0;
	if (line_allowed(link, line) != 0)
		return -1;
	line_clear(link);
	while (i < LIMIT_COMMANDS && c[i].send && strcmp(c[i].send, line) != 0 &&
	       !command_is_page(&c[i], line))
		i++;
	if (i == LIMIT_COMMANDS || !c[i].send) /* a setup or logout line */
		return 0;
	line_wire(link, line);
	if (r->file[i] < 0 || strcmp(c[i].send, line) != 0) /* further pages are not recorded */
		return refuse(link, sink, exit_status);
	while ((n = pread(r->file[i], bytes, sizeof(bytes), at)) > 0) {
		at += n;
		link->bytes_in += (uint64_t)n;
		if (at > LIMIT_REPLY_BYTES)
			return line_fail(link, REASON_LIMIT, "%s: the reply is longer than %d MB",
			    line, LIMIT_REPLY_BYTES >> 20);
		give(sink, bytes, (size_t)n);
	}
	return n == 0 ? 0 : line_fail(link, REASON_CUT, "%s: %s", line, strerror(errno));
}

const struct transport transport_replay = {
	.name = "replay", .open = open_replay, .ask = ask_replay, .close = close_replay
};
