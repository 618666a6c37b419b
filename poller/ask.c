/* The talking part of a poll: the plan's commands in order, each reply through the reader into
 * rows. */
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "drivers/reply.h"
#include "poller/pages.h"
#include "poller/visit.h"

/* What a session command's reply runs through on its way in. */
struct intake {
	const char *line; /* that was sent */
	struct reply *reply;
	EVP_MD_CTX *sha;
	uint64_t bytes;
	size_t rows, mappings; /* how many there were before it */
};

static void
take_row(const struct observation *o, void *arg)
{
	normalise_row(arg, o);
}

static void
take_bytes(void *arg, const char *bytes, size_t n)
{
	struct intake *in = arg;

	in->bytes += n;
	(void)EVP_DigestUpdate(in->sha, bytes, n);
	(void)reply_feed(in->reply, bytes, n);
}

static void
take_aside(void *arg, struct text line)
{
	struct intake *in = arg;

	reply_aside(in->reply, line);
}

static void
add_account(struct account *sum, const struct account *a)
{
	account_add_lines(sum, a);
	sum->printed += a->printed;
	sum->has_printed |= a->has_printed;
	sum->mismatch |= a->mismatch;
	sum->refused |= a->refused;
}

/* The first unread lines go with the poll: they are what a driver's author needs. */
static void
keep_evidence(struct poll *p, const char *sent, const struct reply *reply)
{
	const struct text *lines;
	const uint32_t *numbers;
	size_t n = reply_unread(reply, &lines, &numbers);
	size_t used = strlen(p->report.evidence);

	for (size_t i = 0; i < n && used + 80 < POLL_EVIDENCE; i++) {
		char line[400];

		text_escape(lines[i], line, sizeof(line));
		used += (size_t)snprintf(p->report.evidence + used, POLL_EVIDENCE - used,
		    "%s:%u: %s\n", sent, numbers[i], line);
		if (used >= POLL_EVIDENCE)
			used = POLL_EVIDENCE - 1;
	}
}

