/* Generated truth for pf and the BSD systems: states, sockets, flows, neighbours, logins. */
#include "tests/unit/truth.h"

static void
any_bsd_iface(char out[static TRUTH_WORD])
{
	static const char *const names[] = { "em", "vtnet", "re", "ixl", "igb", "pppoe", "wg",
		"vlan" };

	snprintf(out, TRUTH_WORD, "%s%u%s", ANY_OF(names), below(30), chance(10) ? ".4094" : "");
}

/* --- pf --------------------------------------------------------------------------------------- */

static const char *
host_text(const struct endpoint *e)
{
	static char text[4][ENDPOINT_TEXT];
	static unsigned next;
	char *out = text[next++ % 4];

	if (!e->has_port)
		snprintf(out, ENDPOINT_TEXT, "%s", addr_text(&e->addr));
	else if (e->addr.family == 6)
		snprintf(out, ENDPOINT_TEXT, "%s[%u]", addr_text(&e->addr), e->port);
	else
		snprintf(out, ENDPOINT_TEXT, "%s:%u", addr_text(&e->addr), e->port);
	return out;
}

/* An end, and behind it in brackets what it is on the other side of a translation. */
static void
put_host(struct sheet *s, const struct endpoint *e, const struct endpoint *other)
{
	put(s, "%s", host_text(e));
	if (other->addr.family != 0)
		put(s, " (%s)", host_text(other));
}

static struct truth *
new_state(struct sheet *s)
{
	static const uint16_t protos[] = { PROTO_TCP, PROTO_TCP, PROTO_UDP, PROTO_ICMP };
	static const char *const states[] = { "ESTABLISHED:ESTABLISHED", "FIN_WAIT_2:FIN_WAIT_2",
		"CLOSED:SYN_SENT", "MULTIPLE:SINGLE", "NO_TRAFFIC:SINGLE", "0:0", "PROXY:DST" };
	struct truth *t = new_row(s);
	bool v6 = chance(30);

	t->proto = ANY_OF(protos);
	t->near = any_end(v6);
	t->far = any_end(v6);
	if (!v6)
		t->far.addr.bytes[0] |= 0x80; /* not the box itself */
	if (chance(10)) {
		t->proto = 50;
		t->near.has_port = t->far.has_port = false;
		t->near.port = t->far.port = 0;
	} else {
		if (chance(30))
			t->near_nat = any_end(v6);
		if (chance(20))
			t->far_nat = any_end(v6);
	}
	t->starter = STARTER_NEAR;
	snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(states));
	if (chance(50))
		snprintf(t->place, TRUTH_WORD, "all");
	else
		any_bsd_iface(t->place);
	return t;
}

/* What started stands left of -> and right of <-, as it leaves its side of the box. */
static void
put_state(struct sheet *s, struct truth *t, bool out)
{
	static const struct endpoint none;
	bool mapped = t->near_nat.addr.family != 0;
	const struct endpoint *from = mapped ? &t->near_nat : &t->near;
	const struct endpoint *was = mapped ? &t->near : &none;

	put(s, "%s %s ", t->place, proto_name(t->proto));
	if (out) {
		put_host(s, from, was);
		put(s, " -> ");
		put_host(s, &t->far, &t->far_nat);
	} else if (t->far_nat.addr.family == 4 && chance(30)) { /* a proxy on the box answers */
		t->far_nat.addr = addr_from_ipv4(127u << 24 | 1);
		put_host(s, &t->far_nat, &t->far);
		put(s, " <- ");
		put_host(s, from, was);
	} else {
		put_host(s, &t->far, &t->far_nat);
		put(s, " %s<- ", chance(5) ? "{192.0.2.254} " : "");
		put_host(s, from, was);
	}
	put(s, "       %s", t->state);
	put_eol(s);
}

