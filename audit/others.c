/* Records of other users: discovery that nobody expects, alone or in chains. */
#include <fnmatch.h>
#include <string.h>
#include <time.h>

#include "audit/book.h"
#include "audit/discovery.h"

enum { VERDICTS = 1 << 16, CHAIN = 16 };

static bool
is_discovery(struct reconcile *r, struct text canonical)
{
	uint32_t *known = table_find(&r->verdicts, canonical);
	bool verdict;

	if (known)
		return *known;
	verdict = discovery_is(canonical, r->rules.discovery);
	if (r->verdicts.used < VERDICTS)
		(void)table_add(&r->verdicts, &r->arena, canonical, verdict);
	return verdict;
}

static bool
is_expected(const struct reconcile *r, const struct aaa_record *record, int64_t time_us)
{
	const char *const *users = r->rules.users;
	time_t seconds = (time_t)(time_us / 1000000);
	char user[LIMIT_WORD];
	struct addr from;
	struct tm tm;
	bool named = false;

	if (!users || !text_copy(record->user, user, sizeof(user)))
		return false;
	for (int i = 0; users[i] && !named; i++)
		named = fnmatch(users[i], user, 0) == 0;
	if (named && r->rules.users_from && r->rules.users_from->n > 0)
		named = addr_parse(record->from, &from) &&
			prefix_set_holds(r->rules.users_from, &from);
	if (named && r->rules.hours && localtime_r(&seconds, &tm))
		named = r->rules.hours >> tm.tm_hour & 1;
	return named;
}

static struct walker *
walker_of(struct reconcile *r, const struct aaa_record *record, uint32_t device)
{
	char key[3 * LIMIT_WORD];
	int n = snprintf(key, sizeof(key), "%u|%.*s|%.*s|%.*s", device,
	    (int)(record->nas.n < 64 ? record->nas.n : 64), record->nas.s,
	    (int)(record->user.n < 250 ? record->user.n : 250), record->user.s,
	    (int)(record->from.n < 250 ? record->from.n : 250), record->from.s);
	struct text t = { key, (size_t)n < sizeof(key) ? (size_t)n : sizeof(key) - 1 };
	uint32_t *known = table_find(&r->walkers, t);

	if (known)
		return &r->walker[*known];
	r->walker = mem_grow(r->walker, r->n_walkers + 1, sizeof(*r->walker));
	r->walker[r->n_walkers] = (struct walker){ 0 };
	(void)table_add(&r->walkers, &r->arena, t, (uint32_t)r->n_walkers);
	return &r->walker[r->n_walkers++];
}

/* How many different discovery commands this one ran in a short time: all findings of the chain get
 * the number. */
static void
chain(struct reconcile *r, struct walker *w, int64_t time_us, uint32_t command, uint32_t finding)
{
	unsigned slot = w->n++ % CHAIN, different = 0;
	unsigned kept = w->n < CHAIN ? w->n : CHAIN;

	w->at_us[slot] = time_us;
	w->command[slot] = command;
	w->finding[slot] = finding;
	for (unsigned i = 0; i < kept; i++) {
		bool again = false;

		if (llabs(w->at_us[i] - time_us) > r->rules.chain_within)
			continue;
		for (unsigned k = 0; k < i; k++)
			again |= w->command[k] == w->command[i] &&
				 llabs(w->at_us[k] - time_us) <= r->rules.chain_within;
		different += !again;
	}
	for (unsigned i = 0; i < kept; i++)
		if (llabs(w->at_us[i] - time_us) <= r->rules.chain_within &&
		    r->findings[w->finding[i]].chain < different)
			r->findings[w->finding[i]].chain = different;
}

void
book_other(struct reconcile *r, const struct aaa_record *record, int64_t time_us, uint32_t device,
    struct text canonical)
{
	uint32_t number = (uint32_t)r->n_findings, command;
	struct finding *f;

	if (record->class > RECORD_BEGUN || time_us < r->from_us || time_us > r->to_us ||
	    !is_discovery(r, canonical) || is_expected(r, record, time_us)) {
		r->count[MATCH_OTHER]++;
		return;
	}
	r->count[MATCH_DISCOVERY]++;
	if (r->n_findings == RECONCILE_FINDINGS)
		return;
	f = book_find(r, MATCH_DISCOVERY);
	command = book_word(r, record->command);
	f->time_us = time_us;
	f->device = device != BOOK_NONE ? r->devices[device].shown.name
					: book_text(r, book_word(r, record->nas));
	f->user = book_text(r, book_word(r, record->user));
	f->from = book_text(r, book_word(r, record->from));
	f->command = book_text(r, command);
	f->file = r->files[r->file];
	f->line = record->line;
	f->why = "discovery by somebody who is not expected to";
	chain(r, walker_of(r, record, device), time_us, command, number);
}
