/* Generated truth for firewalls: Check Point, SonicWall, WatchGuard; neighbours and logs of PAN-OS
 * and FortiOS. */
#include "tests/unit/truth.h"

static void
any_both_ways(struct counters *c)
{
	c->has |= HAS_BYTES_NEAR | HAS_BYTES_FAR | HAS_PACKETS_NEAR | HAS_PACKETS_FAR;
	c->bytes_near = any_counter();
	c->bytes_far = any_counter();
	c->packets_near = any_counter();
	c->packets_far = any_counter();
}

static void
any_left(struct counters *c)
{
	c->has |= HAS_LEFT;
	c->left = below(90000);
}

/* --- neighbours ------------------------------------------------------------------------------- */

static struct truth *
new_neighbour(struct sheet *s)
{
	struct truth *t = new_row(s);

	t->proto = PROTO_NONE;
	t->near.addr = any_addr(false);
	any_mac(t->mac, ":", 1);
	return t;
}

static void
write_panos_arp(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "%smaximum of entries supported :      %u%s", s->eol, below(9000), s->eol);
	put(s, "default timeout:                    1800 seconds%s", s->eol);
	put(s, "total ARP entries in table :        %u%s", n + below(9), s->eol);
	put(s, "total ARP entries shown :           %u%s", n, s->eol);
	put(s, "status: s - static, c - complete, e - expiring, i - incomplete%s%s", s->eol,
	    s->eol);
	put(s,
	    "interface         ip address      hw address        port              status   ttl%s",
	    s->eol);
	put(s, "------------------------------------------------------------------%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_neighbour(s);
		bool incomplete = chance(20);

		snprintf(t->near_iface, TRUTH_WORD, "ethernet%u/%u.%u", 1 + below(24), below(48),
		    below(4095));
		snprintf(t->state, TRUTH_WORD, "%c", "scei"[below(4)]);
		if (incomplete)
			snprintf(t->mac, TRUTH_WORD, "incomplete");
		put(s, "%-17s %-15s %s%s%s ", t->near_iface, addr_text(&t->near.addr),
		    incomplete ? "(" : "", t->mac, incomplete ? ")" : "");
		put(s, " ethernet1/%-8u %-8s %u", below(99), t->state, below(2000));
		put_eol(s);
	}
}

static void
write_fortios_arp(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Address           Age(min)   Hardware Addr      Interface%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_neighbour(s);

		snprintf(t->near_iface, TRUTH_WORD, "%s%u", chance(50) ? "port" : "vlan_dmz-",
		    below(4095));
		put(s, "%-17s %-10u %s %s", addr_text(&t->near.addr), below(40000), t->mac,
		    t->near_iface);
		put_eol(s);
	}
}

static void
write_gaia_arp(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Dynamic Arp Parameters%s%s", s->eol, s->eol);
	put(s, "IP Address                 Mac Address%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_neighbour(s);

		put(s, "%-31s %s", addr_text(&t->near.addr), t->mac);
		put_eol(s);
	}
}

static void
write_fireware_arp(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "--%s-- ARP Table%s--%s", s->eol, s->eol, s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_neighbour(s);

		snprintf(
		    t->near_iface, TRUTH_WORD, "%s%u", chance(50) ? "vlan" : "eth", below(4095));
		put(s, "? (%s) at ", addr_text(&t->near.addr));
		if (chance(20)) {
			snprintf(t->mac, TRUTH_WORD, "incomplete");
			put(s, "<incomplete> ");
		} else {
			put(s, "%s [ether] %s", t->mac, chance(20) ? "PERM" : "");
		}
		put(s, " on %s", t->near_iface);
		put_eol(s);
	}
}

/* --- Check Point: the table ------------------------------------------------------------------- */

/* One key, as one of the two forms prints it. */
static void
put_key(struct sheet *s, bool hex, const char *mark, const struct endpoint *from,
    const struct endpoint *to, uint16_t proto)
{
	if (hex)
		put(s, "%08x, %08x, %08x, %08x, %08x, %08x", below(2), addr_ipv4(&from->addr),
		    from->port, addr_ipv4(&to->addr), to->port, proto);
	else
		put(s,
		    "Direction%s: %u; Source%s: %s; SPort%s: %u; Dest%s: %s; DPort%s: %u; "
		    "Protocol%s: %s;",
		    mark, below(2), mark, addr_text(&from->addr), mark, from->port, mark,
		    addr_text(&to->addr), mark, to->port, mark, proto_name(proto));
}

