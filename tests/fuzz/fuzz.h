/* The entry every fuzz target has; libFuzzer calls it. */
#ifndef GATEBOOK_TESTS_FUZZ_H
#define GATEBOOK_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#endif
