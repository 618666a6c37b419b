#include "audit/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/table.h"
#include "base/clock.h"
#include "ledger/scan.h"

/* Which controls a section gives evidence for. NIST CSF 1.1 and 2.0, NIST SP 800-53 rev. 5, ISO/IEC
 * 27001 of 2013 and 2022, PCI DSS 4.0.1. */
static const struct {
	const char *name;
	const char *const controls[REPORT_CONTROLS];
} controls[] = {
	{ "integrity", { "NIST CSF 1.1 PR.PT-1", "NIST CSF 2.0 PR.PS-04", "SP 800-53 AU-9(2)",
			   "SP 800-53 AU-9(3)", "SP 800-53 AU-10", "ISO 27001:2013 A.12.4.2",
			   "ISO 27001:2022 A.8.15", "PCI DSS 10.3.2", "PCI DSS 10.3.4" } },
	{ "accounts", { "NIST CSF 1.1 DE.CM-3", "NIST CSF 2.0 DE.CM-03", "SP 800-53 AC-6(9)",
			  "SP 800-53 AU-3", "ISO 27001:2013 A.12.4.3", "ISO 27001:2022 A.8.2",
			  "PCI DSS 8.6.1", "PCI DSS 10.2.1.2" } },
	{ "commands", { "NIST CSF 1.1 PR.PT-3", "NIST CSF 2.0 PR.AA-05", "SP 800-53 AC-6",
			  "SP 800-53 AU-12", "ISO 27001:2013 A.9.4.4", "ISO 27001:2022 A.8.18",
			  "PCI DSS 10.2.1.2", "PCI DSS 10.2.2" } },
	{ "refusals",
	    { "NIST CSF 1.1 DE.AE-2", "NIST CSF 2.0 DE.AE-02", "SP 800-53 AU-2",
		"ISO 27001:2013 A.12.4.1", "ISO 27001:2022 A.8.15", "PCI DSS 10.2.1.4" } },
	{ "hostkeys", { "NIST CSF 1.1 PR.PT-4", "NIST CSF 2.0 PR.DS-02", "SP 800-53 SC-8",
			  "SP 800-53 AU-12", "ISO 27001:2022 A.8.24" } },
	{ "algorithms", { "NIST CSF 1.1 PR.PT-4", "NIST CSF 2.0 PR.DS-02", "SP 800-53 SC-13",
			    "ISO 27001:2013 A.10.1.1", "ISO 27001:2022 A.8.24", "PCI DSS 2.2.7" } },
	{ "logging", { "NIST CSF 1.1 PR.PT-1", "NIST CSF 2.0 PR.PS-04", "SP 800-53 AU-12",
			 "SP 800-53 AU-14(1)", "ISO 27001:2022 A.8.15", "PCI DSS 10.2.1.6" } },
	{ "changes", { "NIST CSF 1.1 PR.IP-3", "NIST CSF 2.0 PR.PS-01", "SP 800-53 CM-3",
			 "ISO 27001:2022 A.8.9", "PCI DSS 10.2.1.7" } },
	{ "privilege", { "NIST CSF 1.1 PR.PT-3", "NIST CSF 2.0 PR.AA-05", "SP 800-53 AC-6(10)",
			   "ISO 27001:2013 A.9.2.3", "ISO 27001:2022 A.8.2", "PCI DSS 7.2.5" } },
	{ "coverage", { "NIST CSF 1.1 DE.CM-1", "NIST CSF 2.0 DE.CM-01", "SP 800-53 SI-4",
			  "SP 800-53 CA-7", "ISO 27001:2022 A.8.16", "PCI DSS 10.4.1" } },
	{ "accounting", { "NIST CSF 1.1 RS.AN-1", "NIST CSF 2.0 RS.AN-03", "SP 800-53 AU-6(3)",
			    "ISO 27001:2022 A.8.15", "PCI DSS 10.4.1.1" } },
};

struct report_section *
report_add(struct report *r, const char *name, const char *title)
{
	struct report_section *s = &r->section[r->n++];

	*s = (struct report_section){ .name = name, .title = title, .good = true };
	s->end = &s->rows;
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		if (strcmp(controls[i].name, name) == 0)
			memcpy(s->controls, controls[i].controls, sizeof(s->controls));
	return s;
}

void
report_row(struct report *r, struct report_section *s, const char *const *cells)
{
	struct report_row *row = arena_alloc(&r->arena, sizeof(*row));

	for (int i = 0; i < REPORT_COLUMNS && s->column[i]; i++)
		row->cell[i] = arena_string(&r->arena, text_of(cells[i]));
	*s->end = row;
	s->end = &row->next;
	s->n_rows++;
}

