/* Generated truth for Linux: conntrack in its four forms, ss, netstat. */
#include "tests/unit/truth.h"

/* --- conntrack -------------------------------------------------------------------------------- */

/* One flow as the kernel holds it: the two tuples. */
struct flow {
	struct endpoint src, dst, reply_src, reply_dst;
	uint16_t proto;
	bool unreplied, assured, counted;
	int zone, delta; /* -1: not printed */
};

static const char *const tcp_states[] = { "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT",
	"CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "NONE" };

static void
portless(struct endpoint *e)
{
	e->has_port = false;
	e->port = 0;
}

/* A flow and what must be read of it: near is who started, far the host that answers. */
static struct truth *
new_flow(struct sheet *s, struct flow *f)
{
	static const uint16_t protos[] = { PROTO_TCP, PROTO_TCP, PROTO_TCP, PROTO_UDP, PROTO_UDP,
		PROTO_ICMP, 47, 50, 132, 136, 33 };
	struct truth *t = new_row(s);
	bool v6 = chance(30), ports;

	f->proto = ANY_OF(protos);
	if (f->proto == PROTO_ICMP && v6)
		f->proto = PROTO_ICMP6;
	ports = f->proto == PROTO_TCP || f->proto == PROTO_UDP || f->proto == 132 ||
		f->proto == 136 || f->proto == 33;
	f->src = f->reply_dst = any_end(v6);
	f->dst = f->reply_src = any_end(v6);
	if (chance(40))
		f->reply_dst = any_end(v6); /* source NAT */
	if (chance(20))
		f->reply_src = any_end(v6); /* destination NAT */
	if (f->proto == PROTO_ICMP || f->proto == PROTO_ICMP6) {
		portless(&f->dst);
		portless(&f->reply_src);
	} else if (!ports) {
		portless(&f->src);
		portless(&f->dst);
		portless(&f->reply_src);
		portless(&f->reply_dst);
	}
	f->unreplied = chance(20);
	f->assured = chance(40);
	f->counted = chance(80);
	f->zone = chance(20) ? (int)below(65535) + 1 : -1;
	f->delta = chance(50) ? (int)below(1u << 30) : -1;
	t->proto = f->proto;
	t->starter = STARTER_NEAR;
	t->near = f->src;
	t->far = f->reply_src;
	if (!endpoint_equal(&f->reply_dst, &f->src))
		t->near_nat = f->reply_dst;
	if (!endpoint_equal(&f->dst, &f->reply_src))
		t->far_nat = f->dst;
	return t;
}

/* The numbers that stand beside a flow. */
static void
fill_counters(struct truth *t, const struct flow *f)
{
	struct counters *c = &t->counters;

	c->has = HAS_LEFT;
	c->left = below(432000);
	if (f->delta >= 0) {
		c->has |= HAS_AGE;
		c->age = (uint32_t)f->delta;
	}
	if (!f->counted)
		return;
	c->has |= HAS_BYTES_NEAR | HAS_BYTES_FAR | HAS_PACKETS_NEAR | HAS_PACKETS_FAR;
	c->packets_near = any_counter();
	c->bytes_near = any_counter();
	if (f->unreplied)
		return;
	c->packets_far = any_counter();
	c->bytes_far = any_counter();
}

/* /proc prints IPv6 at full length. */
static void
put_addr(struct sheet *s, const struct addr *a, bool full)
{
	const uint8_t *b = a->bytes;

	if (a->family == 4 || !full) {
		put(s, "%s", addr_text(a));
		return;
	}
	for (int i = 0; i < 16; i += 2)
		put(s, "%s%02x%02x", i > 0 ? ":" : "", b[i], b[i + 1]);
}

static void
put_tuple(struct sheet *s, const struct flow *f, bool reply, bool full, const struct counters *c)
{
	const struct endpoint *src = reply ? &f->reply_src : &f->src;
	const struct endpoint *dst = reply ? &f->reply_dst : &f->dst;

	put(s, "src=");
	put_addr(s, &src->addr, full);
	put(s, " dst=");
	put_addr(s, &dst->addr, full);
	if (f->proto == PROTO_ICMP || f->proto == PROTO_ICMP6)
		put(s, " type=%u code=0 id=%u",
		    reply                    ? 0
		    : f->proto == PROTO_ICMP ? 8
					     : 128,
		    reply ? dst->port : src->port);
	else if (f->proto == 47)
		put(s, " srckey=0x%x dstkey=0x%x", below(65536), below(65536));
	else if (src->has_port)
		put(s, " sport=%u dport=%u", src->port, dst->port);
	if (f->counted)
		put(s, " packets=%llu bytes=%llu",
		    (unsigned long long)(reply ? c->packets_far : c->packets_near),
		    (unsigned long long)(reply ? c->bytes_far : c->bytes_near));
	put(s, " ");
}

static const char *
conntrack_name(uint16_t proto)
{
	switch (proto) {
	case PROTO_ICMP6: return "icmpv6";
	case 50: return "unknown";
	default: return proto_name(proto);
	}
}

enum kind { PLAIN, EXTENDED, PROC };

static void
put_flow(struct sheet *s, enum kind kind)
{
	struct flow f;
	struct truth *t = new_flow(s, &f);
	bool v6 = f.src.addr.family == 6;

	fill_counters(t, &f);
	if (kind != PLAIN)
		put(s, "%-8s %u ", v6 ? "ipv6" : "ipv4", v6 ? 10 : 2);
	put(s, "%-8s %u %u ", conntrack_name(f.proto), f.proto, t->counters.left);
	if (f.proto == PROTO_TCP || f.proto == 132 || f.proto == 33) {
		snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(tcp_states));
		put(s, "%s ", t->state);
	}
	if (kind == PROC && f.proto == 47)
		put(s, "timeout=%u, stream_timeout=%u ", below(600), below(600));
	put_tuple(s, &f, false, kind == PROC, &t->counters);
	put(s, "%s", f.unreplied ? "[UNREPLIED] " : "");
	put_tuple(s, &f, true, kind == PROC, &t->counters);
	put(s, "%smark=%u ", f.assured ? "[ASSURED] " : "", below(0xffffffffu));
	if (f.zone > 0)
		snprintf(t->place, TRUTH_WORD, "%d", f.zone);
	if (f.zone > 0 || kind == PROC)
		put(s, "zone=%d ", f.zone > 0 ? f.zone : 0);
	if (f.delta >= 0)
		put(s, "delta-time=%d ", f.delta);
	put(s, "use=%u", 1 + below(9));
	if (kind == EXTENDED)
		put(s, " id=%u", below(0xffffffffu));
	put_eol(s);
}

