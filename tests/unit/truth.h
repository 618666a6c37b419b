/* Generated truth: random rows are written as a platform prints them, then read by its driver; what
 * is read must equal what was written. Included by tests/unit/drivers_truth*.c. */
#ifndef GATEBOOK_TESTS_TRUTH_H
#define GATEBOOK_TESTS_TRUTH_H

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "drivers/reply.h"

enum { TRUTH_TABLES = 1000, TRUTH_ROWS = 40, TRUTH_WORD = 40 };

/* What the reader must say of one row. */
struct truth {
	struct endpoint near, far, near_nat, far_nat;
	uint16_t proto;
	enum starter starter;
	char state[TRUTH_WORD], app[TRUTH_WORD], place[TRUTH_WORD];
	char near_iface[TRUTH_WORD], far_iface[TRUTH_WORD];
	char user[TRUTH_WORD], mac[TRUTH_WORD];
	char vlan[TRUTH_WORD], tty[TRUTH_WORD], from[TRUTH_WORD]; /* neighbours, stations, logins */
	char kind[TRUTH_WORD], remote[TRUTH_WORD], client[TRUTH_WORD], opens[TRUTH_WORD];
	char event[TRUTH_WORD], nas[TRUTH_WORD], task[TRUTH_WORD], cmd[TRUTH_WORD]; /* accounting */
	char time[TRUTH_WORD], host[TRUTH_WORD];
	bool current;
	struct counters counters;
};

/* A reply being written: its bytes, and the rows that stand in it. */
struct sheet {
	char *bytes;
	size_t n, capacity;
	struct truth rows[TRUTH_ROWS];
	unsigned n_rows, n_read;
	const char *eol;
	bool particulars; /* the topic has them */
	bool counts;      /* the reply prints a total: this one */
	uint64_t total;
	uint64_t seed;
};

/* --- chance ----------------------------------------------------------------------------------- */

static uint64_t truth_state; /* xorshift64*; never 0 */

static inline uint64_t
any64(void)
{
	truth_state ^= truth_state >> 12;
	truth_state ^= truth_state << 25;
	truth_state ^= truth_state >> 27;
	return truth_state * 0x2545f4914f6cdd1dULL;
}

static inline uint32_t
below(uint32_t n)
{
	return (uint32_t)((any64() >> 32) % n);
}

static inline bool
chance(unsigned percent)
{
	return below(100) < percent;
}

#define ANY_OF(list) ((list)[below(sizeof(list) / sizeof((list)[0]))])

/* --- values ----------------------------------------------------------------------------------- */

/* Unicast, as they come: all bits random, few bits random, runs of zeros in IPv6. */
static inline struct addr
any_addr(bool v6)
{
	struct addr a = { 0 };

	if (!v6)
		return addr_from_ipv4(1u << 24 | (uint32_t)any64() % 0xdeffffffu);
	a.family = 6;
	a.bytes[0] = chance(30) ? 0xfd : 0x20;
	a.bytes[1] = (uint8_t)below(256);
	for (int i = 2; i < 16; i++)
		a.bytes[i] = chance(40) ? 0 : (uint8_t)below(256);
	a.bytes[15] |= 1;
	return a;
}

static inline struct endpoint
any_end(bool v6)
{
	uint16_t port = (uint16_t)(chance(30) ? 1 + below(1023) : 1 + below(65535));

	return (struct endpoint){ any_addr(v6), true, port };
}

/* Small, middling, and as large as 63 bits allow. */
static inline uint64_t
any_counter(void)
{
	return any64() >> (1 + below(63));
}

static inline void
any_mac(char out[static TRUTH_WORD], const char *separator, unsigned bytes_a_group)
{
	size_t n = 0;

	for (unsigned i = 0; i < 6; i++)
		n += (size_t)snprintf(out + n, TRUTH_WORD - n, "%s%02x",
		    i > 0 && i % bytes_a_group == 0 ? separator : "", below(256));
}

