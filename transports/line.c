#include "transports/line.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"

int
line_left(const struct link *link, int most)
{
	int64_t left = link->to->deadline_ms - clock_mono_ms();

	if (left > most)
		return most;
	return left > 0 ? (int)left : 0;
}

int
line_fail(struct link *link, enum reason reason, const char *format, ...)
{
	va_list arguments;

	if (link->reason != REASON_NONE)
		return -1;
	link->reason = reason;
	va_start(arguments, format);
	(void)vsnprintf(link->why, sizeof(link->why), format, arguments);
	va_end(arguments);
	return -1;
}

void
line_clear(struct link *link)
{
	link->reason = REASON_NONE;
	link->why[0] = 0;
}

int
line_allowed(struct link *link, const char *line)
{
	char shown[120];

	if (driver_may_send(link->to->driver, line))
		return 0;
	text_escape(text_of(line), shown, sizeof(shown));
	line_clear(link);
	return line_fail(link, REASON_REFUSED,
	    "`%s` is not on the command list of %s, so it was not sent; see: gatebook driver show "
	    "%s",
	    shown, link->to->driver->name, link->to->driver->name);
}

void
line_wire(const struct link *link, const char *line)
{
	if (transport_wire)
		transport_wire(link->to->device, line);
}