static void
put_line_head(struct sheet *s, bool hex)
{
	if (hex)
		put(s, "<");
	else
		put(s, "12:00:01 10.70.0.1 > : (+); ");
}

static void
put_entry(struct sheet *s, bool hex, const struct truth *t)
{
	put_line_head(s, hex);
	put_key(s, hex, "", &t->near, seen(&t->far, &t->far_nat), t->proto);
	if (hex) {
		put(s, "; 0001c001");
		for (unsigned n = below(60); n > 0; n--)
			put(s, ", %08x", (unsigned)any64());
		put(s, "; %s%u/3600>", chance(20) ? "@" : "", t->counters.left);
	} else {
		put(s, " CPTFMT_sep: ;; Type: 114689; Rule: %u; Timeout: 340; Ifnsin: -1; Bits: 0;",
		    below(900));
		put(s, " Expires: %u/3600; LastUpdateTime: 01Mar2026 12:00:00;%s", t->counters.left,
		    chance(50) ? " ProductName: VPN-1 & FireWall-1;" : "");
	}
	put_eol(s);
}

/* What passes in one way on one side of the gateway. */
static void
put_link(struct sheet *s, bool hex, const struct truth *t, const struct endpoint *from,
    const struct endpoint *to)
{
	put_line_head(s, hex);
	put_key(s, hex, "", from, to, t->proto);
	put(s, hex ? "> -> <" : " CPTFMT_sep_1: ->; ");
	put_key(s, hex, "_1", &t->near, seen(&t->far, &t->far_nat), t->proto);
	if (hex)
		put(s, "> (%08x)", (unsigned)any64());
	else
		put(s, " FW_symval: %u; LastUpdateTime: 01Mar2026 12:00:00;", below(9000));
	put_eol(s);
}

/* Links that together say all of a translation, those that say nothing new among them. */
static void
put_links(struct sheet *s, bool hex, const struct truth *t)
{
	const struct endpoint *asked = seen(&t->far, &t->far_nat);

	if (chance(50))
		put_link(s, hex, t, asked, &t->near);
	if (t->near_nat.addr.family != 0) {
		if (chance(50))
			put_link(s, hex, t, asked, &t->near_nat);
		else
			put_link(s, hex, t, &t->near_nat, asked);
	}
	if (t->far_nat.addr.family != 0) {
		if (chance(50))
			put_link(s, hex, t, &t->far, &t->near);
		else
			put_link(s, hex, t, &t->near, &t->far);
	}
}

/* A translation of one end, known by a link whose connection stands elsewhere. */
static void
put_lone_link(struct sheet *s, bool hex)
{
	struct truth *t = new_passing(s, any_passing_proto(), false);

	t->near_nat = t->far_nat = (struct endpoint){ 0 };
	if (chance(50)) {
		t->near_nat = any_end(false);
		put_link(s, hex, t, &t->far, &t->near_nat);
	} else {
		t->far_nat = any_end(false);
		put_link(s, hex, t, &t->far, &t->near);
	}
}

static void
write_table(struct sheet *s, bool hex)
{
	/* The formatted one has no header that would tell an empty table. */
	unsigned n = hex ? below(TRUTH_ROWS) : 1 + below(TRUTH_ROWS - 1);

	put(s, "localhost:%s", s->eol);
	if (hex)
		put(s,
		    "-------- connections --------%sdynamic, id 8158, num ents %u, load factor "
		    "0.0, attributes: keep, sync, unlimited%s",
		    s->eol, n, s->eol);
	else
		put(s, "Date: Mar 1, 2026%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t;

		if (chance(10)) {
			put_lone_link(s, hex);
			continue;
		}
		t = new_passing(s, any_passing_proto(), false);
		any_left(&t->counters);
		put_entry(s, hex, t);
		put_links(s, hex, t);
	}
}

static void
write_hexed(struct sheet *s)
{
	write_table(s, true);
}

static void
write_formatted(struct sheet *s)
{
	write_table(s, false);
}

