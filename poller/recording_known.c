/* What the recorder keeps for the scheduler: decisions, and what is known from before a restart. */
#include <fcntl.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "poller/recording.h"

void
recording_decision(struct state *s, const struct wire_decision *m)
{
	struct decided *d;

	if (!decision_fits(&m->decision))
		return;
	d = mem_alloc(1, sizeof(*d));
	d->answer = (struct wire_decided){
		.kind = WIRE_DECIDED, .number = m->number, .changed = -1
	};
	d->next = s->decided;
	s->decided = d;
	if (recording_begin(s))
		d->answer.changed = decision_write(s->store, &m->decision, &s->broken);
}

void
recording_answer(struct state *s, bool ok)
{
	while (s->decided) {
		struct decided *d = s->decided;

		if (!ok) {
			d->answer.changed = -1;
			wire_put(d->answer.why, s->broken.text);
		}
		if (wire_send(s->r->control, &d->answer, sizeof(d->answer), NULL, 0) != 0)
			log_line(LOG_WARNING, "a decision was kept, the scheduler was not told");
		s->decided = d->next;
		free(d);
	}
}

/* --- what is known from before ---------------------------------------------------------------- */

static int
tell(const struct state *s, struct wire_known *k)
{
	k->kind = WIRE_KNOWN;
	return wire_send(s->r->control, k, sizeof(*k), NULL, 0);
}

static int
tell_hold(const struct held *h, void *arg)
{
	struct wire_known k = { .started = h->since };

	wire_put(k.name, h->name);
	wire_put(k.on, h->on);
	wire_put(k.reason, h->reason);
	return tell(arg, &k);
}

static void
tell_poll(const char *device, int64_t started, unsigned failures, void *arg)
{
	struct wire_known k = { .started = started, .failures = failures };

	wire_put(k.name, device);
	(void)tell(arg, &k);
}

/* The scheduler does nothing but listen meanwhile: this may block. */
void
recording_recall(struct state *s)
{
	struct wire_known end = { .last = 1 };
	struct error err = { 0 };

	(void)fcntl(s->r->control, F_SETFL, 0);
	if (reader_last_polls(s->reader, tell_poll, s, &err) != 0 ||
	    reader_holds(s->reader, tell_hold, s, &err) != 0)
		log_line(LOG_ERROR, "%s", err.text);
	(void)tell(s, &end);
	(void)fcntl(s->r->control, F_SETFL, O_NONBLOCK);
}
