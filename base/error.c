#include "base/error.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Through a second buffer, because the arguments may point into err->text. */
static void __attribute__((format(printf, 2, 0)))
put(struct error *err, const char *format, va_list args)
{
	char text[sizeof err->text];

	if (vsnprintf(text, sizeof text, format, args) < 0)
		text[0] = '\0';
	size_t n = strlen(text);

	while (n > 0 && text[n - 1] == '\n')
		n--;
	memcpy(err->text, text, n);
	err->text[n] = '\0';
}

int
error_set(struct error *err, const char *format, ...)
{
	va_list args;

	if (err == NULL)
		return -1;
	va_start(args, format);
	put(err, format, args);
	va_end(args);
	err->exit = 0;
	return -1;
}

int
error_exit(struct error *err, int code, const char *format, ...)
{
	va_list args;

	if (err == NULL)
		return -1;
	va_start(args, format);
	put(err, format, args);
	va_end(args);
	err->exit = code;
	return -1;
}

void
error_prefix(struct error *err, const char *format, ...)
{
	char old[sizeof err->text];
	va_list args;

	if (err == NULL)
		return;
	memcpy(old, err->text, sizeof old);
	va_start(args, format);
	put(err, format, args);
	va_end(args);
	size_t n = strlen(err->text);

	snprintf(err->text + n, sizeof err->text - n, ": %s", old);
}