static inline void
any_iface(char out[static TRUTH_WORD])
{
	static const char *const names[] = { "GigabitEthernet", "Gi", "TenGigabitEthernet", "Vlan",
		"Tunnel", "Port-channel", "Dialer" };

	snprintf(out, TRUTH_WORD, "%s%u%s%u%s", ANY_OF(names), below(10), chance(50) ? "/" : ".",
	    below(48), chance(20) ? ".4094" : "");
}

/* --- writing ---------------------------------------------------------------------------------- */

static inline void __attribute__((format(printf, 2, 3)))
put(struct sheet *s, const char *format, ...)
{
	va_list args;
	int n;

	if (s->capacity - s->n < 2048)
		s->bytes = mem_grow(s->bytes, s->capacity = s->capacity * 2 + 8192, 1);
	va_start(args, format);
	n = vsnprintf(s->bytes + s->n, s->capacity - s->n, format, args);
	va_end(args);
	assert_true(n >= 0 && (size_t)n < s->capacity - s->n);
	s->n += (size_t)n;
}

static inline void
put_eol(struct sheet *s)
{
	put(s, "%s%s", chance(5) ? "  " : "", s->eol);
}

static inline void
put_gap(struct sheet *s)
{
	put(s, "%*s", 1 + (int)(chance(50) ? 0 : below(20)), "");
}

static inline const char *
addr_text(const struct addr *a)
{
	static char text[4][ADDR_TEXT];
	static unsigned next;

	return addr_format(a, text[next++ % 4]);
}

/* [2001:db8::1]:443 */
static inline const char *
bracketed(const struct endpoint *e)
{
	static char text[4][ENDPOINT_TEXT];
	static unsigned next;
	char *out = text[next++ % 4];

	snprintf(out, ENDPOINT_TEXT, e->addr.family == 6 ? "[%s]:%u" : "%s:%u", addr_text(&e->addr),
	    e->port);
	return out;
}

static inline struct truth *
new_row(struct sheet *s)
{
	struct truth *t = &s->rows[s->n_rows++];

	*t = (struct truth){ 0 };
	return t;
}

static inline uint16_t
any_passing_proto(void)
{
	static const uint16_t protos[] = { PROTO_TCP, PROTO_TCP, PROTO_UDP, PROTO_ICMP, 47, 132 };

	return ANY_OF(protos);
}

/* A session that passes, near first; each end may be translated. */
static inline struct truth *
new_passing(struct sheet *s, uint16_t proto, bool v6)
{
	struct truth *t = new_row(s);

	t->proto = proto;
	t->near = any_end(v6);
	t->far = any_end(v6);
	t->starter = STARTER_NEAR;
	if (chance(40))
		t->near_nat = any_end(v6);
	if (chance(20))
		t->far_nat = any_end(v6);
	return t;
}

/* A socket of a host; some have no far end. */
static inline struct truth *
new_any_socket(struct sheet *s, bool v6)
{
	struct truth *t = new_row(s);

	t->proto = chance(60) ? PROTO_TCP : PROTO_UDP;
	t->near = any_end(v6);
	if (chance(70))
		t->far = any_end(v6);
	return t;
}

/* An end as the other side sees it: itself unless it is translated. */
static inline const struct endpoint *
seen(const struct endpoint *end, const struct endpoint *nat)
{
	return nat->addr.family != 0 ? nat : end;
}

/* A row about no session: a neighbour, a login, a record. */
static inline struct truth *
new_note(struct sheet *s)
{
	struct truth *t = new_row(s);

	t->proto = PROTO_NONE;
	return t;
}

static inline const char *
any_user(char out[static TRUTH_WORD])
{
	static const char *const names[] = { "rosa", "marta.k", "R-Ops", "svc_backup", "jonas" };

	snprintf(out, TRUTH_WORD, "%s%u", ANY_OF(names), below(100));
	return out;
}

/* The host a login came from. */
static inline const char *
any_from(char out[static TRUTH_WORD])
{
	struct addr a = any_addr(chance(20));

	snprintf(out, TRUTH_WORD, "%.39s", addr_text(&a));
	return out;
}

