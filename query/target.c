#include "query/target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "query/list_json.h"
#include "store/read.h"

enum { WHY = 200 };

static void
add(struct target *t, const struct prefix *p)
{
	struct target_range r = { .first = p->addr };

	prefix_last(p, &r.last);
	if ((t->n & (t->n - 1)) == 0) /* grows when n is a power of two */
		t->ranges = mem_grow(t->ranges, t->n > 0 ? 2 * t->n : 1, sizeof(*t->ranges));
	t->ranges[t->n++] = r;
	t->given++;
}

/* "10/8", "10.1/16": what other tools fill up with zeros, each in its own way. */
static bool
mend_short(struct text t, char *out, size_t size)
{
	struct text length, rest;
	uint64_t n, parts[4] = { 0 };
	size_t count = 0;

	if (!text_take_until(&t, '/', &rest))
		return false;
	length = t;
	do {
		if (count == 4 || !text_take_number(&rest, 255, &parts[count++]))
			return false;
	} while (text_take_char(&rest, '.') && rest.n > 0);
	if (rest.n > 0 || count == 4 || !text_number(length, 32, &n))
		return false;
	snprintf(out, size, "%u.%u.%u.%u/%u", (unsigned)parts[0], (unsigned)parts[1],
	    (unsigned)parts[2], (unsigned)parts[3], (unsigned)n);
	return true;
}

/* Indicators are often passed on as 203[.]0[.]113[.]9 so that nobody clicks on them. */
static struct text
refang(struct text t, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < t.n && n < size; i++) {
		bool bracketed = i + 2 < t.n && t.s[i] == '[' && t.s[i + 2] == ']' &&
				 (t.s[i + 1] == '.' || t.s[i + 1] == ':');

		out[n++] = bracketed ? t.s[i + 1] : t.s[i];
		i += bracketed ? 2 : 0;
	}
	return (struct text){ out, n };
}

int
target_add(struct target *t, struct text typed, char *why, size_t size)
{
	char mended[ADDR_TEXT + 4], shown[80], reason[WHY], buffer[100];
	struct prefix p;

	typed = refang(typed, buffer, sizeof(buffer));
	if (prefix_parse(typed, &p, reason, sizeof(reason)) == 0) {
		add(t, &p);
		return 0;
	}
	text_escape(typed, shown, sizeof(shown));
	if (mend_short(typed, mended, sizeof(mended)))
		snprintf(
		    why, size, "'%s' leaves parts of the address out: write %s", shown, mended);
	else
		snprintf(why, size, "'%s': %s", shown, reason);
	return -1;
}

/* What stands on a line before a comment, a blank or a comma; may be empty. */
static struct text
first_field(struct text line)
{
	size_t n = 0;

	line = text_trim(line);
	while (n < line.n && strchr(" \t,;#", line.s[n]) == NULL)
		n++;
	return (struct text){ line.s, n };
}

static int
read_lines(FILE *in, const char *name,
    int (*each)(struct text t, char *why, size_t size, void *arg), void *arg, size_t *given,
    struct error *err)
{
	char *line = NULL, why[WHY + 100] = "", first[WHY + 100] = "";
	unsigned number = 0, first_line = 0, wrong = 0;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, in)) >= 0) {
		struct text all = { line, (size_t)n }, field;

		number++;
		text_take_line(&all, &field);
		if (number == 1)
			text_take(&field, "\xef\xbb\xbf"); /* byte order mark of an editor */
		field = first_field(field);
		if (field.n == 0)
			continue;
		++*given;
		if (each(field, why, sizeof(why), arg) == 0)
			continue;
		if (wrong++ == 0) {
			first_line = number;
			memcpy(first, why, sizeof(first));
		}
	}
	free(line);
	if (ferror(in))
		return error_exit(err, EXIT_FAILED, "%s: %s", name, strerror(errno));
	if (wrong == 1)
		return error_exit(err, EXIT_USAGE, "%s:%u: %s", name, first_line, first);
	if (wrong > 1)
		return error_exit(err, EXIT_USAGE, "%s:%u: %s (and %u more lines)", name,
		    first_line, first, wrong - 1);
	return 0;
}

