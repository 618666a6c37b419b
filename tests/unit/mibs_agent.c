/* Walks against a scripted agent: each behaviour has its outcome, and the walk after it, when the
 * agent behaves again, is whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "mibs/walk.h"

enum { ROWS = 200, WHOLE = 120, ROUNDS = 2000 };

enum fault {
	NONE,
	END_IN_NEXT_TABLE,
	ONE_END,
	FEW_REPETITIONS,
	HALF_GROUPS,
	NOTHING_AT_FIRST,
	NEVER_BULK,
	TOO_BIG,
	GOES_BACK,
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

/* What the agent does, and what must come of it. */
static const struct {
	const char *does;
	enum outcome must;
} behaviours[] = {
	[NONE] = { "nothing wrong", OUTCOME_COMPLETE },
	[END_IN_NEXT_TABLE] = { "no endOfMibView: the next table's values", OUTCOME_COMPLETE },
	[ONE_END] = { "a single endOfMibView, not one a repetition", OUTCOME_COMPLETE },
	[FEW_REPETITIONS] = { "never more than three rows an answer", OUTCOME_COMPLETE },
	[HALF_GROUPS] = { "answers end in the middle of a row", OUTCOME_COMPLETE },
	[NOTHING_AT_FIRST] = { "empty answers until it is asked for little", OUTCOME_COMPLETE },
	[NEVER_BULK] = { "empty answers to every GETBULK", OUTCOME_COMPLETE },
	[TOO_BIG] = { "tooBig until it is asked for little", OUTCOME_COMPLETE },
	[GOES_BACK] = { "names go back to an earlier row", OUTCOME_PARTIAL },
	[STANDS_STILL] = { "the same name again and again", OUTCOME_PARTIAL },
	[ENDLESS] = { "a table without an end", OUTCOME_PARTIAL },
	[TOO_MANY] = { "more values than were asked for", OUTCOME_FAILED },
	[MISSING_CELLS] = { "a row lacks a value that others have", OUTCOME_PARTIAL },
	[ROW_VANISHES] = { "a row goes while its columns are read", OUTCOME_PARTIAL },
	[WRONG_TYPE] = { "a value of another type than the MIB's", OUTCOME_PARTIAL },
	[WRONG_LENGTH] = { "a MAC of five bytes", OUTCOME_PARTIAL },
	[NOTHING_EVER] = { "empty answers to everything", OUTCOME_FAILED },
	[LONG_VALUE] = { "a value of 4,096 bytes", OUTCOME_PARTIAL },
	[LONG_NAME] = { "a name that goes on behind its index", OUTCOME_PARTIAL },
	[SHORT_NAME] = { "a name that is cut in its index", OUTCOME_PARTIAL },
	[OTHER_COLUMN] = { "a value of a column that was not asked for", OUTCOME_PARTIAL },
	[TOO_BIG_EVER] = { "tooBig to everything", OUTCOME_FAILED },
	[CUT] = { "silence in the middle of the table", OUTCOME_PARTIAL },
};

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
walk(struct agent *a, unsigned *rows, char *why)
{
	const struct mib_table *table = mib_table_find(text_of("ipNetToPhysicalTable"));
	struct error err = { 0 };
	struct mib_reader *reader = mib_reader_new(table, count, rows, &err);
	struct walk *w = walk_new(table, reader);
	const struct account *account = mib_account(reader);
	enum outcome outcome;

	*rows = 0;
	for (unsigned i = 0; i < ROUNDS; i++) {
		const struct walk_request *r = walk_next(w);

		if (r->n == 0 || (a->fault == CUT && i == 3))
			break;
		assert_true(r->repetitions <= LIMIT_WALK_REPETITIONS);
		if (too_big(a->fault, r) ? !walk_shrink(w)
					 : walk_answer(w, a->list, respond(a, r)) < 0)
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

/* Both walks in one process, as polls of one daemon are not: whatever the first leaves behind would
 * be met by the second. */
static void
broken_agents(void **state)
{
	static struct agent a;

	(void)state;
	for (enum fault f = NONE; f < FAULTS; f++) {
		char why[POLL_WHY], nothing[POLL_WHY];
		enum outcome outcome, next, must = behaviours[f].must;
		unsigned rows, later;

		a = (struct agent){ .fault = f, .rows = WHOLE };
		outcome = walk(&a, &rows, why);
		a.fault = NONE;
		next = walk(&a, &later, nothing);
		printf("## %-43s %-8s %3u rows; next: %s, %u rows%s%s\n", behaviours[f].does,
		    outcome_name(outcome), rows, outcome_name(next), later, why[0] ? " | " : "",
		    why);
		if (outcome != must || (must == OUTCOME_COMPLETE) != (rows == WHOLE && !why[0]))
			fail_msg("%s: %s, not %s", behaviours[f].does, outcome_name(outcome),
			    outcome_name(must));
		if (next != OUTCOME_COMPLETE || later != WHOLE)
			fail_msg("after '%s': %s, %u rows: %s", behaviours[f].does,
			    outcome_name(next), later, nothing);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_agents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