void
report_query(struct report *r, struct report_section *s, const char *command)
{
	s->query = arena_printf(&r->arena, "%s%s", command, r->times);
}

void
report_free(struct report *r)
{
	arena_free(&r->arena);
}

/* --- counts of the ledger --------------------------------------------------------------------- */

/* Rows that say the same are one, with a count. */
struct tally {
	struct table index;
	struct tally_row {
		char cell[4][200];
		uint64_t n;
	} * rows;
	size_t used, room;
};

struct reading {
	struct report *r;
	const struct config *config;
	struct tally accounts, commands, refusals, hostkeys, weak, changes, privilege;
	uint64_t logins, lines, not_listed, starts, stops, unknown, intents;
};

enum { TALLY_ROWS = 20000 };

static void
count(
    struct reading *t, struct tally *y, const char *a, const char *b, const char *c, const char *d)
{
	const char *const cells[4] = { a, b, c, d };
	char key[820];
	int n = snprintf(key, sizeof(key), "%s\001%s\001%s\001%s", a, b, c, d);
	struct text k = { key, (size_t)n < sizeof(key) ? (size_t)n : sizeof(key) - 1 };
	uint32_t *known = table_find(&y->index, k);

	if (known) {
		y->rows[*known].n++;
		return;
	}
	if (y->used == TALLY_ROWS)
		return;
	if (y->used == y->room) {
		y->room = y->room ? y->room * 2 : 64;
		y->rows = mem_grow(y->rows, y->room, sizeof(*y->rows));
	}
	(void)table_add(&y->index, &t->r->arena, k, (uint32_t)y->used);
	for (int i = 0; i < 4; i++)
		text_escape(text_of(cells[i]), y->rows[y->used].cell[i], sizeof(y->rows->cell[i]));
	y->rows[y->used++].n = 1;
}

static const struct driver *
driver_of(const struct config *config, const char *device)
{
	for (size_t i = 0; i < config->n_devices; i++)
		if (strcmp(config->devices[i].name, device) == 0)
			return config->devices[i].driver;
	return NULL;
}

static bool
is_login(const char *what)
{
	return strncmp(what, "login ", 6) == 0;
}

static void
take_intent(struct reading *t, const struct ledger_row *row)
{
	const struct ledger_event *e = &row->event;
	const struct driver *driver = driver_of(t->config, e->device);

	t->intents++;
	t->unknown += row->unknown;
	if (is_login(e->what)) {
		t->logins++;
		count(t, &t->accounts, e->account, e->device, e->address, "");
	} else if (driver && !driver_may_send(driver, e->what)) {
		t->not_listed++;
	}
}

static bool
is_weak(const char *detail)
{
	return strstr(detail, "sha1") || strstr(detail, "-cbc") || strstr(detail, "3des") ||
	       strstr(detail, "ssh-rsa ") || strstr(detail, "hmac-md5");
}

static void
take_result(struct reading *t, const struct ledger_event *e)
{
	bool fine = strcmp(e->result, "ok") == 0 || strcmp(e->result, "complete") == 0;
	const struct driver *driver = driver_of(t->config, e->device);

	if (strcmp(e->result, "not sent") == 0 || strcmp(e->what, "logout") == 0)
		return;
	if (is_login(e->what)) {
		if (fine && is_weak(e->detail))
			count(t, &t->weak, e->device, e->detail, "", "");
	} else {
		t->lines++;
		count(t, &t->commands, e->device, e->what, "", "");
		if (driver)
			count(t, &t->privilege, e->device, driver->privilege,
			    fine ? "answered" : "not answered", "");
	}
	if (!fine)
		count(t, &t->refusals, e->device, e->what, e->result, "");
}

static void
take(const struct ledger_row *row, void *arg)
{
	struct reading *t = arg;
	const struct ledger_event *e = &row->event;
	char when[CLOCK_TEXT];

	(void)clock_format(e->time_us / 1000000, true, when);
	switch (e->kind) {
	case LEDGER_INTENT: take_intent(t, row); break;
	case LEDGER_RESULT: take_result(t, e); break;
	case LEDGER_HOSTKEY: count(t, &t->hostkeys, when, e->device, e->what, e->who); break;
	case LEDGER_CONFIG:
	case LEDGER_INVENTORY:
		count(t, &t->changes, when, e->device[0] ? e->device : e->what, e->detail, e->who);
		break;
	case LEDGER_START: t->starts++; break;
	case LEDGER_STOP: t->stops++; break;
	default: break;
	}
}

/* --- sections --------------------------------------------------------------------------------- */

