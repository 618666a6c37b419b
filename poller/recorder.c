#include "poller/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "poller/disk.h"
#include "poller/rows.h"
#include "poller/presences.h"
#include "poller/recording.h"

enum {
	ROUND_MESSAGES = 256, /* of one channel in one transaction: bounds the wait of the others */
	SEAL_MS = 100,        /* between two pieces of sealing */
	IDLE_MS = 10000       /* until it is looked whether a day is over */
};

/* --- messages of a poll -------------------------------------------------------------------- */

static void
send_pins(struct state *s, struct slot *slot, const char *device)
{
	struct wire_pins pins = { .kind = WIRE_PINNED };
	struct error err = { 0 };
	char **keys = reader_hostkeys(s->reader, device, &err);
	size_t used = 0;

	for (int i = 0; keys && keys[i]; i++) {
		size_t size = strlen(keys[i]) + 1;

		if (used + size > sizeof(pins.keys))
			break;
		memcpy(pins.keys + used, keys[i], size);
		used += size;
		pins.count++;
	}
	reader_hostkeys_free(keys);
	(void)wire_send(slot->channel, &pins, sizeof(pins), NULL, 0);
}

static bool
on_intent(struct state *s, struct slot *slot, const struct wire_intent *m)
{
	const char *line = m->lines, *end = m->lines + sizeof(m->lines);

	if (!wire_is_text(m->account) || !wire_is_text(m->address))
		return false;
	slot->go_due = true;
	slot->go.first = 0;
	for (uint32_t i = 0; i < m->count; i++) {
		struct ledger_event e = { .kind = LEDGER_INTENT,
			.device = slot->about.name,
			.account = m->account,
			.address = m->address,
			.what = line };
		uint64_t seq;

		if (line >= end || !memchr(line, 0, (size_t)(end - line)))
			return false;
		if (!recording_append(s, &e, &seq))
			return true;
		if (i == 0)
			slot->go.first = seq;
		line += strlen(line) + 1;
	}
	return true;
}

static bool
on_result(struct state *s, struct slot *slot, const struct wire_result *m)
{
	struct ledger_event e = { .kind = LEDGER_RESULT,
		.device = slot->about.name,
		.what = m->what,
		.result = m->result,
		.refers = m->refers,
		.detail = m->detail };
	uint64_t seq;

	if (!wire_is_text(m->what) || !wire_is_text(m->result) || !wire_is_text(m->detail))
		return false;
	(void)recording_append(s, &e, &seq);
	return true;
}

/* What a poll saw of who is where. */
struct seen {
	const struct presence *list;
	size_t n, bytes;
	unsigned whole;
};

/* Writes a poll and remembers what to tell the scheduler once it is committed. */
static void
write_poll(struct state *s, struct slot *slot, const struct poll_report *report,
    const struct rows_view *view, const struct seen *seen)
{
	static const struct rows_view nothing;
	const struct wire_device *d = &slot->about;
	struct store_device device = { d->name, d->platform, d->site, d->host, d->transport,
		d->blind, d->every };
	struct store_counts counts = { 0 };
	int64_t device_id = -1, id = -1;

	if (!view)
		view = &nothing;
	slot->reported = slot->recorded_due = true;
	slot->recorded = (struct wire_recorded){
		.kind = WIRE_RECORDED, .slot = slot->about.slot, .report = *report
	};
	recording_device(s, d, &device);
	if (recording_begin(s))
		device_id = store_device(s->store, &device, &s->broken);
	if (device_id > 0)
		id = store_poll(s->store, device_id, report, view->row, view->n, &view->words,
		    &counts, &s->broken);
	if (id > 0 && seen && report->outcome <= OUTCOME_PARTIAL &&
	    store_presences(
		s->store, device_id, report, seen->list, seen->n, seen->whole, &s->broken) != 0)
		id = -1;
	if (id <= 0)
		return;
	slot->recorded.poll_id = id;
	slot->recorded.opened = slot->go.opened = counts.opened;
	slot->recorded.reseen = counts.reseen;
	slot->recorded.closed = counts.closed;
	slot->recorded.once = counts.once;
	recording_poll(s, slot, report);
}

static bool
report_fits(const struct poll_report *r)
{
	return wire_is_text(r->why) && wire_is_text(r->evidence) && r->outcome <= OUTCOME_SKIPPED &&
	       r->reason <= REASON_REBOOTED;
}

static bool
on_report(struct state *s, struct slot *slot, const struct wire_report *m, const int fds[WIRE_FDS],
    int n_fds)
{
	struct rows_view view;
	struct seen seen = { .n = m->presences, .whole = m->whole };

	if (slot->reported || n_fds != WIRE_FDS || !report_fits(&m->report) ||
	    rows_map(&view, fds, m->rows) != 0)
		return false;
	seen.list = presences_map(fds[2], m->presences, &seen.bytes);
	if (seen.list) {
		slot->go_due = true;
		write_poll(s, slot, &m->report, &view, &seen);
		presences_unmap(seen.list, seen.bytes);
	}
	rows_unmap(&view);
	return seen.list != NULL;
}

