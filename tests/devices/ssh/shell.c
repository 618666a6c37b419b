/* A command line on a terminal, and all the ways a reply can go wrong. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/devices/ssh/sshdev.h"

enum { BLOCK = 32000, MAX_LINE = 1024, FLUSH_MS = 60000 };

static void
sleep_ms(long ms)
{
	(void)poll(NULL, 0, (int)ms);
}

/* --- sending ------------------------------------------------------------------------------------
 */

static void
hold(struct visit *v)
{
	char c;

	while (ssh_channel_read_timeout(v->channel, &c, 1, 0, 1000) >= 0 &&
	       !ssh_channel_is_eof(v->channel))
		;
}

static int
cut(struct visit *v)
{
	struct linger now = { 1, 0 };

	wire_log(v->device, v->number, "cut", "");
	switch (v->device->cut) {
	case CUT_RST:
		(void)setsockopt(v->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
		(void)dup2(STDIN_FILENO, v->fd); /* libssh closes the number: it must stay ours */
		break;
	case CUT_FIN: (void)shutdown(v->fd, SHUT_RDWR); break;
	case CUT_SILENCE: hold(v); break;
	case CUT_EOF:
		(void)ssh_channel_send_eof(v->channel);
		hold(v);
		break;
	default: break; /* the channel is closed in an orderly way by our caller */
	}
	return -1;
}

static int
write_all(struct visit *v, const char *bytes, size_t n, bool aside)
{
	while (n > 0) {
		uint32_t block = n > BLOCK ? BLOCK : (uint32_t)n;
		int rc = aside ? ssh_channel_write_stderr(v->channel, bytes, block)
			       : ssh_channel_write(v->channel, bytes, block);

		if (rc <= 0)
			return -1;
		bytes += rc;
		n -= (size_t)rc;
	}
	/* What the socket did not take at once, libssh would keep until something else happens. */
	return ssh_blocking_flush(v->session, FLUSH_MS) == SSH_OK ? 0 : -1;
}

static int
drip(struct visit *v, const char *bytes, size_t n, bool aside)
{
	for (size_t i = 0; i < n; i++) {
		if (write_all(v, bytes + i, 1, aside) != 0)
			return -1;
		sleep_ms(1000 / v->device->drip);
	}
	return 0;
}

int
put(struct visit *v, const char *bytes, size_t n, bool aside)
{
	const struct device *d = v->device;
	bool last = false;
	int rc;

	if (v->counting && d->cut_at >= 0 && v->sent + (long)n >= d->cut_at) {
		n = (size_t)(d->cut_at - v->sent);
		last = true;
	}
	v->sent += (long)n;
	rc = v->counting && d->drip ? drip(v, bytes, n, aside) : write_all(v, bytes, n, aside);
	return rc == 0 && last ? cut(v) : rc;
}

void
start_counting(struct visit *v, const char *command)
{
	const struct device *d = v->device;

	v->counting = !d->cut_command || strcmp(d->cut_command, command) == 0;
	v->sent = 0;
}

/* --- typing -------------------------------------------------------------------------------------
 */

int
next_key(struct visit *v)
{
	while (v->next_typed == v->n_typed) {
		int n = ssh_channel_read_timeout(v->channel, v->typed, sizeof(v->typed), 0, 60000);

		if (n < 0 || (n == 0 && (ssh_channel_is_eof(v->channel) ||
					    !ssh_channel_is_open(v->channel))))
			return -1;
		v->n_typed = n > 0 ? (size_t)n : 0;
		v->next_typed = 0;
	}
	return (unsigned char)v->typed[v->next_typed++];
}

static int
read_line(struct visit *v, char *line, size_t size)
{
	size_t n = 0;
	int c;

	while ((c = next_key(v)) >= 0) {
		char out = (char)c;
		bool lf_of_crlf = c == '\n' && v->cr;

		v->cr = c == '\r';
		if (lf_of_crlf)
			continue;
		if (c == '\r' || c == '\n') {
			line[n] = 0;
			return v->device->echo || v->silent ? put(v, "\r\n", 2, false) : 0;
		}
		if (c < 32 || n + 1 == size)
			continue;
		line[n++] = out;
		if (v->device->echo && !v->silent && put(v, &out, 1, false) != 0)
			return -1;
	}
	return -1;
}

/* --- replies ------------------------------------------------------------------------------------
 */

static int
wipe(struct visit *v)
{
	static const char ios[] = "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b";
	static const char cr[] = "\r                                        \r";
	static const char vrp[] = "\033[16D                \033[16D";

	switch (v->device->wipe) {
	case WIPE_IOS: return put(v, ios, sizeof(ios) - 1, false);
	case WIPE_CR: return put(v, cr, sizeof(cr) - 1, false);
	case WIPE_VRP: return put(v, vrp, sizeof(vrp) - 1, false);
	default: return 0;
	}
}

/* Returns 1 when the reader wants no more. */
static int
page(struct visit *v)
{
	char key[2] = { 0 };
	int c;

	if (put(v, v->device->more, strlen(v->device->more), false) != 0)
		return -1;
	c = next_key(v);
	if (c < 0)
		return -1;
	key[0] = (char)c;
	wire_log(v->device, v->number, "key", key);
	if (wipe(v) != 0)
		return -1;
	return c == ' ' || c == '\r' || c == '\n' ? 0 : 1;
}

static size_t
add_noise(char *out, unsigned line)
{
	static const char *const noise[] = { "\033[0m", "\033]0;title\a", "\033[K", "\033(B",
		"\033[?25h" };
	const char *s = noise[line % 5];
	size_t n = strlen(s);

	memcpy(out, s, n);
	out[n] = 0;
	return n + 1;
}

/* A block of whole lines is sent when it is full, at a page's end, and before a pause. */
struct block {
	size_t n;
	char bytes[BLOCK + 2 * MAX_LINE];
};

static int
flush_block(struct visit *v, struct block *b)
{
	int rc = b->n ? put(v, b->bytes, b->n, false) : 0;

	b->n = 0;
	return rc;
}

static int
add_line(struct visit *v, struct block *b, struct text line, unsigned number)
{
	const struct device *d = v->device;
	size_t end = strlen(d->line_end);

	if (d->noise)
		b->n += add_noise(b->bytes + b->n, number);
	while (line.n > MAX_LINE) { /* longer lines go in pieces */
		if (flush_block(v, b) != 0 || put(v, line.s, MAX_LINE, false) != 0)
			return -1;
		line.s += MAX_LINE;
		line.n -= MAX_LINE;
	}
	memcpy(b->bytes + b->n, line.s, line.n);
	memcpy(b->bytes + b->n + line.n, d->line_end, end);
	b->n += line.n + end;
	return 0;
}

static int
after_line(struct visit *v, struct block *b, unsigned lines)
{
	const struct device *d = v->device;
	bool pause = d->delay_lines && lines % (unsigned)d->delay_lines == 0;
	bool full_page = d->page && v->pty && lines % (unsigned)d->page == 0;

	if ((b->n >= BLOCK || pause || full_page) && flush_block(v, b) != 0)
		return -1;
	if (pause)
		sleep_ms(d->delay_ms);
	return full_page ? page(v) : 0;
}

int
put_body(struct visit *v, struct text body)
{
	struct block *b = mem_alloc(1, sizeof(*b));
	struct text rest = body, line;
	unsigned lines = 0;
	int rc = 0;

	do {
		rest = body;
		while (rc == 0 && text_take_line(&rest, &line)) {
			rc = add_line(v, b, line, ++lines);
			if (rc == 0)
				rc = after_line(v, b, lines);
		}
	} while (rc == 0 && v->device->endless && body.n > 0);
	if (rc == 0)
		rc = flush_block(v, b);
	free(b);
	return rc < 0 ? -1 : 0;
}

/* --- the shell ----------------------------------------------------------------------------------
 */

static int
greet(struct visit *v)
{
	const struct device *d = v->device;
	char line[82];

	memset(line, '=', sizeof(line));
	memcpy(line + 80, "\r\n", 2);
	for (long n = 0; n < d->banner_bytes; n += (long)sizeof(line))
		if (put(v, line, sizeof(line), false) != 0)
			return -1;
	return d->banner ? put(v, d->banner, strlen(d->banner), false) : 0;
}

static int
prompt(struct visit *v)
{
	const struct device *d = v->device;
	const char *text = d->next_prompt && v->commands >= (unsigned)d->next_prompt_after
			       ? d->next_prompt
			       : d->prompt;

	if (d->no_prompt)
		return 0;
	/* "r1>" is "r1#" at the higher level. */
	if (v->high && text[0])
		return put(v, text, strlen(text) - 1, false) == 0 ? put(v, "#", 1, false) : -1;
	return put(v, text, strlen(text), false);
}

/* As IOS and FRR do it: a wrong password is asked for again, three times. */
static int
enable(struct visit *v)
{
	static const char asks[] = "Password: ", bad[] = "% Bad secrets\r\n";
	char password[MAX_LINE];

	v->silent = true;
	for (int i = 0; i < 3 && !v->high; i++) {
		if (put(v, asks, sizeof(asks) - 1, false) != 0 ||
		    read_line(v, password, sizeof(password)) != 0)
			return -1;
		v->high = strcmp(password, v->device->enable) == 0;
		wire_log(v->device, v->number, "auth", v->high ? "enable ok" : "enable refused");
	}
	v->silent = false;
	return v->high ? 0 : put(v, bad, sizeof(bad) - 1, false);
}

static bool
accepted(const struct device *d, const char *line)
{
	for (int i = 0; i < d->n_accept; i++)
		if (text_starts(text_of(line), d->accept[i]))
			return true;
	return false;
}

static int
command(struct visit *v, const char *line)
{
	struct device *d = v->device;
	struct answer *a;

	v->commands++;
	a = answer_find(d, line);
	if (a) {
		start_counting(v, line);
		return put_body(v, answer_body(d, a));
	}
	if (accepted(d, line))
		return 0;
	return put_body(v, text_of(d->refusal));
}

void
shell_serve(struct visit *v)
{
	const struct device *d = v->device;
	char line[MAX_LINE];

	if (d->stall && strcmp(d->stall, "shell") == 0)
		hold(v);
	if (greet(v) != 0 || prompt(v) != 0)
		return;
	while (read_line(v, line, sizeof(line)) == 0) {
		wire_log(d, v->number, "line", line);
		if (strcmp(line, d->leave) == 0)
			return;
		if (d->enable && strcmp(line, "enable") == 0 ? enable(v) != 0
							     : line[0] && command(v, line) != 0)
			return;
		if (prompt(v) != 0)
			return;
		if (d->late && v->commands == 1 && line[0]) {
			sleep_ms(d->late_ms);
			(void)put(v, d->late, strlen(d->late), false);
		}
		v->counting = false;
	}
}