static void
put_count(struct sheet *s, unsigned n)
{
	put(s, "conntrack v1.4.7 (conntrack-tools): %u flow entries have been shown.%s", n, s->eol);
}

static void
put_flows(struct sheet *s, enum kind kind)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1), count = kind == PROC ? 2 : below(3);

	if (count == 0)
		put_count(s, n); /* stderr is often faster than stdout */
	for (unsigned i = 0; i < n; i++)
		put_flow(s, kind);
	if (count == 1)
		put_count(s, n);
}

static void
write_plain(struct sheet *s)
{
	put_flows(s, PLAIN);
}

static void
write_extended(struct sheet *s)
{
	put_flows(s, EXTENDED);
}

static void
write_proc(struct sheet *s)
{
	put_flows(s, PROC);
}

/* --- conntrack -o xml ------------------------------------------------------------------------- */

static void
put_meta(struct sheet *s, const struct flow *f, bool reply, const struct counters *c)
{
	const struct endpoint *src = reply ? &f->reply_src : &f->src;
	const struct endpoint *dst = reply ? &f->reply_dst : &f->dst;
	bool v6 = src->addr.family == 6;

	put(s, "<meta direction=\"%s\"><layer3 protonum=\"%u\" protoname=\"%s\">",
	    reply ? "reply" : "original", v6 ? 10 : 2, v6 ? "ipv6" : "ipv4");
	put(s, "<src>%s</src><dst>%s</dst></layer3>", addr_text(&src->addr), addr_text(&dst->addr));
	put(s, "<layer4 protonum=\"%u\" protoname=\"%s\">", f->proto, conntrack_name(f->proto));
	if (src->has_port && dst->has_port)
		put(s, "<sport>%u</sport><dport>%u</dport>", src->port, dst->port);
	put(s, "</layer4>");
	if (f->counted)
		put(s, "<counters><packets>%llu</packets><bytes>%llu</bytes></counters>",
		    (unsigned long long)(reply ? c->packets_far : c->packets_near),
		    (unsigned long long)(reply ? c->bytes_far : c->bytes_near));
	put(s, "</meta>");
}

