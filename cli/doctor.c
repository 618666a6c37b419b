/* gatebook doctor: what is wrong with this installation, before it is noticed at three. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/command.h"
#include "inventories/secret.h"
#include "poller/sandbox.h"
#include "store/read.h"

enum { C_CHECK, C_STATE, C_DETAILS };

static const struct column columns[] = { [C_CHECK] = { "check", "CHECK", CELL_TEXT },
	[C_STATE] = { "state", "STATE", CELL_TEXT },
	[C_DETAILS] = { "details", "DETAILS", CELL_TEXT },
	{ NULL } };

enum {
	DAYS = 7,          /* of polls that are looked at */
	ASTRAY = 5,        /* percent of rows with two ends on the same side: prefixes look wrong */
	ROWS = 20,         /* fewer say nothing */
	FREE_PERCENT = 10, /* of the store's disk */
	FREE_MB = 1024
};

struct doctor {
	struct writer *w;
	const struct config *config;
	unsigned bad;
};

static void __attribute__((format(printf, 4, 5)))
say(struct doctor *d, const char *check, bool good, const char *format, ...)
{
	char text[700];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	writer_text(d->w, C_CHECK, text_of(check));
	writer_text(d->w, C_STATE, text_of(good ? "ok" : "LOOK"));
	writer_text(d->w, C_DETAILS, text_of(text));
	writer_row(d->w);
	d->bad += !good;
}

/* --- this machine ----------------------------------------------------------------------------- */

static void
check_mode(struct doctor *d, const char *what, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		if (errno != ENOENT)
			say(d, "permissions", false, "%s: %s", path, strerror(errno));
		return;
	}
	if (st.st_uid != geteuid() && st.st_uid != 0)
		say(d, "permissions", false, "%s belongs to user %u: chown %u %s", path, st.st_uid,
		    geteuid(), path);
	else if (st.st_mode & (S_ISDIR(st.st_mode) ? 077 : 022))
		say(d, "permissions", false, "%s has mode %04o: chmod go-%s %s", path,
		    st.st_mode & 07777, S_ISDIR(st.st_mode) ? "rwx" : "w", path);
	else
		say(d, "permissions", true, "%s %s", what, path);
}

static void
check_secret(struct doctor *d, const char *name, const char *what, const char *reference)
{
	struct error err = { 0 };

	if (reference && secret_check(reference, &err) != 0)
		say(d, "secrets", false, "credential %s, %s: %s", name, what, err.text);
}

static void
check_secrets(struct doctor *d)
{
	unsigned before = d->bad;

	for (size_t n = 0; n < d->config->n_credentials; n++) {
		const struct credential *c = &d->config->credentials[n];

		check_secret(d, c->name, "key", c->key);
		check_secret(d, c->name, "passphrase", c->passphrase);
		check_secret(d, c->name, "password", c->password);
		check_secret(d, c->name, "enable", c->enable);
		check_secret(d, c->name, "community", c->community);
		check_secret(d, c->name, "auth_password", c->auth_password);
		check_secret(d, c->name, "priv_password", c->priv_password);
	}
	if (d->bad == before)
		say(d, "secrets", true, "%zu credentials, all references closed to others",
		    d->config->n_credentials);
}

/* What a poll would get, tried in a child: the door does not open again. */
static void
check_sandbox(struct doctor *d)
{
	static const char *const levels[] = { "none", "seccomp", "seccomp and Landlock" };
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		int level = sandbox_prepare(SANDBOX_ENFORCE, NULL);

		if (level == 0)
			level = sandbox_close(SANDBOX_ENFORCE, NULL);
		_exit(level < 0 ? 0 : level);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) > 2) {
		say(d, "sandbox", false, "a process cannot be closed off here: %s",
		    pid < 0 ? strerror(errno) : "it was killed");
		return;
	}
	say(d, "sandbox", WEXITSTATUS(status) > 0 && d->config->sandbox == SANDBOX_ENFORCE,
	    "polls get %s here; gatebook.yml says '%s'", levels[WEXITSTATUS(status)],
	    d->config->sandbox == SANDBOX_OFF    ? "off"
	    : d->config->sandbox == SANDBOX_WARN ? "warn"
						 : "enforce");
}

static void
check_disk(struct doctor *d)
{
	const char *path = d->config->store;
	struct statvfs fs;
	uint64_t free_mb;
	unsigned percent;

	if (statvfs(path, &fs) != 0)
		path = d->config->dir;
	if (statvfs(path, &fs) != 0 || fs.f_blocks == 0) {
		say(d, "disk", false, "%s: %s", path, strerror(errno));
		return;
	}
	free_mb = (uint64_t)fs.f_bavail * fs.f_frsize >> 20;
	percent = (unsigned)(100 * (uint64_t)fs.f_bavail / fs.f_blocks);
	say(d, "disk", free_mb >= FREE_MB && percent >= FREE_PERCENT, "%s: %llu MiB free, %u %%",
	    path, (unsigned long long)free_mb, percent);
}

static void
check_clock(struct doctor *d)
{
	struct timex t = { .modes = 0 };
	int state = adjtimex(&t);
	char now[CLOCK_TEXT];

	(void)clock_format(clock_now(), true, now);
	if (state < 0)
		say(d, "clock", false, "%s; whether it is right cannot be asked: %s", now,
		    strerror(errno));
	else
		say(d, "clock", state != TIME_ERROR && !(t.status & STA_UNSYNC), "%s, %s", now,
		    t.status & STA_UNSYNC
			? "not synchronised: times of sessions are as wrong as it is"
			: "synchronised");
}

/* --- what polls have shown -------------------------------------------------------------------- */

