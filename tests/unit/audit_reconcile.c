/* Campaigns: a ledger, the log that AAA servers would have written about it with their clocks,
 * losses, cuts and disorder, and misuse in between. All of it has to be found, and nothing else. */
#include "tests/unit/store_help.h"

#include "audit/canon.h"
#include "audit/discovery.h"
#include "audit/reconcile.h"
#include "audit/when.h"
#include "ledger/ledger.h"

enum { DEVICES = 5, VISITS = 200, EVERY = 300, LINES = 6, MOST = 60000 };

static const char *const sent[LINES] = { "terminal length 0", "terminal width 0",
	"show ip nat translations verbose",
	"show policy-firewall sessions platform all detail with a name that is so long that no "
	"device "
	"would ever account all of it in one argument of at most two hundred and forty bytes but "
	"cuts it "
	"somewhere in the middle of a word that nobody can read any more, variant one",
	"show policy-firewall sessions platform all detail with a name that is so long that no "
	"device "
	"would ever account all of it in one argument of at most two hundred and forty bytes but "
	"cuts it "
	"somewhere in the middle of a word that nobody can read any more, variant two",
	"exit" };

struct campaign {
	struct help_random random;
	char *dir;
	struct config config;
	struct device device[DEVICES];
	char name[DEVICES][24], host[DEVICES][24];
	struct credential credential;
	int64_t skew[DEVICES];
	/* the log */
	struct entry {
		int64_t time_us;
		bool misuse;
		char text[640];
	} * entry;
	size_t n, lost;
	uint64_t task;
};

/* --- the ledger ------------------------------------------------------------------------------- */

static uint64_t
append(struct store *s, const struct ledger_event *e)
{
	struct error err = { 0 };
	uint64_t seq;

	assert_int_equal(ledger_append(s, e, &seq, &err), 0);
	return seq;
}

static void
set_up(struct campaign *c, uint64_t seed)
{
	*c = (struct campaign){ .random = { seed }, .dir = help_folder() };
	c->credential = (struct credential){ .name = "ro", .user = "gatebook" };
	for (int i = 0; i < DEVICES; i++) {
		snprintf(c->name[i], sizeof(c->name[i]), "edge-%d", i);
		snprintf(c->host[i], sizeof(c->host[i]), "192.0.2.%d", i + 1);
		c->device[i] = (struct device){ .name = c->name[i],
			.host = c->host[i],
			.transport = "ssh",
			.driver = driver_find("cisco_ios"),
			.credential = &c->credential };
		c->skew[i] = (int64_t)help_random(&c->random, 600000) * 1000 - 300000000;
	}
	c->config.devices = c->device;
	c->config.n_devices = DEVICES;
	c->entry = calloc(MOST, sizeof(*c->entry));
}

static void
tear_down(struct campaign *c)
{
	free(c->entry);
	help_remove(c->dir);
}

