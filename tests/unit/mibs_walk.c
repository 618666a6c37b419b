/* Walks read by table: rows, the account, and walks that make no sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "mibs/mib.h"

/* What came out, a line a row. */
struct sheet {
	char text[4096];
	size_t n;
	enum outcome outcome;
	struct account account;
	int tables, unread;
	size_t aside;
	char network[ADDR_TEXT + 4];
	uint32_t unread_at;
	char why[POLL_WHY];
};

static void
write_row(const struct observation *o, void *arg)
{
	struct sheet *s = arg;
	char near[ENDPOINT_TEXT], far[ENDPOINT_TEXT];

	(void)text_copy(o->more.network, s->network, sizeof(s->network));
	s->n += (size_t)snprintf(s->text + s->n, sizeof(s->text) - s->n,
	    "%s %s %s state=%.*s mac=%.*s iface=%.*s\n", proto_name(o->proto),
	    endpoint_format(&o->near, near), endpoint_format(&o->far, far), (int)o->state.n,
	    o->state.s, (int)o->mac.n, o->mac.s, (int)o->near_iface.n, o->near_iface.s);
}

static int
read_table(const struct mib_table *table, const struct varbind *list, size_t n, void *arg)
{
	struct sheet *s = arg;
	struct error err = { 0 };
	struct mib_reader *r;

	if (!table || !table->columns) {
		s->aside += n;
		return 0;
	}
	s->tables++;
	r = mib_reader_new(table, write_row, s, &err);
	assert_non_null(r);
	for (size_t i = 0; i < n; i++)
		if (mib_take(r, &list[i]) < 0)
			break;
	s->outcome = mib_end(r, true, 0);
	s->account = *mib_account(r);
	snprintf(s->why, sizeof(s->why), "%s", mib_why(r));
	mib_reader_free(r);
	return 0;
}

static void
note_unread(struct walk_line line, void *arg)
{
	struct sheet *s = arg;

	if (s->unread++ == 0)
		s->unread_at = line.number;
}

static struct sheet *
walk(const char *text)
{
	static struct sheet s;
	struct error err = { 0 };
	int left;

	s = (struct sheet){ 0 };
	left = walk_file_read(text_of(text), read_table, note_unread, &s, &err);
	assert_int_equal(left, s.unread);
	assert_int_equal(s.account.row + s.account.noise + s.account.unread, s.account.lines);
	return &s;
}

static void
all_tables_compile(void **state)
{
	(void)state;
	for (unsigned i = 0; i < mibs_count; i++)
		for (const struct mib_table *t = mibs[i]->tables; t->name; t++) {
			struct error err = { 0 };
			struct mib_reader *r = t->columns ? mib_reader_new(t, write_row, NULL, &err)
							  : NULL;

			if (t->columns && !r)
				fail_msg("%s: %s", mibs[i]->name, err.text);
			mib_reader_free(r);
			assert_ptr_equal(mib_table_find(text_of(t->name)), t);
		}
}

static void
sockets(void **state)
{
	struct sheet *s;

	(void)state;
	s = walk(".1.3.6.1.2.1.6.19.1.7.0.0.445.0.0.0 = INTEGER: 2\n"
		 ".1.3.6.1.2.1.6.19.1.7.1.4.10.20.0.11.44319.1.4.203.0.113.10.443 = INTEGER: 5\n"
		 ".1.3.6.1.2.1.6.19.1.8.1.4.10.20.0.11.44319.1.4.203.0.113.10.443 = Gauge32: 7\n"
		 ".1.3.6.1.2.1.6.19.1.7.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.17.45447.2.16.32.1."
		 "13.184.0.0.0.0.0.0.0.0.0.0.0.16.443 = 5\n");
	assert_string_equal(s->text, "tcp -:445 - state=2 mac= iface=\n"
				     "tcp 10.20.0.11:44319 203.0.113.10:443 state=5 mac= iface=\n"
				     "tcp [2001:db8::11]:45447 [2001:db8::10]:443 state=5 mac= "
				     "iface=\n");
	assert_int_equal(s->outcome, OUTCOME_COMPLETE);
	assert_int_equal(s->account.row, 3);
	assert_int_equal(s->account.noise, 1); /* the process, which nobody asked for */
	s = walk("1.3.6.1.2.1.7.7.1.8.1.4.10.20.0.12.44146.1.4.198.51.100.7.53.49948|66|17300\n");
	assert_string_equal(s->text, "udp 10.20.0.12:44146 198.51.100.7:53 state= mac= iface=\n");
}

