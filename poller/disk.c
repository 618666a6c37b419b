#include "poller/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

enum { LOOK_MS = 1000, COUNT_MS = 60000 /* the sealed days are a stat(2) each */ };

static bool
free_of(const char *dir, uint64_t *bytes)
{
	struct statvfs fs;

	if (statvfs(dir, &fs) != 0)
		return false;
	*bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	return true;
}

static uint64_t
size_below(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	struct stat st;
	uint64_t bytes = 0;

	while (d && (e = readdir(d)))
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode))
			bytes += (uint64_t)st.st_size;
	if (d)
		closedir(d);
	return bytes;
}

static void
count(struct disk *d)
{
	char days[4200];

	(void)snprintf(days, sizeof(days), "%s/days", d->dir);
	d->store_bytes = size_below(d->dir) + size_below(days);
	d->counted_ms = clock_mono_ms();
}

const char *
disk_why(const struct disk *d, char out[static 300])
{
	(void)snprintf(out, 300,
	    "the disk of %.150s is nearly full: %llu MiB free, less than the %llu that limits.disk "
	    "keeps",
	    d->dir, (unsigned long long)(d->free_bytes >> 20),
	    (unsigned long long)(d->least >> 20));
	return out;
}

bool
disk_has_room(struct disk *d)
{
	int64_t now = clock_mono_ms();
	bool was = d->is_short;
	char why[300];

	if (d->looked_ms && now - d->looked_ms < LOOK_MS)
		return !d->is_short;
	if (!d->counted_ms || now - d->counted_ms >= COUNT_MS)
		count(d);
	d->is_short = free_of(d->dir, &d->free_bytes) && d->free_bytes < d->least;
	d->looked_ms = now;
	if (d->is_short && !was)
		log_line(LOG_ERROR, "no poll is started: %s", disk_why(d, why));
	else if (was && !d->is_short)
		log_line(LOG_WARNING, "polls go on: store=%s free_mib=%llu", d->dir,
		    (unsigned long long)(d->free_bytes >> 20));
	return !d->is_short;
}

/* --- the reserve ------------------------------------------------------------------------------ */

static void
reserve_path(const char *dir, char path[static 4200])
{
	(void)snprintf(path, 4200, "%s/reserve", dir);
}

void
reserve_keep(const char *dir)
{
	char path[4200];
	uint64_t bytes;
	int fd;

	reserve_path(dir, path);
	if (access(path, F_OK) == 0 || !free_of(dir, &bytes) || bytes < 4 * LIMIT_RESERVE)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (posix_fallocate(fd, 0, LIMIT_RESERVE) != 0)
		(void)unlink(path);
	close(fd);
}

bool
reserve_needed(const char *dir)
{
	uint64_t bytes;

	return free_of(dir, &bytes) && bytes < LIMIT_RESERVE / 2;
}

bool
reserve_give(const char *dir)
{
	char path[4200];

	reserve_path(dir, path);
	if (unlink(path) != 0)
		return false;
	log_line(LOG_ERROR, "the disk of %s is full: its reserve is given back", dir);
	return true;
}