static bool
on_poll_message(
    struct state *s, struct slot *slot, const void *m, size_t n, const int *fds, int n_fds)
{
	uint32_t kind = 0;

	if (n < sizeof(kind))
		return false;
	memcpy(&kind, m, sizeof(kind));
	if (kind == WIRE_HELLO && n == sizeof(kind)) {
		send_pins(s, slot, slot->about.name);
		return true;
	}
	if (kind == WIRE_ASK && n == sizeof(struct wire_ask)) {
		const struct wire_ask *ask = m;

		if (!wire_is_text(ask->name))
			return false;
		send_pins(s, slot, ask->name);
		return true;
	}
	if (kind == WIRE_INTENT && n == sizeof(struct wire_intent))
		return on_intent(s, slot, m);
	if (kind == WIRE_RESULT && n == sizeof(struct wire_result))
		return on_result(s, slot, m);
	return kind == WIRE_REPORT && n == sizeof(struct wire_report) &&
	       on_report(s, slot, m, fds, n_fds);
}

/* Takes what a poll has sent, at most `most` messages. One that does not fit ends the channel: the
 * poll then counts as dead, and the scheduler says so. */
static void
drain(struct state *s, struct slot *slot, int most)
{
	union {
		char bytes[WIRE_MESSAGE];
		struct wire_report align;
	} m;

	while (slot->channel >= 0 && most-- > 0 && !slot->go_due) {
		int fds[WIRE_FDS] = { -1, -1 }, n_fds = WIRE_FDS;
		long n = wire_receive(slot->channel, &m, sizeof(m), fds, &n_fds);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n <= 0 || !on_poll_message(s, slot, &m, (size_t)n, fds, n_fds)) {
			close(slot->channel);
			slot->channel = -1;
		}
		for (int i = 0; i < n_fds; i++)
			close(fds[i]);
	}
}

/* --- messages of the scheduler ------------------------------------------------------------- */

static struct slot *
find_slot(struct state *s, uint32_t number)
{
	struct slot *slot = s->slots;

	while (slot && slot->about.slot != number)
		slot = slot->next;
	return slot;
}

static void
on_device(struct state *s, const struct wire_device *m, int channel)
{
	struct slot *slot = mem_alloc(1, sizeof(*slot));

	slot->about = *m;
	slot->channel = channel;
	slot->go.kind = WIRE_GO;
	slot->next = s->slots;
	s->slots = slot;
	(void)fcntl(channel, F_SETFL, O_NONBLOCK);
}

/* The process of a slot is gone. What it managed to send counts; else the poll failed. */
static void
on_ended(struct state *s, const struct wire_ended *m)
{
	struct slot *slot = find_slot(s, m->slot);
	struct poll_report report = { .started = m->started,
		.ended = clock_now() + 1,
		.duration_ms = m->duration_ms,
		.outcome = OUTCOME_FAILED,
		.reason = (uint8_t)m->reason };

	if (!slot)
		return;
	slot->go_due = false;
	drain(s, slot, ROUND_MESSAGES);
	slot->go_due = false;
	memcpy(report.why, m->why, sizeof(report.why));
	if (!slot->reported)
		write_poll(s, slot, &report, NULL, NULL);
	if (slot->channel >= 0)
		close(slot->channel);
	slot->channel = -1;
}

/* Returns false once the scheduler has gone. */
static bool
drain_control(struct state *s)
{
	union {
		char bytes[WIRE_MESSAGE];
		uint32_t kind;
		struct wire_device device;
		struct wire_ended ended;
		struct wire_event event;
		struct wire_decision decision;
	} m;

	for (int most = ROUND_MESSAGES; most > 0; most--) {
		int fd = -1, n_fds = 1;
		long n = wire_receive(s->r->control, &m, sizeof(m), &fd, &n_fds);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return true;
		if (n <= 0)
			return false;
		if (m.kind == WIRE_DEVICE && n == (long)sizeof(m.device) && n_fds == 1) {
			on_device(s, &m.device, fd);
			continue;
		}
		if (m.kind == WIRE_ENDED && n == (long)sizeof(m.ended))
			on_ended(s, &m.ended);
		else if (m.kind == WIRE_EVENT && n == (long)sizeof(m.event))
			recording_event(s, &m.event);
		else if (m.kind == WIRE_DECISION && n == (long)sizeof(m.decision))
			recording_decision(s, &m.decision);
		else if (m.kind == WIRE_RECALL && n == (long)sizeof(m.kind))
			recording_recall(s);
		if (n_fds == 1)
			close(fd);
	}
	return true;
}

/* --- rounds -------------------------------------------------------------------------------- */

static void
answer(struct state *s, struct slot *slot, bool ok)
{
	if (slot->go_due) {
		slot->go.ok = ok;
		wire_put(slot->go.why, s->broken.text);
		(void)wire_send(slot->channel, &slot->go, sizeof(slot->go), NULL, 0);
	}
	if (slot->recorded_due) {
		if (!ok) {
			slot->recorded.poll_id = 0;
			slot->recorded.report.reason = REASON_STORE;
			wire_put(slot->recorded.report.why, s->broken.text);
		}
		slot->told_due = true;
	}
	slot->go_due = slot->recorded_due = false;
}

