/* Scripts: one word and its values a line; "quotes" hold blanks, \n \r \t \e \0 \xNN what they say.
 */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "tests/devices/ssh/sshdev.h"

enum { WORDS = 24 };

struct script {
	struct device *devices;
	int n;
	const char *where;
	int line;
};

static void fault(const struct script *s, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

static void
fault(const struct script *s, const char *format, ...)
{
	va_list arguments;

	(void)fprintf(stderr, "sshdev: %s:%d: ", s->where, s->line);
	va_start(arguments, format);
	(void)vfprintf(stderr, format, arguments);
	va_end(arguments);
	(void)fputc('\n', stderr);
	exit(2);
}

static char
escaped(const struct script *s, const char **p)
{
	struct text hex = { *p + 1, 2 };
	uint64_t value;

	switch (**p) {
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	case 'e': return 0x1b;
	case 'a': return '\a';
	case 'b': return '\b';
	case '0': return 0;
	case '\\': return '\\';
	case '"': return '"';
	case 'x':
		if (strlen(*p) < 3 || !text_take_hex(&hex, 255, &value) || hex.n != 0)
			fault(s, "\\x needs two hex digits");
		*p += 2;
		return (char)value;
	default: fault(s, "unknown escape \\%c", **p);
	}
}

/* Cuts a line into words, in place. */
static int
split(const struct script *s, char *line, char *words[static WORDS])
{
	const char *p = line;
	char *out = line;
	int n = 0;

	for (;;) {
		bool quoted;

		while (*p == ' ' || *p == '\t')
			p++;
		if (!*p || *p == '#' || *p == '\n')
			return n;
		if (n == WORDS)
			fault(s, "more than %d words", WORDS);
		words[n++] = out;
		quoted = *p == '"';
		p += quoted;
		while (*p && *p != '\n' && (quoted ? *p != '"' : *p != ' ' && *p != '\t')) {
			char c = *p;

			if (quoted && c == '\\') {
				p++;
				c = escaped(s, &p);
			}
			*out++ = c;
			p++;
		}
		if (quoted && *p != '"')
			fault(s, "the quote does not end");
		if (*p)
			p++;
		*out++ = 0;
	}
}

static long
number(const struct script *s, const char *word)
{
	uint64_t value;

	if (!word || !text_number(text_of(word), UINT32_MAX, &value))
		fault(s, "%s is not a number", word ? word : "(nothing)");
	return (long)value;
}

static bool
yes(const struct script *s, const char *word)
{
	if (!word || strcmp(word, "yes") == 0 || strcmp(word, "on") == 0)
		return true;
	if (strcmp(word, "no") != 0 && strcmp(word, "off") != 0)
		fault(s, "yes or no, not %s", word);
	return false;
}

/* --- words whose value is one text, number or switch -------------------------------------------
 */

enum kind { TEXT, NUMBER, LONG, SWITCH };

static const struct row {
	const char *word;
	enum kind kind;
	size_t at;
} rows[] = {
	{ "listen", TEXT, offsetof(struct device, listen) },
	{ "port", NUMBER, offsetof(struct device, port) },
	{ "backlog", NUMBER, offsetof(struct device, backlog) },
	{ "hostkey", TEXT, offsetof(struct device, hostkey) },
	{ "hostkey-type", TEXT, offsetof(struct device, hostkey_type) },
	{ "algorithms", TEXT, offsetof(struct device, algorithms) },
	{ "methods", TEXT, offsetof(struct device, methods) },
	{ "wire", TEXT, offsetof(struct device, wire) },
	{ "replies", TEXT, offsetof(struct device, folder) },
	{ "prompt", TEXT, offsetof(struct device, prompt) },
	{ "banner", TEXT, offsetof(struct device, banner) },
	{ "banner-bytes", LONG, offsetof(struct device, banner_bytes) },
	{ "refusal", TEXT, offsetof(struct device, refusal) },
	{ "enable", TEXT, offsetof(struct device, enable) },
	{ "leave", TEXT, offsetof(struct device, leave) },
	{ "line-end", TEXT, offsetof(struct device, line_end) },
	{ "kbdint-prompt", TEXT, offsetof(struct device, kbdint_prompt) },
	{ "kbdint-second", TEXT, offsetof(struct device, kbdint_second) },
	{ "kbdint-echo", SWITCH, offsetof(struct device, kbdint_echo) },
	{ "echo", SWITCH, offsetof(struct device, echo) },
	{ "no-prompt", SWITCH, offsetof(struct device, no_prompt) },
	{ "close-after-login", SWITCH, offsetof(struct device, close_after_login) },
	{ "refuse-exec", SWITCH, offsetof(struct device, refuse_exec) },
	{ "refuse-shell", SWITCH, offsetof(struct device, refuse_shell) },
	{ "endless", SWITCH, offsetof(struct device, endless) },
	{ "noise", SWITCH, offsetof(struct device, noise) },
	{ "stall", TEXT, offsetof(struct device, stall) },
	{ "cut-command", TEXT, offsetof(struct device, cut_command) },
	{ "drip", LONG, offsetof(struct device, drip) },
	{ "page", NUMBER, offsetof(struct device, page) },
	{ "more", TEXT, offsetof(struct device, more) },
	{ "max-logins", NUMBER, offsetof(struct device, max_logins) },
};

static bool
set_row(const struct script *s, struct device *d, const char *word, const char *value)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *at = (char *)d + rows[i].at;

		if (strcmp(rows[i].word, word) != 0)
			continue;
		switch (rows[i].kind) {
		case TEXT: *(char **)at = mem_string(value ? value : ""); break;
		case NUMBER: *(int *)at = (int)number(s, value); break;
		case LONG: *(long *)at = number(s, value); break;
		case SWITCH: *(bool *)at = yes(s, value); break;
		}
		return true;
	}
	return false;
}