/* A list in JSON begins with one of these; no line of a plain list does. */
static bool
is_json(FILE *in)
{
	int c = getc(in);

	if (c != EOF)
		ungetc(c, in);
	return c == '{' || c == '[';
}

int
target_lines(const char *path, int (*line)(struct text t, char *why, size_t size, void *arg),
    void *arg, struct error *err)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "re");
	size_t given = 0;
	int rc;

	if (in == NULL)
		return error_exit(err, EXIT_USAGE, "@%s: %s", path, strerror(errno));
	rc = (is_json(in) ? list_json : read_lines)(
	    in, standard ? "standard input" : path, line, arg, &given, err);
	if (!standard)
		fclose(in);
	if (rc == 0 && given == 0)
		return error_exit(
		    err, EXIT_USAGE, "@%s holds no address: put one on each line", path);
	return rc;
}

static int
add_line(struct text t, char *why, size_t size, void *arg)
{
	return target_add(arg, t, why, size);
}

static int
compare(const void *a, const void *b)
{
	const struct target_range *x = a, *y = b;

	return addr_compare(&x->first, &y->first);
}

/* Sorts, and joins what overlaps. */
void
target_tidy(struct target *t)
{
	size_t n = 0;

	if (t->n > 1)
		qsort(t->ranges, t->n, sizeof(*t->ranges), compare);
	for (size_t i = 0; i < t->n; i++) {
		struct target_range *last = n > 0 ? &t->ranges[n - 1] : NULL, r = t->ranges[i];

		if (last == NULL || addr_compare(&r.first, &last->last) > 0)
			t->ranges[n++] = r;
		else if (addr_compare(&r.last, &last->last) > 0)
			last->last = r.last;
	}
	t->n = n;
}

int
target_parse(int n, char *const *words, struct target *t, struct error *err)
{
	char why[WHY + 100];

	*t = (struct target){ 0 };
	for (int i = 0; i < n; i++) {
		if (words[i][0] == '@') {
			if (target_lines(words[i] + 1, add_line, t, err) < 0)
				return -1;
		} else if (target_add(t, text_of(words[i]), why, sizeof(why)) < 0) {
			return error_exit(err, EXIT_USAGE, "%s", why);
		}
	}
	target_tidy(t);
	return 0;
}

void
target_free(struct target *t)
{
	free(t->ranges);
	*t = (struct target){ 0 };
}

size_t
target_from(const struct target *t, const struct addr *a)
{
	size_t low = 0, high = t->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (addr_compare(&t->ranges[middle].last, a) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
target_holds(const struct target *t, const struct addr *a)
{
	size_t i = target_from(t, a);

	return i < t->n && addr_compare(&t->ranges[i].first, a) <= 0;
}

size_t
target_condition(
    const struct target *t, size_t first, const char *column, int parameter, char *out, size_t size)
{
	size_t n = t->n - first < TARGET_SLICE ? t->n - first : TARGET_SLICE, length = strlen(out);

	for (size_t i = 0; i < n && length < size; i++, parameter += 2)
		length += (size_t)snprintf(out + length, size - length, "%s%s BETWEEN ?%d AND ?%d",
		    i == 0 ? "(" : " OR ", column, parameter, parameter + 1);
	if (length < size)
		snprintf(out + length, size - length, "%s", n > 0 ? ")" : "0");
	return n;
}

int
target_bind(const struct target *t, size_t first, size_t n, sqlite3_stmt *statement, int parameter)
{
	int code = SQLITE_OK;

	for (size_t i = first; i < first + n && code == SQLITE_OK; i++, parameter += 2) {
		code = reader_bind_addr(statement, parameter, &t->ranges[i].first);
		if (code == SQLITE_OK)
			code = reader_bind_addr(statement, parameter + 1, &t->ranges[i].last);
	}
	return code;
}
