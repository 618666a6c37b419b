/* References to secrets: how they are written, whether they are safe, and what they hold. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "inventories/helper.h"
#include "inventories/secret.h"

/* --- how a reference is written --------------------------------------------------------------- */

enum scheme { SCHEME_FILE, SCHEME_ENV, SCHEME_SYSTEMD, SCHEME_EXEC, SCHEME_AGENT, SCHEME_NONE };

static enum scheme
split(const char *reference, const char **rest)
{
	static const char *const schemes[] = { "file:", "env:", "systemd:", "exec:", "agent:" };

	/* YAML wants quotes around "agent:" but none around "agent". */
	if (strcmp(reference, "agent") == 0)
		return SCHEME_AGENT;
	for (int i = 0; i < SCHEME_NONE; i++) {
		size_t n = strlen(schemes[i]);

		if (strncmp(reference, schemes[i], n) == 0) {
			*rest = reference + n;
			return (enum scheme)i;
		}
	}
	return SCHEME_NONE;
}

/* A name of systemd's LoadCredential= or of an environment variable: no path in it. */
static bool
is_plain_name(const char *name, const char *also)
{
	for (const char *c = name; *c; c++) {
		bool letter = (*c | 32) >= 'a' && (*c | 32) <= 'z';

		if (!letter && !(*c >= '0' && *c <= '9') && *c != '_' && !strchr(also, *c))
			return false;
	}
	return name[0] && name[0] != '.';
}

int
secret_syntax(const char *reference, struct error *err)
{
	const char *rest = "";

	switch (split(reference, &rest)) {
	case SCHEME_FILE:
		if (!rest[0])
			return error_set(err, "file: wants a path");
		if (rest[0] == '~')
			return error_set(err, "file: does not expand '~': write the whole path");
		return 0;
	case SCHEME_ENV:
		if (!is_plain_name(rest, ""))
			return error_set(err, "env: wants the name of a variable");
		return 0;
	case SCHEME_SYSTEMD:
		if (!is_plain_name(rest, ".-"))
			return error_set(err, "systemd: wants a name of LoadCredential=");
		return 0;
	case SCHEME_EXEC:
		if (rest[0] != '/')
			return error_set(err, "exec: wants the absolute path of a program");
		return 0;
	case SCHEME_AGENT:
		if (rest[0] && rest[0] != '/')
			return error_set(
			    err, "agent: wants nothing or the absolute path of a socket");
		return 0;
	case SCHEME_NONE: break;
	}
	return error_set(err, "a secret does not stand in the configuration: write a reference: "
			      "file:, env:, systemd:, exec:");
}

/* --- whether a file is safe ------------------------------------------------------------------- */

enum use { USE_SECRET, USE_SYSTEMD, USE_PROGRAM };

static bool
is_ours(uid_t owner)
{
	return owner == geteuid() || owner == 0;
}

/* Who can write to the folder can put another file in the place of this one. */
static int
check_folder(int folder, const char *path, struct error *err)
{
	struct stat st;

	if (fstat(folder, &st) != 0)
		return error_set(err, "%s: its folder cannot be read: %s", path, strerror(errno));
	if (!is_ours(st.st_uid))
		return error_set(err,
		    "%s: its folder belongs to user %u, who could exchange it: chown %u "
		    "\"$(dirname %s)\"",
		    path, st.st_uid, geteuid(), path);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return error_set(err,
		    "%s: others may write to its folder (mode %04o): chmod go-w \"$(dirname %s)\"",
		    path, st.st_mode & 07777, path);
	return 0;
}

/* systemd opens its credentials to the service's user by an ACL, and an ACL's mask stands where
 * the group's bits are: 0440 there is what 0400 is elsewhere. */
static int
check_file(const struct stat *st, const char *path, enum use use, struct error *err)
{
	mode_t open_to = use == USE_SECRET ? 077 : use == USE_SYSTEMD ? 037 : 022;

	if (S_ISLNK(st->st_mode))
		return error_set(
		    err, "%s: a symlink: name the file itself (readlink -f %s)", path, path);
	if (!S_ISREG(st->st_mode))
		return error_set(err, "%s: not a regular file", path);
	if (!is_ours(st->st_uid))
		return error_set(
		    err, "%s: belongs to user %u: chown %u %s", path, st->st_uid, geteuid(), path);
	if (st->st_mode & open_to)
		return error_set(err, "%s: open to group or others (mode %04o): chmod %s %s", path,
		    st->st_mode & 07777, use == USE_PROGRAM ? "go-w" : "600", path);
	if (use == USE_PROGRAM && !(st->st_mode & 0111))
		return error_set(err, "%s: not executable: chmod u+x %s", path, path);
	if (use != USE_PROGRAM && st->st_size > LIMIT_SECRET)
		return error_set(
		    err, "%s: longer than %d bytes: no password and no key", path, LIMIT_SECRET);
	return 0;
}