/* --- the others ----------------------------------------------------------------------------------
 */

static struct answer *
answer_of(const struct script *s, struct device *d, const char *command)
{
	if (!command)
		fault(s, "which command?");
	for (int i = 0; i < d->n_answers; i++)
		if (strcmp(d->answers[i].command, command) == 0)
			return &d->answers[i];
	if (d->n_answers == MAX_REPLIES)
		fault(s, "more than %d commands", MAX_REPLIES);
	d->answers[d->n_answers].command = mem_string(command);
	return &d->answers[d->n_answers++];
}

static struct user *
user_of(const struct script *s, struct device *d, const char *name)
{
	if (!name)
		fault(s, "which user?");
	for (int i = 0; i < d->n_users; i++)
		if (strcmp(d->users[i].name, name) == 0)
			return &d->users[i];
	if (d->n_users == MAX_USERS)
		fault(s, "more than %d users", MAX_USERS);
	d->users[d->n_users].name = mem_string(name);
	return &d->users[d->n_users++];
}

static void
set_cut(const struct script *s, struct device *d, const char *at, const char *how)
{
	static const char *const names[] = { "not", "rst", "fin", "eof", "close", "silence" };

	d->cut_at = number(s, at);
	for (int i = 0; how && i < 6; i++)
		if (strcmp(names[i], how) == 0) {
			d->cut = (enum cut)i;
			return;
		}
	fault(s, "cut BYTE rst|fin|eof|close|silence");
}

static void
set_wipe(const struct script *s, struct device *d, const char *how)
{
	static const char *const names[] = { "ios", "cr", "vrp", "none" };

	for (int i = 0; how && i < 4; i++)
		if (strcmp(names[i], how) == 0) {
			d->wipe = (enum wipe)i;
			return;
		}
	fault(s, "wipe ios|cr|vrp|none");
}

