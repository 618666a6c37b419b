/* Generated truth for routers, balancers and hypervisors: RouterOS, VyOS, EdgeOS, BIG-IP, ESXi. */
#include "tests/unit/truth.h"

static uint16_t
any_port_proto(void)
{
	return chance(70) ? PROTO_TCP : PROTO_UDP;
}

static void
portless(struct endpoint *e)
{
	e->has_port = false;
	e->port = 0;
}

static void
without_ports(struct truth *t, uint16_t proto)
{
	t->proto = proto;
	portless(&t->near);
	portless(&t->far);
	portless(&t->near_nat);
	portless(&t->far_nat);
}

static void
any_both_ways(struct counters *c)
{
	c->has |= HAS_BYTES_NEAR | HAS_BYTES_FAR | HAS_PACKETS_NEAR | HAS_PACKETS_FAR;
	c->bytes_near = any_counter();
	c->bytes_far = any_counter();
	c->packets_near = any_counter();
	c->packets_far = any_counter();
}

/* a:p, or the address alone */
static const char *
with_colon(const struct endpoint *e)
{
	static char text[4][ENDPOINT_TEXT];
	static unsigned next;
	char *out = text[next++ % 4];

	if (e->has_port)
		snprintf(out, ENDPOINT_TEXT, "%s:%u", addr_text(&e->addr), e->port);
	else
		snprintf(out, ENDPOINT_TEXT, "%s", addr_text(&e->addr));
	return out;
}

/* --- RouterOS --------------------------------------------------------------------------------- */

enum { WIDE = 0, NARROW = 80 };

/* A line that the terminal may wrap at its blanks. */
struct wrapped {
	struct sheet *s;
	unsigned column, width;
};

/* The words of one text, each behind a blank or on the next line. */
static void
put_words(struct wrapped *w, const char *words)
{
	struct text rest = text_of(words), next;

	while (text_skip_blanks(&rest), text_take_word(&rest, &next)) {
		bool fits = w->width == WIDE || w->column + 1 + next.n <= w->width;

		put(w->s, "%s%s%.*s", fits ? "" : w->s->eol, fits ? " " : "                ",
		    (int)next.n, next.s);
		w->column = (fits ? w->column + 1 : 16) + (unsigned)next.n;
	}
}

/* 12 345 678 */
static const char *
in_thousands(uint64_t v, char out[static 32])
{
	char digits[24];
	size_t n = 0;
	int count = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)v);

	for (int i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0)
			out[n++] = ' ';
		out[n++] = digits[i];
	}
	out[n] = '\0';
	return out;
}

static void
put_pair(struct wrapped *w, const char *key, const struct endpoint *e, bool apart)
{
	char words[128];

	if (!apart)
		snprintf(words, sizeof(words), "%s-address=%s", key, with_colon(e));
	else if (e->has_port)
		snprintf(words, sizeof(words), "%s-address=%s %s-port=%u", key, addr_text(&e->addr),
		    key, e->port);
	else
		snprintf(words, sizeof(words), "%s-address=%s", key, addr_text(&e->addr));
	put_words(w, words);
}

static void
put_counted(struct wrapped *w, const char *key, uint64_t v)
{
	char words[80], number[32];

	snprintf(words, sizeof(words), "%s=%s", key, in_thousands(v, number));
	put_words(w, words);
}

/* Of ICMP one id stands for both ends that send. */
static void
make_icmp(struct truth *t)
{
	without_ports(t, PROTO_ICMP);
	t->near.has_port = true;
	t->near.port = (uint16_t)below(65536);
	if (t->near_nat.addr.family != 0) {
		t->near_nat.has_port = true;
		t->near_nat.port = t->near.port;
	}
}

static void
put_tuple(struct wrapped *w, const struct truth *t, bool apart)
{
	struct endpoint ends[4] = { t->near, *seen(&t->far, &t->far_nat), t->far,
		*seen(&t->near, &t->near_nat) };
	static const char *const keys[] = { "src", "dst", "reply-src", "reply-dst" };
	char words[80];

	for (unsigned i = 0; i < 4; i++) {
		if (t->proto == PROTO_ICMP)
			portless(&ends[i]);
		put_pair(w, keys[i], &ends[i], apart);
	}
	if (t->proto != PROTO_ICMP)
		return;
	snprintf(words, sizeof(words), "icmp-type=8 icmp-code=0 icmp-id=%u", t->near.port);
	put_words(w, words);
}