/* One record of the log; 5 of 100 are lost on the way, if they may be. */
static void
log_record(struct campaign *c, int device, int64_t us, const char *user, const char *from,
    const char *line, bool misuse)
{
	struct entry *e = &c->entry[c->n];
	char when[64], cut[241];
	time_t seconds;
	struct tm tm;

	c->task++;
	if (!misuse && strcmp(user, "gatebook") == 0 && help_random(&c->random, 100) < 5) {
		c->lost++;
		return;
	}
	us += c->skew[device] + (int64_t)help_random(&c->random, 900000) - 450000;
	seconds = (time_t)(us / 1000000);
	gmtime_r(&seconds, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S +0000", &tm);
	snprintf(cut, sizeof(cut), "%s", line);
	e->time_us = us;
	e->misuse = misuse;
	snprintf(e->text, sizeof(e->text),
	    "%s\t192.0.2.%d\t%s\ttty2\t%s\tstop\ttask_id=%llu\ttimezone=UTC\tservice=shell\tpriv-"
	    "lvl=1\tcmd=%s%s\n",
	    when, device + 1, user, from, (unsigned long long)c->task, cut,
	    strlen(line) > 240 ? "" : " <cr>");
	c->n++;
}

static void
visit(struct campaign *c, struct store *s, int device, int64_t at_us)
{
	char address[40];
	struct ledger_event e = { .kind = LEDGER_INTENT,
		.time_us = at_us,
		.who = "uid 0 (root)",
		.device = c->name[device],
		.account = "gatebook",
		.address = address,
		.what = "login ssh" };
	uint64_t login, first = 0, seq;
	int64_t us = at_us + 300000;

	snprintf(address, sizeof(address), "%s:22", c->host[device]);
	login = append(s, &e);
	e = (struct ledger_event){ .kind = LEDGER_RESULT,
		.time_us = us,
		.device = c->name[device],
		.what = "login ssh",
		.result = "ok",
		.refers = login,
		.detail = "hostkey=\"x\" from=10.9.9.9" };
	append(s, &e);
	for (int i = 0; i < LINES; i++) {
		e = (struct ledger_event){ .kind = LEDGER_INTENT,
			.time_us = us + 1000,
			.device = c->name[device],
			.account = "gatebook",
			.address = address,
			.what = sent[i] };
		seq = append(s, &e);
		first = first ? first : seq;
	}
	for (int i = 0; i < LINES; i++) {
		us += 20000 + help_random(&c->random, 1500000);
		e = (struct ledger_event){ .kind = LEDGER_RESULT,
			.time_us = us,
			.device = c->name[device],
			.what = sent[i],
			.result = "ok",
			.refers = first + (uint64_t)i };
		append(s, &e);
		log_record(c, device, us, "gatebook", "10.9.9.9", sent[i], false);
	}
}

/* Polls all day but for two hours of the night. */
static int64_t
visit_time(struct campaign *c, int device, int i)
{
	int64_t seconds = HELP_MIDNIGHT + (int64_t)i * EVERY + device * 11 +
			  help_random(&c->random, 30);

	return (seconds + (i >= VISITS / 2 ? 7200 : 0)) * 1000000;
}

static void
poll_all_day(struct campaign *c)
{
	struct store *s = help_open(c->dir);
	struct error err = { 0 };

	assert_int_equal(store_begin(s, &err), 0);
	for (int i = 0; i < VISITS; i++)
		for (int d = 0; d < DEVICES; d++)
			visit(c, s, d, visit_time(c, d, i));
	assert_int_equal(store_commit(s, &err), 0);
	store_close(s);
}

/* --- what others do --------------------------------------------------------------------------- */

static int64_t
any_time(struct campaign *c)
{
	return (HELP_MIDNIGHT + (int64_t)help_random(&c->random, VISITS * EVERY)) * 1000000;
}

static void
others(struct campaign *c)
{
	static const char *const daily[] = { "configure terminal", "interface Gi0/1",
		"write memory", "ping 192.0.2.9", "show interfaces status" };

	for (int i = 0; i < 3000; i++) {
		int device = (int)help_random(&c->random, DEVICES);

		log_record(c, device, any_time(c), "jonas", "10.1.1.7",
		    daily[help_random(&c->random, 5)], false);
		log_record(c, device, any_time(c), "netops", "10.1.1.8", "show tcp brief", false);
	}
}

static void
misuse(struct campaign *c)
{
	const int64_t night = ((int64_t)HELP_MIDNIGHT + VISITS / 2 * EVERY + 3600) * 1000000;

	for (int i = 0; i < 40; i++) {
		int d = (int)help_random(&c->random, DEVICES);

		/* our account from elsewhere, with what it sends; something it never sends; at
		 * night */
		log_record(c, d, any_time(c), "gatebook", "10.66.6.6", sent[i % LINES], true);
		log_record(c, d, any_time(c), "gatebook", "10.9.9.9", "show running-config", true);
		log_record(
		    c, d, night + (int64_t)i * 7000000, "gatebook", "10.9.9.9", sent[2], true);
		/* somebody who has no business there */
		log_record(c, d, any_time(c), "mallory", "10.1.1.66", "sh tcp br", true);
		log_record(
		    c, d, any_time(c), "netops", "203.0.113.5", "show ip nat translations", true);
	}
}

/* Lines come within some seconds of their place, as from several servers. */
static int
by_time(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->time_us < y->time_us ? -1 : x->time_us > y->time_us;
}

static FILE *
write_log(struct campaign *c, const char *noise)
{
	FILE *f = tmpfile();

	qsort(c->entry, c->n, sizeof(*c->entry), by_time);
	for (size_t i = 0; i + 8 < c->n; i++) {
		size_t k = i + help_random(&c->random, 8);
		struct entry swap = c->entry[i];

		c->entry[i] = c->entry[k];
		c->entry[k] = swap;
	}
	for (size_t i = 0; i < c->n; i++)
		fputs(c->entry[i].text, f);
	fputs(noise, f);
	rewind(f);
	return f;
}

/* --- the campaign -------------------------------------------------------------------------------
 */

static struct reconcile *
reconcile(struct campaign *c, FILE *log, struct records_read *read)
{
	static const char *const users[] = { "netops", NULL };
	static struct prefix_set from;
	struct reconcile_rules rules = reconcile_rules_default();
	struct reader *reader = help_reader(c->dir);
	const int64_t begin = (int64_t)HELP_MIDNIGHT * 1000000;
	struct error err = { 0 };
	struct reconcile *r;

	if (from.n == 0) {
		struct prefix p;
		assert_int_equal(prefix_parse(text_of("10.1.1.0/24"), &p, NULL, 0), 0);
		prefix_set_add(&from, &p, true);
	}
	rules.users = users;
	rules.users_from = &from;
	r = reconcile_new(&c->config, &rules, begin + INT64_C(2) * 86400 * 1000000);
	assert_int_equal(reconcile_ours(r, reader_live(reader), begin - 1000000000,
			     begin + INT64_C(86400) * 1000000, &err),
	    0);
	reader_close(reader);
	if (reconcile_log(r, log, "acct.log", driver_find("tac_plus"), NULL, read, &err) < 0)
		fail_msg("%s", err.text);
	fclose(log);
	reconcile_finish(r);
	return r;
}

static void
sums(struct campaign *c, const struct reconcile *r, const struct records_read *read)
{
	uint64_t records = 0;

	for (int m = MATCH_OURS; m <= MATCH_UNDATED; m++)
		records += reconcile_count(r, (enum match)m);
	assert_int_equal(records, c->n);
	assert_int_equal(records, reconcile_records(r));
	assert_int_equal(read->account.rows, c->n);
	assert_int_equal(
	    read->account.row + read->account.noise + read->account.unread, read->account.lines);
	assert_int_equal(reconcile_lines(r), DEVICES * VISITS * (LINES + 1));
	assert_int_equal(reconcile_count(r, MATCH_UNACCOUNTED), DEVICES * VISITS); /* logins */
	assert_int_equal(reconcile_count(r, MATCH_MISSING), c->lost);
	assert_int_equal(reconcile_count(r, MATCH_FOUND), DEVICES * VISITS * LINES - c->lost);
}

static void
campaign(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct campaign c;
		struct records_read read;
		const struct finding *found;
		const struct reconcile_device *devices;
		struct reconcile *r;
		size_t n, injected = 0, hits = 0, alarms = 0;

		set_up(&c, seed);
		poll_all_day(&c);
		others(&c);
		misuse(&c);
		assert_true(c.n < MOST);
		r = reconcile(&c, write_log(&c, ""), &read);
		sums(&c, r, &read);
		for (size_t i = 0; i < c.n; i++)
			injected += c.entry[i].misuse;
		found = reconcile_findings(r, &n);
		for (size_t i = 0; i < n; i++) {
			if (!found[i].file || found[i].match == MATCH_AMBIGUOUS)
				continue;
			if (c.entry[found[i].line - 1].misuse)
				hits++;
			else
				alarms++;
		}
		assert_int_equal(injected, 200);
		assert_int_equal(hits, injected);
		assert_true(alarms * 1000 < c.n);
		devices = reconcile_devices(r, &n);
		assert_int_equal(n, DEVICES);
		for (size_t i = 0; i < n; i++) {
			assert_true(devices[i].has_skew);
			assert_true(llabs(devices[i].skew_us - c.skew[i]) < 2000000);
		}
		print_message(
		    "seed %d: %zu records, %zu injected, %zu found, %zu false alarms, %zu lost\n",
		    (int)seed, c.n, injected, hits, alarms, c.lost);
		reconcile_free(r);
		tear_down(&c);
	}
}

