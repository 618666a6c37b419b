/* What was sent, out of the ledger: each line with the time in which it reached the device. */
#include <stdlib.h>
#include <string.h>

#include "audit/book.h"
#include "ledger/scan.h"

/* Exec channels: no server accounts them; what runs through sudo is in its log. And platforms that
 * are known to account no show commands: AOS-CX 10.01 (its manual of 10.04 says it does). */
static bool
accounts_it(const struct reconcile *r, const struct device *d, const char *line)
{
	const char *const *names = r->rules.unaccounted;

	if (!d)
		return true;
	for (int i = 0; names && names[i]; i++)
		if (strcmp(names[i], d->driver->name) == 0)
			return line[0] == '\001';
	if (line[0] == '\001')
		return true;
	if (!d->driver->dialect.shell)
		return strncmp(line, "sudo ", 5) == 0 || strncmp(line, "doas ", 5) == 0;
	if (strcmp(d->driver->name, "aruba_aoscx") == 0)
		return false;
	for (const struct command *c = d->driver->commands; c->send; c++)
		if (strcmp(c->send, line) == 0)
			return !(c->flags & COMMAND_UNACCOUNTED);
	return true;
}

/* Where a device's visits stand while the ledger is read. */
struct taking {
	struct reconcile *r;
	uint64_t *visit;  /* by device: the last login; 0: none by ssh */
	int64_t *last_us; /* by device: the last result */
	size_t room;
};

static struct ours *
add_ours(struct reconcile *r, const struct ledger_row *row, uint32_t device, const char *line)
{
	struct ours *o;

	if (r->n_ours == r->room_ours) {
		r->room_ours = r->room_ours ? r->room_ours * 2 : 256;
		r->ours = mem_grow(r->ours, r->room_ours, sizeof(*r->ours));
	}
	o = &r->ours[r->n_ours++];
	*o = (struct ours){ .from_us = row->event.time_us,
		.to_us = row->event.time_us,
		.seq = row->seq,
		.device = device,
		.line = book_line(r, line),
		.accounted = accounts_it(r, r->devices[device].inventory, line) };
	return o;
}

static struct ours *
find_ours(struct reconcile *r, uint64_t seq)
{
	size_t low = 0, high = r->n_ours;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (r->ours[middle].seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low < r->n_ours && r->ours[low].seq == seq ? &r->ours[low] : NULL;
}

static void
take_intent(struct taking *t, const struct ledger_row *row, uint32_t device)
{
	const struct ledger_event *e = &row->event;
	struct text address = text_of(e->address), host;
	bool login = strcmp(e->what, "login ssh") == 0;
	struct ours *o;

	if (!login && t->visit[device] == 0)
		return;
	book_mark(t->r, &t->r->accounts, text_of(e->account));
	if (text_take_char(&address, '[') ? text_take_until(&address, ']', &host)
					  : text_take_until(&address, ':', &host))
		book_alias(t->r, arena_string(&t->r->arena, host), device);
	if (login)
		t->visit[device] = row->seq;
	o = add_ours(t->r, row, device, login ? BOOK_LOGIN : e->what);
	o->visit = t->visit[device];
	if (row->unknown) /* killed in between: it may have been sent or not */
		o->accounted = false;
}

/* from=10.0.0.1 of a login's result: where the visit came from. */
static void
learn_source(struct reconcile *r, const char *detail)
{
	const char *at = strstr(detail, "from=");
	struct text rest = text_of(at ? at + 5 : ""), address;

	if (text_take_word(&rest, &address))
		book_mark(r, &r->sources, address);
}

static void
take_result(struct taking *t, const struct ledger_row *row, uint32_t device)
{
	const struct ledger_event *e = &row->event;
	struct ours *o = find_ours(t->r, e->refers);
	bool sent = strcmp(e->result, "not sent") != 0;

	if (!o || o->device != device)
		return;
	if (strcmp(e->what, "logout") == 0) {
		uint64_t visit = o->visit;

		o = add_ours(t->r, row, device, BOOK_LOGOUT);
		o->visit = visit;
		o->from_us = t->last_us[device] ? t->last_us[device] : e->time_us;
		t->visit[device] = 0;
		return;
	}
	if (o->line == 0) {
		sent = strcmp(e->result, "ok") == 0;
		learn_source(t->r, e->detail);
	}
	if (!sent) {
		o->device = BOOK_NONE;
		return;
	}
	if (t->last_us[device] > o->from_us)
		o->from_us = t->last_us[device];
	o->to_us = t->last_us[device] = e->time_us;
}

static void
take_row(const struct ledger_row *row, void *arg)
{
	struct taking *t = arg;
	const struct ledger_event *e = &row->event;
	uint32_t device;

	if ((e->kind != LEDGER_INTENT && e->kind != LEDGER_RESULT) || !e->device[0])
		return;
	device = book_device(t->r, e->device);
	if (device >= t->room) {
		size_t room = (device + 1) * 2;

		t->visit = mem_grow(t->visit, room, sizeof(*t->visit));
		t->last_us = mem_grow(t->last_us, room, sizeof(*t->last_us));
		memset(t->visit + t->room, 0, (room - t->room) * sizeof(*t->visit));
		memset(t->last_us + t->room, 0, (room - t->room) * sizeof(*t->last_us));
		t->room = room;
	}
	if (e->kind == LEDGER_INTENT)
		take_intent(t, row, device);
	else
		take_result(t, row, device);
}

int
reconcile_ours(struct reconcile *r, sqlite3 *db, int64_t from_us, int64_t to_us, struct error *err)
{
	const int64_t margin = r->rules.late + r->rules.skew;
	struct taking t = { .r = r };
	size_t kept = 0;
	int64_t n;

	r->from_us = from_us;
	r->to_us = to_us;
	n = ledger_scan(
	    db, &(struct ledger_scan){ from_us - margin, to_us + margin, true, take_row, &t }, err);
	free(t.visit);
	free(t.last_us);
	for (size_t i = 0; i < r->n_ours; i++)
		if (r->ours[i].device != BOOK_NONE)
			r->ours[kept++] = r->ours[i];
	r->n_ours = kept;
	return n < 0 ? -1 : 0;
}
