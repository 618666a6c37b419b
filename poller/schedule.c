#include "poller/schedule.h"

#include <errno.h>
#include <openssl/rand.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "ledger/ledger.h"
#include "poller/poll.h"
#include "poller/recorder.h"
#include "poller/sandbox.h"

enum { TICK_MS = 100 };

/* One poll: waiting, in flight, or gone and not yet on record. */
struct job {
	const struct device *device;
	pid_t pid; /* 0: not running */
	int pidfd;
	int64_t began_ms, deadline_ms;
	int64_t started;
	bool begun, ended, recorded, killed;
};

struct run {
	const struct schedule *s;
	struct job *jobs;
	int n, in_flight, done;
	int control, signals;
	pid_t recorder;
	bool stopping;
	double tokens; /* logins that may start now */
	int64_t refilled_ms;
};

static int
open_pidfd(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* Hands the recorder its end of the new poll's channel, with all it needs to know of the device. */
static int
introduce(struct run *run, const struct job *job, int channel)
{
	const struct device *d = job->device;
	struct wire_device about = {
		.kind = WIRE_DEVICE, .slot = (uint32_t)(job - run->jobs), .every = d->every
	};

	wire_put(about.name, d->name);
	wire_put(about.platform, d->driver->name);
	wire_put(about.site, d->site);
	wire_put(about.host, d->host);
	wire_put(about.transport, d->transport);
	wire_put(about.blind, d->driver->blind);
	return wire_send(run->control, &about, sizeof(about), &channel, 1);
}

/* What a poll must not inherit: the scheduler's channel, its signals, other polls. */
static void
become_poll(const struct run *run, const struct job *job, int channel)
{
	sigset_t none;

	close(run->control);
	close(run->signals);
	for (int i = 0; i < run->n; i++)
		if (run->jobs[i].pid > 0)
			close(run->jobs[i].pidfd);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	poll_run(run->s->config, job->device, channel);
}

static int
start(struct run *run, struct job *job)
{
	int fds[2];

	if (wire_pair(fds) != 0)
		return -1;
	job->begun = true;
	job->began_ms = clock_mono_ms();
	job->started = clock_now();
	/* The poll watches its own deadline; this one is for a poll that cannot. */
	job->deadline_ms = job->began_ms + (int64_t)job->device->timeout * 1000 +
			   2 * LIMIT_LOGOUT_MS;
	if (introduce(run, job, fds[1]) != 0) {
		close(fds[0]);
		close(fds[1]);
		return -1;
	}
	close(fds[1]);
	job->pid = fork();
	if (job->pid == 0)
		become_poll(run, job, fds[0]);
	close(fds[0]);
	if (job->pid < 0) {
		job->pid = 0;
		return -1;
	}
	job->pidfd = open_pidfd(job->pid);
	run->in_flight++;
	return 0;
}

static void
describe_end(const struct job *job, int status, struct wire_ended *ended)
{
	ended->reason = REASON_CRASH;
	if (job->killed) {
		ended->reason = REASON_TIMEOUT;
		(void)snprintf(ended->why, sizeof(ended->why),
		    "no answer within %u s: the poll was stopped", job->device->timeout);
	} else if (WIFSIGNALED(status)) {
		(void)snprintf(ended->why, sizeof(ended->why),
		    "the poll process died of signal %d%s", WTERMSIG(status),
		    WTERMSIG(status) == SIGSYS ? " (stopped by the sandbox)" : "");
	} else {
		(void)snprintf(ended->why, sizeof(ended->why),
		    "the poll process ended with status %d", WEXITSTATUS(status));
	}
}

static void
reap(struct run *run, struct job *job)
{
	struct wire_ended ended = { .kind = WIRE_ENDED,
		.slot = (uint32_t)(job - run->jobs),
		.started = job->started,
		.duration_ms = (uint32_t)(clock_mono_ms() - job->began_ms) };
	int status = 0;

	if (waitpid(job->pid, &status, WNOHANG) != job->pid)
		return;
	close(job->pidfd);
	job->pid = 0;
	job->ended = true;
	run->in_flight--;
	describe_end(job, status, &ended);
	if (run->stopping) {
		ended.reason = REASON_HELD;
		(void)snprintf(ended.why, sizeof(ended.why), "interrupted");
	}
	(void)wire_send(run->control, &ended, sizeof(ended), NULL, 0);
}

/* Returns -1 when the recorder is gone. */
static int
hear_recorder(struct run *run)
{
	struct wire_recorded r;
	long n = wire_receive(run->control, &r, sizeof(r), NULL, NULL);

	if (n <= 0)
		return -1;
	if (n != (long)sizeof(r) || r.kind != WIRE_RECORDED || r.slot >= (uint32_t)run->n)
		return -1;
	run->jobs[r.slot].recorded = true;
	run->done++;
	run->s->recorded(run->jobs[r.slot].device, &r, run->s->arg);
	return 0;
}

static void
kill_overdue(struct run *run)
{
	int64_t now = clock_mono_ms();

	for (int i = 0; i < run->n; i++) {
		struct job *job = &run->jobs[i];

		if (job->pid > 0 && !job->killed && (run->stopping || now > job->deadline_ms)) {
			job->killed = true;
			(void)kill(job->pid, SIGKILL);
		}
	}
}

/* A bucket of login tokens: refilled at the configured rate, never more than one second's worth. */
static bool
take_login(struct run *run)
{
	double rate = run->s->config->logins_per_second;
	int64_t now = clock_mono_ms();

	run->tokens += rate * (double)(now - run->refilled_ms) / 1000.0;
	run->refilled_ms = now;
	if (run->tokens > rate)
		run->tokens = rate;
	if (run->tokens < 1)
		return false;
	run->tokens -= 1;
	return true;
}

static bool
needs_login(const struct device *d)
{
	return strcmp(d->transport, "ssh") == 0;
}

static int
start_due(struct run *run)
{
	for (int i = 0; i < run->n && !run->stopping; i++) {
		struct job *job = &run->jobs[i];

		if (job->begun)
			continue;
		if (run->in_flight >= (int)run->s->config->jobs ||
		    (needs_login(job->device) && !take_login(run)))
			return 0;
		if (start(run, job) != 0)
			return -1;
	}
	return 0;
}

static void
hear_signal(struct run *run)
{
	struct signalfd_siginfo info;

	if (read(run->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		run->stopping = true;
}

static bool
finished(const struct run *run)
{
	for (int i = 0; i < run->n; i++)
		if (run->jobs[i].begun ? !run->jobs[i].recorded || run->jobs[i].pid > 0
				       : !run->stopping)
			return false;
	return true;
}

static void
show_progress(struct run *run)
{
	const struct device **running;
	int n = 0;

	if (!run->s->progress)
		return;
	running = mem_alloc((size_t)run->n + 1, sizeof(*running));
	for (int i = 0; i < run->n; i++)
		if (run->jobs[i].pid > 0)
			running[n++] = run->jobs[i].device;
	run->s->progress(running, n, run->done, run->n, run->s->arg);
	free(running);
}

/* One turn of the loop: start who may, wait for whatever happens next, hear it. */
static int
turn(struct run *run)
{
	struct pollfd *watch = mem_alloc((size_t)run->n + 2, sizeof(*watch));
	nfds_t n = 2;
	int rc = start_due(run);

	watch[0] = (struct pollfd){ .fd = run->control, .events = POLLIN };
	watch[1] = (struct pollfd){ .fd = run->signals, .events = POLLIN };
	for (int i = 0; i < run->n; i++)
		if (run->jobs[i].pid > 0)
			watch[n++] = (struct pollfd){ .fd = run->jobs[i].pidfd, .events = POLLIN };
	if (rc == 0 && poll(watch, n, TICK_MS) >= 0) {
		if (watch[1].revents)
			hear_signal(run);
		if (watch[0].revents)
			rc = hear_recorder(run);
		n = 2;
		for (int i = 0; i < run->n; i++)
			if (run->jobs[i].pid > 0 && watch[n++].revents)
				reap(run, &run->jobs[i]);
		kill_overdue(run);
		show_progress(run);
	}
	free(watch);
	return rc;
}

static void
log_start(struct run *run)
{
	struct wire_event e = { .kind = WIRE_EVENT, .event = LEDGER_START };

	(void)snprintf(e.what, sizeof(e.what), "%s", run->s->what);
	(void)snprintf(e.detail, sizeof(e.detail), "version=%s config=%s pid=%d", GATEBOOK_VERSION,
	    run->s->config->sha256, (int)getpid());
	(void)wire_send(run->control, &e, sizeof(e), NULL, 0);
	for (size_t i = 0; i < run->s->config->n_files; i++) {
		const struct config_file *file = &run->s->config->files[i];

		e.event = LEDGER_CONFIG;
		wire_put(e.what, file->path);
		(void)snprintf(e.detail, sizeof(e.detail), "sha256=%s", file->sha256);
		(void)wire_send(run->control, &e, sizeof(e), NULL, 0);
	}
}

const char *
schedule_who(char out[static 128])
{
	struct passwd *user = getpwuid(getuid());

	(void)snprintf(out, 128, "uid %u (%s)", (unsigned)getuid(), user ? user->pw_name : "?");
	return out;
}

static int
open_signals(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* On a lost recorder nothing may go on: without it no line is accounted for. */
static void
kill_all(struct run *run)
{
	for (int i = 0; i < run->n; i++)
		if (run->jobs[i].pid > 0) {
			(void)kill(run->jobs[i].pid, SIGKILL);
			(void)waitpid(run->jobs[i].pid, NULL, 0);
			close(run->jobs[i].pidfd);
		}
}

/* Every device once. */
static int
run_round(struct run *run)
{
	int rc = 0;

	run->done = 0;
	for (int i = 0; i < run->n; i++)
		run->jobs[i] = (struct job){ .device = run->s->devices[i] };
	while (rc == 0 && !finished(run))
		rc = turn(run);
	return rc;
}

/* Returns -1 when the recorder died in between. */
static int
wait_until(struct run *run, int64_t at_ms)
{
	while (!run->stopping && clock_mono_ms() < at_ms) {
		struct pollfd watch[2] = { { .fd = run->control, .events = POLLIN },
			{ .fd = run->signals, .events = POLLIN } };

		if (poll(watch, 2, (int)(at_ms - clock_mono_ms())) > 0) {
			if (watch[1].revents)
				hear_signal(run);
			if (watch[0].revents)
				return -1;
		}
	}
	return 0;
}

static int
run_rounds(struct run *run)
{
	const struct schedule *s = run->s;
	int64_t next_ms = clock_mono_ms();

	for (uint32_t round = 1;; round++) {
		if (run_round(run) != 0)
			return -1;
		if ((s->round && !s->round(s->arg)) || run->stopping || round == s->times)
			return 0;
		next_ms += (int64_t)s->every * 1000;
		if (wait_until(run, next_ms) != 0)
			return -1;
		if (run->stopping)
			return 0;
	}
}

/* Its random generators cost 1 ms to set up: once here, not in every poll. A poll has numbers of
 * its own all the same: a generator that finds itself in a child takes a new seed. */
static void
prepare_libcrypto(void)
{
	uint8_t byte;

	(void)RAND_bytes(&byte, sizeof(byte));
}

int
schedule_run(const struct schedule *s, struct error *err)
{
	struct run run = {
		.s = s, .refilled_ms = clock_mono_ms(), .tokens = s->config->logins_per_second
	};
	char who[128];
	int rc, status = 0;

	if (sandbox_prepare((enum sandbox)s->config->sandbox, err) != 0)
		return -1;
	prepare_libcrypto();
	while (s->devices[run.n])
		run.n++;
	run.jobs = mem_alloc((size_t)run.n + 1, sizeof(*run.jobs));
	run.recorder = recorder_start(&(struct recorder){ .dir = s->config->store,
					  .who = schedule_who(who),
					  .keep_days = (int)s->config->keep_days,
					  .key = s->config->ledger_key,
					  .must_sign = s->config->must_sign,
					  .heads = s->config->heads },
	    &run.control, err);
	if (run.recorder < 0) {
		free(run.jobs);
		return -1;
	}
	run.signals = open_signals();
	log_start(&run);
	rc = run_rounds(&run);
	if (rc != 0)
		kill_all(&run);
	close(run.control);
	close(run.signals);
	(void)waitpid(run.recorder, &status, 0);
	free(run.jobs);
	if (rc != 0)
		return error_set(err,
		    "the recorder is gone (status %d); polls in flight were stopped and nothing "
		    "they "
		    "saw is kept",
		    status);
	return run.stopping ? EXIT_INTERRUPTED : 0;
}
