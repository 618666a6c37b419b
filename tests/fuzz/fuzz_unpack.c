/* Packed sessions and last words of a damaged file: whatever the bytes are, the readers end, stay
 * within them, and what they accept they can write again. */
#include <stdlib.h>
#include <string.h>

#include "store/lastword.h"
#include "store/pack.h"
#include "tests/fuzz/fuzz.h"

/* What unpacks must survive packing: same sessions, same summary. */
static void
repack(const struct pack_base *base, const uint8_t *bytes, size_t n)
{
	struct packer p = { 0 };
	struct unpacker u, v;
	struct packed_session s, t;
	const uint8_t *again;
	size_t size;
	int more, more_again;

	packer_begin(&p, base);
	unpacker_begin(&u, base, bytes, n);
	while (unpacker_next(&u, &s) > 0)
		packer_add(&p, &s);
	again = packer_end(&p, &size);
	if (unpacker_begin(&u, base, bytes, n) < 0 || unpacker_begin(&v, base, again, size) < 0)
		abort();
	do {
		more = unpacker_next(&u, &s);
		more_again = unpacker_next(&v, &t);
		if (more != more_again || memcmp(&s, &t, sizeof(s)) != 0)
			abort();
	} while (more > 0);
	packer_free(&p);
}

static void
last_words(const uint8_t *bytes, size_t n)
{
	const uint8_t *at = bytes, *end = bytes + n;
	uint8_t again[LASTWORD_MAX];
	struct lastword w, back;

	while (at < end && lastword_take(&at, end, &w)) {
		const uint8_t *from = again, *to = lastword_put(again, &w);
		if (!lastword_take(&from, to, &back) || from != to || back.number != w.number ||
		    back.seen != w.seen || back.has != w.has)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct pack_base base = { 1795046400, 0, 300 };
	struct packed_session s;
	struct pack_summary m;
	struct unpacker u;
	int more = -1;

	if (n < 3)
		return 0;
	base.first = bytes[0];
	base.gap = (int8_t)bytes[1] * 8;
	if (bytes[2] & 1)
		base.gap = INT64_MIN + bytes[1];
	if (bytes[2] & 2)
		base.start = INT64_MAX - bytes[1];
	bytes += 3, n -= 3;
	last_words(bytes, n);
	unpack_summary(&base, bytes, n, &m);
	if (unpacker_begin(&u, &base, bytes, n) == 0) {
		while ((more = unpacker_next(&u, &s)) > 0)
			;
	}
	if (more == 0)
		repack(&base, bytes, n);
	return 0;
}
