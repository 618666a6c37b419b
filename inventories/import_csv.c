/* Comma-separated values (RFC 4180) with a header that names the columns; ';' and tabs part too. */
#include "inventories/importing.h"

enum column { NAME, HOST, PLATFORM, MODEL, SITE, PORT, TAGS, USER, VIA, ID, STATE, COLUMNS };

enum { CELLS = 64 };

/* The names that people and tools write above a column. */
static const char *const titles[COLUMNS][8] = {
	[NAME] = { "name", "device", "hostname", "node", NULL },
	[HOST] = { "host", "ip", "address", "ip_address", "mgmt_ip", "management_ip", NULL },
	[PLATFORM] = { "platform", "os", "type", "driver", "device_type", "network_os", NULL },
	[MODEL] = { "model", "hardware", NULL },
	[SITE] = { "site", "location", NULL },
	[PORT] = { "port", NULL },
	[TAGS] = { "tags", "groups", "group", "role", NULL },
	[USER] = { "user", "username", NULL },
	[VIA] = { "via", "jump_host", "proxyjump", NULL },
	[ID] = { "id", NULL },
	[STATE] = { "state", "enabled", NULL },
};

struct reading {
	struct importing *i;
	char separator;
	int at[COLUMNS]; /* field of a column, or -1 */
	size_t fields;   /* of the header */
};

/* One record from the cursor, its fields copied. Returns how many; 0 after a fault. */
static size_t
take_record(struct reading *r, struct text *t, unsigned *line, const char *cells[CELLS])
{
	unsigned began = *line;
	size_t n = 0;

	for (;;) {
		char out[LOADING_TEXT];
		size_t k = 0;
		bool quoted = text_take_char(t, '"');

		while (t->n > 0 && (quoted || (t->s[0] != r->separator && t->s[0] != '\n'))) {
			char c = t->s[0];

			*t = (struct text){ t->s + 1, t->n - 1 };
			*line += c == '\n';
			if (quoted && c == '"' && !text_take_char(t, '"'))
				quoted = false;
			else if (k < sizeof out)
				out[k++] = c;
			else if (r->i->l.n_faults == 0)
				fault_at(&r->i->l, *line, 1, "a field is longer than %d bytes",
				    LOADING_TEXT);
		}
		if (quoted)
			fault_at(&r->i->l, began, 1, "a quote is not closed");
		if (n < CELLS)
			cells[n++] = import_text(r->i, text_trim((struct text){ out, k }));
		if (!text_take_char(t, r->separator))
			break;
	}
	if (text_take_char(t, '\n'))
		++*line;
	return r->i->l.n_faults ? 0 : n;
}

static void
find_separator(struct reading *r, struct text all)
{
	struct text first;

	r->separator = ',';
	text_take_line(&all, &first);
	for (const char *c = ";\t"; *c; c++)
		if (!memchr(first.s, ',', first.n) && memchr(first.s, *c, first.n))
			r->separator = *c;
}

static void
read_header(struct reading *r, const char *const *cells, size_t n)
{
	r->fields = n;
	for (int c = 0; c < COLUMNS; c++)
		r->at[c] = -1;
	for (size_t f = 0; f < n; f++) {
		char shown[LOADING_SHOWN + 8];
		int found = -1;

		for (int c = 0; c < COLUMNS && found < 0; c++)
			for (int t = 0; titles[c][t] && found < 0; t++)
				if (text_is_nocase(text_of(cells[f]), titles[c][t]))
					found = c;
		fault_shown(text_of(cells[f]), shown);
		if (found < 0)
			import_warn(r->i, "column '%s' is not read", shown);
		else if (r->at[found] >= 0)
			fault_at(&r->i->l, 1, 1, "two columns say the %s: '%s' and '%s'",
			    titles[found][0], cells[r->at[found]], shown);
		else
			r->at[found] = (int)f;
	}
	/* A table of host names alone has its name in the column "hostname", or only in "ip". */
	if (r->at[NAME] < 0)
		r->at[NAME] = r->at[HOST];
	if (r->at[NAME] < 0)
		fault_at(&r->i->l, 1, 1,
		    "no column 'name': the first line names the columns: name, host, platform, "
		    "site, "
		    "port, tags");
}

static const char *
cell(const struct reading *r, const char *const *cells, enum column column)
{
	return r->at[column] >= 0 && cells[r->at[column]][0] ? cells[r->at[column]] : NULL;
}

static bool
is_up(const char *state)
{
	static const char *const down[] = { "down", "false", "no", "0", "disabled", "inactive",
		NULL };

	for (int n = 0; state && down[n]; n++)
		if (text_is_nocase(text_of(state), down[n]))
			return false;
	return true;
}

static void
read_row(struct reading *r, const char *const *cells, size_t n, unsigned line)
{
	struct candidate *c;
	struct text tags, tag;

	if (n == 1 && cells[0][0] == '\0')
		return;
	if (n != r->fields) {
		fault_at(&r->i->l, line, 1, "%zu fields where the header has %zu", n, r->fields);
		return;
	}
	c = import_add(r->i);
	if (!c)
		return;
	c->id = cell(r, cells, ID);
	c->name = cell(r, cells, NAME);
	c->host = cell(r, cells, HOST);
	c->platform = cell(r, cells, PLATFORM);
	c->model = cell(r, cells, MODEL);
	c->site = cell(r, cells, SITE);
	c->user = cell(r, cells, USER);
	c->via = cell(r, cells, VIA);
	c->down = !is_up(cell(r, cells, STATE));
	if (!import_port(cell(r, cells, PORT), &c->port))
		fault_at(&r->i->l, line, 1, "a port is a number from 1 to 65535");
	tags = text_of(cell(r, cells, TAGS));
	while (tags.n > 0) {
		size_t k = 0;

		while (k < tags.n && !strchr(" ,;|", tags.s[k]))
			k++;
		tag = (struct text){ tags.s, k };
		import_tag(r->i, c, import_text(r->i, tag));
		k += k < tags.n;
		tags = (struct text){ tags.s + k, tags.n - k };
	}
}

static void
read_source(struct importing *i)
{
	const char *path = i->order->source, *cells[CELLS];
	struct reading r = { .i = i };
	struct text all, rest;
	unsigned line = 1;
	size_t n;

	source_begin(&i->l, strcmp(path, "-") == 0 ? "standard input" : path);
	if (!source_bytes(&i->l, path, &all))
		return;
	rest = all;
	find_separator(&r, rest);
	n = take_record(&r, &rest, &line, cells);
	if (n > 0)
		read_header(&r, cells, n);
	while (rest.n > 0 && import_good(i)) {
		unsigned began = line;

		n = take_record(&r, &rest, &line, cells);
		if (n > 0)
			read_row(&r, cells, n, began);
	}
	free((void *)(uintptr_t)all.s);
}

const struct import_kind import_csv = { "csv",
	"a file whose first line names its columns: name, host, platform, site, port, tags",
	read_source };
