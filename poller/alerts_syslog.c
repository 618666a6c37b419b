#include <syslog.h>

void alerts_syslog(const char *line);

void
alerts_syslog(const char *line)
{
	openlog("gatebook", LOG_PID, LOG_DAEMON);
	syslog(LOG_WARNING, "%s", line);
	closelog();
}
