/* Recorded walks: text to varbinds, then table by table, sorted by row. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mibs/mib.h"

/* A varbind of the file. Its OID and its bytes lie in the arena. */
struct entry {
	const struct mib_table *table;
	unsigned n_entry;
	struct varbind v;
};

struct file {
	struct arena arena;
	struct entry *list;
	size_t n, capacity;
};

static struct text
hold(struct file *f, const char *bytes, size_t n)
{
	return (struct text){ arena_string(&f->arena, (struct text){ bytes, n }), n };
}

/* The sub-identifiers as bytes: what is no numeric name has none. */
static struct text
hold_oid(struct file *f, struct text t)
{
	uint32_t oid[LIMIT_OID];
	unsigned n = oid_parse(text_trim(t), oid, LIMIT_OID);

	return hold(f, (const char *)oid, n * sizeof(*oid));
}

/* 2E 67 37 02 CA F3, over several lines */
static bool
read_hex(struct file *f, struct text t, struct text *bytes)
{
	char room[LIMIT_LINE];
	size_t n = 0;
	uint64_t byte;

	for (t = text_trim(t); t.n > 0; t = text_trim(t)) {
		struct text two = { t.s, 2 };

		if (text_take_char(&t, '\n'))
			continue;

		if (t.n < 2 || n == sizeof(room) || !text_take_hex(&two, UINT8_MAX, &byte) ||
		    two.n > 0)
			return false;
		room[n++] = (char)byte;
		t = (struct text){ t.s + 2, t.n - 2 };
	}
	*bytes = hold(f, room, n);
	return true;
}

/* INTEGER: -1, 5, up(1) */
static bool
read_number(struct text t, uint64_t *number)
{
	struct text name, inside = t;
	bool negative;

	if (text_take_until(&inside, '(', &name) && text_take_until(&inside, ')', &t))
		inside.n = 0;
	negative = text_take_char(&t, '-');
	if (!text_take_number(&t, UINT64_MAX, number))
		return false;
	if (negative)
		*number = (uint64_t) - (int64_t)*number;
	return true; /* a unit may follow: "30 seconds" */
}

static bool
read_address(struct file *f, struct text t, struct varbind *v)
{
	struct addr a;

	if (!addr_parse(t, &a) || a.family != 4)
		return false;
	v->type = VALUE_ADDR;
	v->bytes = hold(f, (const char *)a.bytes, 4);
	return true;
}

/* "text" with \" and \\ inside */
static bool
read_string(struct file *f, struct text t, struct varbind *v)
{
	char room[LIMIT_LINE];
	size_t n = 0;

	v->type = VALUE_BYTES;
	if (!text_take_char(&t, '"')) {
		v->bytes = hold(f, t.s, t.n);
		return true;
	}
	while (t.n > 0 && t.s[0] != '"') {
		size_t skip = t.s[0] == '\\' && t.n > 1 ? 1 : 0;

		if (n == sizeof(room))
			return false;
		room[n++] = t.s[skip];
		t = (struct text){ t.s + skip + 1, t.n - skip - 1 };
	}
	v->bytes = hold(f, room, n);
	return text_is(t, "\"");
}

/* What snmpwalk -On prints behind the "=". */
static bool
read_printed(struct file *f, struct text t, struct varbind *v)
{
	static const char *const numbers[] = { "INTEGER: ", "Gauge32: ", "Counter32: ",
		"Counter64: ", "Unsigned32: ", "UInteger32: ", NULL };

	for (unsigned i = 0; numbers[i]; i++)
		if (text_take(&t, numbers[i])) {
			v->type = VALUE_NUMBER;
			return read_number(t, &v->number);
		}
	if (text_take(&t, "Timeticks: (")) {
		v->type = VALUE_NUMBER;
		return text_take_number(&t, UINT32_MAX, &v->number);
	}
	if (text_take(&t, "Hex-STRING:") || text_take(&t, "BITS:")) {
		v->type = VALUE_BYTES;
		return read_hex(f, t, &v->bytes);
	}
	if (text_take(&t, "STRING: ") || text_take(&t, "Opaque: "))
		return read_string(f, t, v);
	if (text_take(&t, "IpAddress: ") || text_take(&t, "Network Address: "))
		return read_address(f, t, v);
	if (text_take(&t, "OID: ")) {
		v->type = VALUE_OID;
		v->bytes = hold_oid(f, t);
		return true;
	}
	if (text_is(t, "NULL") || text_starts(t, "No Such") ||
	    text_starts(t, "No more variables")) {
		v->type = VALUE_NONE;
		return true;
	}
	if (text_starts(t, "\""))
		return read_string(f, t, v);
	v->type = VALUE_NUMBER; /* -Oq and some tools: the number alone */
	return text_number(t, UINT64_MAX, &v->number);
}

/* snmprec: 1.3.6.1...|2|5; the number is the ASN.1 tag, x behind it: in hexadecimal digits. */
static bool
read_tagged(struct file *f, struct text t, struct varbind *v)
{
	struct text tag;
	uint64_t number;
	bool hex;

	if (!text_take_until(&t, '|', &tag) || !text_take_number(&tag, 255, &number))
		return false;
	hex = text_take_char(&tag, 'x');
	if (tag.n > 0)
		return false;
	switch (number) {
	case 2:
	case 65:
	case 66:
	case 67:
	case 70: v->type = VALUE_NUMBER; return !hex && read_number(t, &v->number);
	case 4:
	case 68:
		v->type = VALUE_BYTES;
		if (hex)
			return read_hex(f, t, &v->bytes);
		v->bytes = hold(f, t.s, t.n);
		return true;
	case 64:
		if (!hex)
			return read_address(f, t, v);
		v->type = VALUE_ADDR;
		return read_hex(f, t, &v->bytes) && v->bytes.n == 4;
	case 6:
		v->type = VALUE_OID;
		v->bytes = hold_oid(f, t);
		return true;
	case 5: v->type = VALUE_NONE; return true;
	default: return false;
	}
}