static void
put_details(struct sheet *s, struct truth *t)
{
	struct counters *c = &t->counters;

	c->has = HAS_AGE | HAS_LEFT | HAS_PACKETS_NEAR | HAS_PACKETS_FAR | HAS_BYTES_NEAR |
		 HAS_BYTES_FAR;
	c->age = below(4000000);
	c->left = below(90000);
	c->packets_near = any_counter();
	c->packets_far = any_counter();
	c->bytes_near = any_counter();
	c->bytes_far = any_counter();
	if (t->proto == PROTO_TCP && chance(90))
		put(s, "   [%u + %u]%s  [%u + %u]%s%s", (uint32_t)any64(), below(70000),
		    chance(50) ? " wscale 7" : "(+9)", (uint32_t)any64(), below(70000),
		    chance(50) ? " wscale 10" : "", s->eol);
	put(s, "   age ");
	put_clock(s, c->age);
	put(s, ", expires in ");
	put_clock(s, c->left);
	put(s, ", %llu:%llu pkts, %llu:%llu bytes%s%s", (unsigned long long)c->packets_near,
	    (unsigned long long)c->packets_far, (unsigned long long)c->bytes_near,
	    (unsigned long long)c->bytes_far,
	    chance(50)   ? ", rule 3"
	    : chance(50) ? ", anchor 4, rule 9, source-track"
			 : "",
	    s->eol);
	if (chance(30))
		put(s, "   id: %016llx creatorid: %08x gateway: 192.0.2.254%s   origif: em0%s",
		    (unsigned long long)any64(), (uint32_t)any64(), s->eol, s->eol);
}

static void
write_states(struct sheet *s, bool verbose)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	if (chance(20))
		put(s, "No ALTQ support in kernel%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_state(s);

		put_state(s, t, chance(50));
		if (verbose)
			put_details(s, t);
	}
}

static void
write_pf(struct sheet *s)
{
	write_states(s, false);
}

static void
write_pf_verbose(struct sheet *s)
{
	write_states(s, true);
}

/* --- netstat ---------------------------------------------------------------------------------- */

static const char *
dotted(const struct endpoint *e)
{
	static char text[2][ENDPOINT_TEXT];
	static unsigned next;
	char *out = text[next++ % 2], port[8] = "*";

	if (e->has_port)
		snprintf(port, sizeof(port), "%u", e->port);
	snprintf(out, ENDPOINT_TEXT, "%s.%s", e->addr.family ? addr_text(&e->addr) : "*", port);
	return out;
}

static void
put_socket(struct sheet *s, bool v6)
{
	static const char *const states[] = { "ESTABLISHED", "TIME_WAIT", "FIN_WAIT_2",
		"CLOSE_WAIT" };
	static const struct endpoint any;
	struct truth *t = new_row(s);
	bool tcp = chance(60);

	t->proto = tcp ? PROTO_TCP : PROTO_UDP;
	t->near = any_end(v6);
	if (chance(30))
		t->near.addr = any.addr;
	if (t->near.addr.family != 0 && chance(70))
		t->far = any_end(v6);
	if (tcp)
		snprintf(
		    t->state, TRUTH_WORD, "%s", t->far.addr.family ? ANY_OF(states) : "LISTEN");
	put(s, "%s%s %7u %6u ", proto_name(t->proto),
	    v6           ? "6"
	    : chance(10) ? "46"
			 : "4",
	    below(70000), below(70000));
	put(s, "%-22s ", dotted(&t->near));
	put(s, "%-22s %s", dotted(&t->far), t->state);
	put_eol(s);
}

static void
write_netstat(struct sheet *s, bool wide)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Active Internet connections (including servers)%s", s->eol);
	put(s, "Proto Recv-Q Send-Q Local Address          Foreign Address        (state)    %s",
	    s->eol);
	for (unsigned i = 0; i < n; i++)
		put_socket(s, wide && chance(40));
	if (chance(50)) {
		put(s, "Active UNIX domain sockets%s", s->eol);
		put(s, "Address          Type   Recv-Q Send-Q            Inode%s", s->eol);
		put(s, "fffff80003ab6100 stream      0      0                0%s", s->eol);
	}
}

static void
write_netstat_wide(struct sheet *s)
{
	write_netstat(s, true);
}

static void
write_netstat_narrow(struct sheet *s)
{
	write_netstat(s, false);
}

/* --- flows, neighbours, logins ---------------------------------------------------------------- */

static void
put_flow(struct sheet *s)
{
	struct truth *t = new_row(s);
	bool to_box = chance(20);
	uint64_t packets = any_counter();

	t->proto = chance(60) ? PROTO_TCP : 47;
	t->near = any_end(false);
	t->far = any_end(false);
	if (!to_box) {
		any_bsd_iface(t->near_iface);
		any_bsd_iface(t->far_iface);
		t->counters.has = HAS_PACKETS_NEAR;
		t->counters.packets_near = packets;
	} else {
		t->counters.has = HAS_PACKETS_FAR;
		t->counters.packets_far = packets;
	}
	put(s, "%-13s %-15s ", to_box ? "em0" : t->near_iface,
	    addr_text(to_box ? &t->far.addr : &t->near.addr));
	put(s, "%-13s %-15s ", to_box ? "lo0" : t->far_iface,
	    addr_text(to_box ? &t->near.addr : &t->far.addr));
	put(s, "%3u %8u %8u %8llu", t->proto, to_box ? t->far.port : t->near.port,
	    to_box ? t->near.port : t->far.port, (unsigned long long)packets);
	put_eol(s);
}

