/* ssh: a shell on a pty, its prompt, one line and one reply at a time. */
#include <string.h>

#include "base/clock.h"
#include "transports/ssh.h"

enum {
	COLUMNS = 511,
	ROWS = 1000, /* so that nothing wraps and little is paged */
	CHUNK = 32768,
	SETTLE_MS = 120, /* a login's text is over when nothing came for so long behind a prompt
			    mark */
	AFTER_PROMPT_MS = 20, /* a row may begin like the prompt: its rest comes at once */
	CONFIRMATIONS = 4     /* empty lines until two prompts agree */
};

/* --- bytes ------------------------------------------------------------------------------------ */

static int
send_bytes(struct ssh_line *s, const char *what, const char *bytes, size_t n)
{
	line_wire(s->link, what);
	ssh_patience(s, s->link->to->silence_ms);
	if (ssh_channel_write(s->channel, bytes, (uint32_t)n) == (int)n)
		return 0;
	return line_fail(s->link, ssh_lives(s) ? REASON_TIMEOUT : REASON_CUT,
	    "the device takes no more lines: %s", ssh_complaint(s));
}

static int
send_line(struct ssh_line *s, const char *line)
{
	char out[1024];
	size_t n = strlen(line);

	if (n + 1 > sizeof(out))
		return line_fail(
		    s->link, REASON_LIMIT, "a line of %zu bytes is too long to send", n);
	memcpy(out, line, n);
	out[n] = '\r'; /* what the return key sends */
	return send_bytes(s, line, out, n + 1);
}

/* Feeds what has arrived. Bytes: some came; nothing: none is left. */
static enum ssh_got
take(struct ssh_line *s, const struct sink *sink, size_t *n)
{
	char buffer[CHUNK];
	enum ssh_got got;

	ssh_begin_round(s);
	/* A terminal has no stderr; unread, it would hide the end of file. */
	(void)ssh_read(s, s->channel, true, buffer, sizeof(buffer), n);
	got = ssh_read(s, s->channel, false, buffer, sizeof(buffer), n);
	if (got == SSH_GOT_BYTES && dialogue_feed(&s->dialogue, buffer, *n, sink) != 0) {
		(void)line_fail(
		    s->link, REASON_LIMIT, "a line is longer than %d bytes", LIMIT_LINE);
		return SSH_GOT_ERROR;
	}
	return got;
}

/* The end of what the device said, for a message. */
static const char *
tail(struct ssh_line *s)
{
	static char shown[100];
	struct text t = dialogue_tail(&s->dialogue);

	if (t.n > 40)
		t = (struct text){ t.s + t.n - 40, 40 };
	text_escape(t, shown, sizeof(shown));
	return shown;
}

/* --- the prompt ------------------------------------------------------------------------------- */

/* What a login's last words were: "% Too many sessions" helps more than "no prompt". */
struct farewell {
	uint64_t bytes;
	char last[120];
};

static void
keep_words(void *arg, const char *bytes, size_t n)
{
	struct farewell *w = arg;
	struct text line = text_trim((struct text){ bytes, n ? n - 1 : 0 });

	if (line.n > 0)
		text_escape(line, w->last, sizeof(w->last));
}

static int
no_prompt(struct ssh_line *s, const struct farewell *w, enum ssh_got got)
{
	const char *said = tail(s);

	if (s->link->reason != REASON_NONE)
		return -1;
	if (!said[0])
		said = w->last;
	return line_fail(s->link, REASON_PROMPT,
	    "logged in, but %s; the device's last words: \"%s\"",
	    got == SSH_GOT_NOTHING ? "no prompt came" : "the device closed the shell", said);
}

/* How long nothing must follow what stands at the end; 0: it is no prompt. */
static int
settle_ms(const struct ssh_line *s, const char *before)
{
	struct text candidate = dialogue_candidate(&s->dialogue);

	if (candidate.n == 0)
		return 0;
	return text_is(candidate, before) ? AFTER_PROMPT_MS : SETTLE_MS;
}

/* Reads until a prompt mark stands at the end and nothing follows it. */
static int
await_candidate(struct ssh_line *s, struct farewell *w, const char *before)
{
	struct sink sink = { .bytes = keep_words, .arg = w };
	int64_t last = clock_mono_ms();
	size_t n;

	for (;;) {
		enum ssh_got got = take(s, &sink, &n);
		int settle, silent = (int)(clock_mono_ms() - last);

		w->bytes += n;
		if (w->bytes > LIMIT_BANNER)
			return line_fail(s->link, REASON_LIMIT,
			    "more than %d bytes before a prompt", LIMIT_BANNER);
		if (got == SSH_GOT_ERROR || got == SSH_GOT_END)
			return no_prompt(s, w, got);
		if (got == SSH_GOT_BYTES) {
			last = clock_mono_ms();
			continue;
		}
		settle = settle_ms(s, before);
		if (settle && silent >= settle)
			return 0;
		if (!settle && dialogue_sight(&s->dialogue) == DIALOGUE_MORE) {
			if (send_bytes(s, "<more>", " ", 1) != 0)
				return -1;
			dialogue_answered(&s->dialogue);
		}
		if (silent >= s->link->to->silence_ms || line_left(s->link, 1) == 0)
			return no_prompt(s, w, got);
		(void)ssh_await(s, (settle ? settle : s->link->to->silence_ms) - silent);
	}
}