static void
put_connection(struct sheet *s, unsigned index, bool apart, unsigned width)
{
	static const char *const flags[] = { "SAC  s ", "S C  s ", "SAC   d", "  C    ", "SACFs  ",
		"E      " };
	static const char *const states[] = { "established", "time-wait", "syn-sent", "close" };
	struct truth *t = new_passing(s, any_port_proto(), false);
	struct counters *c = &t->counters;
	struct wrapped w = { s, 20, width };
	char words[80];

	if (chance(15))
		make_icmp(t);
	else if (chance(10))
		without_ports(t, 47);
	any_both_ways(c);
	c->has |= HAS_LEFT;
	c->left = below(1000000);
	put(s, "%6u  %s ", index, ANY_OF(flags));
	put(s, "protocol=%s", proto_name(t->proto));
	w.column += 10;
	put_tuple(&w, t, apart);
	if (t->proto == PROTO_TCP) {
		snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(states));
		snprintf(words, sizeof(words), "tcp-state=%s", t->state);
		put_words(&w, words);
	}
	snprintf(words, sizeof(words), "timeout=%ud%uh%um%us", c->left / 86400, c->left / 3600 % 24,
	    c->left / 60 % 60, c->left % 60);
	put_words(&w, words);
	put_counted(&w, "orig-packets", c->packets_near);
	put_counted(&w, "orig-bytes", c->bytes_near);
	put_words(&w, "orig-fasttrack-packets=51 orig-fasttrack-bytes=4 118");
	put_counted(&w, "repl-packets", c->packets_far);
	put_counted(&w, "repl-bytes", c->bytes_far);
	put_words(&w, "repl-fasttrack-packets=0 repl-fasttrack-bytes=0 orig-rate=0bps");
	put_words(&w, "repl-rate=6.4kbps");
	put_eol(s);
	if (width != WIDE)
		put(s, "%s", s->eol);
}

static void
write_connections(struct sheet *s, unsigned width)
{
	bool apart = chance(50);
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	if (width != WIDE)
		put(s,
		    "Flags: E - expected, S - seen-reply, A - assured, %ss - srcnat, d - dstnat "
		    "%s",
		    s->eol, s->eol);
	for (unsigned i = 0; i < n; i++)
		put_connection(s, i, apart, width);
}

static void
write_terse(struct sheet *s)
{
	write_connections(s, WIDE);
}

static void
write_detail(struct sheet *s)
{
	write_connections(s, NARROW + below(80));
}

static void
write_routeros_arp(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);

		t->proto = PROTO_NONE;
		t->near.addr = any_addr(false);
		any_iface(t->near_iface);
		put(s, "%2u %s %saddress=%s ", i, chance(50) ? "DC" : "  ",
		    chance(20) ? "comment=the printer " : "", addr_text(&t->near.addr));
		if (chance(80)) {
			any_mac(t->mac, ":", 1);
			put(s, "mac-address=%s ", t->mac);
		}
		put(s, "interface=%s published=no", t->near_iface);
		put_eol(s);
	}
}

static void
write_stations(struct sheet *s)
{
	static const char *const flags[] = { "D E ", "DLE ", " I  ", "XI  " };
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);

		t->proto = PROTO_NONE;
		any_mac(t->mac, ":", 1);
		any_iface(t->near_iface);
		put(s, "%u %s %smac-address=%s ", i, ANY_OF(flags),
		    chance(20) ? "comment=test comment " : "", t->mac);
		if (chance(40)) {
			snprintf(t->vlan, TRUTH_WORD, "%u", 1 + below(4094));
			put(s, "vid=%s ", t->vlan);
		}
		put(s, "interface=%s bridge=lan%s%s", t->near_iface,
		    chance(50) ? " on-interface=" : "", "");
		put_eol(s);
	}
}

static void
write_active(struct sheet *s)
{
	static const char *const ways[] = { "ssh", "telnet", "winbox", "api", "web" };
	unsigned n = below(TRUTH_ROWS);

	put(s, "Flags: R - radius, M - by-romon%s", s->eol);
	put(s, " #    WHEN                 NAME       ADDRESS         VIA%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);

		t->proto = PROTO_NONE;
		t->near.addr = any_addr(chance(30));
		snprintf(t->user, TRUTH_WORD, "%s%u", chance(50) ? "user" : "R", below(99));
		snprintf(t->tty, TRUTH_WORD, "%s", ANY_OF(ways));
		put(s, "%2u  %s jul/21/2023 09:38:39 %-10s %-15s %s", i, chance(20) ? "R" : " ",
		    t->user, addr_text(&t->near.addr), t->tty);
		put_eol(s);
	}
}