/* Tells the scheduler what is on record. False: it has no room; what is left waits for the next
 * time. */
static bool
tell(struct state *s)
{
	for (struct slot *slot = s->slots; slot; slot = slot->next) {
		if (!slot->told_due)
			continue;
		if (wire_send(s->r->control, &slot->recorded, sizeof(slot->recorded), NULL, 0) != 0)
			return errno != EAGAIN && errno != EWOULDBLOCK;
		slot->told_due = false;
	}
	return true;
}

/* Commits the round and gives every answer that waited for it. If it cannot be committed, nobody is
 * told that it was: polls are told to stop, the scheduler gets poll id 0. */
static void
finish_round(struct state *s)
{
	bool ok = !s->broken.text[0];

	if (s->open && ok)
		ok = signing_seal(&s->signing, s->store, s->ending, &s->broken) == 0;
	if (s->open && ok)
		ok = store_commit(s->store, &s->broken) == 0;
	else if (s->open)
		store_rollback(s->store);
	if (s->open)
		signing_committed(&s->signing, ok);
	s->open = false;
	for (struct slot *slot = s->slots; slot; slot = slot->next)
		answer(s, slot, ok);
	recording_answer(s, ok);
	if (!ok) {
		log_line(LOG_ERROR, "%s", s->broken.text);
		(void)reserve_give(s->r->dir); /* a quota is a full disk that statvfs does not see
						*/
	}
	s->broken = (struct error){ 0 };
}

static void
forget_done(struct state *s)
{
	for (struct slot **at = &s->slots; *at;) {
		struct slot *slot = *at;

		if (slot->channel >= 0 || !slot->reported || slot->told_due) {
			at = &slot->next;
			continue;
		}
		*at = slot->next;
		free(slot);
	}
}

/* A piece of sealing the days that are over, between the rounds. */
static void
seal(struct state *s)
{
	int64_t today = clock_now() / CLOCK_DAY;
	struct error err = { 0 };
	int rc;

	if (today != s->today)
		s->sealing = true;
	s->today = today;
	if (!s->sealing)
		return;
	rc = store_seal_step(s->store, s->r->keep_days, &err);
	if (rc < 0)
		log_line(LOG_ERROR, "%s", err.text);
	s->sealing = rc > 0;
}

static void
look_after_reserve(struct state *s)
{
	if (s->kept_ms && clock_mono_ms() - s->kept_ms < IDLE_MS)
		return;
	s->kept_ms = clock_mono_ms();
	reserve_keep(s->r->dir);
}

/* Milliseconds until there is something to do unasked. */
static int
patience(const struct state *s)
{
	int most = s->sealing ? SEAL_MS : IDLE_MS, head = signing_wait(&s->signing);

	return head >= 0 && head < most ? head : most;
}

static void
run_round(struct state *s)
{
	struct pollfd *watch;
	struct slot *slot;
	nfds_t n = 1;

	for (slot = s->slots; slot; slot = slot->next)
		n++;
	watch = mem_alloc(n, sizeof(*watch));
	watch[0] = (struct pollfd){ .fd = s->r->control,
		.events = (short)(tell(s) ? POLLIN : POLLIN | POLLOUT) };
	n = 1;
	for (slot = s->slots; slot; slot = slot->next)
		watch[n++] = (struct pollfd){ .fd = slot->channel, .events = POLLIN };
	if (poll(watch, n, patience(s)) >= 0) {
		n = 1;
		for (slot = s->slots; slot; slot = slot->next)
			if (watch[n++].revents)
				drain(s, slot, ROUND_MESSAGES);
		if (watch[0].revents && !drain_control(s))
			recording_stop(s);
		if (signing_wait(&s->signing) == 0)
			(void)recording_begin(s);
		finish_round(s);
		forget_done(s);
	}
	free(watch);
	seal(s);
	look_after_reserve(s);
}

int
recorder_run(const struct recorder *r, struct error *err)
{
	struct state s = { .r = r };
	struct ledger_key *key;
	uint32_t ready = 1;

	s.store = store_open(r->dir, true, err);
	if (!s.store)
		return err->exit ? err->exit : EXIT_FAILED;
	s.reader = reader_open(r->dir, 0, err);
	if (!s.reader)
		return EXIT_FAILED;
	key = signing_key(r->key, r->must_sign, err);
	if (err->text[0] || signing_begin(&s.signing, s.store, key, r->heads, err) < 0)
		return EXIT_FAILED;
	if (wire_send(r->control, &ready, sizeof(ready), NULL, 0) != 0)
		return EXIT_FAILED;
	(void)fcntl(r->control, F_SETFL, O_NONBLOCK);
	look_after_reserve(&s);
	while (!s.ending)
		run_round(&s);
	reader_close(s.reader);
	signing_end(&s.signing);
	if (store_seal(s.store, r->keep_days, err) < 0)
		log_line(LOG_ERROR, "%s", err->text);
	store_close(s.store);
	return EXIT_OK;
}