static bool
read_line(struct file *f, struct text line, struct varbind *v)
{
	uint32_t oid[LIMIT_OID], *kept;
	struct text name, rest = line;
	bool tagged = false;

	if (text_take_until(&rest, ' ', &name) && text_take(&rest, "= ")) {
		;
	} else {
		rest = line;
		tagged = text_take_until(&rest, '|', &name);
		if (!tagged)
			return false;
	}
	v->n = oid_parse(name, oid, LIMIT_OID);
	if (v->n == 0)
		return false;
	kept = arena_alloc(&f->arena, v->n * sizeof(*kept));
	memcpy(kept, oid, v->n * sizeof(*kept));
	v->oid = kept;
	return tagged ? read_tagged(f, rest, v) : read_printed(f, text_trim(rest), v);
}

static void
add(struct file *f, const struct varbind *v)
{
	struct entry e = { .v = *v };

	if (v->type == VALUE_NONE) /* there is nothing */
		return;
	e.table = mib_table_of(v->oid, v->n, &e.n_entry);
	if (e.table && e.table->columns && v->n < e.n_entry + 2)
		e.table = NULL;
	if (!e.table || !e.table->columns)
		e.n_entry = 0;
	if (f->n == f->capacity) {
		f->capacity = f->capacity ? 2 * f->capacity : 256;
		f->list = mem_grow(f->list, f->capacity, sizeof(*f->list));
	}
	f->list[f->n++] = e;
}

/* By table, then by index, then by column. */
static int
by_row(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	unsigned n = x->n_entry;
	int order;

	if (x->table != y->table)
		return x->table < y->table ? -1 : 1;
	order = oid_compare(x->v.oid + n + 1, x->v.n - n - 1, y->v.oid + n + 1, y->v.n - n - 1);
	if (order != 0)
		return order;
	return (x->v.oid[n] > y->v.oid[n]) - (x->v.oid[n] < y->v.oid[n]);
}

static int
give(struct file *f,
    int (*each)(const struct mib_table *table, const struct varbind *list, size_t n, void *arg),
    void *arg)
{
	struct varbind *list = mem_alloc(f->n + 1, sizeof(*list));
	int result = 0;

	if (f->n > 0)
		qsort(f->list, f->n, sizeof(*f->list), by_row);
	for (size_t i = 0; i < f->n; i++)
		list[i] = f->list[i].v;
	for (size_t i = 0, k; i < f->n && result == 0; i = k) {
		for (k = i; k < f->n && f->list[k].table == f->list[i].table; k++)
			;
		result = each(f->list[i].table, list + i, k - i, arg);
	}
	free(list);
	return result;
}

/* True if a quoted text has no end yet. */
static bool
is_open(struct text t)
{
	struct text before;

	if (!text_take_until(&t, '"', &before))
		return false;
	for (; t.n > 0 && t.s[0] != '"'; t = (struct text){ t.s + 1, t.n - 1 })
		if (t.s[0] == '\\' && t.n > 1)
			t = (struct text){ t.s + 1, t.n - 1 };
	return t.n == 0;
}

static bool
is_hex(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if (!strchr("0123456789ABCDEF \r", t.s[i]))
			return false;
	return t.n > 0;
}

/* A text may hold line ends, and long octets are printed on several lines: takes those too. Returns
 * how many it took. */
static uint32_t
take_rest(struct text *text, struct text *line)
{
	bool hex = text_contains(*line, " = Hex-STRING: ");
	bool open = text_contains(*line, " = STRING: \"") && is_open(*line);
	struct text rest = *text, more;
	uint32_t taken = 0;

	while ((hex || open) && line->n <= LIMIT_LINE && text_take_line(&rest, &more)) {
		if (hex ? !is_hex(more) : text_starts(more, ".1.") && text_contains(more, " = "))
			break;
		*text = rest;
		taken++;
		line->n = (size_t)(more.s + more.n - line->s);
		open = open && is_open(*line);
	}
	return taken;
}

int
walk_file_read(struct text text,
    int (*each)(const struct mib_table *table, const struct varbind *list, size_t n, void *arg),
    void (*unread)(struct walk_line line, void *arg), void *arg, struct error *err)
{
	struct file f = { 0 };
	struct walk_line line = { 0 };
	uint32_t number = 0;
	int left = 0, result;

	while (text_take_line(&text, &line.text)) {
		struct varbind v = { 0 };

		line.number = ++number;
		number += take_rest(&text, &line.text);
		line.text = text_trim(line.text);
		if (line.text.n == 0)
			continue;
		if (line.text.n <= LIMIT_LINE && read_line(&f, line.text, &v)) {
			add(&f, &v);
			continue;
		}
		left++;
		if (unread)
			unread(line, arg);
	}
	result = give(&f, each, arg);
	arena_free(&f.arena);
	free(f.list);
	if (result < 0)
		return error_set(err, "the walk could not be read");
	return left;
}