static void
put_xml_flow(struct sheet *s)
{
	struct flow f;
	struct truth *t;

	do {
		if (s->n_rows > 0 && s->rows[s->n_rows - 1].proto == 0)
			s->n_rows--;
		t = new_flow(s, &f);
		if (f.proto != PROTO_ICMP && f.proto != PROTO_ICMP6)
			break;
		s->n_rows--; /* an ICMP id has no element in this form */
	} while (true);
	fill_counters(t, &f);
	put(s, "<flow>");
	put_meta(s, &f, false, &t->counters);
	put_meta(s, &f, true, &t->counters);
	put(s, "<meta direction=\"independent\">");
	if (f.proto == PROTO_TCP) {
		snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(tcp_states));
		put(s, "<state>%s</state>", t->state);
	}
	put(s, "<timeout>%u</timeout><mark>%u</mark>", t->counters.left, below(99));
	if (f.zone > 0) {
		snprintf(t->place, TRUTH_WORD, "%d", f.zone);
		put(s, "<zone>%d</zone>", f.zone);
	}
	put(s, "<use>1</use><id>%u</id>%s", below(0xffffffffu), f.unreplied ? "<unreplied/>" : "");
	put(s, "%s", f.assured ? "<assured/>" : "");
	if (f.delta >= 0)
		put(s, "<deltatime>%d</deltatime>", f.delta);
	put(s, "</meta></flow>%s", s->eol);
}

static void
write_xml(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "<?xml version=\"1.0\" encoding=\"utf-8\"?>%s<conntrack>%s", s->eol, s->eol);
	for (unsigned i = 0; i < n; i++)
		put_xml_flow(s);
	put(s, "</conntrack>%s", s->eol);
}

/* --- ss and netstat --------------------------------------------------------------------------- */

/* A socket and its two ends; a listening one has no peer. */
static struct truth *
new_socket(struct sheet *s, const char *const *states, unsigned n_states, const char *listen)
{
	struct truth *t = new_row(s);
	bool v6 = chance(30);

	t->proto = chance(70) ? PROTO_TCP : PROTO_UDP;
	t->near = any_end(v6);
	t->far = any_end(v6);
	snprintf(t->state, TRUTH_WORD, "%s", states[below(n_states)]);
	if (t->proto == PROTO_TCP && strcmp(t->state, listen) == 0)
		t->far = (struct endpoint){ 0 };
	return t;
}

static void
put_ss_end(struct sheet *s, const struct endpoint *e, const char *wildcard, const char *place)
{
	const char *percent = place[0] != '\0' ? "%" : "";

	if (e->addr.family == 0)
		put(s, "%s", wildcard);
	else if (e->addr.family == 6)
		put(s, "[%s%s%s]:%u", addr_text(&e->addr), percent, place, e->port);
	else
		put(s, "%s%s%s:%u", addr_text(&e->addr), percent, place, e->port);
}

