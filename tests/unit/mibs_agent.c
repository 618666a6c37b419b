/* Walks against a scripted agent: whole tables come over whole, broken agents never do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "mibs/walk.h"

enum { ROWS = 200, ROUNDS = 2000 };

enum fault {
	NONE,
	END_IN_NEXT_TABLE, /* no endOfMibView: the next table's values instead */
	ONE_END,           /* a single endOfMibView, not one for each repetition */
	FEW_REPETITIONS,   /* never more than three rows */
	HALF_GROUPS,       /* answers that end in the middle of a row */
	NOTHING_AT_FIRST,  /* empty answers until it is asked for little */
	NEVER_BULK,        /* empty answers to every GETBULK */
	TOO_BIG,           /* tooBig until it is asked for little */
	GOES_BACK,         /* and from here on its faults */
	STANDS_STILL,
	ENDLESS,
	TOO_MANY,
	MISSING_CELLS,
	ROW_VANISHES,
	WRONG_TYPE,
	WRONG_LENGTH,
	NOTHING_EVER,
	LONG_VALUE,
	LONG_NAME,
	SHORT_NAME,
	OTHER_COLUMN,
	TOO_BIG_EVER,
	CUT,
	FAULTS
};

static const char *const names[] = { "none", "next table", "one end", "few repetitions",
	"half groups", "nothing at first", "never bulk", "too big", "goes back", "stands still",
	"endless", "too many", "missing cells", "row vanishes", "wrong type", "wrong length",
	"nothing ever", "long value", "long name", "short name", "other column", "too big ever",
	"cut" };

struct agent {
	enum fault fault;
	unsigned rows, requests;
	uint32_t oid[ROWS][LIMIT_OID];
	struct varbind list[ROWS];
	char value[4096];
};

static const uint32_t entry[] = { 1, 3, 6, 1, 2, 1, 4, 35, 1 };
enum { ENTRY = 9, INDEX = 7 };

/* .1.3.6.1.2.1.4.35.1.COLUMN.2.1.4.10.0.0.ROW */
static unsigned
name(uint32_t *oid, uint32_t column, uint32_t row)
{
	const uint32_t index[INDEX] = { 2, 1, 4, 10, 0, row >> 8, row & 255 };

	memcpy(oid, entry, sizeof(entry));
	oid[ENTRY] = column;
	memcpy(oid + ENTRY + 1, index, sizeof(index));
	return ENTRY + 1 + INDEX;
}

/* The row behind a name. */
static uint32_t
row_behind(const uint32_t *oid, unsigned n)
{
	return n < ENTRY + 1 + INDEX ? 1 : (oid[n - 2] << 8 | oid[n - 1]) + 1;
}

static void
answer_one(struct agent *a, struct varbind *v, uint32_t *oid, uint32_t column, uint32_t row)
{
	static const char mac[6] = "\x00\x00\x5e\x00\x53\x01";

	*v = (struct varbind){ .oid = oid, .type = VALUE_NUMBER, .number = 1 };
	if (column == 4)
		*v = (struct varbind){ .oid = oid, .type = VALUE_BYTES, .bytes = { mac, 6 } };
	v->n = name(oid, column, row);
	if (row > a->rows && a->fault != ENDLESS) {
		if (a->fault == END_IN_NEXT_TABLE)
			oid[ENTRY - 2] = 36;
		else
			v->type = VALUE_NONE;
	}
	if (row != 50)
		return;
	if (a->fault == GOES_BACK)
		v->n = name(oid, column, 7);
	if (a->fault == STANDS_STILL)
		v->n = name(oid, column, 49);
	if (a->fault == WRONG_TYPE && column == 4)
		v->type = VALUE_OID;
	if (a->fault == WRONG_LENGTH && column == 4)
		v->bytes.n = 5;
	if (a->fault == LONG_VALUE && column == 4)
		v->bytes = (struct text){ a->value, sizeof(a->value) };
	if (a->fault == LONG_NAME)
		oid[v->n++] = 9;
	if (a->fault == SHORT_NAME) {
		oid[ENTRY + 3]++;
		v->n = ENTRY + 4;
	}
	if (a->fault == OTHER_COLUMN && column == 4)
		oid[ENTRY]++;
	if ((a->fault == MISSING_CELLS && column == 6) || (a->fault == ROW_VANISHES && column != 4))
		v->n = name(oid, column, 51);
}

