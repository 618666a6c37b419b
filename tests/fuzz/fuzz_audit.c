/* What others wrote: times, commands, heads of a ledger. No text is too odd, and what is read of
 * one is within its bounds. */
#include <stdlib.h>
#include <string.h>

#include "audit/canon.h"
#include "audit/discovery.h"
#include "audit/when.h"
#include "ledger/head.h"
#include "ledger/ledger.h"
#include "tests/fuzz/fuzz.h"

static void
fuzz_command(struct text t)
{
	char once[CANON_LINE], twice[CANON_LINE];
	size_t n = canon_command(t, once), m;

	if (n >= CANON_LINE || once[n] != '\0' || strlen(once) > n)
		abort();
	m = canon_command((struct text){ once, n }, twice);
	if (m > n)
		abort();
	if (!canon_same((struct text){ once, n }, (struct text){ once, n }))
		abort();
	(void)discovery_is((struct text){ once, n }, NULL);
}

static void
fuzz_record(struct text t)
{
	struct ledger_event e;
	uint8_t again[1 << 16];
	uint64_t seq;

	if (t.n > sizeof(again) || !ledger_decode(t.s, t.n, &e, &seq))
		return;
	if (ledger_encode(&e, seq, again, sizeof(again)) != t.n || memcmp(again, t.s, t.n) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct text t = { (const char *)bytes, n }, note;
	struct head h;
	int64_t us = 0;

	if (when_parse(t, INT64_C(1795616511000000), &us) &&
	    (us < 0 || us > INT64_C(40000000000000000)))
		abort();
	fuzz_command(t);
	fuzz_record(t);
	while (head_next(&t, &note))
		(void)head_parse(note, &h);
	return 0;
}