static void
write_conntab(struct sheet *s)
{
	static const char *const apps[] = { "https", "domain-udp", "TCP_8443", "SSH", "Name.x" };
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_passing(s, any_passing_proto(), chance(20));

		t->near_nat = t->far_nat = (struct endpoint){ 0 };
		t->proto = chance(70) ? PROTO_TCP : PROTO_UDP;
		any_left(&t->counters);
		snprintf(t->app, TRUTH_WORD, "%s", ANY_OF(apps));
		put(s, "<(%sbound, src=[%s,%u], ", chance(50) ? "in" : "out",
		    addr_text(&t->near.addr), t->near.port);
		put(s, "dest=[%s,%u], %s); %u/%u, rule=%u, ", addr_text(&t->far.addr), t->far.port,
		    t->proto == PROTO_TCP ? "TCP" : "UDP", t->counters.left, below(9000),
		    below(900));
		if (t->proto == PROTO_TCP) {
			snprintf(t->state, TRUTH_WORD, "%s",
			    chance(50) ? "TCP_ESTABLISHED" : "SYN_SENT");
			put(s, "tcp state=%s, ", t->state);
		}
		put(s, "service=%s(%u)%s>", t->app, below(999),
		    chance(50) ? ", conn modules: Authentication, FG-1" : "");
		put_eol(s);
	}
}

/* --- logs ------------------------------------------------------------------------------------- */

/* Values that look like keys, in quotes. */
static const char *
any_trap(void)
{
	static const char *const traps[] = { "Guest DNS", "x src=198.51.100.66", "",
		"a srcip=198.51.100.66 dstip=198.51.100.67", "say \\\"dst:\\\"",
		"b; dst:1 proto=6" };

	return ANY_OF(traps);
}

/* 0.0.0.0 and 0 where nothing is translated, 0 where the port stays. */
static void
put_translated(struct sheet *s, const char *key, const char *q, const struct endpoint *real,
    const struct endpoint *nat)
{
	bool is = nat->addr.family != 0;

	put(s, "xlate%s%s%s%s%s%s ", key, q[0] ? ":" : "=", q,
	    is ? addr_text(&nat->addr) : "0.0.0.0", q, q[0] ? ";" : "");
	put(s, "xlate%sport%s%s%u%s", key[0] == 's' ? "s" : "d", q[0] ? ":" : "=", q,
	    is && nat->port != real->port ? nat->port : 0, q);
}

static void
put_gaia_record(struct sheet *s)
{
	struct truth *t = new_passing(s, any_passing_proto(), false);
	const struct endpoint *asked = seen(&t->far, &t->far_nat);
	const struct endpoint none = { 0 };
	bool cef = chance(40);

	if (t->near_nat.addr.family != 0 && chance(50))
		t->near_nat.port = t->near.port;
	if (t->far_nat.addr.family != 0 && chance(50))
		t->far_nat.port = t->far.port;
	snprintf(t->state, TRUTH_WORD, "%s", chance(70) ? "Accept" : "Drop");
	snprintf(t->place, TRUTH_WORD, "10.70.0.%u", below(250));
	snprintf(t->app, TRUTH_WORD, "%s", chance(50) ? "https" : "TCP_8443");
	if (cef) {
		put(s, "CEF:%s0|Check Point|VPN-1 & FireWall-1|Check Point|Log|%s|Unknown|act=%s ",
		    chance(50) ? " " : "", t->app, t->state);
		put(s, "spt=%u dpt=%u cs2Label=Rule Name cs2=Mgmt in layer_name=x origin=%s ",
		    t->near.port, asked->port, t->place);
		put(s, "dst=%s proto=%u service_id=%s ", addr_text(&asked->addr), t->proto, t->app);
		put(s, "src=%s ", addr_text(&t->near.addr));
	} else {
		put(s, "syslog[action:\"%s\"; origin:\"%s\"; rule_name:\"%s\"; ", t->state,
		    t->place, any_trap());
		put(s, "dst:\"%s\"; proto:\"%u\"; ", addr_text(&asked->addr), t->proto);
		put(s, "s_port:\"%u\"; service:\"%u\"; service_id:\"%s\"; src:\"%s\"; ",
		    t->near.port, asked->port, t->app, addr_text(&t->near.addr));
	}
	put_translated(s, "src", cef ? "" : "\"", &t->near, &t->near_nat);
	put(s, "%s", cef ? " " : "; ");
	put_translated(
	    s, "dst", cef ? "" : "\"", asked, t->far_nat.addr.family != 0 ? &t->far : &none);
	put(s, "%s", cef ? "" : "]");
	put_eol(s);
}

