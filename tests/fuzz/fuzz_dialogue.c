/* The shell dialogue: whatever a device sends, cut anywhere, the lines are the same, clean and
 * bounded. */
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "transports/dialogue.h"

enum { KEEP = 1 << 16 };

struct kept {
	size_t n;
	char bytes[KEEP];
};

static const char *const mores[] = { " --More-- ", "---(more", "---- More ----", NULL };
static const struct dialect dialect = { .shell = true, .prompt = ">#$", .more = mores };

static void
take(void *arg, const char *bytes, size_t n)
{
	struct kept *k = arg;

	if (n == 0 || n > LIMIT_LINE || bytes[n - 1] != '\n')
		abort();
	for (size_t i = 0; i + 1 < n; i++)
		if (((unsigned char)bytes[i] < 0x20 && bytes[i] != '\t') || bytes[i] == 0x7f)
			abort();
	for (size_t i = 0; i < n && k->n < KEEP; i++)
		k->bytes[k->n++] = bytes[i];
}

/* Feeds all, in pieces of `step`; answers marks only where told, since an answer depends on the
 * cut. */
static int
run(struct dialogue *d, struct kept *k, const char *bytes, size_t n, size_t step, bool answer)
{
	struct sink sink = { .bytes = take, .arg = k };
	int rc = 0;

	k->n = 0;
	dialogue_init(d, &dialect);
	dialogue_learn(d, text_of("R1#"));
	dialogue_begin(d, "show");
	for (size_t at = 0; at < n && rc == 0; at += step) {
		rc = dialogue_feed(d, bytes + at, n - at < step ? n - at : step, &sink);
		if (rc == 0 && dialogue_sight(d) == DIALOGUE_MORE && answer)
			dialogue_answered(d);
		if (dialogue_tail(d).n > d->n || d->cursor > d->n || d->n > LIMIT_LINE)
			abort();
		(void)dialogue_candidate(d);
	}
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dialogue whole, pieces;
	static struct kept all, some;
	const char *bytes = (const char *)data;
	int rc;

	if (size == 0)
		return 0;
	rc = run(&whole, &all, bytes, size, size, false);
	if (run(&pieces, &some, bytes, size, 1 + data[0] % 7, false) != rc)
		abort();
	if (rc == 0 && (all.n != some.n || memcmp(all.bytes, some.bytes, all.n) != 0 ||
			   dialogue_sight(&whole) != dialogue_sight(&pieces)))
		abort();
	(void)run(&pieces, &some, bytes, size, 1 + data[0] % 7, true);
	return 0;
}
