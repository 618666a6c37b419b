#include "poller/sandbox.h"

#include <errno.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What libssh, libcrypto, libxml2 and the C library need after the login. */
static const int allowed[] = { SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
	SCMP_SYS(pread64), SCMP_SYS(pwrite64), SCMP_SYS(recvfrom), SCMP_SYS(sendto),
	SCMP_SYS(recvmsg), SCMP_SYS(sendmsg), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select),
	SCMP_SYS(pselect6), SCMP_SYS(close), SCMP_SYS(shutdown), SCMP_SYS(fcntl), SCMP_SYS(fstat),
	SCMP_SYS(lseek), SCMP_SYS(ftruncate), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
	SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(mmap), SCMP_SYS(munmap),
	SCMP_SYS(mremap), SCMP_SYS(mprotect), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex),
	SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getpid),
	SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getrusage),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall), SCMP_SYS(sched_yield), SCMP_SYS(wait4),
	SCMP_SYS(waitid), SCMP_SYS(kill), SCMP_SYS(exit), SCMP_SYS(exit_group) };

static bool
close_seccomp(enum sandbox level)
{
	scmp_filter_ctx filter =
	    seccomp_init(level == SANDBOX_ENFORCE ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_LOG);
	bool ok = filter != NULL;

	for (size_t i = 0; ok && i < sizeof(allowed) / sizeof(*allowed); i++)
		ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
	/* Library code that looks for a file or a name gets "no" and goes on; it is not an attack.
	 */
	if (ok && level == SANDBOX_ENFORCE)
		ok = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(open), 0) == 0 &&
		     seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 0) == 0 &&
		     seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(newfstatat), 0) ==
			 0 &&
		     seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(readlink), 0) == 0 &&
		     seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(ioctl), 0) == 0;
	ok = ok && seccomp_load(filter) == 0;
	if (filter)
		seccomp_release(filter);
	return ok;
}

/* All rights that the first version of Landlock knows are handled, none is granted. */
static bool
close_landlock(void)
{
	struct landlock_ruleset_attr rules = { .handled_access_fs =
						   (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };
	long fd = syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules.handled_access_fs), 0);
	bool ok;

	if (fd < 0)
		return false;
	ok = syscall(SYS_landlock_restrict_self, (int)fd, 0) == 0;
	close((int)fd);
	return ok;
}

int
sandbox_close(enum sandbox level, struct error *err)
{
	struct rlimit none = { 0, 0 };
	bool landlock;

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (level == SANDBOX_OFF)
		return 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return error_set(err, "the kernel refuses no_new_privs: %s", strerror(errno));
	landlock = close_landlock();
	if (!close_seccomp(level)) {
		if (level == SANDBOX_ENFORCE)
			return error_set(err,
			    "seccomp is not available here; set `sandbox: warn` in "
			    "gatebook.yml to poll without it");
		return 0;
	}
	return landlock ? 2 : 1;
}