/* Banners may end like a prompt. Two empty lines that are answered alike were answered by one. */
static int
learn_prompt(struct ssh_line *s)
{
	char before[LIMIT_PROMPT] = "";
	struct farewell w = { 0 };

	for (int i = 0; i < CONFIRMATIONS; i++) {
		struct text t;

		if (await_candidate(s, &w, before) != 0)
			return -1;
		t = dialogue_candidate(&s->dialogue);
		if (text_is(t, before)) {
			dialogue_learn(&s->dialogue, t);
			(void)text_copy(t, s->link->prompt, sizeof(s->link->prompt));
			s->at_prompt = true;
			return 0;
		}
		(void)text_copy(t, before, sizeof(before));
		dialogue_begin(&s->dialogue, NULL);
		if (send_line(s, "") != 0)
			return -1;
	}
	return line_fail(s->link, REASON_PROMPT,
	    "logged in, but what looks like a prompt changes with every line: \"%s\"", tail(s));
}

/* --- the higher level ------------------------------------------------------------------------- */

/* Reads until the device asks for the password (1), or stands at a prompt (0). */
static int
await_question(struct ssh_line *s, struct farewell *w)
{
	struct text asks = text_of(s->link->to->driver->dialect.enable_asks);
	struct sink sink = { .bytes = keep_words, .arg = w };
	int64_t last = clock_mono_ms();
	size_t n;

	for (;;) {
		enum ssh_got got = take(s, &sink, &n);
		int silent = (int)(clock_mono_ms() - last), settle;
		struct text t = text_trim(dialogue_tail(&s->dialogue));

		w->bytes += n;
		if (w->bytes > LIMIT_BANNER || got == SSH_GOT_ERROR || got == SSH_GOT_END)
			return no_prompt(s, w, got);
		if (got == SSH_GOT_BYTES) {
			last = clock_mono_ms();
			continue;
		}
		if (t.n >= asks.n && text_equal((struct text){ t.s + t.n - asks.n, asks.n }, asks))
			return 1;
		settle = settle_ms(s, "");
		if (settle && silent >= settle)
			return 0;
		if (silent >= s->link->to->silence_ms || line_left(s->link, 1) == 0)
			return no_prompt(s, w, got);
		(void)ssh_await(s, (settle ? settle : s->link->to->silence_ms) - silent);
	}
}

static bool
is_high(const struct ssh_line *s)
{
	size_t n = strlen(s->link->prompt);

	return n > 0 && s->link->prompt[n - 1] == '#';
}

/* The password goes out once: a device that asks again has refused it, and AAA servers count. */
static int
rise(struct ssh_line *s)
{
	const struct target *to = s->link->to;
	const char *line = to->driver->dialect.enable, *password = to->secret.enable;
	struct farewell w = { 0 };
	char out[LIMIT_SECRET + 1];
	size_t n = strlen(password);
	int asked;

	if (n + 1 > sizeof(out) || line_allowed(s->link, line) != 0)
		return -1;
	dialogue_begin(&s->dialogue, line);
	if (send_line(s, line) != 0)
		return -1;
	asked = await_question(s, &w);
	if (asked > 0) {
		memcpy(out, password, n);
		out[n] = '\r';
		dialogue_begin(&s->dialogue, NULL);
		asked = send_bytes(s, "<password>", out, n + 1) == 0 ? await_question(s, &w) : -1;
		explicit_bzero(out, sizeof(out));
	}
	if (asked > 0)
		return line_fail(
		    s->link, REASON_AUTH, "the password of `%s` was refused. Not retried", line);
	if (asked < 0 || learn_prompt(s) != 0)
		return -1;
	s->link->enabled = is_high(s);
	return s->link->enabled ? 0
				: line_fail(s->link, REASON_AUTH,
				      "`%s` was refused: \"%s\". Not retried", line, w.last);
}

