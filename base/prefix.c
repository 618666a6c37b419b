#include "base/prefix.h"

#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* An address as a number. IPv4 stands in the upper bits, because its unused bytes are zero. */
typedef unsigned __int128 number;

/* Prefixes nest or are apart, never cross. So every prefix that holds an address is found from the
 * last one that does not begin behind it, by going from parent to parent. */
struct prefix_entry {
	number first;
	uint8_t family, length;
	bool in;
	uint32_t parent; /* index + 1 of the next shorter prefix around this one; 0: none */
};

static unsigned
bits_of(const struct addr *a)
{
	return a->family == 4 ? 32 : 128;
}

/* Sets every bit behind the first `length` to `ones`. */
static void
fill(struct addr *a, unsigned length, bool ones)
{
	unsigned whole = length / 8, bytes = bits_of(a) / 8;
	uint8_t mask = (uint8_t)(0xff >> length % 8);

	if (whole >= bytes)
		return;
	a->bytes[whole] = (uint8_t)(ones ? a->bytes[whole] | mask : a->bytes[whole] & ~mask);
	memset(a->bytes + whole + 1, ones ? 0xff : 0, bytes - whole - 1);
}

static int __attribute__((format(printf, 3, 4)))
refuse(char *why, size_t size, const char *format, ...)
{
	va_list args;

	if (why == NULL || size == 0)
		return -1;
	va_start(args, format);
	vsnprintf(why, size, format, args);
	va_end(args);
	return -1;
}

/* The number behind the slash: decimal without leading zeros. */
static bool
read_length(struct text t, uint64_t max, uint64_t *length)
{
	return (t.n < 2 || t.s[0] != '0') && text_number(t, max, length);
}

int
prefix_parse(struct text t, struct prefix *p, char *why, size_t size)
{
	struct text address = t;
	char hint[ADDR_TEXT + 4];
	struct prefix r;
	uint64_t length;

	bool slash = text_take_until(&t, '/', &address);

	if (!addr_parse(address, &r.addr))
		return refuse(
		    why, size, "not an address or prefix; write 10.0.0.0/8 or 2001:db8::/32");
	/* "::ffff:10.0.0.0/104" has become an IPv4 address; its length must follow. */
	unsigned mapped = r.addr.family == 4 && text_contains(address, ":") ? 96 : 0;
	unsigned bits = bits_of(&r.addr);

	length = bits + mapped;
	if (slash && (!read_length(t, bits + mapped, &length) || length < mapped))
		return refuse(
		    why, size, "the prefix length must be %u to %u", mapped, bits + mapped);
	r.length = (uint8_t)(length - mapped);
	struct addr given = r.addr;

	fill(&r.addr, r.length, false);
	if (!addr_equal(&given, &r.addr))
		return refuse(
		    why, size, "host bits are set: did you mean %s", prefix_format(&r, hint));
	*p = r;
	return 0;
}

const char *
prefix_format(const struct prefix *p, char out[static ADDR_TEXT + 4])
{
	addr_format(&p->addr, out);
	size_t n = strlen(out);

	snprintf(out + n, ADDR_TEXT + 4 - n, "/%u", p->length);
	return out;
}

bool
prefix_holds(const struct prefix *p, const struct addr *a)
{
	unsigned whole = p->length / 8, rest = p->length % 8;

	if (p->addr.family != a->family || memcmp(p->addr.bytes, a->bytes, whole) != 0)
		return false;
	return rest == 0 || (p->addr.bytes[whole] ^ a->bytes[whole]) >> (8 - rest) == 0;
}

void
prefix_last(const struct prefix *p, struct addr *last)
{
	*last = p->addr;
	fill(last, p->length, true);
}

static struct prefix_entry
entry_of(const struct addr *a, unsigned length)
{
	uint64_t high, low;

	memcpy(&high, a->bytes, 8);
	memcpy(&low, a->bytes + 8, 8);
	return (struct prefix_entry){
		.first = (number)be64toh(high) << 64 | be64toh(low),
		.family = a->family,
		.length = (uint8_t)length,
	};
}

static struct addr
addr_of(const struct prefix_entry *e)
{
	struct addr a = { .family = e->family };
	uint64_t high = htobe64((uint64_t)(e->first >> 64)), low = htobe64((uint64_t)e->first);

	memcpy(a.bytes, &high, 8);
	memcpy(a.bytes + 8, &low, 8);
	return a;
}