static void
write_flows(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s,
	    "SrcIf         SrcIPaddress    DstIf         DstIPaddress    Proto  SrcPort  "
	    "DstPort     Pkts%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++)
		put_flow(s);
}

static void
write_arp(struct sheet *s)
{
	static const char *const tails[] = { " permanent [ethernet]", " ifscope [ethernet]",
		" expires in 942 seconds [ethernet]", " expired [vlan]", "" };
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);

		t->proto = PROTO_NONE;
		t->near.addr = any_addr(false);
		any_bsd_iface(t->near_iface);
		if (chance(20))
			snprintf(t->mac, TRUTH_WORD, "(incomplete)");
		else
			any_mac(t->mac, ":", 1);
		put(s, "%s (%s) at %s on %s%s", chance(50) ? "?" : "host-7.example",
		    addr_text(&t->near.addr), t->mac, t->near_iface, ANY_OF(tails));
		put_eol(s);
	}
}

static void
write_w(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "10:15  up 20 days, 19:44, %u users, load averages: 0.86 0.45 0.37%s", n, s->eol);
	put(s, "USER     TTY      FROM              LOGIN@  IDLE WHAT%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);

		t->proto = PROTO_NONE;
		snprintf(t->user, TRUTH_WORD, "%s%u", chance(50) ? "kelly" : "R.Ops_", below(9));
		if (chance(20))
			snprintf(t->tty, TRUTH_WORD, "console");
		else
			snprintf(t->tty, TRUTH_WORD, "s%03u", below(400));
		if (chance(60)) {
			struct addr from = any_addr(chance(30));

			snprintf(t->from, TRUTH_WORD, "%.16s", addr_text(&from));
		}
		put(s, "%-8s %-8s %-16s %6s %s %s", t->user, t->tty, t->from[0] ? t->from : "-",
		    chance(50) ? "Wed16" : "22Nov19", chance(50) ? "20days" : "    -",
		    chance(50) ? "-" : "ssh 127.0.0.1");
		put_eol(s);
	}
}

/* --- tests ------------------------------------------------------------------------------------ */

#define TRUTH_TEST(name, platform, line, writer)                                                   \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		truth_run(platform, line, writer);                                                 \
	}

TRUTH_TEST(pf_states, "pf", "pfctl -ss", write_pf)
TRUTH_TEST(pf_states_verbose, "pf", "pfctl -ss -v", write_pf_verbose)
TRUTH_TEST(pf_sudo, "pf", "sudo -n pfctl -ss -v", write_pf_verbose)
TRUTH_TEST(pf_doas, "pf", "doas -n pfctl -ss -v", write_pf_verbose)
TRUTH_TEST(pf_arp, "pf", "arp -an", write_arp)
TRUTH_TEST(freebsd_netstat, "freebsd", "netstat -an", write_netstat_narrow)
TRUTH_TEST(freebsd_netstat_wide, "freebsd", "netstat -anW", write_netstat_wide)
TRUTH_TEST(freebsd_flows, "freebsd", "flowctl netflow: show human", write_flows)
TRUTH_TEST(macos_netstat_wide, "macos", "netstat -anW -f inet", write_netstat_wide)
TRUTH_TEST(macos_netstat_inet6, "macos", "netstat -anW -f inet6", write_netstat_wide)
TRUTH_TEST(macos_arp, "macos", "arp -an", write_arp)
TRUTH_TEST(macos_w, "macos", "w", write_w)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pf_states),
		cmocka_unit_test(pf_states_verbose),
		cmocka_unit_test(pf_sudo),
		cmocka_unit_test(pf_doas),
		cmocka_unit_test(pf_arp),
		cmocka_unit_test(freebsd_netstat),
		cmocka_unit_test(freebsd_netstat_wide),
		cmocka_unit_test(freebsd_flows),
		cmocka_unit_test(macos_netstat_wide),
		cmocka_unit_test(macos_netstat_inet6),
		cmocka_unit_test(macos_arp),
		cmocka_unit_test(macos_w),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