static void
write_gaia_log(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++)
		put_gaia_record(s);
}

static void
put_traffic(struct sheet *s)
{
	static const char *const actions[] = { "close", "server-rst", "accept", "timeout" };
	struct truth *t = new_passing(s, any_passing_proto(), chance(20));
	const struct endpoint *asked = seen(&t->far, &t->far_nat);
	const char *q = chance(80) ? "\"" : ""; /* older releases quote less */
	const struct counters *c = &t->counters;

	any_both_ways(&t->counters);
	t->counters.has |= HAS_AGE;
	t->counters.age = below(2000000);
	snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(actions));
	snprintf(t->place, TRUTH_WORD, "vdom-%u", below(9));
	snprintf(t->near_iface, TRUTH_WORD, "port%u", below(40));
	snprintf(t->far_iface, TRUTH_WORD, "wan%u.999", below(4));
	put(s, "%sdate=2026-03-01 time=13:47:09 devname=\"FW NORTH\" type=\"traffic\" ",
	    chance(30) ? "<189>Mar  1 13:47:09 192.0.2.1 " : "");
	put(s, "vd=%s%s%s srcip=%s ", q, t->place, q, addr_text(&t->near.addr));
	put(s, "srcport=%u srcintf=%s%s%s dstip=%s ", t->near.port, q, t->near_iface, q,
	    addr_text(&asked->addr));
	put(s, "dstport=%u dstintf=%s%s%s policyname=\"%s\" proto=%u action=%s%s%s ", asked->port,
	    q, t->far_iface, q, any_trap(), t->proto, q, t->state, q);
	if (chance(30)) {
		snprintf(t->user, TRUTH_WORD, "rosa t.");
		put(s, "user=\"%s\" ", t->user);
	}
	if (t->far_nat.addr.family != 0)
		put(s, "tranip=%s tranport=%u ", addr_text(&t->far.addr), t->far.port);
	if (t->near_nat.addr.family != 0)
		put(s, "transip=%s transport=%u ", addr_text(&t->near_nat.addr), t->near_nat.port);
	put(s, "duration=%u sentbyte=%llu rcvdbyte=%llu sentpkt=%llu rcvdpkt=%llu", c->age,
	    (unsigned long long)c->bytes_near, (unsigned long long)c->bytes_far,
	    (unsigned long long)c->packets_near, (unsigned long long)c->packets_far);
	put_eol(s);
}

static void
write_traffic(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		put_traffic(s);
		if (chance(10))
			put(s,
			    "date=2026-03-01 time=13:47:10 type=\"%s\" level=\"notice\" "
			    "srcip=10.58.1.10 dstip=203.0.113.131 proto=6%s",
			    chance(50) ? "event" : "utm", s->eol);
	}
}

/* --- SonicOS ---------------------------------------------------------------------------------- */

static void
write_connections(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s,
	    "  #  Src MAC           Src IP           Src Port  Src IF  Dst MAC           Dst IP"
	    "           Dst Port  Dst IF  Protocol  Expiry(s)  Tx Bytes%13sRx Bytes%13s"
	    "Tx Pkts%14sRx Pkts%s",
	    "", "", "", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_passing(s, any_passing_proto(), false);
		const struct counters *c = &t->counters;
		char mac[2][TRUTH_WORD];

		t->near_nat = t->far_nat = (struct endpoint){ 0 };
		any_both_ways(&t->counters);
		any_left(&t->counters);
		any_mac(mac[0], ":", 1);
		any_mac(mac[1], ":", 1);
		snprintf(t->near_iface, TRUTH_WORD, "X%u", below(30));
		snprintf(t->far_iface, TRUTH_WORD, "X%u:V%u", below(9), below(999));
		put(s, "%3u  %-17s %-16s %-9u ", i + 1, mac[0], addr_text(&t->near.addr),
		    t->near.port);
		put(s, "%-7s %-17s %-16s %-9u %-7s ", t->near_iface, mac[1],
		    addr_text(&t->far.addr), t->far.port, t->far_iface);
		put(s, "%-9s %-10u %-20llu %-20llu %-20llu %llu", proto_name(t->proto), c->left,
		    (unsigned long long)c->bytes_near, (unsigned long long)c->bytes_far,
		    (unsigned long long)c->packets_near, (unsigned long long)c->packets_far);
		put_eol(s);
	}
	put(s, "Total: %u%s", n, s->eol);
}

