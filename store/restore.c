/* A backup becomes a store. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "store/backup.h"
#include "store/internal.h"
#include "store/manifest.h"

enum { ROOM = 4160 /* bytes of a path */ };

static int
check_files(const char *from, const struct manifest *m, struct error *err)
{
	char path[ROOM];
	uint8_t hash[32];
	int64_t bytes;

	for (size_t i = 0; i < m->n; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", from, m->files[i].name);
		if (folder_hash_file(path, &bytes, hash, err) < 0)
			return -1;
		if (memcmp(hash, m->files[i].sha256, 32) != 0)
			return error_exit(err, EXIT_FALSE,
			    "%s is damaged: nothing was restored. Take another backup, or ask "
			    "`gatebook verify %s` what is good",
			    path, from);
	}
	return 0;
}

/* Whoever holds the store is named before what lies in it. */
static int
refuse_held(const char *dir, struct error *err)
{
	char path[ROOM];
	int lock;

	(void)snprintf(path, sizeof(path), "%s/lock", dir);
	if (access(path, F_OK) != 0)
		return 0;
	lock = folder_lock(dir, err);
	if (lock >= 0)
		close(lock);
	return lock < 0 ? -1 : 0;
}

/* What may lie in a folder that becomes a store: nothing, but a lock, a socket, or the sealed days
 * of a restore that was killed. */
static int
refuse_full(const char *dir, struct error *err)
{
	static const char *const ours[] = { ".", "..", "lock", "control", "reserve", "days" };
	DIR *d = opendir(dir);
	struct dirent *e;
	int rc = d || errno == ENOENT ? 0
				      : error_set(err, "cannot read %s: %s", dir, strerror(errno));

	while (rc == 0 && d && (e = readdir(d))) {
		bool may = strcmp(e->d_name, "restored.tmp") == 0;

		for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
			may = may || strcmp(e->d_name, ours[i]) == 0;
		if (!may)
			rc = error_exit(err, EXIT_USAGE,
			    "%s is not empty (%s): move it aside first: mv %s %s.old", dir,
			    e->d_name, dir, dir);
	}
	if (d)
		closedir(d);
	return rc;
}

static int
put_back(const char *from, const char *dir, const struct manifest *m, struct backup_done *done,
    struct error *err)
{
	char source[ROOM], target[ROOM], temporary[ROOM];
	uint8_t hash[32];
	int linked;

	for (size_t i = 1; i < m->n; i++) {
		(void)snprintf(source, sizeof(source), "%s/%s", from, m->files[i].name);
		(void)snprintf(target, sizeof(target), "%s/%s", dir, m->files[i].name);
		linked = folder_place(source, target, m->files[i].sha256, err);
		if (linked < 0)
			return -1;
		done->days++;
		done->linked += linked == 1;
		done->copied += linked == 0;
	}
	(void)snprintf(source, sizeof(source), "%s/%s", from, m->files[0].name);
	(void)snprintf(temporary, sizeof(temporary), "%s/restored.tmp", dir);
	(void)snprintf(target, sizeof(target), "%s/days", dir);
	(void)unlink(temporary);
	if (folder_sync(target, err) < 0 || folder_copy_file(source, temporary, 0600, err) < 0 ||
	    folder_sync_file(temporary, &done->bytes, hash, err) < 0)
		return -1;
	if (memcmp(hash, m->files[0].sha256, 32) != 0)
		return error_exit(err, EXIT_FALSE, "%s changed while it was read", source);
	/* Only now it is a store. */
	(void)snprintf(target, sizeof(target), "%s/gatebook.db", dir);
	if (rename(temporary, target) != 0)
		return error_set(err, "cannot rename %s: %s", temporary, strerror(errno));
	return folder_sync(dir, err);
}

int
store_restore(const char *from, const char *dir, struct backup_done *done, struct error *err)
{
	struct manifest m;
	int has = manifest_read(from, &m, err), lock = -1, rc = has < 0 ? -1 : 0;

	*done = (struct backup_done){ .made = m.made };
	if (has == 0)
		rc = error_exit(err, EXIT_USAGE, "no backup in %s: it has no SHA256SUMS", from);
	else if (has == 1 && m.n == 0)
		rc = error_exit(
		    err, EXIT_USAGE, "the first backup into %s was never finished", from);
	else if (rc == 0 && (strlen(from) > ROOM - 64 || strlen(dir) > ROOM - 64))
		rc = error_set(err, "a path is too long");
	if (rc == 0)
		rc = refuse_held(dir, err);
	if (rc == 0)
		rc = refuse_full(dir, err);
	if (rc == 0)
		rc = check_files(from, &m, err);
	if (rc == 0)
		rc = folder_prepare(dir, true, err);
	if (rc == 0)
		rc = (lock = folder_lock(dir, err)) < 0 ? -1 : 0;
	if (rc == 0)
		rc = put_back(from, dir, &m, done, err);
	if (lock >= 0)
		close(lock);
	manifest_free(&m);
	return rc;
}