static void
put_tally(struct report *r, struct report_section *s, struct tally *y, int texts, bool counted)
{
	for (size_t i = 0; i < y->used; i++) {
		const char *cells[REPORT_COLUMNS] = { NULL };
		char n[24];

		for (int k = 0; k < texts; k++)
			cells[k] = y->rows[i].cell[k];
		(void)snprintf(n, sizeof(n), "%" PRIu64, y->rows[i].n);
		if (counted)
			cells[texts] = n;
		report_row(r, s, cells);
	}
	table_free(&y->index);
	free(y->rows);
}

static void
name_columns(struct report_section *s, const char *a, const char *b, const char *c, const char *d)
{
	const char *const names[] = { a, b, c, d };

	for (int i = 0; i < 4; i++)
		s->column[i] = names[i];
}

static void
say_use(struct reading *t)
{
	struct report *r = t->r;
	struct report_section *s = report_add(r, "accounts", "Accounts");

	s->statement = arena_printf(&r->arena,
	    "%" PRIu64 " logins, each on record before its first byte was sent.", t->logins);
	report_query(r, s, "gatebook ledger show --kind intent");
	name_columns(s, "account", "device", "address", "logins");
	put_tally(r, s, &t->accounts, 3, true);
	s = report_add(r, "commands", "Lines sent");
	s->statement = arena_printf(&r->arena,
	    "%" PRIu64 " lines were sent; %" PRIu64 " of %" PRIu64
	    " intended ones are not in the list that is compiled for the platform.",
	    t->lines, t->not_listed, t->intents);
	s->good = t->not_listed == 0;
	report_query(r, s, "gatebook ledger show --kind result");
	name_columns(s, "device", "line", "times", NULL);
	put_tally(r, s, &t->commands, 2, true);
	s = report_add(r, "refusals", "Refusals and failures");
	s->statement = arena_printf(&r->arena,
	    "%zu different refusals and failures; of %" PRIu64
	    " intents the outcome is not known (the process was killed).",
	    t->refusals.used, t->unknown);
	s->good = t->unknown == 0;
	report_query(r, s, "gatebook ledger show --kind result");
	name_columns(s, "device", "line", "what was said", "times");
	put_tally(r, s, &t->refusals, 3, true);
}

static void
say_trust(struct reading *t)
{
	struct report *r = t->r;
	struct report_section *s = report_add(r, "hostkeys", "Host keys");

	s->statement = arena_printf(&r->arena,
	    "%zu decisions about host keys; no other key gets a credential.", t->hostkeys.used);
	report_query(r, s, "gatebook ledger show --kind hostkey");
	name_columns(s, "time", "device", "decision", "by");
	put_tally(r, s, &t->hostkeys, 4, false);
	s = report_add(r, "algorithms", "Legacy algorithms");
	s->good = t->weak.used == 0;
	s->statement = s->good ? "No login used SHA-1, CBC, 3DES or an ssh-rsa signature."
			       : "Some logins used algorithms that are no longer recommended.";
	report_query(r, s, "gatebook ledger show --kind result");
	name_columns(s, "device", "host key and algorithms", "logins", NULL);
	put_tally(r, s, &t->weak, 2, true);
	s = report_add(r, "privilege", "Privilege");
	s->statement = "What the accounts need, and whether the devices gave it to them.";
	report_query(r, s, "gatebook ledger show --kind result");
	name_columns(s, "device", "the account needs", "lines", "times");
	put_tally(r, s, &t->privilege, 3, true);
}

static void
say_records(struct reading *t)
{
	struct report *r = t->r;
	struct report_section *s = report_add(r, "logging", "Start and stop of the record");

	s->good = t->starts == t->stops;
	s->statement = arena_printf(&r->arena,
	    "%" PRIu64 " starts and %" PRIu64 " stops of the writer%s.", t->starts, t->stops,
	    s->good ? "" : ": a start without a stop was killed, or runs still");
	report_query(r, s, "gatebook ledger show --kind start,stop");
	s = report_add(r, "changes", "Changes of configuration and inventory");
	s->statement = arena_printf(&r->arena,
	    "%zu changes: files by their SHA-256, devices by what is known of them.",
	    t->changes.used);
	report_query(r, s, "gatebook ledger show --kind config,inventory");
	name_columns(s, "time", "what", "as of now", "by");
	put_tally(r, s, &t->changes, 4, false);
}

int
report_ledger(struct report *r, sqlite3 *db, const struct config *config, int64_t from_us,
    int64_t to_us, struct error *err)
{
	struct reading t = { .r = r, .config = config };
	int64_t n = ledger_scan(db, &(struct ledger_scan){ from_us, to_us, true, take, &t }, err);

	say_use(&t);
	say_trust(&t);
	say_records(&t);
	return n < 0 ? -1 : 0;
}
