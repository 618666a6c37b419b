#include "query/names.h"

#include <ctype.h>
#include <string.h>
#include <uthash.h>

#include "base/arena.h"

struct known {
	char name[PRESENT_WORD]; /* folded, and cut as the store cuts what is announced */
	bool whole, label;       /* of a device; the first label of a device's */
	UT_hash_handle hh;
};

struct names {
	struct known *hash;
};

/* The name folded, and its first label: "" when that is all of it. */
static void
fold(const char *name, char whole[PRESENT_WORD], char label[PRESENT_WORD])
{
	struct addr a;
	size_t n;

	(void)text_copy(text_of(name), whole, PRESENT_WORD);
	for (char *c = whole; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	n = strcspn(whole, ".");
	label[0] = '\0';
	if (whole[n] == '.' && !addr_parse(text_of(whole), &a))
		(void)text_copy((struct text){ whole, n }, label, PRESENT_WORD);
}

static struct known *
find(const struct names *names, const char *name)
{
	struct known *k;

	HASH_FIND_STR(names->hash, name, k);
	return k;
}

static struct known *
find_or_add(struct names *names, const char *name)
{
	struct known *k = find(names, name);

	if (k)
		return k;
	k = mem_alloc(1, sizeof(*k));
	(void)text_copy(text_of(name), k->name, sizeof(k->name));
	HASH_ADD_STR(names->hash, name, k);
	return k;
}

static void
add(struct names *names, sqlite3_stmt *st, int column)
{
	char name[256], whole[PRESENT_WORD], label[PRESENT_WORD];

	reader_column_text(st, column, name, sizeof(name));
	fold(name, whole, label);
	find_or_add(names, whole)->whole = true;
	if (label[0])
		find_or_add(names, label)->label = true;
}

struct names *
names_new(struct reader *r, struct error *err)
{
	struct names *names = mem_alloc(1, sizeof(*names));
	sqlite3 *db = reader_live(r);
	sqlite3_stmt *st;
	int code = SQLITE_ERROR;

	if (sqlite3_prepare_v2(db, "SELECT name, host FROM main.device", -1, &st, NULL) ==
	    SQLITE_OK) {
		while ((code = sqlite3_step(st)) == SQLITE_ROW) {
			add(names, st, 0);
			add(names, st, 1);
		}
		sqlite3_finalize(st);
	}
	if (code == SQLITE_DONE)
		return names;
	error_exit(err, EXIT_FAILED, "cannot read the devices: %s", sqlite3_errmsg(db));
	names_free(names);
	return NULL;
}

bool
names_have(const struct names *names, const char *announced)
{
	char whole[PRESENT_WORD], label[PRESENT_WORD];
	const struct known *k, *first;

	fold(announced, whole, label);
	if (whole[0] == '\0')
		return false;
	k = find(names, whole);
	first = find(names, label);
	return (k && (k->whole || label[0] == '\0')) || (label[0] && first && first->whole);
}

void
names_free(struct names *names)
{
	struct known *k, *next;

	if (!names)
		return;
	HASH_ITER (hh, names->hash, k, next) {
		HASH_DEL(names->hash, k);
		free(k);
	}
	free(names);
}