int
ssh_shell_open(struct ssh_line *s)
{
	dialogue_init(&s->dialogue, &s->link->to->driver->dialect);
	ssh_patience(s, s->link->to->silence_ms);
	s->channel = ssh_channel_new(s->session);
	if (!s->channel || ssh_channel_open_session(s->channel) != SSH_OK ||
	    ssh_channel_request_pty_size(s->channel, "vt100", COLUMNS, ROWS) != SSH_OK ||
	    ssh_channel_request_shell(s->channel) != SSH_OK) {
		(void)ssh_lives(s);
		return line_fail(s->link, REASON_PROMPT,
		    "logged in, but the device gives no shell: %s", ssh_complaint(s));
	}
	if (learn_prompt(s) != 0)
		return -1;
	if (!s->link->to->secret.enable || !s->link->to->driver->dialect.enable || is_high(s))
		return 0;
	return rise(s);
}

/* --- a line and its reply -----------------------------------------------------------------------
 */

/* Whatever comes after a prompt belongs to the reply before it: that one was not over then. */
static int
check_quiet(struct ssh_line *s)
{
	enum ssh_got got;
	size_t n;

	s->dialogue.filled = 0;
	do
		got = take(s, NULL, &n);
	while (got == SSH_GOT_BYTES);
	if (got != SSH_GOT_NOTHING)
		return line_fail(
		    s->link, REASON_CUT, "the device closed the shell between two commands");
	if (s->dialogue.filled > 0)
		return line_fail(s->link, REASON_CUT,
		    "the device went on talking after its prompt: \"%s\"", tail(s));
	return 0;
}

static int
not_over(struct ssh_line *s, enum ssh_got got)
{
	if (s->link->reason != REASON_NONE)
		return -1;
	if (got == SSH_GOT_ERROR || got == SSH_GOT_END)
		return line_fail(
		    s->link, REASON_CUT, "the connection ended in the middle of a reply");
	if (line_left(s->link, 1) == 0)
		return line_fail(s->link, REASON_TIMEOUT, "the time for this poll is over");
	return line_fail(s->link, REASON_TIMEOUT,
	    "silent for %d s without its prompt \"%s\"; it stands at \"%s\"",
	    (s->link->to->silence_ms + 999) / 1000, s->dialogue.prompt, tail(s));
}

/* Reads one reply. Returns 0 once the prompt stands alone at its end. */
static int
take_reply(struct ssh_line *s, const struct sink *sink)
{
	uint64_t bytes = 0;
	size_t n;

	for (;;) {
		enum dialogue_sight sight = DIALOGUE_TEXT;
		enum ssh_got got = take(s, sink, &n);

		bytes += n;
		if (bytes > LIMIT_REPLY_BYTES || s->dialogue.lines > LIMIT_REPLY_LINES)
			return line_fail(s->link, REASON_LIMIT,
			    "the reply is longer than %d MB or %d lines", LIMIT_REPLY_BYTES >> 20,
			    LIMIT_REPLY_LINES);
		if (got == SSH_GOT_ERROR || got == SSH_GOT_END || line_left(s->link, 1) == 0)
			return not_over(s, got);
		if (got == SSH_GOT_BYTES)
			continue;
		sight = dialogue_sight(&s->dialogue);
		if (sight == DIALOGUE_MORE) {
			if (send_bytes(s, "<more>", " ", 1) != 0)
				return -1;
			dialogue_answered(&s->dialogue);
		}
		if (ssh_await(
			s, sight == DIALOGUE_PROMPT ? AFTER_PROMPT_MS : s->link->to->silence_ms))
			continue;
		return sight == DIALOGUE_PROMPT ? 0 : not_over(s, got);
	}
}

int
ssh_shell_ask(struct ssh_line *s, const char *line, const struct sink *sink)
{
	if (check_quiet(s) != 0)
		return -1;
	dialogue_begin(&s->dialogue, line);
	if (send_line(s, line) != 0)
		return -1;
	if (take_reply(s, sink) != 0)
		return -1;
	s->at_prompt = true;
	return 0;
}

/* Without a logout line devices keep the session, and run out of them. */
void
ssh_shell_leave(struct ssh_line *s)
{
	const char *leave = s->link->to->driver->dialect.leave;
	int64_t until = clock_mono_ms() + LIMIT_LOGOUT_MS;
	char buffer[4096];
	size_t n;

	if (!leave || !s->alive || !s->at_prompt || line_allowed(s->link, leave) != 0 ||
	    send_line(s, leave) != 0)
		return;
	while (clock_mono_ms() < until) {
		enum ssh_got got;

		ssh_begin_round(s);
		got = ssh_read(s, s->channel, false, buffer, sizeof(buffer), &n);
		if (got == SSH_GOT_END || got == SSH_GOT_ERROR)
			return;
		if (got == SSH_GOT_NOTHING)
			(void)ssh_await(s, (int)(until - clock_mono_ms()));
	}
}