/* What is no record is counted and shown, never fatal. */
static void
bad_lines(void **state)
{
	static char huge[70000];
	struct campaign c;
	struct records_read read;
	struct reconcile *r;
	char noise[80000];

	(void)state;
	set_up(&c, 9);
	poll_all_day(&c);
	memset(huge, 'x', sizeof(huge) - 1);
	snprintf(noise, sizeof(noise),
	    "cut of\n\x01\x02\xff binary\n%s\n<182>Mar  1 other CISE format\n"
	    "9999-99-99 99:99:99 "
	    "+0000\t192.0.2.1\tgatebook\ttty\t10.9.9.9\tstop\ttask_id=1\tcmd=x\n",
	    huge);
	r = reconcile(&c, write_log(&c, noise), &read);
	assert_int_equal(read.account.unread, 4);
	assert_int_equal(read.n_unread, 4);
	assert_int_equal(read.account.rows, c.n + 1);
	assert_int_equal(reconcile_count(r, MATCH_UNDATED), 1);
	assert_int_equal(reconcile_count(r, MATCH_ELSEWHERE), 0);
	assert_int_equal(reconcile_count(r, MATCH_MISSING), c.lost);
	reconcile_free(r);
	tear_down(&c);
}

/* A visit whose records came minutes late is late; a retransmitted record is ambiguous. */
static void
late_and_twice(void **state)
{
	struct campaign c;
	struct records_read read;
	struct reconcile *r;
	const struct finding *found;
	size_t late = 0, twice = 0, n;

	(void)state;
	set_up(&c, 4);
	poll_all_day(&c);
	qsort(c.entry, c.n, sizeof(*c.entry), by_time);
	/* edge-0 keeps a whole visit back for some minutes */
	for (size_t i = c.n / 2, begun = 0; i < c.n && begun < 2; i++)
		if (strstr(c.entry[i].text, "\t192.0.2.1\t") &&
		    (begun += strstr(c.entry[i].text, "terminal length") != NULL) == 1) {
			int64_t us = c.entry[i].time_us + INT64_C(140000000);
			time_t seconds = (time_t)(us / 1000000);
			char when[32];
			struct tm tm;

			gmtime_r(&seconds, &tm);
			strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
			memcpy(c.entry[i].text, when, 19);
			c.entry[i].time_us = us;
			late++;
		}
	for (size_t i = 0; i < 20 && i == twice; i++)
		twice += strstr(c.entry[i].text, "show ip nat") == NULL;
	c.entry[c.n++] = c.entry[twice];
	r = reconcile(&c, write_log(&c, ""), &read);
	found = reconcile_findings(r, &n);
	for (size_t i = 0; i < n; i++)
		if (found[i].match == MATCH_ELSEWHERE)
			fail_msg("%s: %s", found[i].command, found[i].why);
	assert_true(reconcile_count(r, MATCH_LATE) > 0);
	assert_int_equal(reconcile_count(r, MATCH_ELSEWHERE), 0);
	assert_true(reconcile_count(r, MATCH_AMBIGUOUS) > 0);
	reconcile_free(r);
	tear_down(&c);
}