static size_t
respond(struct agent *a, const struct walk_request *r)
{
	unsigned most = r->repetitions ? r->repetitions : 1;
	size_t n = 0;

	a->requests++;
	if ((a->fault == NOTHING_AT_FIRST && r->repetitions > 2) || a->fault == NOTHING_EVER ||
	    (a->fault == NEVER_BULK && r->repetitions > 0))
		return 0;
	if (a->fault == FEW_REPETITIONS && most > 3)
		most = 3;
	for (unsigned k = 0; k < most; k++)
		for (unsigned c = 0; c < r->n; c++) {
			const uint32_t *oid = k == 0 ? r->names[c].oid : a->oid[n - r->n];
			unsigned length = k == 0 ? r->names[c].n : a->list[n - r->n].n;

			if (a->fault == HALF_GROUPS && k == 4 && c == 1)
				return n;
			answer_one(a, &a->list[n], a->oid[n], oid[ENTRY], row_behind(oid, length));
			n++;
			if (a->fault == ONE_END && c + 1 == r->n &&
			    a->list[n - 1].type == VALUE_NONE)
				return n;
		}
	if (a->fault == TOO_MANY)
		for (unsigned i = 0; i < r->n; i++, n++)
			a->list[n] = a->list[n - r->n];
	return n;
}

static bool
too_big(enum fault fault, const struct walk_request *r)
{
	return fault == TOO_BIG_EVER || (fault == TOO_BIG && r->repetitions > 3);
}

static void
count(const struct observation *o, void *arg)
{
	(void)o;
	++*(unsigned *)arg;
}

static enum outcome
walk(enum fault fault, unsigned *rows, char *why)
{
	static struct agent a;
	const struct mib_table *table = mib_table_find(text_of("ipNetToPhysicalTable"));
	struct error err = { 0 };
	struct mib_reader *reader = mib_reader_new(table, count, rows, &err);
	struct walk *w = walk_new(table, reader);
	const struct account *account = mib_account(reader);
	enum outcome outcome;

	a = (struct agent){ .fault = fault, .rows = 120 };
	*rows = 0;
	for (unsigned i = 0; i < ROUNDS; i++) {
		const struct walk_request *r = walk_next(w);

		if (r->n == 0 || (fault == CUT && i == 3))
			break;
		assert_true(r->repetitions <= LIMIT_WALK_REPETITIONS);
		if (too_big(fault, r) ? !walk_shrink(w)
				      : walk_answer(w, a.list, respond(&a, r)) < 0)
			break;
	}
	outcome = walk_end(w);
	snprintf(why, POLL_WHY, "%s", mib_why(reader));
	assert_int_equal(account->row + account->noise + account->unread, account->lines);
	assert_int_equal(account->rows, *rows);
	walk_free(w);
	mib_reader_free(reader);
	return outcome;
}

static void
whole_tables(void **state)
{
	(void)state;
	for (enum fault f = NONE; f < GOES_BACK; f++) {
		char why[POLL_WHY];
		unsigned rows;
		enum outcome outcome = walk(f, &rows, why);

		if (outcome != OUTCOME_COMPLETE || rows != 120)
			fail_msg("%s: %s, %u rows: %s", names[f], outcome_name(outcome), rows, why);
	}
}

static void
broken_agents(void **state)
{
	(void)state;
	for (enum fault f = GOES_BACK; f < FAULTS; f++) {
		char why[POLL_WHY];
		unsigned rows;
		enum outcome outcome = walk(f, &rows, why);

		if (outcome == OUTCOME_COMPLETE || why[0] == '\0')
			fail_msg("%s: %s, %u rows: %s", names[f], outcome_name(outcome), rows, why);
		if (f != NOTHING_EVER && f != TOO_BIG_EVER && outcome != OUTCOME_PARTIAL &&
		    f != TOO_MANY)
			fail_msg("%s: %s", names[f], outcome_name(outcome));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_tables),
		cmocka_unit_test(broken_agents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
