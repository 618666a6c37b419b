#include "poller/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

void
notify(const char *state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	socklen_t size;
	int fd;

	if (!path || (path[0] != '/' && path[0] != '@') ||
	    !text_copy(text_of(path), at.sun_path, sizeof(at.sun_path)))
		return;
	size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
	if (path[0] == '@')
		at.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&at, size);
	close(fd);
}

long
notify_interval(void)
{
	uint64_t us, pid;

	if (!text_number(text_of(getenv("WATCHDOG_USEC")), INT64_MAX, &us))
		return 0;
	if (getenv("WATCHDOG_PID") &&
	    (!text_number(text_of(getenv("WATCHDOG_PID")), INT32_MAX, &pid) ||
		pid != (uint64_t)getpid()))
		return 0;
	return (long)(us / 2000);
}
