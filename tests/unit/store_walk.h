/* Random polls: few keys, so that they come and go. */
#ifndef GATEBOOK_TESTS_STORE_WALK_H
#define GATEBOOK_TESTS_STORE_WALK_H

#include "tests/unit/store_help.h"

enum { WALK_KEYS = 24 };

struct walk_event {
	int64_t asked, answered;
	enum outcome outcome;
	bool there[WALK_KEYS];
	struct session rows[WALK_KEYS];
};

static UNUSED struct session
walk_key(int k)
{
	static const char *const inside[] = { "10.0.0.1", "10.0.0.2", "2001:db8:1::1" };
	static const char *const outside[] = { "203.0.113.7", "198.51.100.9", "2001:db8:2::9" };
	struct session s = help_session(inside[k % 3], (uint16_t)(k % 4 || k == 16 ? 40000 + k : 0),
	    outside[k % 3], (uint16_t)(k % 5 ? 443 : 0));

	if (k % 4 == 0 && k != 16)
		s.flags &= ~SESSION_IN_PORT;
	if (k % 5 == 0)
		s.flags &= ~SESSION_OUT_PORT;
	s.key.proto = k % 2 ? PROTO_TCP : PROTO_UDP;
	s.key.scope = (uint8_t)(k % 12 % 3);
	s.place = k % 6 == 0 ? W_VRF_A : k % 6 == 1 ? W_VRF_B : W_NONE;
	s.key.place = text_hash(text_of(help_texts[s.place]));
	s.line = (uint32_t)k; /* so that a sorted row can be told */
	/* k and k + 12 share a contact. */
	s.key.inside.bytes[s.key.inside.family == 4 ? 2 : 14] = (uint8_t)(k % 12);
	return s;
}

static UNUSED void
walk_decorate(struct help_random *r, struct session *s)
{
	static const uint32_t bits[] = { HAS_BYTES_NEAR, HAS_BYTES_FAR, HAS_BYTES_TOTAL,
		HAS_PACKETS_NEAR, HAS_PACKETS_FAR };

	s->state = help_random(r, 4) ? W_ESTABLISHED : help_random(r, 2) ? W_TIME_WAIT : W_NONE;
	s->initiator = (uint8_t)(help_random(r, 20) ? INITIATOR_IN : help_random(r, 3));
	s->app = help_random(r, 6) ? W_WEB : W_NONE;
	s->user = help_random(r, 6) ? W_ANNA : W_CAFE;
	s->in_iface = help_random(r, 9) ? W_ETH0 : W_ETH1;
	if (help_random(r, 3) == 0) {
		s->in_nat = help_addr("192.0.2.33");
		s->flags |= SESSION_IN_NAT_PORT;
		s->in_nat_port = (uint16_t)(1000 + help_random(r, 3));
	}
	for (int i = 0; i < 5; i++) {
		if (help_random(r, 3) == 0)
			s->counters.has |= bits[i];
	}
	s->counters.bytes_near = help_random(r, 3);
	s->counters.bytes_far = 1000 + help_random(r, 100000);
	s->counters.bytes_total = (uint64_t)help_random(r, 1000) << 40;
	s->counters.packets_near = help_random(r, 100);
	s->counters.packets_far = UINT64_MAX;
	if (help_random(r, 4) == 0) {
		s->counters.has |= HAS_AGE;
		s->counters.age = help_random(r, 3) ? help_random(r, 900)
						    : 60 * help_random(r, 200);
	}
}

/* The next poll, 30 to 30 + step seconds after *now, and much like the one before. */
static UNUSED void
walk_event(struct help_random *r, struct walk_event *e, int64_t *now, uint32_t step,
    const struct walk_event *before)
{
	uint32_t kind = help_random(r, 10);

	*now += 30 + help_random(r, step);
	e->asked = *now;
	e->answered = *now + help_random(r, 20);
	*now = e->answered + 2;
	e->outcome = kind < 6   ? OUTCOME_COMPLETE
		     : kind < 8 ? OUTCOME_PARTIAL
		     : kind < 9 ? OUTCOME_FAILED
				: OUTCOME_SKIPPED;
	for (int k = 0; k < WALK_KEYS && e->outcome <= OUTCOME_PARTIAL; k++) {
		e->there[k] = before && before->there[k] ? help_random(r, 5) != 0
							 : help_random(r, 4) == 0;
		if (!e->there[k])
			continue;
		e->rows[k] = walk_key(k);
		walk_decorate(r, &e->rows[k]);
		if (before && before->there[k] && help_random(r, 3) == 0)
			e->rows[k] = before->rows[k]; /* nothing changed */
	}
}

/* Its rows, sorted. */
static UNUSED size_t
walk_rows(const struct walk_event *e, struct session *rows)
{
	size_t n = 0;

	for (int k = 0; k < WALK_KEYS; k++) {
		if (e->there[k])
			rows[n++] = e->rows[k];
	}
	if (n)
		qsort(rows, n, sizeof(*rows), help_compare);
	return n;
}

#endif