/* --- VyOS, EdgeOS ----------------------------------------------------------------------------- */

static void
put_conntrack(struct sheet *s, bool v6, bool counted)
{
	struct truth *t = new_passing(s, any_port_proto(), v6);
	struct counters *c = &t->counters;

	if (chance(20))
		without_ports(t, v6 ? PROTO_ICMP6 : chance(50) ? PROTO_ICMP : 47);
	if (counted)
		any_both_ways(c);
	c->has |= HAS_LEFT;
	c->left = below(432000);
	if (t->proto == PROTO_TCP)
		snprintf(t->state, TRUTH_WORD, "%s", chance(50) ? "ESTABLISHED" : "SYN_SENT");
	put(s, "%-10u  %-20s  ", below(4000000000u), with_colon(&t->near));
	put(s, "%-20s  ", with_colon(seen(&t->far, &t->far_nat)));
	if (counted)
		put(s, "%-10llu  %-10llu  ", (unsigned long long)c->packets_near,
		    (unsigned long long)c->bytes_near);
	put(s, "%-20s  ", with_colon(&t->far));
	put(s, "%-20s  ", with_colon(seen(&t->near, &t->near_nat)));
	if (counted)
		put(s, "%-10llu  %-10llu  ", (unsigned long long)c->packets_far,
		    (unsigned long long)c->bytes_far);
	put(s, "%-10s  %-11s  %-9u  %-6u",
	    t->proto == PROTO_ICMP6 ? "icmpv6" : proto_name(t->proto), t->state, c->left,
	    below(300));
	if (chance(20)) {
		snprintf(t->place, TRUTH_WORD, "%u", 1 + below(65535));
		put(s, "  %s", t->place);
	}
	put_eol(s);
}

static void
write_conntrack(struct sheet *s, bool v6)
{
	bool counted = chance(50);
	unsigned n = below(TRUTH_ROWS);

	if (chance(50))
		put(s, "vyos@edge-v:~$ show conntrack table %s%s", v6 ? "ipv6" : "ipv4", s->eol);
	if (n == 0 && chance(50)) {
		put(s, "Entries not found%s", s->eol);
		return;
	}
	put(s,
	    "Id    Original src  Original dst  %sReply src  Reply dst  %sProtocol  State  "
	    "Timeout  Mark  Zone%s",
	    counted ? "Original packets  Original bytes  " : "",
	    counted ? "Reply packets  Reply bytes  " : "", s->eol);
	put(s, "----  ------------  ------------%s", s->eol);
	for (unsigned i = 0; i < n; i++)
		put_conntrack(s, v6, counted);
}

static void
write_conntrack4(struct sheet *s)
{
	write_conntrack(s, false);
}

static void
write_conntrack6(struct sheet *s)
{
	write_conntrack(s, true);
}

static void
write_older(struct sheet *s)
{
	static const char *const states[] = { "SS", "SR", "ES", "FW", "CW", "LA", "TW", "CL" };
	unsigned n = below(TRUTH_ROWS);

	put(s, "TCP state codes: SS - SYN SENT, SR - SYN RECEIVED, ES - ESTABLISHED,%s", s->eol);
	put(s, "                 FW - FIN WAIT, CW - CLOSE WAIT, LA - LAST ACK,%s", s->eol);
	put(s, "                 TW - TIME WAIT, CL - CLOSE, LI - LISTEN%s%s", s->eol, s->eol);
	put(s,
	    "CONN ID    Source                 Destination            Protocol         TIMEOUT%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_passing(s, any_port_proto(), false);

		t->near_nat = t->far_nat = (struct endpoint){ 0 };
		if (chance(20))
			without_ports(t, chance(50) ? PROTO_ICMP : 47);
		if (t->proto == PROTO_TCP)
			snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(states));
		t->counters.has = HAS_LEFT;
		t->counters.left = below(432000);
		put(s, "%-10u %-22s ", below(4000000000u), with_colon(&t->near));
		put(s, "%-22s %s [%u] %-8s %u", with_colon(&t->far), proto_name(t->proto), t->proto,
		    t->state, t->counters.left);
		put_eol(s);
	}
}