static bool
not_behind(const struct prefix_entry *a, const struct prefix_entry *b)
{
	if (a->first != b->first && a->family == b->family)
		return a->first < b->first;
	return a->family != b->family ? a->family < b->family : a->length <= b->length;
}

static bool
holds(const struct prefix_entry *outer, const struct prefix_entry *inner)
{
	return outer->family == inner->family && outer->length <= inner->length &&
	       (outer->length == 0 || (outer->first ^ inner->first) >> (128 - outer->length) == 0);
}

/* How many entries come before e or are equal to it. */
static size_t
upto(const struct prefix_set *set, const struct prefix_entry *e)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (not_behind(&set->entries[middle], e))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The number (index + 1) of the longest prefix around e, from entry number `from` upwards. */
static uint32_t
climb(const struct prefix_set *set, size_t from, const struct prefix_entry *e)
{
	uint32_t i = (uint32_t)from;

	while (i != 0 && !holds(&set->entries[i - 1], e))
		i = set->entries[i - 1].parent;
	return i;
}

/* Entry `at` was put in: the numbers of those behind it have moved, and it may have taken some of
 * its parent's children. */
static void
adopt(struct prefix_set *set, size_t at)
{
	struct prefix_entry *new = &set->entries[at];

	new->parent = climb(set, at, new);
	for (size_t i = at + 1; i < set->n; i++) {
		struct prefix_entry *e = &set->entries[i];

		if (e->parent > at)
			e->parent++;
		else if (e->parent == new->parent && holds(new, e))
			e->parent = (uint32_t)at + 1;
	}
}

void
prefix_set_add(struct prefix_set *set, const struct prefix *p, bool in)
{
	struct prefix_entry new = entry_of(&p->addr, p->length);
	size_t at = upto(set, &new);

	new.in = in;
	if (at > 0 && not_behind(&new, &set->entries[at - 1])) {
		set->entries[at - 1].in = in;
		return;
	}
	if (set->n == set->capacity) {
		set->capacity = set->capacity > 0 ? set->capacity * 2 : 16;
		set->entries = mem_grow(set->entries, set->capacity, sizeof *set->entries);
	}
	memmove(set->entries + at + 1, set->entries + at, (set->n - at) * sizeof *set->entries);
	set->entries[at] = new;
	set->n++;
	adopt(set, at);
}

bool
prefix_set_holds(const struct prefix_set *set, const struct addr *a)
{
	struct prefix_entry e = entry_of(a, 128);
	uint32_t i = climb(set, upto(set, &e), &e);

	return i != 0 && set->entries[i - 1].in;
}

/* The address behind the last of e; false when e ends its family. */
static bool
behind(const struct prefix_entry *e, struct addr *next)
{
	struct prefix_entry after = *e;

	if (e->length == 0)
		return false;
	after.first += (number)1 << (128 - e->length);
	*next = addr_of(&after);
	return after.first != 0;
}

/* Along p, the answer can change only where a prefix of the set begins or has just ended: looking
 * there is looking everywhere. */
bool
prefix_set_overlaps(const struct prefix_set *set, const struct prefix *p)
{
	struct prefix_entry outer = entry_of(&p->addr, p->length);

	if (prefix_set_holds(set, &p->addr))
		return true;
	for (size_t i = upto(set, &outer); i < set->n; i++) {
		const struct prefix_entry *e = &set->entries[i];
		struct addr first = addr_of(e), next;

		if (!holds(&outer, e))
			break;
		if (prefix_set_holds(set, &first))
			return true;
		if (behind(e, &next) && prefix_holds(p, &next) && prefix_set_holds(set, &next))
			return true;
	}
	return false;
}

void
prefix_set_free(struct prefix_set *set)
{
	free(set->entries);
	*set = (struct prefix_set){ 0 };
}

void
prefix_set_add_private(struct prefix_set *set)
{
	static const char *const private[] = { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
		"fc00::/7", "100.64.0.0/10" };

	for (size_t i = 0; i < sizeof private / sizeof *private; i++) {
		struct prefix p;

		if (prefix_parse(text_of(private[i]), &p, NULL, 0) == 0)
			prefix_set_add(set, &p, true);
	}
}
