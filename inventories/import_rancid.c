/* RANCID's router.db: name;type;state[;comment] (router.db(5) of 3.x), ':' in the place of ';'
 * before 3.0. */
#include "inventories/importing.h"

static void
line(struct importing *i, struct text line, unsigned number, void *arg)
{
	char separator = memchr(line.s, ';', line.n) ? ';' : ':';
	struct text fields[4];
	size_t n = import_split(line, separator, fields, 4);
	struct candidate *c;

	(void)arg;
	if (n < 3 || fields[0].n == 0 || fields[1].n == 0 || fields[2].n == 0) {
		fault_at(&i->l, number, 1, "a line of router.db is name;type;state");
		return;
	}
	c = import_add(i);
	if (!c)
		return;
	c->name = import_text(i, fields[0]);
	c->platform = import_text(i, fields[1]);
	c->down = !text_is_nocase(fields[2], "up");
}

static void
read_source(struct importing *i)
{
	import_lines(i, i->order->source, line, NULL);
}

const struct import_kind import_rancid = { "rancid", "router.db of a group", read_source };
