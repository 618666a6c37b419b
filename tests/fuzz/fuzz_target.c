/* Lists of addresses: what was read is in order, apart, and holds its own ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

#include "query/target.h"
#include "tests/fuzz/fuzz.h"

static void
check(const struct target *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct target_range *r = &t->ranges[i];

		if (r->first.family != r->last.family || addr_compare(&r->first, &r->last) > 0)
			abort();
		if (i > 0 && addr_compare(&t->ranges[i - 1].last, &r->first) >= 0)
			abort();
		if (!target_holds(t, &r->first) || !target_holds(t, &r->last))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char name[64], *words[1] = { name };
	int fd = memfd_create("target", MFD_CLOEXEC);
	struct error err = { 0 };
	struct target t;

	if (fd < 0)
		return 0;
	snprintf(name, sizeof(name), "@/proc/self/fd/%d", fd);
	if (write(fd, bytes, n) == (ssize_t)n) {
		if (target_parse(1, words, &t, &err) == 0)
			check(&t);
		else if (err.text[0] == '\0')
			abort();
		target_free(&t);
	}
	close(fd);
	return 0;
}