static void
put_sonicos_record(struct sheet *s)
{
	struct truth *t = new_passing(s, any_passing_proto(), chance(20));
	const struct endpoint *asked = seen(&t->far, &t->far_nat);

	t->counters.has = HAS_BYTES_NEAR;
	t->counters.bytes_near = any_counter();
	snprintf(t->state, TRUTH_WORD, "Connection %s", chance(50) ? "Opened" : "Closed");
	snprintf(t->app, TRUTH_WORD, "General HTTPS");
	snprintf(t->near_iface, TRUTH_WORD, "X%u-V%u", below(9), below(999));
	snprintf(t->far_iface, TRUTH_WORD, "X%u", below(9));
	put(s, "CEF:0|SonicWall|NSa 2700|7.0.1-5000-R%u|%u|%s|4|cat=1024 cs1=\"%s\" src=%s spt=%u ",
	    below(9000), below(999), t->state, any_trap(), addr_text(&t->near.addr), t->near.port);
	put(s, "deviceInboundInterface=%s ", t->near_iface);
	if (t->near_nat.addr.family != 0)
		put(s, "cs1Label=%s snpt=%u ", addr_text(&t->near_nat.addr), t->near_nat.port);
	put(s, "dst=%s dpt=%u ", addr_text(&asked->addr), asked->port);
	put(s, "deviceOutboundInterface=%s ", t->far_iface);
	/* Printed of an end that stays what it is, too. */
	if (t->far_nat.addr.family != 0 || chance(50))
		put(s, "cs2Label=%s dnpt=%u ", addr_text(&t->far.addr), t->far.port);
	put(s, "proto=%s/%s out=%llu ", proto_name(t->proto), chance(50) ? "https" : "8443",
	    (unsigned long long)t->counters.bytes_near);
	if (chance(50)) {
		t->counters.has |= HAS_BYTES_FAR;
		t->counters.bytes_far = any_counter();
		put(s, "in=%llu ", (unsigned long long)t->counters.bytes_far);
	}
	put(s, "app=49201 appName=\"%s\" fw_action=\"NA\"", t->app);
	put_eol(s);
}

static void
write_sonicos_log(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++)
		put_sonicos_record(s);
}

/* --- tests ------------------------------------------------------------------------------------ */

#define TRUTH_TEST(name, platform, line, writer)                                                   \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		truth_run(platform, line, writer);                                                 \
	}

TRUTH_TEST(panos_arp, "paloalto_panos", "show arp all", write_panos_arp)
TRUTH_TEST(fortios_arp, "fortinet", "get system arp", write_fortios_arp)
TRUTH_TEST(fortios_traffic, "fortinet", "syslog traffic", write_traffic)
TRUTH_TEST(gaia_table, "checkpoint_gaia", "fw tab -t connections -u", write_hexed)
TRUTH_TEST(gaia_table_formatted, "checkpoint_gaia", "fw tab -t connections -f -u", write_formatted)
TRUTH_TEST(gaia_conntab, "checkpoint_gaia", "fw ctl conntab", write_conntab)
TRUTH_TEST(gaia_log, "checkpoint_gaia", "syslog log exporter", write_gaia_log)
TRUTH_TEST(gaia_arp, "checkpoint_gaia", "show arp dynamic all", write_gaia_arp)
TRUTH_TEST(sonicos_connections, "sonicwall", "show connections", write_connections)
TRUTH_TEST(sonicos_log, "sonicwall", "syslog connection", write_sonicos_log)
TRUTH_TEST(fireware_arp, "watchguard", "show arp", write_fireware_arp)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(panos_arp),
		cmocka_unit_test(fortios_arp),
		cmocka_unit_test(fortios_traffic),
		cmocka_unit_test(gaia_table),
		cmocka_unit_test(gaia_table_formatted),
		cmocka_unit_test(gaia_conntab),
		cmocka_unit_test(gaia_log),
		cmocka_unit_test(gaia_arp),
		cmocka_unit_test(sonicos_connections),
		cmocka_unit_test(sonicos_log),
		cmocka_unit_test(fireware_arp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
