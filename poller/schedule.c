#include "poller/schedule.h"

#include <openssl/rand.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "ledger/ledger.h"
#include "poller/recorder.h"
#include "poller/sandbox.h"

enum { TICK_MS = 100, ATTENDED = 256 /* descriptors of the attendant */ };

struct moment
schedule_now(void)
{
	return (struct moment){ .wall = clock_now(), .mono_ms = clock_mono_ms() };
}

static int
start_due(struct schedule *s)
{
	const int closes[] = { s->signals, -1 };
	struct errand v;

	s->disk.dir = s->config->store;
	s->disk.least = (uint64_t)s->config->least_disk << 20;
	if (!disk_has_room(&s->disk)) {
		s->stopping = s->stopping || s->by_hand;
		return 0;
	}
	while (!s->stopping && plan_take(s->plan, schedule_now(), &v))
		if (fleet_launch(&s->fleet, s->config, &v, closes) != 0)
			return -1;
	return 0;
}

/* The first signal stops the loop, the second one does not wait for what is in flight. */
static void
hear_signal(struct schedule *s)
{
	struct signalfd_siginfo info;

	if (read(s->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if (s->stopping)
		s->patience = 0;
	s->stopping = true;
	s->stopped_ms = clock_mono_ms();
}

static int
hear_recorder(struct schedule *s)
{
	struct wire_decided decided;

	if (fleet_hear(&s->fleet, &decided) != 0)
		return -1;
	if (decided.kind && s->attendant && s->attendant->decided)
		s->attendant->decided(&decided, s->arg);
	return 0;
}

/* Those that are on record and gone. */
static void
land(struct schedule *s)
{
	struct flight *flight;

	while ((flight = fleet_landed(&s->fleet)) != NULL) {
		const struct wire_recorded *record = &flight->record;
		unsigned held;

		if (record->poll_id > 0)
			plan_found(flight->entry, &record->report, record->opened, record->once);
		held = plan_ended(s->plan, flight->entry, &record->report, schedule_now());

		s->done++;
		s->recorded(flight, s->arg);
		if (held && s->attendant && s->attendant->held)
			s->attendant->held(s, flight, held, s->arg);
		free(flight);
	}
}

static bool
out_of_patience(const struct schedule *s)
{
	return s->stopping && clock_mono_ms() - s->stopped_ms >= (int64_t)s->patience * 1000;
}

/* One turn of the loop: start who may, wait for whatever happens next, hear it. */
static int
turn(struct schedule *s)
{
	const struct attendant *a = s->attendant;
	nfds_t n = 2, attended = 0;
	int rc = start_due(s);
	struct pollfd *watch = mem_alloc(s->fleet.n + ATTENDED + 2, sizeof(*watch));

	watch[0] = (struct pollfd){ .fd = s->fleet.control, .events = POLLIN };
	watch[1] = (struct pollfd){ .fd = s->signals, .events = POLLIN };
	if (a && a->watch)
		attended = a->watch(watch + n, ATTENDED, s->arg);
	n += attended + fleet_watch(&s->fleet, watch + n + attended);
	if (rc == 0 && poll(watch, n, TICK_MS) >= 0) {
		if (watch[1].revents)
			hear_signal(s);
		if (watch[0].revents)
			rc = hear_recorder(s);
		fleet_reap(&s->fleet, watch + 2 + attended, s->stopping);
		fleet_kill(&s->fleet, out_of_patience(s));
		land(s);
		if (a && a->turn)
			a->turn(s, watch + 2, attended, s->arg);
		if (s->progress)
			s->progress(&s->fleet, s->done, (int)plan_count(s->plan), s->arg);
	}
	free(watch);
	return rc;
}

void
schedule_log(
    struct schedule *s, uint32_t event, const char *by, const char *what, const char *detail)
{
	struct wire_event e = { .kind = WIRE_EVENT, .event = event };

	wire_put(e.by, by);
	wire_put(e.what, what);
	wire_put(e.detail, detail);
	(void)wire_send(s->fleet.control, &e, sizeof(e), NULL, 0);
}

uint32_t
schedule_decide(struct schedule *s, const struct decision *d)
{
	struct wire_decision m = {
		.kind = WIRE_DECISION, .number = ++s->decisions, .decision = *d
	};

	return wire_send(s->fleet.control, &m, sizeof(m), NULL, 0) == 0 ? m.number : 0;
}

void
schedule_log_files(struct schedule *s)
{
	char detail[128];

	for (size_t i = 0; i < s->config->n_files; i++) {
		(void)snprintf(detail, sizeof(detail), "sha256=%s", s->config->files[i].sha256);
		schedule_log(s, LEDGER_CONFIG, NULL, s->config->files[i].path, detail);
	}
}

static void
log_start(struct schedule *s)
{
	char detail[1024];

	(void)snprintf(detail, sizeof(detail), "version=%s config=%s pid=%d", GATEBOOK_VERSION,
	    s->config->sha256, (int)getpid());
	schedule_log(s, LEDGER_START, NULL, s->what, detail);
	schedule_log_files(s);
}

const char *
schedule_user(uid_t uid, char out[static 128])
{
	const struct passwd *user = getpwuid(uid);

	(void)snprintf(out, 128, "uid %u (%s)", (unsigned)uid, user ? user->pw_name : "?");
	return out;
}

const char *
schedule_who(char out[static 128])
{
	return schedule_user(getuid(), out);
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

/* Its random generators cost 1 ms to set up: once here, not in every poll. A poll has numbers of
 * its own all the same: a generator that finds itself in a child takes a new seed. */
static void
prepare_libcrypto(void)
{
	uint8_t byte;

	(void)RAND_bytes(&byte, sizeof(byte));
}

int
schedule_open(struct schedule *s, struct error *err)
{
	char who[128];

	if (sandbox_prepare((enum sandbox)s->config->sandbox, err) != 0)
		return -1;
	prepare_libcrypto();
	s->recorder = recorder_start(&(struct recorder){ .dir = s->config->store,
					 .who = schedule_who(who),
					 .keep_days = (int)s->config->keep_days,
					 .key = s->config->ledger_key,
					 .must_sign = s->config->must_sign,
					 .heads = s->config->heads },
	    &s->fleet.control, err);
	if (s->recorder < 0)
		return -1;
	s->signals = open_signals();
	log_start(s);
	return 0;
}

static void
recall_hold(struct schedule *s, const struct wire_known *k)
{
	struct moment now = schedule_now();

	for (int on = HOLD_DEVICE; on <= HOLD_ALL; on++)
		for (int hold = HOLD_ENGINEER; hold <= HOLD_BREAKER; hold++)
			if (strcmp(k->on, hold_on_name((enum hold_on)on)) == 0 &&
			    strcmp(k->reason, hold_name((enum hold)hold)) == 0)
				(void)plan_hold(
				    s->plan, (enum hold_on)on, k->name, (enum hold)hold, now);
}

int
schedule_recall(struct schedule *s)
{
	uint32_t ask = WIRE_RECALL;
	struct wire_known k;

	if (wire_send(s->fleet.control, &ask, sizeof(ask), NULL, 0) != 0)
		return -1;
	for (;;) {
		if (wire_receive(s->fleet.control, &k, sizeof(k), NULL, NULL) != (long)sizeof(k) ||
		    k.kind != WIRE_KNOWN || !wire_is_text(k.name) || !wire_is_text(k.on) ||
		    !wire_is_text(k.reason))
			return -1;
		if (k.last)
			return 0;
		if (k.on[0])
			recall_hold(s, &k);
		else
			plan_recall(s->plan, k.name, k.started, k.failures, schedule_now());
	}
}

/* Returns -1 when the recorder died in between. */
static int
wait_until(struct schedule *s, int64_t at_ms)
{
	while (!s->stopping && clock_mono_ms() < at_ms) {
		struct pollfd watch[2] = { { .fd = s->fleet.control, .events = POLLIN },
			{ .fd = s->signals, .events = POLLIN } };

		if (poll(watch, 2, (int)(at_ms - clock_mono_ms())) > 0) {
			if (watch[1].revents)
				hear_signal(s);
			if (watch[0].revents)
				return -1;
		}
	}
	return 0;
}

static int
run_rounds(struct schedule *s)
{
	int64_t next_ms = clock_mono_ms();
	int rc = 0;

	for (uint32_t round = 1;; round++) {
		while (rc == 0 && (s->fleet.n > 0 || !(s->stopping || plan_done(s->plan))))
			rc = turn(s);
		if (rc != 0)
			return -1;
		if ((s->round && !s->round(s->arg)) || s->stopping || round == s->times)
			return 0;
		next_ms += (int64_t)s->every * 1000;
		if (wait_until(s, next_ms) != 0)
			return -1;
		if (s->stopping)
			return 0;
		s->done = 0;
		plan_want_all(s->plan);
	}
}

static int
leave(struct schedule *s)
{
	int status = 0;

	fleet_end(&s->fleet);
	close(s->signals);
	(void)waitpid(s->recorder, &status, 0);
	return status;
}

void
schedule_leave(struct schedule *s)
{
	(void)leave(s);
}

int
schedule_run(struct schedule *s, struct error *err)
{
	int rc = run_rounds(s), status = leave(s);
	char why[300];

	if (rc != 0)
		return error_set(err,
		    "the recorder is gone (status %d); polls in flight were stopped and nothing "
		    "they "
		    "saw is kept",
		    status);
	if (s->by_hand && s->disk.is_short)
		return error_set(err, "%s: nothing more was polled", disk_why(&s->disk, why));
	return s->stopping ? EXIT_INTERRUPTED : 0;
}
