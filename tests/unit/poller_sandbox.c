/* What a poll may still do once its sandbox is closed: nothing but talk on what it has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "poller/sandbox.h"

static int
try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static int
try_exec(void)
{
	(void)execl("/bin/true", "true", (char *)NULL);
	return 1;
}

static int
try_fork(void)
{
	return fork() >= 0;
}

static int
try_open(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0 || errno != EACCES;
}

static int
try_write_file(void)
{
	return open("/tmp/gatebook-sandbox", O_WRONLY | O_CREAT, 0600) >= 0 || errno != EACCES;
}

static int
try_core(void)
{
	struct rlimit core;

	return prctl(PR_GET_DUMPABLE) != 0 || getrlimit(RLIMIT_CORE, &core) != 0 ||
	       core.rlim_cur != 0;
}

/* Everything a poll does after its login. */
static int
try_work(void)
{
	int fd[2] = { 0, 1 };
	char *memory = mmap(
	    NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return 1;
	memory[4096] = 1;
	return write(fd[1], "", 0) != 0 || munmap(memory, 1 << 20) != 0;
}

/* The wait status of a process that closes its sandbox and then tries. */
static int
outcome(int (*try)(void), enum sandbox level)
{
	struct error err = { 0 };
	int status = 0;
	pid_t pid;

	assert_int_equal(sandbox_prepare(level, &err), 0);
	pid = fork();
	if (pid == 0) {
		/* Asked for before the filter allows only what a poll asks for. */
		int before = try == try_core ? 0 : sandbox_close(level, &err);

		if (try == try_core) {
			(void)sandbox_close(SANDBOX_OFF, &err);
			_exit(try());
		}
		_exit(before < 0 ? 99 : try());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
killed(int (*try)(void))
{
	int status = outcome(try, SANDBOX_ENFORCE);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static void
ends_well(int (*try)(void), enum sandbox level)
{
	int status = outcome(try, level);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
a_new_socket_or_program_is_death(void **state)
{
	(void)state;
	killed(try_socket);
	killed(try_exec);
	killed(try_fork);
}

static void
a_file_is_refused(void **state)
{
	(void)state;
	ends_well(try_open, SANDBOX_ENFORCE);
	ends_well(try_write_file, SANDBOX_ENFORCE);
	assert_int_not_equal(access("/tmp/gatebook-sandbox", F_OK), 0);
}

static void
its_own_work_goes_on(void **state)
{
	(void)state;
	ends_well(try_work, SANDBOX_ENFORCE);
	ends_well(try_work, SANDBOX_WARN);
	ends_well(try_work, SANDBOX_OFF);
}

static void
nothing_is_dumped_even_without_a_sandbox(void **state)
{
	(void)state;
	ends_well(try_core, SANDBOX_OFF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_socket_or_program_is_death),
		cmocka_unit_test(a_file_is_refused),
		cmocka_unit_test(its_own_work_goes_on),
		cmocka_unit_test(nothing_is_dumped_even_without_a_sandbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
