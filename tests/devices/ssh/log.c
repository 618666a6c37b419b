/* The wire log: what a device was sent, one line an event. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/devices/ssh/sshdev.h"

void
wire_log(const struct device *d, unsigned visit, const char *event, const char *text)
{
	char shown[1024], line[1400];
	int64_t now = clock_now_us();
	int fd, n;

	if (!d->wire)
		return;
	text_escape(text_of(text), shown, sizeof(shown));
	n = snprintf(line, sizeof(line), "%lld.%06lld %s %u %s %s\n", (long long)(now / 1000000),
	    (long long)(now % 1000000), d->name, visit, event, shown);
	fd = open(d->wire, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	(void)!write(fd, line, (size_t)n);
	(void)close(fd);
}
