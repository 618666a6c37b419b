#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"

enum { LOG_LINE = 2048 }; /* bytes of one line; below PIPE_BUF, so that lines never mix */

static enum log_level least_level = LOG_WARNING;
static void (*tapped)(const char *line);

void
log_tap(void (*tap)(const char *line))
{
	tapped = tap;
}

void
log_set_level(enum log_level least)
{
	least_level = least;
}

/* One event is one line, whatever was formatted into it. */
static void
flatten(char *s)
{
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			*s = ' ';
	}
}

static void __attribute__((format(printf, 2, 0)))
emit(const char *level, const char *format, va_list args)
{
	char line[LOG_LINE];
	int saved = errno; /* so that a caller may log first and look at errno afterwards */
	size_t n = (size_t)snprintf(line, sizeof line, "gatebook: %s: ", level);

	if (vsnprintf(line + n, sizeof line - n - 1, format, args) < 0)
		line[n] = '\0';
	flatten(line);
	if (tapped)
		tapped(line);
	n = strlen(line);
	line[n++] = '\n';
	for (size_t done = 0; done < n;) {
		ssize_t wrote = write(STDERR_FILENO, line + done, n - done);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			break;
		done += (size_t)wrote;
	}
	errno = saved;
}

void
log_line(enum log_level level, const char *format, ...)
{
	static const char *const names[] = { "debug", "info", "warning", "error" };
	va_list args;

	if (level < least_level)
		return;
	va_start(args, format);
	emit(names[level], format, args);
	va_end(args);
}

void
log_fatal(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	emit("fatal", format, args);
	va_end(args);
	exit(EXIT_FAILED);
}