static void
write_vyatta_arp(struct sheet *s, bool hardware)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Address                  HWtype  HWaddress           Flags Mask            Iface%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);

		t->proto = PROTO_NONE;
		t->near.addr = any_addr(false);
		snprintf(t->near_iface, TRUTH_WORD, "eth%u.%u", below(9), below(4095));
		if (chance(20)) {
			snprintf(t->mac, TRUTH_WORD, "(incomplete)");
			put(s, "%-24s         (incomplete)                              %s",
			    addr_text(&t->near.addr), t->near_iface);
		} else {
			any_mac(t->mac, ":", 1);
			if (hardware)
				snprintf(t->state, TRUTH_WORD, "ether");
			put(s, "%-24s ether   %s   %-21s %s", addr_text(&t->near.addr), t->mac,
			    chance(50) ? "C" : "CM", t->near_iface);
		}
		put_eol(s);
	}
}

static void
write_vyos_arp(struct sheet *s)
{
	write_vyatta_arp(s, true);
}

static void
write_edge_arp(struct sheet *s)
{
	write_vyatta_arp(s, false);
}

static void
write_flow_accounting(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s,
	    "IN_IFACE    SRC_MAC            DST_MAC            %-40s  %-40s    SRC_PORT    "
	    "DST_PORT  PROTOCOL      TOS              PACKETS    FLOWS                BYTES%s",
	    "SRC_IP", "DST_IP", s->eol);
	put(s,
	    "----------  -----------------  -----------------  %.40s  %.40s  ----------  "
	    "----------  ----------  -----  -------------------  -------  -------------------%s",
	    "----------------------------------------", "----------------------------------------",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_passing(s, any_port_proto(), chance(30));
		struct counters *c = &t->counters;

		t->near_nat = t->far_nat = (struct endpoint){ 0 };
		t->starter = STARTER_UNKNOWN;
		snprintf(t->near_iface, TRUTH_WORD, "eth%u", below(100));
		c->has = HAS_PACKETS_NEAR | HAS_BYTES_NEAR;
		c->packets_near = any_counter();
		c->bytes_near = any_counter();
		put(s, "%-10s  00:00:5e:00:53:ac  00:00:5e:00:53:ad  %-40s  %-40s  ", t->near_iface,
		    addr_text(&t->near.addr), addr_text(&t->far.addr));
		put(s, "%10u  %10u  %-10s  %5u  %19llu  %7u  %19llu%s", t->near.port, t->far.port,
		    proto_name(t->proto), below(256), (unsigned long long)c->packets_near,
		    below(99), (unsigned long long)c->bytes_near, s->eol);
	}
}

/* --- BIG-IP ----------------------------------------------------------------------------------- */

/* IPv4 a:p, IPv6 a.p; the missing server side is any6.any. */
static const char *
as_tmsh(const struct endpoint *e)
{
	static char text[4][ENDPOINT_TEXT];
	static unsigned next;
	char *out = text[next++ % 4];

	snprintf(out, ENDPOINT_TEXT, "%s%c%u", addr_text(&e->addr), e->addr.family == 6 ? '.' : ':',
	    e->port);
	return out;
}

/* What is translated of a connection that has a server side; else the virtual address is far. */
static struct truth *
put_four_ends(struct sheet *s, const char *between)
{
	struct truth *t = new_passing(s, any_port_proto(), chance(30));

	put(s, "%s%s", as_tmsh(&t->near), between);
	if (chance(20)) {
		t->near_nat = t->far_nat = (struct endpoint){ 0 };
		put(s, "%s%sany6.any%sany6.any", as_tmsh(&t->far), between, between);
		return t;
	}
	put(s, "%s%s%s%s%s", as_tmsh(seen(&t->far, &t->far_nat)), between,
	    as_tmsh(seen(&t->near, &t->near_nat)), between, as_tmsh(&t->far));
	return t;
}

static void
write_tmsh(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Sys::Connections%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = put_four_ends(s, "  ");

		t->counters.has = HAS_IDLE;
		t->counters.idle = below(100000);
		put(s, "  %s  %-4u (tmm: %u)  %s", proto_name(t->proto), t->counters.idle,
		    below(40), chance(80) ? "none" : "both-sides");
		put_eol(s);
	}
	put(s, "Total records returned: %u%s", n, s->eol);
}