/* Words with several values. words[n] ... are NULL. */
static bool
set_others(const struct script *s, struct device *d, char **words, int n)
{
	const char *word = words[0];

	if (strcmp(word, "user") == 0) {
		user_of(s, d, words[1])->password = words[2] ? mem_string(words[2]) : NULL;
	} else if (strcmp(word, "authorized") == 0) {
		struct user *u = user_of(s, d, words[1]);

		if (!words[2] || ssh_pki_import_pubkey_file(words[2], &u->key) != SSH_OK)
			fault(s, "%s is no public key file", words[2] ? words[2] : "(nothing)");
	} else if (strcmp(word, "reply") == 0) {
		struct answer *a = answer_of(s, d, words[1]);

		for (int i = 2; i < n && a->n < MAX_FILES; i++)
			a->files[a->n++] = mem_string(words[i]);
	} else if (strcmp(word, "aside") == 0) {
		answer_of(s, d, words[1])->aside = words[2] ? mem_string(words[2]) : NULL;
	} else if (strcmp(word, "status") == 0) {
		answer_of(s, d, words[1])->status = (int)number(s, words[2]);
	} else if (strcmp(word, "accept") == 0 && words[1] && d->n_accept < MAX_ACCEPT) {
		d->accept[d->n_accept++] = mem_string(words[1]);
	} else if (strcmp(word, "cut") == 0) {
		set_cut(s, d, words[1], words[2]);
	} else if (strcmp(word, "wipe") == 0) {
		set_wipe(s, d, words[1]);
	} else if (strcmp(word, "delay") == 0) {
		d->delay_lines = (int)number(s, words[1]);
		d->delay_ms = (int)number(s, words[2]);
	} else if (strcmp(word, "next-prompt") == 0) {
		d->next_prompt_after = (int)number(s, words[1]);
		d->next_prompt = mem_string(words[2] ? words[2] : "");
	} else if (strcmp(word, "late") == 0) {
		d->late_ms = (int)number(s, words[1]);
		d->late = mem_string(words[2] ? words[2] : "");
	} else if (strcmp(word, "mode") == 0) {
		d->exec = words[1] && strcmp(words[1], "exec") == 0;
	} else {
		return false;
	}
	return true;
}

static struct device *
begin(struct script *s, const char *name)
{
	struct device *d;

	if (s->n == MAX_DEVICES)
		fault(s, "more than %d devices", MAX_DEVICES);
	d = &s->devices[s->n++];
	d->name = mem_string(name);
	d->cut_at = -1;
	d->echo = true;
	return d;
}

static void
take_line(struct script *s, char *line)
{
	char *words[WORDS + 4] = { NULL };
	int n = split(s, line, words);
	struct device *d;

	s->line++;
	if (n == 0)
		return;
	if (strcmp(words[0], "device") == 0) {
		(void)begin(s, n > 1 ? words[1] : "device");
		return;
	}
	d = s->n ? &s->devices[s->n - 1] : begin(s, "device");
	if (!set_row(s, d, words[0], words[1]) && !set_others(s, d, words, n))
		fault(s, "unknown word %s; see tests/devices/README.md", words[0]);
}

struct device *
script_read(const char *path, int *n)
{
	struct script s = { mem_alloc(MAX_DEVICES, sizeof(struct device)), 0, path, 0 };
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (!f)
		fault(&s, "%s", strerror(errno));
	while (getline(&line, &size, f) > 0)
		take_line(&s, line);
	free(line);
	if (f != stdin)
		(void)fclose(f);
	*n = s.n;
	return s.devices;
}

struct device *
script_lines(char **lines, int n_lines, int *n)
{
	struct script s = { mem_alloc(MAX_DEVICES, sizeof(struct device)), 0, "-e", 0 };

	for (int i = 0; i < n_lines; i++)
		take_line(&s, lines[i]);
	*n = s.n;
	return s.devices;
}

static char *
otherwise(char *value, const char *usual)
{
	return value ? value : mem_string(usual);
}

void
script_finish(struct device *d)
{
	static const char *const usual[] = { "terminal ", "set cli ", "screen-length ", "no paging",
		NULL };

	d->listen = otherwise(d->listen, "127.0.0.1");
	d->hostkey_type = otherwise(d->hostkey_type, "ed25519");
	d->algorithms = otherwise(d->algorithms, "modern");
	d->methods = otherwise(d->methods, "password,keyboard-interactive,publickey");
	d->prompt = otherwise(d->prompt, "R1#");
	d->leave = otherwise(d->leave, "exit");
	d->line_end = otherwise(d->line_end, d->exec ? "\n" : "\r\n");
	d->more = otherwise(d->more, " --More-- ");
	d->kbdint_prompt = otherwise(d->kbdint_prompt, "Password: ");
	d->refusal = otherwise(
	    d->refusal, d->exec ? "command not found"
				: "             ^\n% Invalid input detected at '^' marker.\n");
	if (d->backlog == 0)
		d->backlog = 4096;
	for (int i = 0; d->n_accept == 0 && usual[i]; i++)
		d->accept[d->n_accept++] = mem_string(usual[i]);
	(void)pthread_mutex_init(&d->lock, NULL);
}