/* 0:00:00 up to 99:59:59 */
static inline uint32_t
put_clock(struct sheet *s, uint32_t seconds)
{
	put(s, "%02u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
	return seconds;
}

/* --- comparing -------------------------------------------------------------------------------- */

/* Shows the row, and a few lines behind it. */
static inline void
differs(const struct sheet *s, const struct observation *o, const char *what)
{
	const char *at = s->bytes, *end = s->bytes + s->n;

	for (uint32_t line = 1; line < o->line && at < end; line++)
		at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
	fail_msg("%s of row %u, line %u differs; GATEBOOK_SEED=%llu\n%.*s", what, s->n_read,
	    o->line, (unsigned long long)s->seed, (int)(end - at < 600 ? end - at : 600), at);
}

static inline bool
same_counters(const struct counters *a, const struct counters *b)
{
	const uint64_t x[] = { a->bytes_near, a->bytes_far, a->bytes_total, a->packets_near,
		a->packets_far, a->age, a->idle, a->left };
	const uint64_t y[] = { b->bytes_near, b->bytes_far, b->bytes_total, b->packets_near,
		b->packets_far, b->age, b->idle, b->left };

	for (unsigned i = 0; i < 8; i++)
		if (a->has & 1u << i && x[i] != y[i])
			return false;
	return a->has == b->has;
}

static inline void
same_particulars(const struct sheet *s, const struct particulars *more, const struct truth *t,
    const struct observation *o)
{
	const struct {
		const char *what, *written;
		struct text read;
	} all[] = { { "vlan", t->vlan, more->vlan }, { "tty", t->tty, more->tty },
		{ "from", t->from, more->from }, { "kind", t->kind, more->kind },
		{ "client", t->client, more->client }, { "remote", t->remote, more->remote },
		{ "opens", t->opens, more->opens }, { "host", t->host, more->host },
		{ "event", t->event, more->event }, { "nas", t->nas, more->nas },
		{ "task", t->task, more->task }, { "cmd", t->cmd, more->cmd },
		{ "time", t->time, more->time } };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!text_is(all[i].read, all[i].written))
			differs(s, o, all[i].what);
	if (more->current != t->current)
		differs(s, o, "whose login it is");
}

static inline void
same_end(const struct sheet *s, const struct observation *o, const struct endpoint *read,
    const struct endpoint *written, const char *what)
{
	char text[2][ENDPOINT_TEXT], all[160];

	if (endpoint_equal(read, written))
		return;
	(void)snprintf(all, sizeof(all), "%s, %s for %s,", what, endpoint_format(read, text[0]),
	    endpoint_format(written, text[1]));
	differs(s, o, all);
}

static inline void
same_row(const struct observation *o, void *arg)
{
	struct sheet *s = arg;
	const struct truth *t = &s->rows[s->n_read];

	if (s->n_read >= s->n_rows)
		differs(s, o, "the number of rows: one too many, end");
	same_end(s, o, &o->near, &t->near, "near");
	same_end(s, o, &o->far, &t->far, "far");
	same_end(s, o, &o->near_nat, &t->near_nat, "near_nat");
	same_end(s, o, &o->far_nat, &t->far_nat, "far_nat");
	if (o->proto != t->proto)
		differs(s, o, "proto");
	if (o->starter != t->starter)
		differs(s, o, "starter");
	if (!text_is(o->state, t->state))
		differs(s, o, "state");
	if (!text_is(o->app, t->app))
		differs(s, o, "app");
	if (!text_is(o->place, t->place))
		differs(s, o, "place");
	if (!text_is(o->near_iface, t->near_iface) || !text_is(o->far_iface, t->far_iface))
		differs(s, o, "an interface");
	if (!text_is(o->user, t->user))
		differs(s, o, "user");
	if (!text_is(o->mac, t->mac))
		differs(s, o, "mac");
	if (s->particulars)
		same_particulars(s, &o->more, t, o);
	if (!same_counters(&t->counters, &o->counters))
		differs(s, o, "a counter");
	s->n_read++;
}