static void
neighbours(void **state)
{
	struct sheet *s;

	(void)state;
	/* Column by column, as a walk prints them. */
	s = walk(".1.3.6.1.2.1.4.35.1.4.2.1.4.10.20.0.11 = Hex-STRING: 2E 67 37 02 CA F3 \n"
		 ".1.3.6.1.2.1.4.35.1.4.3.1.4.10.20.0.9 = \"\"\n"
		 ".1.3.6.1.2.1.4.35.1.7.2.1.4.10.20.0.11 = INTEGER: reachable(1)\n"
		 ".1.3.6.1.2.1.4.35.1.7.3.1.4.10.20.0.9 = INTEGER: 4\n");
	assert_string_equal(s->text, " 10.20.0.11 - state=1 mac=2e:67:37:02:ca:f3 iface=2\n"
				     " 10.20.0.9 - state=4 mac= iface=3\n");
	s = walk("1.3.6.1.2.1.4.22.1.2.7.10.0.0.1|4x|00005e005301\n");
	assert_string_equal(s->text, " 10.0.0.1 - state= mac=00:00:5e:00:53:01 iface=7\n");
}

/* Values that do not fit: their row is unread, the rest of the table is read. */
static void
misfits(void **state)
{
	static const char *const lines[] = {
		".1.3.6.1.2.1.4.22.1.2.7.10.0.0.300 = Hex-STRING: 00 00 5E 00 53 01\n",
		".1.3.6.1.2.1.4.22.1.2.7.10.0.0 = Hex-STRING: 00 00 5E 00 53 01\n",
		".1.3.6.1.2.1.4.22.1.2.7.10.0.0.2.9 = Hex-STRING: 00 00 5E 00 53 01\n",
		".1.3.6.1.2.1.4.22.1.2.7.10.0.0.2 = Hex-STRING: 00 00 5E 00 53\n",
		".1.3.6.1.2.1.4.22.1.2.7.10.0.0.2 = OID: .0.0\n",
		".1.3.6.1.2.1.4.22.1.2.7.10.0.0.2 = INTEGER: 4\n",
	};
	char text[512];

	(void)state;
	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct sheet *s;

		snprintf(text, sizeof(text), "%s%s", lines[i],
		    ".1.3.6.1.2.1.4.22.1.2.7.10.0.0.1 = Hex-STRING: 00 00 5E 00 53 01\n");
		s = walk(text);
		assert_int_equal(s->outcome, OUTCOME_PARTIAL);
		assert_int_equal(s->account.unread, 1);
		assert_string_equal(s->text, " 10.0.0.1 - state= mac=00:00:5e:00:53:01 iface=7\n");
	}
}

static void
lines_that_are_none(void **state)
{
	struct sheet *s;

	(void)state;
	s = walk(".1.3.6.1.2.1.6.19.1.7.0.0.445.0.0.0 = INTEGER: 2\n"
		 "Timeout: No Response from 192.0.2.1\n"
		 ".1.3.6.1.2.1.23.1.1.0 = INTEGER: 2\n" /* no table of ours */
		 ".1.3.6.1.2.1.4.1.0 = INTEGER: 1\n"    /* one that is never read */
		 ".1.3.6.1.2.1.6.20.1.4.1 = No more variables left in this MIB View\n"
		 ".1.3.6.1.x = INTEGER: 2\n");
	assert_int_equal(s->unread, 2);
	assert_int_equal(s->unread_at, 2);
	assert_int_equal(s->tables, 1);
	assert_int_equal(s->aside, 2);
}

/* A text with line ends in it, and octets that are printed on more than one line. */
static void
several_lines(void **state)
{
	struct sheet *s;

	(void)state;
	s = walk(".1.3.6.1.2.1.31.1.1.1.1.7 = STRING: \"lan \\\"0\n"
		 "second line = 5\"\n"
		 ".1.3.6.1.2.1.31.1.1.1.1.8 = Hex-STRING: 01 02 03 04 05 06 07 08 09 0A 0B 0C \n"
		 "0D 0E \n"
		 ".1.3.6.1.2.1.31.1.1.1.1.9 = STRING: \"lan1\"\n"
		 "0D 0E\n");
	assert_int_equal(s->account.rows, 3);
	assert_int_equal(s->unread, 1);
	assert_int_equal(s->unread_at, 6);
	/* One that never ends does not eat the values behind it. */
	s = walk(".1.3.6.1.2.1.31.1.1.1.1.7 = STRING: \"lan0\n"
		 ".1.3.6.1.2.1.31.1.1.1.1.8 = STRING: \"lan1\"\n");
	assert_int_equal(s->account.rows, 1);
	assert_int_equal(s->unread, 1);
}

static void
two_tables_in_one_place(void **state)
{
	static const uint32_t local_port[] = { 1, 0, 8802, 1, 1, 2, 1, 3, 7, 1, 4, 2 };
	static const uint32_t local_system[] = { 1, 0, 8802, 1, 1, 2, 1, 3, 3, 0 };
	unsigned entry;

	(void)state;
	assert_string_equal(mib_table_of(local_port, 12, &entry)->name, "lldpLocPortTable");
	assert_int_equal(entry, 10);
	assert_string_equal(mib_table_of(local_system, 10, &entry)->name, "lldpLocalSystemData");
	assert_null(mib_table_of(local_port, 8, &entry));
}

