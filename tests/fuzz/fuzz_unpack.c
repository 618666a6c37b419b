/* Packed sessions and rolls of a damaged file: whatever the bytes are, the readers end, stay
 * within them, and what they accept they can write again. */
#include <stdlib.h>
#include <string.h>

#include "store/pack.h"
#include "store/roll.h"
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

/* The same for a roll: what was read is written, and read again. */
static void
reroll(const uint8_t *bytes, size_t n)
{
	struct roll_writer w = { 0 };
	struct roll_reader r, again;
	struct roll_entry e, back;
	int more;

	if (roll_read(&r, bytes, n) < 0)
		return;
	roll_begin(&w, &r.head);
	while ((more = roll_next(&r, &e)) > 0)
		roll_put(&w, &e);
	roll_read(&r, bytes, n);
	if (roll_read(&again, w.bytes, w.used) < 0)
		abort();
	while (roll_next(&again, &back) > 0) {
		if (roll_next(&r, &e) != 1 || memcmp(&e, &back, sizeof(e)) != 0)
			abort();
	}
	if (again.at != again.end || (more == 0 && roll_next(&r, &e) != 0))
		abort();
	roll_free(&w);
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
	reroll(bytes, n);
	unpack_summary(&base, bytes, n, &m);
	if (unpacker_begin(&u, &base, bytes, n) == 0) {
		while ((more = unpacker_next(&u, &s)) > 0)
			;
	}
	if (more == 0)
		repack(&base, bytes, n);
	return 0;
}
