#include "poller/flight.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "poller/poll.h"

static int
open_pidfd(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* Hands the recorder its end of the new poll's channel, with all it needs to know of the device. */
static int
introduce(const struct fleet *f, const struct flight *flight, int channel)
{
	const struct device *d = flight->entry->device;
	struct wire_device about = {
		.kind = WIRE_DEVICE, .slot = flight->slot, .every = plan_every(flight->entry)
	};

	wire_put(about.name, d->name);
	wire_put(about.platform, d->driver->name);
	wire_put(about.site, d->site);
	wire_put(about.host, d->host);
	wire_put(about.transport, d->transport);
	wire_put(about.blind, d->driver->blind);
	return wire_send(f->control, &about, sizeof(about), &channel, 1);
}

/* What a poll must not inherit: the scheduler's descriptors, its signals, other polls. */
static void
become_poll(const struct fleet *f, const struct config *c, const struct errand *v, int channel,
    const int *closes)
{
	struct device device = *v->entry->device;
	sigset_t none;

	device.identity = v->neighbours;
	close(f->control);
	for (; *closes >= 0; closes++)
		close(*closes);
	for (size_t i = 0; i < f->n; i++)
		if (f->flights[i]->pid > 0)
			close(f->flights[i]->pidfd);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	poll_run(c, &device, channel);
}

static struct flight *
add(struct fleet *f, const struct errand *v)
{
	const struct device *d = v->entry->device;
	struct flight *flight = mem_alloc(1, sizeof(*flight));

	flight->entry = v->entry;
	flight->slot = f->next_slot++;
	flight->timeout = d->timeout;
	wire_put(flight->name, d->name);
	wire_put(flight->platform, d->driver->name);
	flight->began_ms = clock_mono_ms();
	flight->started = clock_now();
	/* The poll watches its own deadline; this one is for a poll that cannot. */
	flight->deadline_ms = flight->began_ms + (int64_t)d->timeout * 1000 + 2 * LIMIT_LOGOUT_MS;
	if (f->n == f->room) {
		f->room = f->room ? f->room * 2 : 64;
		f->flights = mem_grow(f->flights, f->room, sizeof(struct flight *));
	}
	f->flights[f->n] = flight;
	return flight;
}

int
fleet_launch(struct fleet *f, const struct config *c, const struct errand *v, const int *closes)
{
	struct flight *flight;
	int fds[2], rc;

	if (wire_pair(fds) != 0)
		return -1;
	flight = add(f, v);
	rc = introduce(f, flight, fds[1]);
	close(fds[1]);
	if (rc == 0)
		flight->pid = fork();
	if (rc == 0 && flight->pid == 0)
		become_poll(f, c, v, fds[0], closes);
	close(fds[0]);
	if (rc != 0 || flight->pid < 0) {
		free(flight);
		return -1;
	}
	flight->pidfd = open_pidfd(flight->pid);
	f->n++;
	return 0;
}

int
fleet_hear(struct fleet *f, struct wire_decided *decided)
{
	union {
		uint32_t kind;
		struct wire_recorded recorded;
		struct wire_decided decided;
	} m;
	long n = wire_receive(f->control, &m, sizeof(m), NULL, NULL);

	decided->kind = 0;
	if (n == (long)sizeof(m.decided) && m.kind == WIRE_DECIDED) {
		*decided = m.decided;
		return 0;
	}
	if (n != (long)sizeof(m.recorded) || m.kind != WIRE_RECORDED)
		return -1;
	for (size_t i = 0; i < f->n; i++) {
		if (f->flights[i]->slot != m.recorded.slot)
			continue;
		f->flights[i]->recorded = true;
		f->flights[i]->record = m.recorded;
		return 0;
	}
	return -1;
}

static void
describe_end(const struct flight *flight, int status, struct wire_ended *ended)
{
	ended->reason = REASON_CRASH;
	if (flight->killed) {
		ended->reason = REASON_TIMEOUT;
		(void)snprintf(ended->why, sizeof(ended->why),
		    "no answer within %u s: the poll was stopped", flight->timeout);
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
reap(const struct fleet *f, struct flight *flight, bool interrupted)
{
	struct wire_ended ended = { .kind = WIRE_ENDED,
		.slot = flight->slot,
		.started = flight->started,
		.duration_ms = (uint32_t)(clock_mono_ms() - flight->began_ms) };
	int status = 0;

	if (waitpid(flight->pid, &status, WNOHANG) != flight->pid)
		return;
	close(flight->pidfd);
	flight->pid = 0;
	describe_end(flight, status, &ended);
	if (interrupted && flight->killed) {
		ended.reason = REASON_HELD;
		(void)snprintf(ended.why, sizeof(ended.why), "interrupted");
	}
	(void)wire_send(f->control, &ended, sizeof(ended), NULL, 0);
}

void
fleet_reap(struct fleet *f, const struct pollfd *watch, bool interrupted)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->flights[i]->pid > 0 && (watch++)->revents)
			reap(f, f->flights[i], interrupted);
}

void
fleet_kill(struct fleet *f, bool all)
{
	int64_t now = clock_mono_ms();

	for (size_t i = 0; i < f->n; i++) {
		struct flight *flight = f->flights[i];

		if (flight->pid > 0 && !flight->killed && (all || now > flight->deadline_ms)) {
			flight->killed = true;
			(void)kill(flight->pid, SIGKILL);
		}
	}
}

struct flight *
fleet_landed(struct fleet *f)
{
	for (size_t i = 0; i < f->n; i++) {
		struct flight *flight = f->flights[i];

		if (flight->pid > 0 || !flight->recorded)
			continue;
		f->flights[i] = f->flights[--f->n];
		return flight;
	}
	return NULL;
}

nfds_t
fleet_watch(const struct fleet *f, struct pollfd *watch)
{
	nfds_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->flights[i]->pid > 0)
			watch[n++] = (struct pollfd){ .fd = f->flights[i]->pidfd,
				.events = POLLIN };
	return n;
}

void
fleet_end(struct fleet *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->flights[i]->pid > 0) {
			(void)kill(f->flights[i]->pid, SIGKILL);
			(void)waitpid(f->flights[i]->pid, NULL, 0);
			close(f->flights[i]->pidfd);
		}
		free(f->flights[i]);
	}
	free(f->flights);
	close(f->control);
	*f = (struct fleet){ .control = -1 };
}
