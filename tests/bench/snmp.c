/* How much CPU a walk costs. Usage: snmp ours|bare ADDRESS PORT TABLE WALKS [USER AUTH PRIV], which
 * prints the microseconds of CPU of this process, the varbinds, rows and requests of all walks,
 * each with a session of its own. With a user the walks are of SNMPv3 (SHA, AES-128). */
#include <err.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "tests/bench/snmp.h"
#include "transports/snmp.h"

static const struct kind {
	const char *table, *columns[BARE_COLUMNS + 1];
} kinds[] = {
	{ "tcpConnectionTable", { "1.3.6.1.2.1.6.19.1.7" } },
	{ "ipNetToPhysicalTable",
	    { "1.3.6.1.2.1.4.35.1.4", "1.3.6.1.2.1.4.35.1.6", "1.3.6.1.2.1.4.35.1.7" } },
};

static uint64_t
cpu_us(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
	       (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void
take_row(const struct observation *o, void *arg)
{
	(void)o;
	((struct sum *)arg)->rows++;
}

static void
take_table(
    const struct mib_table *table, const struct mib_reader *reader, enum outcome outcome, void *arg)
{
	if (outcome != OUTCOME_COMPLETE)
		errx(1, "%s: %s", table->name, mib_why(reader));
	((struct sum *)arg)->varbinds += mib_account(reader)->lines;
}

static void
take_done(enum reason reason, const char *why, void *arg)
{
	(void)arg;
	if (reason != REASON_NONE)
		errx(1, "%s", why);
}

static void
our_walk(const struct snmp_login *login, const struct mib_table *table, struct sum *sum)
{
	static const struct snmp_calls calls = {
		.row = take_row, .table = take_table, .done = take_done
	};
	const struct mib_table *tables[] = { table, NULL };
	struct snmp_loop *loop = snmp_loop_new();
	struct error error = { 0 };

	if (snmp_loop_add(loop, login, tables, &calls, sum, &error) < 0)
		errx(1, "%s", error.text);
	snmp_loop_run(loop, 1, clock_mono_ms() + 60000);
	snmp_loop_free(loop);
}

static const struct kind *
kind_of(const char *table)
{
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (text_is(text_of(table), kinds[i].table))
			return &kinds[i];
	errx(2, "no table %s here", table);
}

int
main(int argc, char **argv)
{
	struct snmp_login login = {
		.version = SNMP_V2C, .community = "public", .timeout_ms = 3000, .tries = 3
	};
	struct sum sum = { 0 };
	const struct kind *kind;
	uint64_t port, walks, began;
	bool bare;

	if ((argc != 6 && argc != 9) || !text_number(text_of(argv[3]), UINT16_MAX, &port) ||
	    !text_number(text_of(argv[5]), UINT32_MAX, &walks))
		errx(2, "usage: snmp ours|bare ADDRESS PORT TABLE WALKS [USER AUTH PRIV]");
	bare = text_is(text_of(argv[1]), "bare");
	kind = kind_of(argv[4]);
	login.host = argv[2];
	login.port = (uint16_t)port;
	if (argc == 9) {
		login.version = SNMP_V3;
		login.user = argv[6];
		login.auth = "SHA";
		login.auth_password = argv[7];
		login.priv = "AES";
		login.priv_password = argv[8];
	}
	/* The first one sets the library up, for both of them, and is not counted. */
	our_walk(&login, mib_table_find(text_of(kind->table)), &sum);
	sum = (struct sum){ 0 };
	began = cpu_us();
	for (; walks > 0; walks--)
		if (bare)
			bare_walk(argv[2], (uint16_t)port, kind->columns, &sum);
		else
			our_walk(&login, mib_table_find(text_of(kind->table)), &sum);
	(void)printf("%llu %llu %llu %llu\n", (unsigned long long)(cpu_us() - began),
	    (unsigned long long)sum.varbinds, (unsigned long long)sum.rows,
	    (unsigned long long)sum.requests);
	return 0;
}