/* --- the parts ----------------------------------------------------------------------------------
 */

static void
times(void **state)
{
	const int64_t now = INT64_C(1795616511000000); /* 2026-11-25T14:21:51Z */
	static const struct {
		const char *text;
		int64_t us; /* -1: none */
	} known[] = {
		{ "1795303935", INT64_C(1795303935000000) },
		{ "1795303935.125", INT64_C(1795303935125000) },
		{ "1525899775432", INT64_C(1525899775432000) },
		{ "2026-03-01 13:35:28 +0100", INT64_C(1772368528000000) },
		{ "2026-03-01T12:35:28.5Z", INT64_C(1772368528500000) },
		{ "2026-11-21T23:32:44.125+01:00", INT64_C(1795300364125000) },
		{ "Sat Nov 21 23:32:15 2026", INT64_C(1795303935000000) },
		{ "Nov 21 2026 23:32:15", INT64_C(1795303935000000) },
		{ "Nov 21 23:32:15", INT64_C(1795303935000000) },
		{ "Nov 27 23:32:15", INT64_C(1764286335000000) }, /* of last year */
		{ "2026/11/21 23:32:15", INT64_C(1795303935000000) },
		{ "", -1 },
		{ "12", -1 },
		{ "2026-13-01 13:35:28 +0100", -1 },
		{ "2026-03-01 25:35:28", -1 },
		{ "2026-03-01 13:35:28 +0100x", -1 },
		{ "yesterday", -1 },
		{ "Foo 21 23:32:15", -1 },
	};

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		int64_t us = -1;

		if (!when_parse(text_of(known[i].text), now, &us))
			us = -1;
		if (us != known[i].us)
			fail_msg("%s: %lld", known[i].text, (long long)us);
	}
}

