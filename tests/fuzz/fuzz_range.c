/* Time words: whatever is typed, an answer lies between the beginning and now, or is an error. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "query/range.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct range_words words = { .utc = n > 0 && bytes[0] & 8 };
	struct error err = { 0 };
	char text[RANGE_TEXT], *typed;
	struct range r;

	if (n == 0)
		return 0;
	typed = malloc(n);
	if (typed == NULL)
		return 0;
	memcpy(typed, bytes + 1, n - 1);
	typed[n - 1] = '\0';
	switch (bytes[0] & 7) {
	case 0: words.last = typed; break;
	case 1: words.since = typed; break;
	case 2: words.until = typed; break;
	case 3: words.at = typed; break;
	default: words.range = typed; break;
	}
	clock_set(1795593600);
	if (range_parse(&words, &r, &err) == 0) {
		if (r.from < 0 || r.from > r.to || r.to > 1795593600 || (r.at && r.from != r.to))
			abort();
		if (strlen(range_format(&r, text)) < 16)
			abort();
	} else if (err.text[0] == '\0') {
		abort();
	}
	free(typed);
	return 0;
}