static void
write_tmsh_blocks(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Sys::Connections%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = put_four_ends(s, " - ");
		struct counters *c = &t->counters;

		c->has = HAS_IDLE | HAS_PACKETS_NEAR | HAS_PACKETS_FAR;
		c->idle = below(400);
		c->packets_near = any_counter();
		c->packets_far = any_counter();
		put(s, "%s-----------------------------------------------------------%s", s->eol,
		    s->eol);
		put(s, "  TMM           %u%s  Type          any%s  Acceleration  none%s", below(40),
		    s->eol, s->eol, s->eol);
		put(s, "  Protocol      %s%s  Idle Time     %u%s", proto_name(t->proto), s->eol,
		    c->idle, s->eol);
		if (chance(80)) {
			c->has |= HAS_LEFT;
			c->left = c->idle < 300 ? 300 - c->idle : 0;
			put(s, "  Idle Timeout  300%s", s->eol);
		} else {
			put(s, "  Idle Timeout  indefinite%s", s->eol);
		}
		put(s, "%s                          ClientSide            ServerSide%s", s->eol,
		    s->eol);
		put(s, "  Bits In       18.4K                 221.0K%s", s->eol);
		put(s, "  Packets In    %-20llu  31%s", (unsigned long long)c->packets_near,
		    s->eol);
		put(s, "  Packets Out   %-20llu  14%s%s", (unsigned long long)c->packets_far,
		    s->eol, s->eol);
	}
	put(s, "Total records returned: %u%s", n, s->eol);
}

/* --- ESXi ------------------------------------------------------------------------------------- */

static struct truth *
new_socket(struct sheet *s)
{
	static const char *const names[] = { "hostd worker 7", "sshd", "rhttpproxy-work", "vpxa" };
	struct truth *t = new_row(s);
	bool v6 = chance(30);

	t->proto = chance(70) ? PROTO_TCP : PROTO_UDP;
	t->near = any_end(v6);
	if (chance(70))
		t->far = any_end(v6);
	if (t->proto == PROTO_TCP)
		snprintf(t->state, TRUTH_WORD, "%s", t->far.has_port ? "ESTABLISHED" : "LISTEN");
	if (chance(80))
		snprintf(t->app, TRUTH_WORD, "%s", ANY_OF(names));
	return t;
}

static const char *
foreign(const struct truth *t)
{
	return t->far.has_port ? with_colon(&t->far) : "0.0.0.0:0";
}

static void
write_esxi(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Proto  Recv Q  Send Q  %-46s  %-46s  State        World ID  CC Algo  World Name%s",
	    "Local Address", "Foreign Address", s->eol);
	put(s, "-----  ------  ------  %.46s  %.46s  -----------  --------  -------  ----------%s",
	    "----------------------------------------------",
	    "----------------------------------------------", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_socket(s);

		put(s, "%-5s  %6u  %6u  %-46s  ", proto_name(t->proto), below(9999), below(9999),
		    with_colon(&t->near));
		put(s, "%-46s  %-11s  %8u  %-7s  %s%s", foreign(t), t->state, below(99999999),
		    t->state[0] ? "cubic" : "", t->app, s->eol);
	}
}

static void
write_esxi_csv(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "CCAlgo,ForeignAddress,LocalAddress,Proto,RecvQ,SendQ,State,WorldID,WorldName,%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_socket(s);

		put(s, "%s,%s,%s,%s,0,%u,%s,%u,%s,%s", t->state[0] ? "newreno" : "", foreign(t),
		    with_colon(&t->near), proto_name(t->proto), below(999), t->state, below(99999),
		    t->app, s->eol);
	}
}

#define FIELD(name, type, format) "IpConnection[%u]." name "." type "=" format "%s"

static void
write_esxi_keyvalue(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_socket(s);

		put(s, FIELD("CCAlgo", "string", "%s"), i, t->state[0] ? "cubic" : "", s->eol);
		put(s, FIELD("ForeignAddress", "string", "%s"), i, foreign(t), s->eol);
		put(s, FIELD("LocalAddress", "string", "%s"), i, with_colon(&t->near), s->eol);
		put(s, FIELD("Proto", "string", "%s"), i, proto_name(t->proto), s->eol);
		put(s, FIELD("RecvQ", "integer", "%u"), i, below(999), s->eol);
		put(s, FIELD("SendQ", "integer", "%u"), i, below(999), s->eol);
		put(s, FIELD("State", "string", "%s"), i, t->state, s->eol);
		put(s, FIELD("WorldID", "integer", "%u"), i, below(99999), s->eol);
		put(s, FIELD("WorldName", "string", "%s"), i, t->app, s->eol);
	}
}

