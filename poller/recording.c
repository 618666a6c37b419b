/* The recorder's own records in the ledger. */
#include "poller/recording.h"

#include <stdio.h>

#include "base/clock.h"
#include "poller/disk.h"

bool
recording_begin(struct state *s)
{
	if (s->broken.text[0])
		return false;
	/* Before the disk says no, for what was begun cannot be written twice. */
	if (!s->open && reserve_needed(s->r->dir))
		(void)reserve_give(s->r->dir);
	if (!s->open && store_begin(s->store, &s->broken) == 0)
		s->open = true;
	return s->open;
}

bool
recording_append(struct state *s, const struct ledger_event *given, uint64_t *seq)
{
	struct ledger_event e = *given;

	e.time_us = clock_now_us();
	if (!e.who)
		e.who = s->r->who;
	*seq = 0;
	return recording_begin(s) && ledger_append(s->store, &e, seq, &s->broken) == 0;
}

void
recording_poll(struct state *s, const struct slot *slot, const struct poll_report *r)
{
	char detail[400];
	struct ledger_event e = { .kind = LEDGER_POLL,
		.device = slot->about.name,
		.what = slot->about.platform,
		.result = outcome_name((enum outcome)r->outcome),
		.detail = detail };
	uint64_t seq;

	(void)snprintf(detail, sizeof(detail),
	    "reason=%s lines=%llu rows=%llu unread=%llu sessions=%llu sandbox=%u",
	    reason_name((enum reason)r->reason), (unsigned long long)r->account.lines,
	    (unsigned long long)r->account.rows, (unsigned long long)r->account.unread,
	    (unsigned long long)r->sessions, r->sandbox);
	(void)recording_append(s, &e, &seq);
}

/* A device that is new, or not as it was, is a record before anything is said of it. */
void
recording_device(struct state *s, const struct wire_device *d, const struct store_device *device)
{
	int change = recording_begin(s) ? store_device_change(s->store, device, &s->broken) : 0;
	char detail[512];
	struct ledger_event e = { .kind = LEDGER_INVENTORY,
		.device = d->name,
		.what = change == 1 ? "new device" : "changed device",
		.detail = detail };
	uint64_t seq;

	if (change <= 0)
		return;
	(void)snprintf(detail, sizeof(detail),
	    "platform=%s host=%s transport=%s site=\"%s\" every=%u", d->platform, d->host,
	    d->transport, d->site, d->every);
	(void)recording_append(s, &e, &seq);
}

void
recording_event(struct state *s, const struct wire_event *m)
{
	struct ledger_event e = {
		.kind = (enum ledger_kind)m->event, .what = m->what, .detail = m->detail
	};
	uint64_t seq;

	if (!wire_is_text(m->by) || !wire_is_text(m->what) || !wire_is_text(m->detail) ||
	    m->event >= LEDGER_KINDS || !recording_begin(s))
		return;
	if (m->by[0])
		e.who = m->by;
	if (e.kind != LEDGER_CONFIG ||
	    store_config_file(s->store, e.what, e.detail, &s->broken) == 1)
		(void)recording_append(s, &e, &seq);
}

/* The scheduler has gone: the last record of this run. */
void
recording_stop(struct state *s)
{
	struct ledger_event e = { .kind = LEDGER_STOP, .what = "recorder" };
	uint64_t seq;

	s->ending = true;
	(void)recording_append(s, &e, &seq);
}
