/* The store's folder: its mode, its file system, its lock. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/arena.h"
#include "base/limits.h"
#include "store/internal.h"

/* statfs magic of file systems whose locks or shared memory do not hold between machines, which is
 * what WAL stands on (linux/magic.h and the sources of each). */
static const struct {
	unsigned type;
	const char *name;
} network[] = {
	{ 0x6969, "NFS" },
	{ 0x517b, "SMB" },
	{ 0xfe534d42, "SMB" },
	{ 0xff534d42, "CIFS" },
	{ 0x5346414f, "AFS" },
	{ 0x73757245, "Coda" },
	{ 0x564c, "NCP" },
	{ 0x00c36400, "Ceph" },
	{ 0x01021997, "9p" },
	{ 0x0bd00bd0, "Lustre" },
	{ 0x7461636f, "OCFS2" },
	{ 0x01161970, "GFS2" },
};

static int
make(const char *path, struct error *err)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return 0;
	return error_set(err, "cannot create %s: %s", path, strerror(errno));
}

static int
refuse_network(const char *dir, struct error *err)
{
	struct statfs fs;

	if (statfs(dir, &fs) < 0)
		return error_set(err, "cannot look at %s: %s", dir, strerror(errno));
	for (size_t i = 0; i < sizeof(network) / sizeof(network[0]); i++) {
		if ((unsigned)fs.f_type == network[i].type)
			return error_set(err,
			    "%s is on a network file system (%s), which cannot hold the "
			    "store safely: name a folder on a local disk",
			    dir, network[i].name);
	}
	return 0;
}

int
folder_prepare(const char *dir, bool create, struct error *err)
{
	char path[4096];
	struct stat st;

	if (snprintf(path, sizeof(path), "%s/days", dir) >= (int)sizeof(path) - 32)
		return error_set(err, "the path of the store is too long: %.80s...", dir);
	if (create && make(dir, err) < 0)
		return -1;
	if (stat(dir, &st) < 0 || !S_ISDIR(st.st_mode))
		return error_set(err, "no store in %s: %s", dir,
		    errno == ENOENT ? "the first poll creates it" : strerror(errno));
	if (st.st_mode & S_IWOTH)
		return error_set(err, "%s can be written by everybody: chmod 700 %s", dir, dir);
	if (refuse_network(dir, err) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/gatebook.db", dir);
	if (stat(path, &st) < 0 && !create)
		return error_set(err, "no store in %s: the first poll creates it", dir);
	snprintf(path, sizeof(path), "%s/days", dir);
	return make(path, err);
}

static int
locked_by_other(int fd, const char *dir, struct error *err)
{
	char pid[16] = "";
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? strspn(pid, "0123456789") : 0] = '\0';
	close(fd);
	return error_set(err,
	    "the store %s is being written by process %s: ask that one, or stop it", dir,
	    pid[0] ? pid : "(unknown)");
}

int
folder_lock(const char *dir, struct error *err)
{
	char path[4096], pid[16];
	int fd, n;

	snprintf(path, sizeof(path), "%s/lock", dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(err, "cannot open %s: %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return locked_by_other(fd, dir, err);
	n = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (ftruncate(fd, 0) < 0 || pwrite(fd, pid, (size_t)n, 0) != n) {
		error_set(err, "cannot write %s: %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

int
folder_sync(const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0) {
		error_set(err, "cannot sync %s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	close(fd);
	return 0;
}

int
folder_hash_file(const char *path, int64_t *bytes, uint8_t sha256[static 32], struct error *err)
{
	static const size_t size = 1 << 16;
	uint8_t *buffer = mem_alloc(size, 1);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool whole = fd >= 0 && context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
	ssize_t n = 0;

	*bytes = 0;
	while (whole && (n = read(fd, buffer, size)) > 0) {
		whole = EVP_DigestUpdate(context, buffer, (size_t)n) == 1;
		*bytes += n;
	}
	whole = whole && n == 0 && EVP_DigestFinal_ex(context, sha256, NULL) == 1;
	if (!whole)
		error_set(err, "cannot read %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	EVP_MD_CTX_free(context);
	free(buffer);
	return whole ? 0 : -1;
}

int
folder_sync_file(const char *path, int64_t *bytes, uint8_t sha256[static 32], struct error *err)
{
	return folder_sync(path, err) < 0 ? -1 : folder_hash_file(path, bytes, sha256, err);
}

int
folder_copy_file(const char *from, const char *to, mode_t mode, struct error *err)
{
	static const size_t size = 1 << 16;
	char *buffer = mem_alloc(size, 1);
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	ssize_t n = -1;

	while (out >= 0 && (n = read(in, buffer, size)) > 0)
		if (write(out, buffer, (size_t)n) != n) {
			n = -1;
			break;
		}
	if (n < 0)
		error_set(err, "cannot copy %s to %s: %s", from, to, strerror(errno));
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) != 0 && n == 0)
		n = error_set(err, "cannot write %s: %s", to, strerror(errno));
	free(buffer);
	return n < 0 ? -1 : 0;
}

int
folder_place(const char *from, const char *to, const uint8_t sha256[static 32], struct error *err)
{
	char temporary[4200];
	uint8_t hash[32];
	int64_t bytes;
	int linked;

	(void)snprintf(temporary, sizeof(temporary), "%s.tmp", to);
	(void)unlink(temporary);
	linked = link(from, temporary) == 0;
	if (!linked && folder_copy_file(from, temporary, 0400, err) < 0)
		linked = -1;
	else if (folder_sync_file(temporary, &bytes, hash, err) < 0)
		linked = -1;
	else if (memcmp(hash, sha256, 32) != 0)
		linked = error_exit(
		    err, EXIT_FALSE, "%s is damaged: its SHA-256 is not the one it had", from);
	else if (rename(temporary, to) != 0)
		linked = error_set(err, "cannot rename %s: %s", temporary, strerror(errno));
	(void)unlink(temporary); /* two names of one file are not renamed */
	return linked;
}
