#include "ledger/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "ledger/hash.h"

enum { FIELDS = 11 };

const char *
ledger_kind_name(enum ledger_kind k)
{
	static const char *const names[] = {
		[LEDGER_START] = "start",
		[LEDGER_INTENT] = "intent",
		[LEDGER_RESULT] = "result",
		[LEDGER_HOSTKEY] = "hostkey",
		[LEDGER_POLL] = "poll",
		[LEDGER_QUESTION] = "question",
		[LEDGER_CONFIG] = "config",
		[LEDGER_STOP] = "stop",
		[LEDGER_INVENTORY] = "inventory",
		[LEDGER_HOLD] = "hold",
	};

	return (unsigned)k < sizeof(names) / sizeof(names[0]) ? names[k] : "unknown";
}

/* --- encoding --------------------------------------------------------------------------------- */

/* Counts what does not fit, and writes only what does. */
struct output {
	uint8_t *at;
	size_t size, used;
};

static void
put_bytes(struct output *o, const void *bytes, size_t n)
{
	if (n <= o->size && o->used <= o->size - n)
		memcpy(o->at + o->used, bytes, n);
	o->used += n;
}

static void
put_integer(struct output *o, uint64_t value, size_t n)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
	put_bytes(o, bytes, n);
}

static void
put_number(struct output *o, uint64_t value)
{
	put_integer(o, 8, 4);
	put_integer(o, value, 8);
}

static void
put_text(struct output *o, const char *text)
{
	size_t n = text ? strlen(text) + 1 : 1;

	put_integer(o, n, 4);
	put_bytes(o, text ? text : "", n);
}

/* The number of bytes, whether they fit or not. */
static size_t
encode(const struct ledger_event *e, uint64_t seq, void *out, size_t size)
{
	struct output o = { out, size, 0 };

	put_integer(&o, FIELDS, 4);
	put_number(&o, seq);
	put_number(&o, (uint64_t)e->kind);
	put_number(&o, (uint64_t)e->time_us);
	put_text(&o, e->who);
	put_text(&o, e->device);
	put_text(&o, e->account);
	put_text(&o, e->address);
	put_text(&o, e->what);
	put_text(&o, e->result);
	put_number(&o, e->refers);
	put_text(&o, e->detail);
	return o.used;
}

size_t
ledger_encode(const struct ledger_event *e, uint64_t seq, void *out, size_t size)
{
	size_t n = encode(e, seq, out, size);

	return n <= size ? n : 0;
}

/* --- decoding --------------------------------------------------------------------------------- */

static bool
take_integer(const uint8_t **at, const uint8_t *end, size_t n, uint64_t *value)
{
	if ((size_t)(end - *at) < n)
		return false;
	*value = 0;
	for (size_t i = 0; i < n; i++)
		*value |= (uint64_t)(*at)[i] << 8 * i;
	*at += n;
	return true;
}

static bool
take_number(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
	uint64_t n;

	return take_integer(at, end, 4, &n) && n == 8 && take_integer(at, end, 8, value);
}

static bool
take_text(const uint8_t **at, const uint8_t *end, const char **text)
{
	uint64_t n;

	if (!take_integer(at, end, 4, &n) || n == 0 || n > (size_t)(end - *at))
		return false;
	/* Its NUL is the last byte and the only one. */
	if (memchr(*at, '\0', n) != *at + n - 1)
		return false;
	*text = (const char *)*at;
	*at += n;
	return true;
}

bool
ledger_decode(const void *record, size_t n, struct ledger_event *e, uint64_t *seq)
{
	const uint8_t *at = record, *end = n ? at + n : at;
	uint64_t fields, kind, time_us;

	*e = (struct ledger_event){ 0 };
	if (!take_integer(&at, end, 4, &fields) || fields != FIELDS ||
	    !take_number(&at, end, seq) || !take_number(&at, end, &kind) || kind >= LEDGER_KINDS ||
	    !take_number(&at, end, &time_us))
		return false;
	e->kind = (enum ledger_kind)kind;
	e->time_us = (int64_t)time_us;
	return take_text(&at, end, &e->who) && take_text(&at, end, &e->device) &&
	       take_text(&at, end, &e->account) && take_text(&at, end, &e->address) &&
	       take_text(&at, end, &e->what) && take_text(&at, end, &e->result) &&
	       take_number(&at, end, &e->refers) && take_text(&at, end, &e->detail) && at == end;
}

/* --- the chain -------------------------------------------------------------------------------- */

void
ledger_hash(const uint8_t before[static 32], const void *record, size_t n, uint8_t hash[static 32])
{
	hash_pair(HASH_LEAF, before, record, n, hash);
}

int
ledger_append(struct store *s, const struct ledger_event *e, uint64_t *seq, struct error *err)
{
	uint8_t before[32], hash[32];
	uint64_t last;
	size_t n;
	uint8_t *record;
	int result;

	if (store_ledger_last(s, &last, before) < 0)
		return error_set(
		    err, "the ledger's last record cannot be read: run `gatebook ledger verify`");
	n = encode(e, last + 1, NULL, 0);
	record = mem_alloc(n, 1);
	encode(e, last + 1, record, n);
	ledger_hash(before, record, n, hash);
	result = store_ledger_put(s, last + 1, e->time_us, record, n, hash, err);
	free(record);
	if (result == 0 && seq)
		*seq = last + 1;
	return result;
}