static void
write_esxi_xml(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "<?xml version=\"1.0\" encoding=\"utf-8\"?>%s<output><root>%s", s->eol, s->eol);
	put(s, "   <list type=\"structure\">%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_socket(s);

		put(s, "<structure typeName=\"IpConnection\">%s", s->eol);
		put(s, "<field name=\"CCAlgo\"><string></string></field>%s", s->eol);
		put(s, "<field name=\"ForeignAddress\"><string>%s</string></field>%s", foreign(t),
		    s->eol);
		put(s, "<field name=\"LocalAddress\"><string>%s</string></field>%s",
		    with_colon(&t->near), s->eol);
		put(s, "<field name=\"Proto\"><string>%s</string></field>%s", proto_name(t->proto),
		    s->eol);
		put(s, "<field name=\"State\"><string>%s</string></field>%s", t->state, s->eol);
		put(s, "<field name=\"WorldName\"><string>%s</string></field>%s</structure>%s",
		    t->app, s->eol, s->eol);
	}
	put(s, "   </list>%s</root></output>%s", s->eol, s->eol);
}

/* --- tests ------------------------------------------------------------------------------------ */

#define TRUTH_TEST(name, platform, line, writer)                                                   \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		truth_run(platform, line, writer);                                                 \
	}

#define CONNECTIONS "/ip firewall connection print "
TRUTH_TEST(routeros_terse, "mikrotik_routeros", CONNECTIONS "terse without-paging", write_terse)
TRUTH_TEST(routeros_detail, "mikrotik_routeros", CONNECTIONS "detail without-paging", write_detail)
TRUTH_TEST(
    routeros_arp, "mikrotik_routeros", "/ip arp print terse without-paging", write_routeros_arp)
TRUTH_TEST(routeros_stations, "mikrotik_routeros",
    "/interface bridge host print terse without-paging", write_stations)
TRUTH_TEST(routeros_active, "mikrotik_routeros", "/user active print", write_active)
TRUTH_TEST(vyos_ipv4, "vyos", "show conntrack table ipv4", write_conntrack4)
TRUTH_TEST(vyos_ipv6, "vyos", "show conntrack table ipv6", write_conntrack6)
TRUTH_TEST(vyos_older, "vyos", "show conntrack table ipv4", write_older)
TRUTH_TEST(vyos_flows, "vyos", "show flow-accounting", write_flow_accounting)
TRUTH_TEST(vyos_arp, "vyos", "show arp", write_vyos_arp)
TRUTH_TEST(edge_sessions, "ubiquiti_edgerouter", "show conntrack table ipv4", write_older)
TRUTH_TEST(edge_arp, "ubiquiti_edgerouter", "show arp", write_edge_arp)
TRUTH_TEST(bigip_lines, "f5_bigip", "show sys connection type mirror", write_tmsh)
TRUTH_TEST(bigip_tmsh, "f5_bigip", "tmsh show sys connection type mirror", write_tmsh)
TRUTH_TEST(bigip_all, "f5_bigip", "show sys connection", write_tmsh)
TRUTH_TEST(bigip_blocks, "f5_bigip", "show sys connection all-properties", write_tmsh_blocks)
#define ESXCLI(format) "esxcli --formatter=" format " network ip connection list"
TRUTH_TEST(esxi_text, "vmware_esxi", "esxcli network ip connection list", write_esxi)
TRUTH_TEST(esxi_csv, "vmware_esxi", ESXCLI("csv"), write_esxi_csv)
TRUTH_TEST(esxi_keyvalue, "vmware_esxi", ESXCLI("keyvalue"), write_esxi_keyvalue)
TRUTH_TEST(esxi_xml, "vmware_esxi", ESXCLI("xml"), write_esxi_xml)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(routeros_terse),
		cmocka_unit_test(routeros_detail),
		cmocka_unit_test(routeros_arp),
		cmocka_unit_test(routeros_stations),
		cmocka_unit_test(routeros_active),
		cmocka_unit_test(vyos_ipv4),
		cmocka_unit_test(vyos_ipv6),
		cmocka_unit_test(vyos_older),
		cmocka_unit_test(vyos_flows),
		cmocka_unit_test(vyos_arp),
		cmocka_unit_test(edge_sessions),
		cmocka_unit_test(edge_arp),
		cmocka_unit_test(bigip_lines),
		cmocka_unit_test(bigip_tmsh),
		cmocka_unit_test(bigip_all),
		cmocka_unit_test(bigip_blocks),
		cmocka_unit_test(esxi_text),
		cmocka_unit_test(esxi_csv),
		cmocka_unit_test(esxi_keyvalue),
		cmocka_unit_test(esxi_xml),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