static void
write_ss(struct sheet *s)
{
	static const char *const states[] = { "ESTAB", "LISTEN", "SYN-SENT", "SYN-RECV",
		"FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSE-WAIT", "LAST-ACK", "CLOSING" };
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	if (chance(50))
		put(s,
		    "Netid State  Recv-Q Send-Q   Local Address:Port   Peer Address:Port Process%s",
		    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_socket(s, states, 10, "LISTEN");

		if (t->proto == PROTO_UDP)
			snprintf(t->state, TRUTH_WORD, "ESTAB");
		if (chance(10))
			snprintf(t->place, TRUTH_WORD, "eth%u.%u", below(9), below(4095));
		put(s, "%-5s %-6s %u ", proto_name(t->proto), t->state, below(100000));
		put(s, "%u", below(9999999));
		put_gap(s);
		put_ss_end(s, &t->near, "*:*", t->place);
		put_gap(s);
		put_ss_end(s, &t->far, chance(50) ? "*:*" : "0.0.0.0:*", "");
		if (chance(50))
			put(s, " users:((\"a b\",pid=%u,fd=%u),(\"x\",pid=1,fd=2))", below(99999),
			    below(999));
		if (chance(20))
			put(s, " timer:(keepalive,%umin,0)", below(120));
		put_eol(s);
	}
}

static void
write_netstat(struct sheet *s)
{
	static const char *const states[] = { "ESTABLISHED", "LISTEN", "SYN_SENT", "SYN_RECV",
		"FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSE_WAIT", "LAST_ACK",
		"CLOSING" };
	static const char *const apps[] = { "sshd", "sshd: ops [priv", "nginx: worker pro", "a.out",
		"[kworker/0:1]" };
	unsigned n = below(TRUTH_ROWS);

	put(s, "Active Internet connections (servers and established)%s", s->eol);
	put(s,
	    "Proto Recv-Q Send-Q Local Address           Foreign Address         State       "
	    "PID/Program name%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_socket(s, states, 11, "LISTEN");
		bool v6 = t->near.addr.family == 6;
		char near[ADDR_TEXT + 8], far[ADDR_TEXT + 8] = "0.0.0.0:*";

		if (t->proto == PROTO_UDP)
			snprintf(t->state, TRUTH_WORD, "%s", chance(50) ? "ESTABLISHED" : "");
		snprintf(near, sizeof near, "%s:%u", addr_text(&t->near.addr), t->near.port);
		if (t->far.addr.family != 0)
			snprintf(far, sizeof far, "%s:%u", addr_text(&t->far.addr), t->far.port);
		else if (v6)
			snprintf(far, sizeof far, ":::*");
		put(s, "%s%-*s %6u %6u %-23s %-23s %-11s ", proto_name(t->proto), v6 ? 2 : 3,
		    v6 ? "6" : "", below(9999), below(9999), near, far, t->state);
		if (chance(70)) {
			snprintf(t->app, TRUTH_WORD, "%s", ANY_OF(apps));
			put(s, "%u/%s", 1 + below(99999), t->app);
		} else {
			put(s, "-");
		}
		put_eol(s);
	}
}

/* --- tests ------------------------------------------------------------------------------------ */

#define TRUTH_TEST(name, line, writer)                                                             \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		truth_run("linux", line, writer);                                                  \
	}

TRUTH_TEST(conntrack_plain, "conntrack -L", write_plain)
TRUTH_TEST(conntrack_extended, "conntrack -L -o extended,id", write_extended)
TRUTH_TEST(conntrack_sudo, "sudo -n conntrack -L -o extended,id", write_extended)
TRUTH_TEST(conntrack_proc, "cat /proc/net/nf_conntrack", write_proc)
TRUTH_TEST(conntrack_xml, "conntrack -L -o xml", write_xml)
TRUTH_TEST(ss_sockets, "ss -Htunap", write_ss)
TRUTH_TEST(netstat_sockets, "netstat -W -tunap", write_netstat)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conntrack_plain),
		cmocka_unit_test(conntrack_extended),
		cmocka_unit_test(conntrack_sudo),
		cmocka_unit_test(conntrack_proc),
		cmocka_unit_test(conntrack_xml),
		cmocka_unit_test(ss_sockets),
		cmocka_unit_test(netstat_sockets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
