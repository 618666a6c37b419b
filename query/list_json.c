#include "query/list_json.h"

#include <jansson.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"

enum { DEPTH = 64, WHY = 300 };

struct list {
	const char *name;
	int (*line)(struct text t, char *why, size_t size, void *arg);
	void *arg;
	size_t given, aside;
	char wrong[WHY];
};

static void
give(struct list *l, struct text t)
{
	char why[WHY] = "";

	l->given++;
	if (l->line(t, why, sizeof(why), l->arg) < 0 && l->wrong[0] == '\0')
		memcpy(l->wrong, why, sizeof(why));
}

/* --- patterns of STIX ------------------------------------------------------------------------- */

/* ipv4-addr:value = '203.0.113.9'; the address, or false when it says anything else. */
static bool
take_comparison(struct text *t, struct text *address)
{
	text_skip_blanks(t);
	if (!text_take(t, "ipv4-addr:value") && !text_take(t, "ipv6-addr:value"))
		return false;
	text_skip_blanks(t);
	if (!text_take_char(t, '=') && !text_take(t, "ISSUBSET"))
		return false;
	text_skip_blanks(t);
	if (!text_take_char(t, '\'') || !text_take_until(t, '\'', address))
		return false;
	text_skip_blanks(t);
	return true;
}

/* [a OR b] OR [c]: every part must be understood before one of them is given. */
static bool
walk_pattern(struct list *l, struct text t, bool giving)
{
	struct text address;

	do {
		text_skip_blanks(&t);
		if (!text_take_char(&t, '['))
			return false;
		do {
			if (!take_comparison(&t, &address))
				return false;
			if (giving)
				give(l, address);
		} while (text_take(&t, "OR "));
		if (!text_take_char(&t, ']'))
			return false;
		text_skip_blanks(&t);
	} while (text_take(&t, "OR "));
	return text_trim(t).n == 0;
}

/* --- objects ---------------------------------------------------------------------------------- */

static struct text
word_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return text_of(s != NULL ? s : "");
}

static void
misp(struct list *l, const json_t *o, struct text type)
{
	struct text value = word_of(o, "value"), address = value;
	bool port = text_is(type, "ip-dst|port") || text_is(type, "ip-src|port");

	if (json_is_false(json_object_get(o, "to_ids")) ||
	    (!port && !text_is(type, "ip-dst") && !text_is(type, "ip-src"))) {
		l->aside++;
		return;
	}
	if (port)
		(void)text_take_until(&value, '|', &address);
	give(l, address);
}

/* True when the object was an indicator, of whatever kind. */
static bool
indicator(struct list *l, const json_t *o)
{
	struct text type = word_of(o, "type"), pattern = word_of(o, "pattern");

	if (word_of(o, "cidr").n > 0) {
		give(l, word_of(o, "cidr"));
	} else if (word_of(o, "ip_address").n > 0) {
		give(l, word_of(o, "ip_address"));
	} else if (text_is(type, "indicator") && pattern.n > 0) {
		if (walk_pattern(l, pattern, false))
			(void)walk_pattern(l, pattern, true);
		else
			l->aside++;
	} else if (type.n > 0 && json_object_get(o, "value") != NULL &&
		   (json_object_get(o, "category") != NULL ||
		       json_object_get(o, "to_ids") != NULL || text_starts(type, "ip-"))) {
		misp(l, o, type);
	} else {
		return false;
	}
	return true;
}

static void
walk(struct list *l, const json_t *o, int depth)
{
	const char *key;
	json_t *one;
	size_t i;

	if (depth > DEPTH)
		return;
	if (json_is_object(o) && !indicator(l, o))
		json_object_foreach((json_t *)(uintptr_t)o, key, one) walk(l, one, depth + 1);
	json_array_foreach(o, i, one) walk(l, one, depth + 1);
}

/* --- the list --------------------------------------------------------------------------------- */

/* Skips blanks; false at the end. */
static bool
more(FILE *in)
{
	int c;

	do
		c = getc(in);
	while (c == ' ' || c == '\t' || c == '\r' || c == '\n');
	if (c == EOF)
		return false;
	ungetc(c, in);
	return true;
}

int
list_json(FILE *in, const char *name, int (*line)(struct text t, char *why, size_t size, void *arg),
    void *arg, size_t *given, struct error *err)
{
	struct list l = { .name = name, .line = line, .arg = arg };

	while (more(in)) {
		json_error_t at;
		json_t *o = json_loadf(in, JSON_DISABLE_EOF_CHECK, &at);
		char shown[200];

		if (o == NULL) {
			text_escape(text_of(at.text), shown, sizeof(shown));
			return error_exit(
			    err, EXIT_USAGE, "%s:%d:%d: %s", name, at.line, at.column, shown);
		}
		walk(&l, o, 0);
		json_decref(o);
	}
	*given = l.given;
	if (l.wrong[0] != '\0')
		return error_exit(err, EXIT_USAGE, "%s: %s", name, l.wrong);
	if (l.aside > 0)
		log_line(LOG_WARNING,
		    "%s: %zu indicators that are no plain address are left out, %zu are taken",
		    name, l.aside, l.given);
	return 0;
}
