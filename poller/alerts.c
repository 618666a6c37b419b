#include "poller/alerts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uthash.h>

#include "base/clock.h"
#include "base/log.h"

enum {
	LOOK_MS = 10000 /* windows and blackouts of ten thousand devices take some ms */,
	WHY = 512
};

/* One run of the hook: it waits for its turn (pid 0), then runs. */
struct hook {
	struct hook *next;
	char kind[16], name[LIMIT_NAME + 1], site[LIMIT_NAME + 1], why[WHY];
	int64_t at; /* seconds since 1970 */
	pid_t pid;
	int64_t deadline_ms;
	bool killed;
};

/* What is known of a device. */
struct watched {
	char name[LIMIT_NAME + 1];
	int64_t since; /* seconds since 1970: it might have spoken from then on */
	bool silent, unread;
	UT_hash_handle hh;
};

struct alerts {
	struct hook *hooks;
	size_t n;
	struct watched *watched;
	int64_t looked_ms, began;
};

struct alerts *
alerts_new(struct moment now)
{
	struct alerts *a = mem_alloc(1, sizeof(*a));

	a->began = now.wall;
	return a;
}

static void
end_hook(struct hook *h)
{
	if (h->pid > 0) {
		(void)kill(-h->pid, SIGKILL);
		(void)kill(h->pid, SIGKILL);
	}
}

void
alerts_free(struct alerts *a)
{
	struct watched *w, *next;

	if (!a)
		return;
	while (a->hooks) {
		struct hook *h = a->hooks;

		a->hooks = h->next;
		end_hook(h);
		if (h->pid > 0)
			(void)waitpid(h->pid, NULL, 0);
		free(h);
	}
	HASH_ITER (hh, a->watched, w, next) {
		HASH_DEL(a->watched, w);
		free(w);
	}
	free(a);
}

/* --- hooks ------------------------------------------------------------------------------------ */

/* The child: no shell, no descriptor, no environment but this. */
static void __attribute__((noreturn)) become_hook(const struct hook *h, const char *command)
{
	char texts[6][WHY + 64], line[2 * WHY];
	char *environment[] = { texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], NULL };
	char *arguments[] = { (char *)(uintptr_t)command, NULL };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigset_t none;

	(void)setpgid(0, 0);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	for (int number = SIGHUP; number <= SIGTERM; number++)
		(void)signal(number, SIG_DFL);
	(void)dup2(null, STDIN_FILENO);
	(void)dup2(STDERR_FILENO, STDOUT_FILENO);
	(void)snprintf(line, sizeof(line), "alert=%s device=%s site=%s why=\"%s\"", h->kind,
	    h->name, h->site, h->why);
	alerts_syslog(line);
	if (!command)
		_exit(0);
	(void)snprintf(texts[0], sizeof(texts[0]), "GATEBOOK_ALERT=%s", h->kind);
	(void)snprintf(texts[1], sizeof(texts[1]), "GATEBOOK_DEVICE=%s", h->name);
	(void)snprintf(texts[2], sizeof(texts[2]), "GATEBOOK_SITE=%s", h->site);
	(void)snprintf(texts[3], sizeof(texts[3]), "GATEBOOK_WHY=%s", h->why);
	(void)snprintf(texts[4], sizeof(texts[4]), "GATEBOOK_TIME=%" PRId64, h->at);
	(void)snprintf(texts[5], sizeof(texts[5]), "PATH=/usr/local/bin:/usr/bin:/bin");
	(void)execve(command, arguments, environment);
	log_line(LOG_ERROR, "alerts.command: %s: %s", command, strerror(errno));
	_exit(127);
}

static void
start_hook(struct hook *h, const char *command)
{
	pid_t pid = fork();

	if (pid == 0)
		become_hook(h, command);
	if (pid < 0)
		log_line(LOG_ERROR, "an alert could not be sent: %s", strerror(errno));
	h->pid = pid < 0 ? -1 : pid;
	h->deadline_ms = clock_mono_ms() + LIMIT_HOOK_S * 1000;
}

/* False when it has gone. */
static bool
look_after(struct hook *h)
{
	int status = 0;

	if (h->pid < 0)
		return false;
	if (waitpid(h->pid, &status, WNOHANG) == h->pid) {
		if (h->killed)
			log_line(LOG_ERROR,
			    "alerts.command took longer than %d s: alert=%s device=%s",
			    LIMIT_HOOK_S, h->kind, h->name);
		else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			log_line(LOG_WARNING, "alerts.command failed: alert=%s device=%s status=%d",
			    h->kind, h->name, status);
		return false;
	}
	if (!h->killed && clock_mono_ms() > h->deadline_ms) {
		end_hook(h);
		h->killed = true;
	}
	return true;
}

