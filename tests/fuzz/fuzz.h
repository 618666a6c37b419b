/* The entry every fuzz target has; libFuzzer calls it. */
#ifndef GATEBOOK_TESTS_FUZZ_H
#define GATEBOOK_TESTS_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* A file that a loader reads; ends the program when it cannot be written. */
static inline void
write_file(const char *path, const uint8_t *bytes, size_t n)
{
	FILE *f = fopen(path, "we");

	if (f == NULL)
		abort();
	(void)fwrite(bytes, 1, n, f);
	(void)fclose(f);
}

#endif
