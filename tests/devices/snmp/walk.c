/* A recorded walk in the form that snmpsim reads, kept encoded as answers need it. */
#include <err.h>
#include <string.h>

#include "base/addr.h"
#include "base/arena.h"
#include "tests/devices/snmp/snmpdev.h"

enum { VALUE_MOST = 4096 };

static bool
read_oid(struct text t, uint32_t oid[static OID_MOST], unsigned *n)
{
	uint64_t part;

	text_take_char(&t, '.');
	*n = 0;
	do {
		if (*n == OID_MOST || !text_take_number(&t, UINT32_MAX, &part))
			return false;
		oid[(*n)++] = (uint32_t)part;
	} while (text_take_char(&t, '.'));
	return t.n == 0 && *n > 1;
}

static bool
put_hex(struct out *out, uint8_t tag, struct text t)
{
	const uint8_t *end = out->at;
	uint64_t byte;

	if (t.n % 2 != 0 || t.n > VALUE_MOST)
		return false;
	for (; t.n > 0; t.n -= 2) {
		struct text two = { t.s + t.n - 2, 2 };
		uint8_t b;

		if (!text_take_hex(&two, 255, &byte) || two.n > 0)
			return false;
		b = (uint8_t)byte;
		out_bytes(out, &b, 1);
	}
	out_head(out, tag, end);
	return true;
}

static bool
put_value(struct out *out, uint8_t tag, struct text t)
{
	uint32_t oid[OID_MOST];
	struct addr a;
	unsigned n;
	uint64_t number;

	switch (tag) {
	case T_OCTETS: out_octets(out, t.s, t.n); return t.n <= VALUE_MOST;
	case T_OID:
		if (!read_oid(t, oid, &n))
			return false;
		out_oid(out, oid, n);
		return true;
	case T_ADDRESS:
		if (!addr_parse(t, &a) || a.family != 4)
			return false;
		out_bytes(out, a.bytes, 4);
		out_head(out, tag, out->at + 4);
		return true;
	default:
		if (!text_number(t, UINT64_MAX, &number))
			return false;
		out_number(out, tag, number);
		return true;
	}
}

/* 1.3.6.1.2.1.4.35.1.4.2.1.4.10.0.0.1|4x|00005e005301 */
static bool
read_line(struct text line, struct varbind *v)
{
	uint8_t room[VALUE_MOST * 2 + 1024];
	struct out out = { room, room + sizeof(room), false };
	uint32_t oid[OID_MOST];
	struct text name;
	uint64_t tag;
	bool good;

	if (!text_take_until(&line, '|', &name) || !read_oid(name, oid, &v->n) ||
	    !text_take_number(&line, 127, &tag))
		return false;
	if (text_take(&line, "x|"))
		good = put_hex(&out, (uint8_t)tag, line);
	else
		good = text_take_char(&line, '|') && put_value(&out, (uint8_t)tag, line);
	out_oid(&out, oid, v->n);
	out_head(&out, T_SEQUENCE, room + sizeof(room));
	if (!good || out.full)
		return false;
	v->size = (size_t)(room + sizeof(room) - out.at);
	v->bytes = mem_alloc(v->size, 1);
	memcpy(v->bytes, out.at, v->size);
	v->oid = mem_alloc(v->n, sizeof(*v->oid));
	memcpy(v->oid, oid, v->n * sizeof(*oid));
	return true;
}

static int
compare(const uint32_t *a, unsigned n, const uint32_t *b, unsigned m)
{
	for (unsigned i = 0; i < n && i < m; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return (n > m) - (n < m);
}

static int
by_name(const void *a, const void *b)
{
	const struct varbind *x = a, *y = b;

	return compare(x->oid, x->n, y->oid, y->n);
}

void
walk_read(struct walk *walk, const char *path)
{
	FILE *file = fopen(path, "re");
	size_t room = 0, size = 0, number = 0;
	char *line = NULL;
	long n;

	if (!file)
		err(1, "%s", path);
	while ((n = getline(&line, &size, file)) > 0) {
		number++;
		if (walk->n == room) {
			room = room * 2 + 1024;
			walk->list = mem_grow(walk->list, room, sizeof(*walk->list));
		}
		if (!read_line(text_trim((struct text){ line, (size_t)n - (line[n - 1] == '\n') }),
			&walk->list[walk->n++]))
			errx(1, "%s:%zu: OID|TAG|VALUE is wanted", path, number);
	}
	free(line);
	(void)fclose(file);
	qsort(walk->list, walk->n, sizeof(*walk->list), by_name);
}

size_t
walk_behind(const struct walk *walk, const uint32_t *oid, unsigned n)
{
	size_t low = 0, high = walk->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(walk->list[middle].oid, walk->list[middle].n, oid, n) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