static void
turn_hooks(struct alerts *a, const char *command)
{
	size_t running = 0;

	for (struct hook **at = &a->hooks; *at;) {
		struct hook *h = *at;

		if (h->pid == 0 && running < LIMIT_HOOKS)
			start_hook(h, command);
		running += h->pid > 0;
		if (h->pid == 0 || look_after(h)) {
			at = &h->next;
			continue;
		}
		*at = h->next;
		a->n--;
		free(h);
	}
}

void
alerts_raise(struct alerts *a, const struct config *c, const char *kind, const char *name,
    const char *site, const char *why)
{
	struct hook **at = &a->hooks, *h;

	if (!c->alerts)
		return;
	for (; *at; at = &(*at)->next)
		if (strcmp((*at)->kind, kind) == 0 && strcmp((*at)->name, name) == 0) {
			log_line(LOG_WARNING, "alert: the same runs still: alert=%s device=%s",
			    kind, name);
			return;
		}
	if (a->n >= LIMIT_ALERTS) {
		log_line(
		    LOG_ERROR, "alert: too many at once, not sent: alert=%s device=%s", kind, name);
		return;
	}
	h = mem_alloc(1, sizeof(*h));
	(void)text_copy(text_of(kind), h->kind, sizeof(h->kind));
	text_escape(text_of(name), h->name, sizeof(h->name));
	text_escape(text_of(site), h->site, sizeof(h->site));
	text_escape(text_of(why), h->why, sizeof(h->why));
	h->at = clock_now();
	*at = h;
	a->n++;
	log_line(LOG_WARNING, "alert: alert=%s device=%s why=\"%s\"", kind, h->name, h->why);
}

/* --- what devices do -------------------------------------------------------------------------- */

static struct watched *
watch(struct alerts *a, const char *name)
{
	struct watched *w;

	HASH_FIND_STR(a->watched, name, w);
	if (w)
		return w;
	w = mem_alloc(1, sizeof(*w));
	(void)text_copy(text_of(name), w->name, sizeof(w->name));
	w->since = a->began;
	HASH_ADD_STR(a->watched, name, w);
	return w;
}

void
alerts_poll(struct alerts *a, const struct config *c, const struct entry *e, const char *name,
    const struct poll_report *r)
{
	const char *site = e->device ? e->device->site : "";
	struct watched *w = watch(a, name);
	uint64_t unread = r->account.unread * 100, lines = r->account.lines;
	bool much = lines > 0 && unread > c->alert_unread * lines;
	char why[WHY];

	if (r->outcome <= OUTCOME_PARTIAL && w->silent) {
		w->silent = false;
		alerts_raise(a, c, "speaks", name, site, "a poll got an answer again");
	}
	if (much && !w->unread) {
		(void)snprintf(why, sizeof(why),
		    "%" PRIu64 " of %" PRIu64
		    " lines were not read: gatebook driver test shows them",
		    r->account.unread, lines);
		alerts_raise(a, c, "unread", name, site, why);
	}
	if (r->outcome <= OUTCOME_PARTIAL)
		w->unread = much;
}

/* The shortest of its intervals, seconds; and whether one of its schedules may poll it now. */
static uint32_t
interval_of(const struct config *c, const struct entry *e, int64_t wall, bool *allowed)
{
	uint32_t every = 0;

	*allowed = false;
	for (int i = 0; i < e->n_due; i++) {
		const struct timetable *t = e->due[i].timetable;
		uint32_t own = e->due[i].every ? e->due[i].every : CLOCK_DAY; /* cron: a day is a
										 long time */

		if (every == 0 || own < every)
			every = own;
		*allowed = *allowed || due_allowed(c, e->device, t, wall) == wall;
	}
	return every;
}

/* Nobody is called silent for a time in which nobody asked. */
static void
look_at(struct alerts *a, const struct plan *p, const struct config *c, const struct entry *e,
    int64_t wall)
{
	struct watched *w = watch(a, e->device->name);
	enum hold_on on;
	bool allowed;
	uint32_t every = interval_of(c, e, wall, &allowed);
	int64_t since;
	char why[WHY];

	if (!allowed || plan_held(p, e, &on) != HOLD_NONE || w->since > wall)
		w->since = wall;
	since = e->succeeded > w->since && e->succeeded <= wall ? e->succeeded : w->since;
	if (w->silent || every == 0 || wall - since <= (int64_t)c->alert_silent * every)
		return;
	w->silent = true;
	(void)snprintf(why, sizeof(why), "no poll got an answer for %" PRId64 " s%s%s",
	    wall - since, e->last && e->last->why[0] ? ": " : "", e->last ? e->last->why : "");
	alerts_raise(a, c, "silent", e->device->name, e->device->site, why);
}

void
alerts_turn(struct alerts *a, const struct plan *p, const struct config *c, struct moment now)
{
	turn_hooks(a, c->alert_command);
	if (!c->alerts || now.mono_ms - a->looked_ms < LOOK_MS)
		return;
	a->looked_ms = now.mono_ms;
	for (size_t i = 0; i < plan_count(p); i++)
		look_at(a, p, c, plan_at(p, i), now.wall);
}
