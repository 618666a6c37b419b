/* What went wrong, in one sentence a user can act on. */
#ifndef GATEBOOK_BASE_ERROR_H
#define GATEBOOK_BASE_ERROR_H

struct error {
	int exit;       /* the exit code this deserves (base/limits.h, EXIT_...); 0 = not decided */
	char text[600]; /* what, where, and the next command to type; no newline at the end */
};

/* Formats into err (which may be NULL) and returns -1, so that `return error_set(err, ...)` reads
 * as what it does. A message longer than the buffer is cut, a newline at its end left out; the
 * arguments may point into err. err->exit becomes 0. */
int error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with an exit code. */
int error_exit(struct error *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before what stands in err. */
void error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
