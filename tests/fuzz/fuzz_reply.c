/* Any bytes as a reply, in pieces of any size: no crash, every line accounted for, and a reply
 * whose end was not seen is never complete. Byte 0: driver, 1: command, 2: sizes of the pieces, 3:
 * whole. */
#include <assert.h>

#include "drivers/reply.h"
#include "tests/fuzz/fuzz.h"

enum { MOST_COMMANDS = 2 * LIMIT_COMMANDS };

enum { MOST_DRIVERS = 256 };

static struct program *programs[MOST_DRIVERS][MOST_COMMANDS];

/* Compiled once: the target is the reader. */
static struct program *
program_of(unsigned d, unsigned c)
{
	assert(drivers_count <= MOST_DRIVERS && c < MOST_COMMANDS);
	if (programs[d][c] == NULL)
		programs[d][c] = program_compile(drivers[d], &drivers[d]->commands[c], NULL);
	assert(programs[d][c] != NULL);
	return programs[d][c];
}

/* Reading every byte of a row shows the sanitizer a text that does not live. */
static void
touch(struct text t, uint64_t *sum)
{
	for (size_t i = 0; i < t.n; i++)
		*sum += (unsigned char)t.s[i];
}

/* A session has none: what stands there is nobody's. */
static bool has_particulars;

static void
touch_particulars(const struct particulars *more, uint64_t *sum)
{
	touch(more->vlan, sum);
	touch(more->tty, sum);
	touch(more->from, sum);
	touch(more->kind, sum);
	touch(more->client, sum);
	touch(more->remote, sum);
	touch(more->opens, sum);
	touch(more->host, sum);
	touch(more->event, sum);
	touch(more->nas, sum);
	touch(more->task, sum);
	touch(more->cmd, sum);
	touch(more->time, sum);
}

static void
take_row(const struct observation *o, void *arg)
{
	uint64_t *sum = arg;
	char text[ENDPOINT_TEXT];

	touch(o->state, sum);
	touch(o->app, sum);
	touch(o->user, sum);
	touch(o->place, sum);
	touch(o->mac, sum);
	touch(o->near_iface, sum);
	touch(o->far_iface, sum);
	touch(o->near_service, sum);
	touch(o->far_service, sum);
	for (const struct endpoint *e = &o->near; e <= &o->far_nat; e++)
		*sum += strlen(endpoint_format(e, text));
	if (has_particulars)
		touch_particulars(&o->more, sum);
	*sum += o->line;
}

static void
feed(struct reply *reply, const uint8_t *bytes, size_t n, uint8_t sizes)
{
	uint32_t state = sizes;
	size_t piece;

	for (size_t at = 0; at < n; at += piece) {
		state = state * 1664525u + 1013904223u;
		piece = 1 + (sizes < 64 ? state >> 30 : state >> 24);
		if (piece > n - at)
			piece = n - at;
		if (reply_feed(reply, (const char *)bytes + at, piece) < 0)
			return;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const struct account *a;
	const struct text *lines;
	const uint32_t *numbers;
	struct reply *reply;
	enum outcome outcome;
	unsigned d, commands = 0;
	uint64_t sum = 0;
	size_t kept;

	if (n < 4)
		return 0;
	d = bytes[0] % drivers_count;
	while (drivers[d]->commands[commands].send != NULL)
		commands++;
	if (drivers[d]->commands[bytes[1] % commands].form == FORM_VARBINDS)
		return 0; /* what an agent answers is no reply of lines */
	has_particulars = topic_has_particulars(drivers[d]->commands[bytes[1] % commands].topic);
	reply = reply_new(program_of(d, bytes[1] % commands), take_row, &sum);
	feed(reply, bytes + 4, n - 4, bytes[2]);
	outcome = reply_end(reply, bytes[3] & 1);
	a = reply_account(reply);
	assert(a->row + a->noise + a->unread == a->lines);
	assert(
	    outcome == OUTCOME_COMPLETE || outcome == OUTCOME_PARTIAL || outcome == OUTCOME_FAILED);
	if (outcome == OUTCOME_COMPLETE)
		assert((bytes[3] & 1) && a->unread == 0 && !a->mismatch && !a->refused);
	else
		assert(reply_why(reply)[0] != '\0' && reply_reason(reply) != REASON_NONE);
	kept = reply_unread(reply, &lines, &numbers);
	assert(kept <= LIMIT_UNREAD_KEPT && kept <= a->unread);
	for (size_t i = 0; i < kept; i++)
		touch(lines[i], &sum);
	reply_free(reply);
	if (bytes[3] >= 0xf0) /* it compiles every command: much slower than all the rest */
		(void)reply_guess(drivers[d], (struct text){ (const char *)bytes + 4, n - 4 });
	return sum == UINT64_MAX; /* keeps the sum alive; never true */
}