static void
check_shares(struct doctor *d, sqlite3 *db)
{
	static const char sql[] = "SELECT v.name, sum(p.rows), sum(p.outside_outside), "
				  "sum(p.inside_inside) FROM poll p JOIN "
				  "device v ON v.id = p.device WHERE p.started >= ? GROUP BY "
				  "p.device HAVING sum(p.rows) >= ? "
				  "AND (100 * sum(p.outside_outside) > ? * sum(p.rows) OR 100 * "
				  "sum(p.inside_inside) > ? * "
				  "sum(p.rows)) ORDER BY v.name LIMIT 20";
	sqlite3_stmt *s = NULL;
	unsigned before = d->bad;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK) {
		say(d, "prefixes", false, "the store does not answer: %s", sqlite3_errmsg(db));
		return;
	}
	sqlite3_bind_int64(s, 1, clock_now() - DAYS * CLOCK_DAY);
	sqlite3_bind_int(s, 2, ROWS);
	sqlite3_bind_int(s, 3, ASTRAY);
	sqlite3_bind_int(s, 4, ASTRAY);
	while (sqlite3_step(s) == SQLITE_ROW) {
		double rows = (double)sqlite3_column_int64(s, 1);
		double outside = 100.0 * (double)sqlite3_column_int64(s, 2) / rows;
		double inside = 100.0 * (double)sqlite3_column_int64(s, 3) / rows;

		say(d, "prefixes", false,
		    "%s: %.1f %% of its rows have both ends outside, %.1f %% both inside: %s "
		    "'internal:'",
		    sqlite3_column_text(s, 0), outside, inside,
		    outside > inside ? "a prefix of yours is missing in"
				     : "it stands inside, or a prefix is too wide in");
	}
	sqlite3_finalize(s);
	if (d->bad == before)
		say(d, "prefixes", true,
		    "no device of the last %d days has more than %d %% of rows with both ends on "
		    "one "
		    "side",
		    DAYS, ASTRAY);
}

struct site {
	const char *name;
	unsigned devices, silent;
};

struct sites {
	const struct config *config;
	struct site all[256];
	size_t n;
};

static void
note_last(const char *device, int64_t started, unsigned failures, void *arg)
{
	struct sites *sites = arg;
	const struct device *one = config_device(sites->config, device);
	size_t n = 0;

	(void)started;
	if (!one || one->disabled || !one->site[0])
		return;
	while (n < sites->n && strcmp(sites->all[n].name, one->site) != 0)
		n++;
	if (n == sizeof(sites->all) / sizeof(sites->all[0]))
		return;
	if (n == sites->n)
		sites->all[sites->n++] = (struct site){ .name = one->site };
	sites->all[n].devices++;
	sites->all[n].silent += failures > 0;
}

static void
check_sites(struct doctor *d, struct reader *r)
{
	struct sites *sites = mem_alloc(1, sizeof(*sites));
	unsigned before = d->bad;

	sites->config = d->config;
	(void)reader_last_polls(r, note_last, sites, NULL);
	for (size_t n = 0; n < sites->n; n++)
		if (sites->all[n].silent == sites->all[n].devices)
			say(d, "sites", false,
			    "site %s: the last polls of all its %u devices got nothing: is it "
			    "reachable?",
			    sites->all[n].name, sites->all[n].devices);
	if (d->bad == before)
		say(d, "sites", true,
		    "%zu sites, from each of them a device answered its last poll", sites->n);
	free(sites);
}

static int
say_hold(const struct held *h, void *arg)
{
	say(arg, "holds", false, "%s %s is held (%s): %s", h->on, h->name, h->reason, h->why);
	return 0;
}

static int
examine(struct call *call, const struct config *config)
{
	struct error err = { 0 };
	struct doctor d = { .w = call_writer(call, columns, &err), .config = config };
	char path[4096];
	struct reader *r;

	if (!d.w)
		return cli_fail(&err, EXIT_USAGE);
	say(&d, "configuration", true, "%zu devices, %zu credentials", config->n_devices,
	    config->n_credentials);
	(void)snprintf(path, sizeof(path), "%s/gatebook.yml", config->dir);
	check_mode(&d, "configuration", path);
	check_mode(&d, "store", config->store);
	check_secrets(&d);
	check_sandbox(&d);
	check_disk(&d);
	check_clock(&d);
	r = reader_open(config->store, 10000, &err);
	if (r) {
		check_shares(&d, reader_live(r));
		check_sites(&d, r);
		(void)reader_holds(r, say_hold, &d, NULL);
		reader_close(r);
	} else {
		say(&d, "store", access(config->store, F_OK) != 0, "%s", err.text);
	}
	if (writer_end(d.w, NULL) < 0)
		return EXIT_FAILED;
	return d.bad ? EXIT_FALSE : EXIT_OK;
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	int code = config ? examine(call, config) : EXIT_USAGE;

	config_free(config);
	return code;
}

const struct cli_command cli_doctor = {
	.name = "doctor",
	.synopsis = "",
	.summary = "Look for what is wrong with this installation",
	.text = "Permissions of the configuration, the store and the secrets, the sandbox that "
		"polls get "
		"on this kernel, free space, the clock; and what polls of the last seven days have "
		"shown: devices with many rows whose ends are both outside or both inside (then "
		"'internal:' is wrong, and questions miss sessions), sites from which no device "
		"answers, and what is held. Nothing is contacted and nothing is changed. Exit 3 "
		"when "
		"something wants a look.",
	.example = "gatebook doctor\ngatebook doctor -o json",
	.flags = CLI_OUTPUT,
	.run = run,
};
