/* Any text as a pattern: it compiles or says why not; what compiles reads any line without a crash.
 * The first line is the pattern (byte 0 picks the form), the rest is a reply. */
#include <assert.h>

#include "drivers/reply.h"
#include "tests/fuzz/fuzz.h"

static void
take_row(const struct observation *o, void *arg)
{
	uint64_t *sum = arg;

	*sum += o->line + o->state.n + (o->app.n > 0 ? (unsigned char)o->app.s[o->app.n - 1] : 0);
}

/* Up to four patterns, divided by a tab, so that records of several lines are tried too. */
static void
split(char *line, const char *patterns[static 5])
{
	unsigned n = 0;

	for (char *p = line; n < 4 && p != NULL; n++) {
		patterns[n] = p;
		p = strchr(p, '\t');
		if (p != NULL)
			*p++ = '\0';
	}
	patterns[n] = NULL;
}

static void
read_with(const struct command *command, const char *bytes, size_t n)
{
	struct error err = { 0 };
	struct program *program = program_compile(drivers[0], command, &err);
	const struct account *a;
	struct reply *reply;
	uint64_t sum = 0;

	if (program == NULL) {
		assert(err.text[0] != '\0');
		return;
	}
	reply = reply_new(program, take_row, &sum);
	(void)reply_feed(reply, bytes, n);
	(void)reply_end(reply, sum != UINT64_MAX);
	a = reply_account(reply);
	assert(a->row + a->noise + a->unread == a->lines);
	reply_free(reply);
	program_free(program);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const noise[] = { "Proto", NULL };
	const uint8_t *eol = memchr(bytes, '\n', n);
	const char *patterns[5];
	struct command command = { .send = "show it", .patterns = patterns, .noise = noise };
	char line[2048];
	size_t length;

	if (n < 2 || eol == NULL || eol == bytes)
		return 0;
	length = (size_t)(eol - bytes) - 1;
	if (length >= sizeof line)
		return 0;
	memcpy(line, bytes + 1, length);
	line[length] = '\0';
	split(line, patterns);
	command.form = (enum form)(bytes[0] % 4);
	command.total = bytes[0] & 0x40 ? patterns[0] : NULL;
	read_with(&command, (const char *)eol + 1, n - (size_t)(eol + 1 - bytes));
	return 0;
}