static int
cannot_open(const char *path, enum use use, struct error *err)
{
	if (errno == ENOENT && use == USE_SECRET)
		return error_set(
		    err, "%s: no such file: (umask 077; cat > %s) writes it", path, path);
	return error_set(err, "%s: cannot be opened: %s", path, strerror(errno));
}

static int
open_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];

	if (!slash)
		return open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (!text_copy((struct text){ path, (size_t)(slash - path) }, folder, sizeof folder)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(folder[0] ? folder : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int
open_checked(int folder, const char *path, enum use use, int flags, struct error *err)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	struct stat st;
	int fd;

	/* The metadata first: opening is what a symlink, a device or a FIFO must not get. */
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return cannot_open(path, use, err);
	if (check_folder(folder, path, err) != 0 || check_file(&st, path, use, err) != 0)
		return -1;
	fd = openat(folder, name, flags);
	if (fd < 0 || fstat(fd, &st) != 0)
		cannot_open(path, use, err);
	else if (check_file(&st, path, use, err) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Opens a file that passed all checks; they look at what was opened, not at a name that may point
 * elsewhere a moment later. With `probe` nothing can be read from the descriptor. Returns it, or
 * -1 with err. */
static int
open_safe(const char *path, enum use use, bool probe, struct error *err)
{
	int flags = O_NOFOLLOW | O_CLOEXEC | (probe ? O_PATH : O_RDONLY | O_NONBLOCK | O_NOCTTY);
	int folder = open_folder(path), fd;

	if (folder < 0)
		return cannot_open(path, use, err);
	fd = open_checked(folder, path, use, flags, err);
	close(folder);
	return fd;
}

static int
systemd_path(const char *name, char *path, size_t size, struct error *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	int n;

	if (!folder || folder[0] != '/')
		return error_set(err,
		    "systemd:%s: no credentials here (CREDENTIALS_DIRECTORY is not set): add "
		    "LoadCredential=%s:/path to the unit",
		    name, name);
	n = snprintf(path, size, "%s/%s", folder, name);
	if (n < 0 || (size_t)n >= size)
		return error_set(err, "systemd:%s: path is too long", name);
	return 0;
}

/* --- the buffer ------------------------------------------------------------------------------- */

enum { BUFFER = LIMIT_SECRET + 4096 }; /* one page more: the end is always a NUL */

static char *
new_buffer(void)
{
	char *s = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		log_fatal("out of memory");
	if (mlock(s, BUFFER) != 0)
		log_line(LOG_WARNING, "a secret may be swapped out: mlock: %s (raise LimitMEMLOCK)",
		    strerror(errno));
	madvise(s, BUFFER, MADV_DONTDUMP);
	madvise(s, BUFFER, MADV_WIPEONFORK);
	return s;
}

void
secret_wipe(char *secret)
{
	if (!secret)
		return;
	explicit_bzero(secret, BUFFER);
	munlock(secret, BUFFER);
	munmap(secret, BUFFER);
}

/* --- reading ---------------------------------------------------------------------------------- */

static int
read_file(const char *path, enum use use, char *into, size_t *n, struct error *err)
{
	int fd = open_safe(path, use, false, err);
	ssize_t got = 1;

	if (fd < 0)
		return -1;
	while (got > 0 && *n <= LIMIT_SECRET) {
		got = read(fd, into + *n, LIMIT_SECRET + 1 - *n);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			*n += (size_t)got;
	}
	if (got < 0)
		error_set(err, "%s: cannot be read: %s", path, strerror(errno));
	close(fd);
	return got < 0 ? -1 : 0;
}

static int
read_program(const char *path, char *into, size_t *n, struct error *err)
{
	int fd = open_safe(path, USE_PROGRAM, true, err);

	if (fd < 0)
		return -1;
	close(fd);
	return helper_run(path, into, LIMIT_SECRET + 1, n, err);
}

static int
read_variable(const char *name, char *into, size_t *n, struct error *err)
{
	const char *value = getenv(name);

	if (!value)
		return error_set(err, "env:%s: the variable is not set", name);
	*n = strnlen(value, LIMIT_SECRET + 1);
	memcpy(into, value, *n);
	return 0;
}

/* What a password file that was cut, doubled or saved with a BOM would do is lock the account. */
static int
check_content(const char *reference, char *s, size_t n, bool keep_newline, struct error *err)
{
	if (n > LIMIT_SECRET)
		return error_set(err, "%s: longer than %d bytes: no password and no key", reference,
		    LIMIT_SECRET);
	if (!keep_newline && n > 0 && s[n - 1] == '\n')
		s[--n] = '\0';
	if (!keep_newline && n > 0 && s[n - 1] == '\r')
		s[--n] = '\0';
	if (n == 0)
		return error_set(err, "%s: empty", reference);
	if (memchr(s, '\0', n))
		return error_set(err, "%s: holds a NUL byte: not a text", reference);
	if (!keep_newline && memchr(s, '\n', n))
		return error_set(err, "%s: more than one line: a password is one line", reference);
	return 0;
}

static int
fill(const char *reference, char *into, size_t *n, struct error *err)
{
	char path[PATH_MAX];
	const char *rest = "";

	switch (split(reference, &rest)) {
	case SCHEME_FILE: return read_file(rest, USE_SECRET, into, n, err);
	case SCHEME_ENV: return read_variable(rest, into, n, err);
	case SCHEME_EXEC: return read_program(rest, into, n, err);
	case SCHEME_SYSTEMD:
		if (systemd_path(rest, path, sizeof path, err) != 0)
			return -1;
		return read_file(path, USE_SYSTEMD, into, n, err);
	case SCHEME_AGENT:
		return error_set(err, "%s: an agent signs, it has no secret to give", reference);
	case SCHEME_NONE: break;
	}
	return error_set(err, "not a reference to a secret");
}

char *
secret_read(const char *reference, bool keep_newline, struct error *err)
{
	char *s;
	size_t n = 0;

	if (secret_syntax(reference, err) != 0)
		return NULL;
	s = new_buffer();
	if (fill(reference, s, &n, err) == 0 &&
	    check_content(reference, s, n, keep_newline, err) == 0)
		return s;
	secret_wipe(s);
	return NULL;
}

/* --- checking --------------------------------------------------------------------------------- */

static int
check_path(const char *path, enum use use, struct error *err)
{
	int fd = open_safe(path, use, true, err);

	if (fd < 0)
		return -1;
	close(fd);
	if (faccessat(AT_FDCWD, path, use == USE_PROGRAM ? X_OK : R_OK, AT_EACCESS) != 0)
		return error_set(err, "%s: not for us: %s", path, strerror(errno));
	return 0;
}

static int
check_agent(const char *path, struct error *err)
{
	const char *environment = getenv("SSH_AUTH_SOCK");
	struct stat st;

	if (!path[0] && !environment)
		return error_set(err, "agent: no agent here (SSH_AUTH_SOCK is not set): ssh-agent");
	if (!path[0])
		path = environment;
	if (stat(path, &st) != 0)
		return error_set(err, "agent:%s: %s", path, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return error_set(err, "agent:%s: not a socket", path);
	if (!is_ours(st.st_uid))
		return error_set(err, "agent:%s: belongs to user %u", path, st.st_uid);
	return 0;
}

int
secret_check(const char *reference, struct error *err)
{
	char path[PATH_MAX];
	const char *rest = "";

	if (secret_syntax(reference, err) != 0)
		return -1;
	switch (split(reference, &rest)) {
	case SCHEME_FILE: return check_path(rest, USE_SECRET, err);
	case SCHEME_EXEC: return check_path(rest, USE_PROGRAM, err);
	case SCHEME_AGENT: return check_agent(rest, err);
	case SCHEME_SYSTEMD:
		if (systemd_path(rest, path, sizeof path, err) != 0)
			return -1;
		return check_path(path, USE_SYSTEMD, err);
	case SCHEME_ENV:
		if (!getenv(rest))
			return error_set(err, "env:%s: the variable is not set", rest);
		return 0;
	case SCHEME_NONE: break;
	}
	return error_set(err, "not a reference to a secret");
}