static void
commands(void **state)
{
	static const struct {
		const char *typed, *canonical;
	} known[] = {
		{ "  Show   IP nat\ttranslations <cr>", "show ip nat translations" },
		{ "\"enable\" result=success", "enable" },
		{ "show arp | no-more", "show arp" },
		{ "/usr/sbin/conntrack -L -o extended,id", "conntrack -l -o extended,id" },
		{ "sudo -n conntrack -L", "conntrack -l" },
		{ "/ip firewall connection print", "/ip firewall connection print" },
		{ "", "" },
	};
	static const char *const found[] = { "show tcp brief", "sh tcp br", "show conn detail",
		"sh ip nat tr", "show security flow session", "get system session list",
		"netstat -an", "ss -tn", "w", "conntrack -l", "show users" };
	static const char *const not_found[] = { "write memory", "configure terminal",
		"show running-config", "ping 10.0.0.1", "wall", "s t b", "password", "" };
	char out[CANON_LINE];

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = canon_command(text_of(known[i].typed), out);

		assert_string_equal(out, known[i].canonical);
		assert_int_equal(n, strlen(out));
	}
	for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++)
		if (!discovery_is(text_of(found[i]), NULL))
			fail_msg("%s", found[i]);
	for (size_t i = 0; i < sizeof(not_found) / sizeof(not_found[0]); i++)
		if (discovery_is(text_of(not_found[i]), NULL))
			fail_msg("%s", not_found[i]);
	assert_true(canon_same(text_of("show ip nat translations"), text_of("sh ip nat tra")));
	assert_false(canon_same(text_of("show ip nat"), text_of("show ip nat translations")));
	assert_false(canon_same(text_of("show arp"), text_of("show xlate")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times),
		cmocka_unit_test(commands),
		cmocka_unit_test(campaign),
		cmocka_unit_test(bad_lines),
		cmocka_unit_test(late_and_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