/* Where an address of the device lies: by a mask, by a pointer to its prefix, or nobody says. */
static void
networks(void **state)
{
	static const struct {
		const char *value, *network;
	} cases[] = {
		{ "OID: .1.3.6.1.2.1.4.32.1.5.2.1.4.10.20.0.0.24", "10.20.0.0/24" },
		{ "OID: .1.3.6.1.2.1.4.32.1.5.2.1.4.10.20.0.1.32", "10.20.0.1/32" },
		{ "OID: .0.0", "" },
		{ "OID: .1.3.6.1.2.1.4.33.1.5.2.1.4.10.20.0.0.24", "" },
		{ "OID: .1.3.6.1.2.1.4.32.1.5.2.1.4.10.20.0.0.33", NULL },
		{ "IpAddress: 255.255.252.0", "10.20.0.0/22" },
		{ "IpAddress: 0.0.0.255", NULL },
		{ "INTEGER: 24", NULL },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[200];
		struct sheet *s;

		snprintf(text, sizeof(text), ".1.3.6.1.2.1.4.34.1.5.1.4.10.20.0.1 = %s\n",
		    cases[i].value);
		s = walk(text);
		if ((s->outcome == OUTCOME_COMPLETE) != (cases[i].network != NULL))
			fail_msg("%s: %s", cases[i].value, outcome_name(s->outcome));
		if (cases[i].network)
			assert_string_equal(s->network, cases[i].network);
		assert_int_equal(s->account.unread, cases[i].network ? 0 : 1);
	}
}

static enum outcome
take_all(const char *const *oids, bool whole, struct sheet *s)
{
	const struct mib_table *table = mib_table_find(text_of("tcpConnTable"));
	struct error err = { 0 };
	struct mib_reader *r = mib_reader_new(table, write_row, s, &err);
	uint32_t oid[LIMIT_OID];

	for (unsigned i = 0; oids[i]; i++) {
		struct varbind v = { .oid = oid, .type = VALUE_NUMBER, .number = 5 };

		v.n = oid_parse(text_of(oids[i]), oid, LIMIT_OID);
		if (mib_take(r, &v) < 0)
			break;
	}
	s->outcome = mib_end(r, whole, 0);
	s->account = *mib_account(r);
	snprintf(s->why, sizeof(s->why), "%s", mib_why(r));
	mib_reader_free(r);
	return s->outcome;
}

/* What a broken agent sends is never a complete table. */
static void
broken_agents(void **state)
{
	static const char *const back[] = { "1.3.6.1.2.1.6.13.1.1.10.0.0.2.22.10.0.0.3.4",
		"1.3.6.1.2.1.6.13.1.1.10.0.0.1.22.10.0.0.3.4", NULL };
	static const char *const twice[] = { "1.3.6.1.2.1.6.13.1.1.10.0.0.2.22.10.0.0.3.4",
		"1.3.6.1.2.1.6.13.1.1.10.0.0.2.22.10.0.0.3.4", NULL };
	static const char *const strange[] = { "1.3.6.1.2.1.6.13.1.1.10.0.0.2.22.10.0.0.3.4",
		"1.3.6.1.2.1.6.14.1.1.10.0.0.2.22.10.0.0.3.4", NULL };
	static const char *const good[] = { "1.3.6.1.2.1.6.13.1.1.10.0.0.2.22.10.0.0.3.4", NULL };
	static const char *const none[] = { NULL };
	struct sheet s = { 0 };

	(void)state;
	assert_int_equal(take_all(back, true, &s), OUTCOME_PARTIAL);
	assert_string_equal(s.why, "tcpConnTable: its values are out of order");
	assert_int_equal(take_all(twice, true, &s), OUTCOME_PARTIAL);
	assert_int_equal(take_all(strange, true, &s), OUTCOME_PARTIAL);
	assert_string_equal(s.why, "tcpConnTable: a value of another table");
	assert_int_equal(take_all(good, false, &s), OUTCOME_PARTIAL);
	assert_string_equal(s.why, "tcpConnTable: cut after 1 rows");
	assert_int_equal(take_all(none, false, &s), OUTCOME_FAILED);
	assert_int_equal(take_all(none, true, &s), OUTCOME_COMPLETE);
	assert_int_equal(take_all(good, true, &s), OUTCOME_COMPLETE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_tables_compile),
		cmocka_unit_test(sockets),
		cmocka_unit_test(neighbours),
		cmocka_unit_test(misfits),
		cmocka_unit_test(lines_that_are_none),
		cmocka_unit_test(several_lines),
		cmocka_unit_test(two_tables_in_one_place),
		cmocka_unit_test(networks),
		cmocka_unit_test(broken_agents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
