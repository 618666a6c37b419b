/* Generated truth for Cisco IOS: what is written is read, for every command. */
#include "tests/unit/truth.h"

static const char *const states[] = { "LISTEN", "SYNSENT", "SYNRCVD", "ESTAB", "FINWAIT1",
	"FINWAIT2", "CLOSEWAIT", "CLOSING", "LASTACK", "TIMEWAIT", "CLOSED" };

/* "gw-1#show ..." as the terminal echoes it. */
static void
put_echo(struct sheet *s, const char *line)
{
	if (chance(30))
		put(s, "%s%sgw-%u.pop2%c%s%s%s", chance(50) ? s->eol : "", chance(20) ? " " : "",
		    below(100), chance(50) ? '#' : '>', chance(50) ? " " : "", line, s->eol);
}

static void
put_prompt(struct sheet *s)
{
	if (chance(30))
		put(s, "%sgw-1#%s", s->eol, chance(50) ? s->eol : "");
}

/* --- show tcp brief --------------------------------------------------------------------------- */

/* An end as it stands there, joined by a dot; IOS prints IPv6 in capitals. */
static void
put_dotted(struct sheet *s, const struct endpoint *e)
{
	char text[ADDR_TEXT + 8];

	if (e->addr.family == 0)
		snprintf(text, sizeof text, "*");
	else
		addr_format(&e->addr, text);
	for (char *p = text; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'f')
			*p = (char)(*p - 'a' + 'A');
	if (e->has_port)
		put(s, "%s.%u", text, e->port);
	else
		put(s, "%s.*", text);
	put(s, "%*s", (int)below(12) + 1, "");
}

static void
write_tcp_brief(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);
	bool v6 = chance(30), xe = chance(50);

	put_echo(s, "show tcp brief all numeric");
	put(s, "TCB       Local Address               Foreign Address             (state)%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);

		t->proto = PROTO_TCP;
		t->near = any_end(v6);
		t->far = any_end(v6);
		snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(states));
		if (strcmp(t->state, "LISTEN") == 0) {
			t->far = (struct endpoint){ 0 };
			if (chance(50))
				t->near.addr = (struct addr){ 0 };
			else if (chance(50))
				t->far.addr = any_addr(v6); /* the configured BGP peer */
		}
		if (xe)
			put(s, "%012llX  ", (unsigned long long)(any64() >> 17));
		else
			put(s, "%08X  ", (unsigned)any64());
		put_dotted(s, &t->near);
		put_dotted(s, &t->far);
		put(s, "%s", t->state);
		put_eol(s);
	}
	put_prompt(s);
}

/* --- show ip sockets -------------------------------------------------------------------------- */

static void
write_ip_sockets(struct sheet *s)
{
	static const uint16_t protos[] = { 17, 17, 1, 88, 89, 103, 112 };
	unsigned n = below(TRUTH_ROWS);

	put_echo(s, "show ip sockets");
	put(s, "Proto    Remote      Port      Local       Port  In Out Stat TTY OutputIF%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);

		t->proto = ANY_OF(protos);
		t->near = any_end(false);
		if (chance(60))
			t->far = any_end(false);
		if (chance(20))
			t->near.addr.family = 0;
		put(s, "%3u %-15s %5u ", t->proto,
		    t->far.addr.family != 0 ? addr_text(&t->far.addr) : "--listen--", t->far.port);
		if (t->near.addr.family == 0)
			t->near.addr = (struct addr){ 0 };
		put(s, "%-15s %5u   %u   %u %4x   %u",
		    t->near.addr.family != 0 ? addr_text(&t->near.addr) : "--any--", t->near.port,
		    below(2), below(2), below(0x2000), below(3));
		if (chance(30)) {
			any_iface(t->far_iface);
			put(s, " %s", t->far_iface);
		}
		put_eol(s);
	}
	put_prompt(s);
}

/* --- show ip nat translations ----------------------------------------------------------------- */

static void
put_nat_end(struct sheet *s, const struct endpoint *e)
{
	if (e->addr.family == 0)
		put(s, "%s", chance(90) ? "---" : "--");
	else if (e->has_port)
		put(s, "%s:%u", addr_text(&e->addr), e->port);
	else
		put(s, "%s", addr_text(&e->addr));
}

/* One translation: full, extended static (no outside) or simple (addresses only). */
static struct truth *
put_nat_row(struct sheet *s)
{
	static const uint16_t protos[] = { PROTO_TCP, PROTO_UDP, PROTO_ICMP, 47 };
	struct truth *t = new_row(s);
	struct endpoint outside_local;
	unsigned kind = below(10);

	t->proto = kind == 0 ? PROTO_NONE : ANY_OF(protos);
	t->near = any_end(false);
	t->near_nat = any_end(false);
	if (kind == 0)
		t->near.port = t->near_nat.port = 0;
	t->near.has_port = t->near_nat.has_port = kind != 0;
	if (kind > 1)
		t->far = any_end(false);
	outside_local = t->far;
	if (kind > 1 && chance(10))
		outside_local = t->far_nat = any_end(false);
	put(s, "%s", chance(5) ? "   " : "");
	put(s, "%s", kind == 0 ? "---" : proto_name(t->proto));
	put_gap(s);
	put_nat_end(s, &t->near_nat);
	put_gap(s);
	put_nat_end(s, &t->near);
	put_gap(s);
	put_nat_end(s, &outside_local);
	put_gap(s);
	put_nat_end(s, &t->far);
	put_eol(s);
	return t;
}

