#include "poller/sandbox.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What libssh, net-snmp, libcrypto, libxml2 and the C library need after the login. */
static const int allowed[] = { SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
	SCMP_SYS(pread64), SCMP_SYS(pwrite64), SCMP_SYS(recvfrom), SCMP_SYS(sendto),
	SCMP_SYS(recvmsg), SCMP_SYS(sendmsg), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select),
	SCMP_SYS(pselect6), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_ctl), SCMP_SYS(close),
	SCMP_SYS(shutdown), SCMP_SYS(fcntl), SCMP_SYS(fstat), SCMP_SYS(lseek), SCMP_SYS(ftruncate),
	SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(getsockname), SCMP_SYS(getpeername),
	SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(mprotect), SCMP_SYS(madvise),
	SCMP_SYS(brk), SCMP_SYS(futex), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
	SCMP_SYS(getrusage), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
	SCMP_SYS(sched_yield), SCMP_SYS(wait4), SCMP_SYS(waitid), SCMP_SYS(kill), SCMP_SYS(exit),
	SCMP_SYS(exit_group) };

/* Library code that looks for a file or a name gets "no" and goes on; it is not an attack. */
static const int denied[] = { SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(newfstatat),
	SCMP_SYS(readlink), SCMP_SYS(ioctl) };

/* The compiled filter: made once by the scheduler, inherited by every poll. */
static struct sock_filter program[512];
static struct sock_fprog filter = { 0, program };

static bool
add_rules(scmp_filter_ctx rules, bool enforce)
{
	bool ok = true;

	/* A balanced tree: every system call of a poll runs through it. */
	(void)seccomp_attr_set(rules, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (size_t i = 0; ok && i < sizeof(allowed) / sizeof(*allowed); i++)
		ok = seccomp_rule_add(rules, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
	for (size_t i = 0; ok && enforce && i < sizeof(denied) / sizeof(*denied); i++)
		ok = seccomp_rule_add(rules, SCMP_ACT_ERRNO(EACCES), denied[i], 0) == 0;
	return ok;
}

static bool
compile(enum sandbox level)
{
	scmp_filter_ctx rules = seccomp_init(
	    level == SANDBOX_ENFORCE ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_LOG);
	int fd = memfd_create("gatebook-filter", MFD_CLOEXEC);
	ssize_t n = -1;

	if (rules && fd >= 0 && add_rules(rules, level == SANDBOX_ENFORCE) &&
	    seccomp_export_bpf(rules, fd) == 0)
		n = pread(fd, program, sizeof(program), 0);
	if (rules)
		seccomp_release(rules);
	if (fd >= 0)
		close(fd);
	if (n <= 0 || (size_t)n == sizeof(program))
		return false;
	filter.len = (unsigned short)((size_t)n / sizeof(*program));
	return true;
}

int
sandbox_prepare(enum sandbox level, struct error *err)
{
	if (level == SANDBOX_OFF || compile(level) || level == SANDBOX_WARN)
		return 0;
	return error_set(err,
	    "seccomp is not available here; set `sandbox: warn` in gatebook.yml to "
	    "poll without it");
}

/* All rights that the first version of Landlock knows are handled, none is granted. */
static bool
close_landlock(void)
{
	struct landlock_ruleset_attr rules = {
		.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1
	};
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
	if (filter.len == 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
		return level == SANDBOX_WARN
			   ? 0
			   : error_set(
				 err, "the kernel refuses the seccomp filter: %s", strerror(errno));
	return landlock ? 2 : 1;
}