static void
log_reply(struct poll *p, uint64_t seq, struct intake *in, const char *said)
{
	const struct account *a = reply_account(in->reply);
	unsigned char digest[EVP_MAX_MD_SIZE];
	char detail[400], hex[65];
	unsigned size = 0;

	(void)EVP_DigestFinal_ex(in->sha, digest, &size);
	for (unsigned i = 0; i < size && i < 32; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	(void)snprintf(detail, sizeof(detail),
	    "lines=%llu rows=%llu noise=%llu unread=%llu bytes=%llu sha256=%s",
	    (unsigned long long)a->lines, (unsigned long long)a->rows, (unsigned long long)a->noise,
	    (unsigned long long)a->unread, (unsigned long long)in->bytes, hex);
	poll_result(p, seq, in->line, said, detail);
}

static void
take_back(struct poll *p, const struct intake *in)
{
	p->rows.n = in->rows;
	p->mappings.n = in->mappings;
}

/* Takes the reader's verdict on one reply into the poll. Rows of a reply that failed are taken
 * back. */
static enum outcome
judge(struct poll *p, struct intake *in, int rc, int status)
{
	enum outcome o = reply_end(in->reply, rc == 0 && status == 0);

	add_account(&p->report.account, reply_account(in->reply));
	keep_evidence(p, in->line, in->reply);
	if (rc != 0) {
		p->lost = true;
		take_back(p, in);
		(void)poll_fail(p, p->link.reason, "%s: %s", in->line, p->link.why);
		return OUTCOME_FAILED;
	}
	if (o == OUTCOME_FAILED)
		take_back(p, in);
	return o;
}

/* No row, no header, lines that the driver does not know: this is another kind of device. */
static bool
is_foreign(const struct reply *reply)
{
	return reply_reason(reply) == REASON_UNREAD && reply_account(reply)->row == 0;
}

static bool
fail_foreign(struct poll *p, const struct command *c, const struct reply *reply)
{
	const struct device *d = p->device;
	const struct text *lines;
	const uint32_t *numbers;
	char first[80] = "";

	if (reply_unread(reply, &lines, &numbers) > 0)
		text_escape(lines[0], first, sizeof(first));
	return poll_fail(p, REASON_PLATFORM,
	    "%s: nothing in the reply reads like %s; it begins \"%s\". Correct its platform in "
	    "%s:%u, or "
	    "see: gatebook driver test %s FILE",
	    c->send, d->driver->title, first, d->file, d->line, d->driver->name);
}

/* Asks one line. Returns the outcome of its reply; *refused says that another form of it may be
 * tried. */
static enum outcome
ask_line(struct poll *p, const struct command *c, const char *line, reply_row *row, void *arg,
    uint64_t seq, bool *refused)
{
	struct error err = { 0 };
	struct program *program = program_compile(p->device->driver, c, &err);
	struct intake in = {
		.line = line, .sha = EVP_MD_CTX_new(), .rows = p->rows.n, .mappings = p->mappings.n
	};
	struct sink sink = { take_bytes, take_aside, &in };
	enum outcome o = OUTCOME_FAILED;
	int rc, status = 0;

	if (!program || !in.sha)
		_exit(EXIT_FAILED);
	(void)EVP_DigestInit_ex(in.sha, EVP_sha256(), NULL);
	in.reply = reply_new(program, row, arg);
	if (p->report.asked == 0)
		p->report.asked = clock_now();
	rc = p->transport->ask(&p->link, line, &sink, &status);
	p->report.bytes += in.bytes;
	o = judge(p, &in, rc, status);
	*refused = rc == 0 && o == OUTCOME_FAILED && reply_account(in.reply)->refused;
	if (rc == 0 && o == OUTCOME_FAILED && !*refused && is_foreign(in.reply))
		(void)fail_foreign(p, c, in.reply);
	else if (rc == 0 && o != OUTCOME_COMPLETE && !*refused && status == 0)
		(void)poll_fail(p, reply_reason(in.reply), "%s: %s", line, reply_why(in.reply));
	else if (rc == 0 && o != OUTCOME_COMPLETE && !*refused)
		(void)poll_fail(p, REASON_CUT, "%s: exit status %d", line, status);
	log_reply(p, seq, &in,
	    *refused ? reply_refusal(in.reply)
	    : rc     ? p->link.why
		     : outcome_name(o));
	if (*refused && p->report.evidence[0] == 0)
		(void)snprintf(
		    p->report.evidence, POLL_EVIDENCE, "%s: %s\n", line, reply_refusal(in.reply));
	if (o != OUTCOME_FAILED) {
		p->report.answered = clock_now() + 1;
		p->commands_read++;
	}
	reply_free(in.reply);
	program_free(program);
	EVP_MD_CTX_free(in.sha);
	return o;
}

struct turning {
	struct poll *p;
	struct pages pages;
};

static void
take_page_row(const struct observation *o, void *arg)
{
	struct turning *t = arg;

	pages_take(&t->pages, o);
	normalise_row(&t->p->normalise, o);
}

/* One page more, with an intent of its own: how many there are is not known before. */
static enum outcome
ask_page(struct turning *t, const struct command *c)
{
	struct poll *p = t->p;
	char line[LIMIT_LINE];
	const char *lines[] = { line };
	enum outcome o;
	uint64_t seq;
	bool refused;

	if (!command_page(c, t->pages.from, line, sizeof(line))) {
		(void)poll_fail(p, REASON_LIMIT,
		    "%s: the table goes on behind row %llu, the last that `%s` may ask for",
		    c->send, (unsigned long long)t->pages.from, c->pages);
		return OUTCOME_PARTIAL;
	}
	if (!poll_intend(p, lines, 1, &seq))
		return OUTCOME_PARTIAL;
	o = ask_line(p, c, line, take_page_row, t, seq, &refused);
	if (refused)
		(void)poll_fail(p, REASON_REFUSED,
		    "%s refused `%s`: what lies behind row %llu is not known", p->device->name,
		    line, (unsigned long long)t->pages.from);
	return o;
}

/* The pages of a table are one reply: complete when each of them is, each follows the one before
 * it, and the last was read. */
static void
ask_pages(struct poll *p, const struct command *c, uint64_t seq, bool *refused)
{
	struct turning t = { .p = p };
	enum outcome o = ask_line(p, c, c->send, take_page_row, &t, seq, refused);
	enum page_next next = PAGE_LAST;

	while (o == OUTCOME_COMPLETE && !p->rows.full &&
	       (next = pages_turn(&t.pages, c->page_rows)) == PAGE_MORE)
		o = ask_page(&t, c);
	if (next == PAGE_ASTRAY)
		(void)poll_fail(p, REASON_TOTAL,
		    "%s: page %u does not follow the one before it: the table changed while it was "
		    "read, and rows may be missing",
		    c->send, t.pages.page);
	pages_free(&t.pages);
}

/* Asks one command. *refused says that another form of it may be tried. */
static void
ask_command(struct poll *p, const struct command *c, int index, uint64_t seq, bool *refused)
{
	p->normalise.command = (uint32_t)index;
	if (c->pages)
		ask_pages(p, c, seq, refused);
	else
		(void)ask_line(p, c, c->send, take_row, &p->normalise, seq, refused);
}

/* --- who is where ----------------------------------------------------------------------------- */

/* Rows of neighbours and stations. Whatever becomes of them, the sessions of the poll stand. */
struct watch {
	struct poll *p;
	enum topic topic;
	uint8_t kinds; /* that its rows were of */
};

static void
take_presence(const struct observation *o, void *arg)
{
	struct watch *w = arg;
	enum presence_kind kind = presence_kind(w->topic, o);

	if (kind != PRESENT_KINDS)
		w->kinds |= (uint8_t)(1 << kind);
	presences_take(&w->p->presences, w->topic, o);
}

/* Returns whether it was refused, and another form of it may be tried. */
static bool
ask_identity(struct poll *p, const struct command *c, uint64_t seq)
{
	struct watch watch = { p, c->topic, 0 };
	struct program *program = program_compile(p->device->driver, c, NULL);
	struct intake in = { .line = c->send, .sha = EVP_MD_CTX_new() };
	struct sink sink = { take_bytes, take_aside, &in };
	size_t before = p->presences.n;
	int rc, status = 0;
	enum outcome o;
	bool refused;

	if (!program || !in.sha)
		_exit(EXIT_FAILED);
	(void)EVP_DigestInit_ex(in.sha, EVP_sha256(), NULL);
	in.reply = reply_new(program, take_presence, &watch);
	rc = p->transport->ask(&p->link, c->send, &sink, &status);
	p->lost = rc != 0;
	o = reply_end(in.reply, rc == 0 && status == 0);
	refused = rc == 0 && reply_account(in.reply)->refused;
	if (o == OUTCOME_FAILED)
		p->presences.n = before;
	if (!refused) /* a table that is not there has nobody */
		presences_read(&p->presences, c->topic, watch.kinds, o == OUTCOME_COMPLETE);
	log_reply(p, seq, &in,
	    rc        ? p->link.why
	    : refused ? reply_refusal(in.reply)
		      : outcome_name(o));
	if (p->identity_only && o != OUTCOME_FAILED) {
		p->report.answered = clock_now() + 1;
		p->commands_read++;
	}
	if (p->identity_only && o != OUTCOME_COMPLETE && !refused)
		(void)poll_fail(p, rc ? p->link.reason : reply_reason(in.reply), "%s: %s", c->send,
		    rc ? p->link.why : reply_why(in.reply));
	reply_free(in.reply);
	program_free(program);
	EVP_MD_CTX_free(in.sha);
	return refused;
}

/* Asks the device how many sessions it has. A device that cannot say is asked for its table all the
 * same: the limit bounds what is known. Returns whether the table may be asked for. */
static bool
ask_guard(struct poll *p, const struct command *c, int index, uint64_t seq)
{
	const struct poll_report before = p->report;
	uint64_t counted;
	bool refused;

	ask_command(p, c, index, seq, &refused);
	counted = p->report.account.printed;
	/* A number is no reading: whatever else stood beside it says nothing of the table. */
	p->commands_read = 0;
	if (!p->lost) {
		uint64_t bytes = p->report.bytes;

		p->report = before;
		p->report.bytes = bytes;
	}
	if (counted <= p->device->most_sessions)
		return true;
	return poll_fail(p, REASON_LIMIT,
	    "%s: %llu sessions, more than the %u of `sessions:` under `limits:` (or "
	    "`max_sessions:` of the "
	    "device): its table was not asked for",
	    c->send, (unsigned long long)counted, p->device->most_sessions);
}

static void
send_setup(struct poll *p, int n)
{
	const char *const *setup = p->device->driver->dialect.setup;

	for (int i = 0; i < n; i++) {
		const char *said = "not sent";
		int status = 0;

		if (!p->lost) {
			p->lost = p->transport->ask(&p->link, setup[i], NULL, &status) != 0;
			said = p->lost ? p->link.why : "ok";
			if (p->lost)
				(void)poll_fail(p, p->link.reason, "%s: %s", setup[i], p->link.why);
		}
		poll_result(p, p->first_seq + (uint64_t)i, setup[i], said, "");
	}
}

/* Asks the plan in order. A command's variants are asked only while it is refused. */
static void
ask_plan(struct poll *p, const struct command *const *plan, int n, uint64_t seq)
{
	bool refused = false, skip = false, barred = false;

	for (int i = 0; i < n; i++) {
		bool variant = i > 0 && poll_is_variant(p->device, plan[i]);

		if (plan[i]->topic == TOPIC_COUNT) {
			barred = !ask_guard(p, plan[i], i, seq + (uint64_t)i);
			continue;
		}
		if (command_tells_identity(plan[i])) {
			if (!variant)
				skip = p->lost;
			if (p->report.asked == 0)
				p->report.asked = clock_now();
			if (skip)
				poll_result(p, seq + (uint64_t)i, plan[i]->send, "not sent", "");
			else
				skip = !ask_identity(p, plan[i], seq + (uint64_t)i) || p->lost;
			continue;
		}
		if (!variant)
			skip = p->lost || (barred && plan[i]->topic != TOPIC_SOCKETS);
		if (skip) {
			poll_result(p, seq + (uint64_t)i, plan[i]->send, "not sent", "");
			continue;
		}
		ask_command(p, plan[i], i, seq + (uint64_t)i, &refused);
		skip = p->lost || !refused;
		if (refused && (i + 1 == n || !poll_is_variant(p->device, plan[i + 1]))) {
			(void)poll_fail(p, REASON_REFUSED,
			    "%s refused `%s`; if this device has no such table, list its commands "
			    "under "
			    "`commands:` (see: gatebook driver show %s)",
			    p->device->name, plan[i]->send, p->device->driver->name);
		}
	}
}

bool
poll_lists_sessions(const struct command *const *plan, int n)
{
	for (int i = 0; i < n; i++)
		if (command_can_poll(plan[i]))
			return true;
	return false;
}

/* Every line this poll may send is intended, durably, before the first of them is sent. */
void
poll_talk(struct poll *p)
{
	const struct dialect *dialect = &p->device->driver->dialect;
	const struct command *plan[LIMIT_COMMANDS];
	const char *lines[LIMIT_COMMANDS + 34] = { NULL };
	int n_plan = poll_plan(p->device, plan), n = 0, n_setup;

	if (dialect->shell)
		for (int i = 0; dialect->setup && dialect->setup[i] && n < 32; i++)
			lines[n++] = dialect->setup[i];
	n_setup = n;
	for (int i = 0; i < n_plan; i++)
		lines[n++] = plan[i]->send;
	if (dialect->shell && dialect->leave)
		lines[n++] = dialect->leave;
	p->identity_only = n_plan > 0 && !poll_lists_sessions(plan, n_plan);
	if (!poll_intend(p, lines, n, &p->first_seq))
		return;
	send_setup(p, n_setup);
	ask_plan(p, plan, n_plan, p->first_seq + (uint64_t)n_setup);
	p->transport->close(&p->link);
	if (n > n_setup + n_plan)
		poll_result(p, p->first_seq + (uint64_t)n - 1, dialect->leave,
		    p->lost ? "not sent" : "ok", "");
	poll_result(p, p->login_seq, "logout", p->lost ? "connection lost" : "ok", "");
}