/* --- the loop --------------------------------------------------------------------------------- */

/* A transport hands over what it got: any number of bytes. */
static inline void
feed_pieces(struct reply *reply, const char *bytes, size_t n)
{
	size_t most = chance(30) ? 3 : 4096, piece;

	for (size_t at = 0; at < n; at += piece) {
		piece = 1 + below((uint32_t)most);
		if (piece > n - at)
			piece = n - at;
		assert_int_equal(reply_feed(reply, bytes + at, piece), 0);
	}
}

static inline void
one_table(const struct program *program, struct sheet *s)
{
	static struct reply *reply; /* static: a failure jumps out, and is no leak */
	const struct account *a;
	enum outcome outcome;

	reply = reply_new(program, same_row, s);
	feed_pieces(reply, s->bytes, s->n);
	outcome = reply_end(reply, true);
	a = reply_account(reply);
	if (outcome != OUTCOME_COMPLETE)
		fail_msg("%s: %s; GATEBOOK_SEED=%llu\n%.*s", outcome_name(outcome),
		    reply_why(reply), (unsigned long long)s->seed, (int)s->n, s->bytes);
	if (s->n_read != s->n_rows)
		fail_msg("%u rows written, %u read; GATEBOOK_SEED=%llu\n%.*s", s->n_rows, s->n_read,
		    (unsigned long long)s->seed, (int)s->n, s->bytes);
	assert_int_equal(a->row + a->noise + a->unread, a->lines);
	assert_int_equal(a->unread, 0);
	assert_int_equal(a->rows, s->n_rows);
	if (s->counts && (!a->has_printed || a->printed != s->total))
		fail_msg("%llu written, %llu read; GATEBOOK_SEED=%llu\n%.*s",
		    (unsigned long long)s->total, (unsigned long long)a->printed,
		    (unsigned long long)s->seed, (int)s->n, s->bytes);
	reply_free(reply);
	reply = NULL;
}

/* Writes and reads TRUTH_TABLES replies of one command. GATEBOOK_SEED replays one table. */
static inline void
truth_run_command(
    const struct driver *driver, const struct command *command, void (*write)(struct sheet *s))
{
	const char *given = getenv("GATEBOOK_SEED");
	uint64_t first = (uint64_t)clock_now_us(), tables = TRUTH_TABLES;
	struct error why = { 0 };
	static struct program *program;
	static struct sheet sheet;
	struct sheet *s = &sheet;

	if (given != NULL && text_number(text_of(given), UINT64_MAX, &first))
		tables = 1;
	print_message(
	    "%s, %s: seeds %llu..\n", driver->name, command->send, (unsigned long long)first);
	program = program_compile(driver, command, &why);
	if (program == NULL)
		fail_msg("%s", why.text);
	s->particulars = topic_has_particulars(command->topic);
	for (uint64_t i = 0; i < tables; i++) {
		s->seed = first + i;
		truth_state = s->seed * 0x9e3779b97f4a7c15ULL | 1;
		s->n = s->n_rows = s->n_read = 0;
		s->counts = false;
		s->eol = chance(30) ? "\r\n" : "\n";
		write(s);
		one_table(program, s);
	}
	program_free(program);
	program = NULL;
	free(s->bytes);
	*s = (struct sheet){ 0 };
}

static inline void
truth_run(const char *platform, const char *line, void (*write)(struct sheet *s))
{
	const struct driver *driver = driver_find(platform);
	const struct command *command = driver_command(driver, text_of(line));

	assert_non_null(command);
	truth_run_command(driver, command, write);
}

/* The layout of this form, of a command that has several. */
static inline void
truth_run_form(
    const char *platform, const char *line, enum form form, void (*write)(struct sheet *s))
{
	const struct driver *driver = driver_find(platform);
	const struct command *command = driver->commands;

	while (command->send && (command->form != form || strcmp(command->send, line) != 0))
		command++;
	assert_non_null(command->send);
	truth_run_command(driver, command, write);
}

#endif