static void
put_nat_header(struct sheet *s)
{
	put(s,
	    "Pro  Inside global         Inside local          Outside local         Outside "
	    "global%s",
	    s->eol);
}

static void
put_nat_total(struct sheet *s)
{
	if (chance(70) || s->n_rows == 0)
		put(s, "%sTotal number of translations: %u%s", chance(20) ? "   " : "", s->n_rows,
		    s->eol);
}

static void
write_nat(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put_echo(s, "show ip nat translations");
	put_nat_header(s);
	for (unsigned i = 0; i < n; i++) {
		put_nat_row(s);
		if (chance(3)) /* a block for each VRF */
			put(s, "%s", s->eol), put_nat_header(s);
	}
	put_nat_total(s);
	put_prompt(s);
}

static void
put_timeout(struct sheet *s, struct truth *t)
{
	uint32_t left = chance(20) ? 0 : 1 + below(86399);

	put(s, "timeout: %02u:%02u:%02u%s", left / 3600, left / 60 % 60, left % 60, s->eol);
	if (left != 0) { /* 0 stands for "does not time out" */
		t->counters.has |= HAS_LEFT;
		t->counters.left = left;
	}
}

static void
put_details_classic(struct sheet *s, struct truth *t)
{
	const char *in = chance(50) ? "    " : "";

	any_iface(t->near_iface);
	put(s, "%screate 11/21/26 08:55:10, use 11/21/26 08:59:41, ", in);
	put_timeout(s, t);
	put(s, "%sMap-Id(In):%u, Mac-Address: 0000.5e00.5301 Input-IDB: %s%s", in, below(9),
	    t->near_iface, s->eol);
	put(s, "%sentry-id: 0x%x, use_count:%u%s", in, below(0xffffffffu), below(9), s->eol);
}

static void
put_details_xe(struct sheet *s, struct truth *t)
{
	any_iface(t->near_iface);
	put(s, "create: 11/21/26 08:55:10, use: 11/21/26 08:59:41, ");
	put_timeout(s, t);
	put(s, "Map-Id(In): %u%s", below(9), s->eol);
	put(s, "Mac-Address: 0000.0000.0000    Input-IDB: %s%s", t->near_iface, s->eol);
	put(s, "entry-id: 0x%x, use_count:%u%s%s", below(0xffffffffu), below(9), s->eol, s->eol);
}

static void
put_details_counters(struct sheet *s, struct truth *t)
{
	struct counters *c = &t->counters;

	if (chance(80))
		any_iface(t->near_iface);
	if (chance(60))
		any_iface(t->far_iface);
	c->has = HAS_BYTES_NEAR | HAS_BYTES_FAR | HAS_PACKETS_NEAR | HAS_PACKETS_FAR;
	c->packets_far = any_counter();
	c->bytes_far = any_counter();
	c->packets_near = any_counter();
	c->bytes_near = any_counter();
	put(s, "  create: 12/18/25 07:41:02, use: 12/18/25 07:41:02, ");
	put_timeout(s, t);
	put(s, "  RuleID : %u%s  Flags: unknown%s  ALG Application Type: NA%s", below(99), s->eol,
	    s->eol, s->eol);
	put(s, "  WLAN-Flags: unknown%s", s->eol);
	put(s, "  Mac-Address: 0000.0000.0000    Input-IDB:%s%s%s", t->near_iface[0] ? " " : "",
	    t->near_iface, s->eol);
	put(s, "  entry-id: 0x%x, use_count:%u%s", below(0xffffffffu), below(9), s->eol);
	put(s, "  In_pkts: %llu In_bytes: %llu, Out_pkts: %llu Out_bytes: %llu%s",
	    (unsigned long long)c->packets_far, (unsigned long long)c->bytes_far,
	    (unsigned long long)c->packets_near, (unsigned long long)c->bytes_near, s->eol);
	put(s, "  Output-IDB:%s%s%s%s", t->far_iface[0] ? " " : "", t->far_iface, s->eol, s->eol);
}

static void
write_nat_verbose(struct sheet *s)
{
	void (*const forms[])(struct sheet *, struct truth *) = { put_details_classic,
		put_details_xe, put_details_counters };
	unsigned n = below(TRUTH_ROWS), form = below(3);

	put_echo(s, "show ip nat translations verbose");
	put_nat_header(s);
	for (unsigned i = 0; i < n; i++)
		forms[form](s, put_nat_row(s));
	put_nat_total(s);
	put_prompt(s);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void
tcp_brief_is_read_as_written(void **state)
{
	(void)state;
	truth_run("cisco_ios", "show tcp brief numeric", write_tcp_brief);
	truth_run("cisco_ios", "show tcp brief", write_tcp_brief);
}

static void
ip_sockets_is_read_as_written(void **state)
{
	(void)state;
	truth_run("cisco_ios", "show ip sockets", write_ip_sockets);
}

static void
nat_is_read_as_written(void **state)
{
	(void)state;
	truth_run("cisco_ios", "show ip nat translations", write_nat);
}

static void
nat_verbose_is_read_as_written(void **state)
{
	(void)state;
	truth_run("cisco_ios", "show ip nat translations verbose", write_nat_verbose);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_brief_is_read_as_written),
		cmocka_unit_test(ip_sockets_is_read_as_written),
		cmocka_unit_test(nat_is_read_as_written),
		cmocka_unit_test(nat_verbose_is_read_as_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
