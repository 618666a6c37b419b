/* Generated truth for firewalls: Juniper Junos, Palo Alto PAN-OS, Fortinet FortiOS. */
#include "tests/unit/truth.h"

static const char *const zones[] = { "trust", "untrust", "dmz-2", "guest_wlan", "WAN2", "Inside" };

/* The row as it is read from the other end; no interfaces: it ends on the box. */
static void
turn_to_box(struct truth *t, bool started_far)
{
	struct counters *c = &t->counters;
	struct truth was = *t;

	t->near_iface[0] = t->far_iface[0] = '\0';
	if (!started_far)
		return;
	t->near = was.far;
	t->far = was.near;
	t->near_nat = was.far_nat;
	t->far_nat = was.near_nat;
	t->starter = STARTER_FAR;
	c->bytes_near = was.counters.bytes_far;
	c->bytes_far = was.counters.bytes_near;
	c->packets_near = was.counters.packets_far;
	c->packets_far = was.counters.packets_near;
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

static void
any_left(struct counters *c)
{
	c->has |= HAS_LEFT;
	c->left = below(20000);
}

/* --- Junos: flow sessions --------------------------------------------------------------------- */

static void
any_srx_iface(char out[static TRUTH_WORD])
{
	static const char *const names[] = { "ge-0/0/", "xe-2/1/", "reth", "st0.", "vlan." };

	snprintf(out, TRUTH_WORD, "%s%u.%u", ANY_OF(names), below(9), below(4095));
}

/* How one release prints it. */
struct junos {
	bool old, indent, comma, tag, ha, mnha;
};

static void
put_wing(struct sheet *s, const struct junos *j, const char *name, const struct endpoint *from,
    const struct endpoint *to, uint16_t proto, const char *iface, uint64_t packets, uint64_t bytes)
{
	put(s, "%s%s: %s/%u --> ", j->indent ? "  " : "", name, addr_text(&from->addr), from->port);
	put(s, "%s/%u;%s,%s", addr_text(&to->addr), to->port, proto_name(proto),
	    j->tag ? " Conn Tag: 0x0," : "");
	put(s, " If: %s, Pkts: %llu, Bytes: %llu%s%s", iface, (unsigned long long)packets,
	    (unsigned long long)bytes, j->comma || j->mnha ? "," : "",
	    j->mnha ? " HA Wing State: Warm," : "");
	put_eol(s);
}

static void
put_session_head(struct sheet *s, const struct junos *j, const struct truth *t, bool tunnel)
{
	static const char *const states[] = { "Active", "Backup", "Warm", "Active ", "Warm " };

	put(s, "Session ID: %llu, Policy name: %s, ", (unsigned long long)any64() >> below(60),
	    tunnel ? "N/A" : "lan-to-wan/17");
	if (j->ha)
		put(s, "HA State: %s, ", ANY_OF(states));
	if (tunnel)
		put(s, "Timeout: N/A, ");
	else
		put(s, "Timeout: %u, ", t->counters.left);
	put(s, "%s%s", j->old ? "" : "Session State: ", t->state);
	put_eol(s);
}

static void
put_tunnel(struct sheet *s, const struct junos *j)
{
	struct truth *t = new_row(s);

	t->proto = 50;
	t->near = any_end(false);
	t->far = any_end(false);
	t->counters.has = HAS_BYTES_FAR | HAS_PACKETS_FAR;
	t->counters.bytes_far = any_counter();
	t->counters.packets_far = any_counter();
	snprintf(t->state, TRUTH_WORD, "Valid");
	put_session_head(s, j, t, true);
	put_wing(s, j, "In", &t->far, &t->near, t->proto, "ge-0/0/0.0", t->counters.packets_far,
	    t->counters.bytes_far);
}

static struct truth *
new_flow(struct sheet *s)
{
	struct truth *t = new_passing(s, any_passing_proto(), chance(20));

	any_both_ways(&t->counters);
	any_left(&t->counters);
	any_srx_iface(t->near_iface);
	any_srx_iface(t->far_iface);
	if (chance(10)) { /* NAT64 */
		t->near = any_end(true);
		t->far = any_end(false);
		t->near_nat = any_end(false);
		t->far_nat = any_end(true);
	}
	snprintf(t->state, TRUTH_WORD, "%s", chance(90) ? "Valid" : "Invalidated");
	return t;
}

static void
put_flow(struct sheet *s, const struct junos *j)
{
	struct truth *t = new_flow(s);
	const struct counters *c = &t->counters;
	unsigned kind = below(10);

	put_session_head(s, j, t, false);
	put_wing(s, j, "In", &t->near, seen(&t->far, &t->far_nat), t->proto,
	    kind == 1 ? ".local..0" : t->near_iface, c->packets_near, c->bytes_near);
	put_wing(s, j, "Out", &t->far, seen(&t->near, &t->near_nat), t->proto,
	    kind == 0 ? ".local..7" : t->far_iface, c->packets_far, c->bytes_far);
	if (kind < 2)
		turn_to_box(t, kind == 0);
}

static void
write_flow(struct sheet *s)
{
	struct junos j = { chance(30), chance(80), chance(70), chance(70), chance(40), chance(20) };
	unsigned lists = 1 + below(3);

	if (chance(50))
		put(s, "ops@srx-%u> show security flow session %s", below(10), s->eol);
	for (unsigned k = 0; k < lists; k++) {
		unsigned n = below(TRUTH_ROWS / 3), first = s->n_rows;

		if (lists > 1)
			put(s, "Flow Sessions on FPC0 PIC%u:%s%s", k, s->eol, s->eol);
		for (unsigned i = 0; i < n; i++) {
			if (chance(10))
				put_tunnel(s, &j);
			else
				put_flow(s, &j);
			put(s, "%s", chance(70) ? s->eol : "");
		}
		if (chance(70) || n == 0)
			put(s, "Total sessions: %u%s%s", s->n_rows - first, s->eol, s->eol);
	}
	if (chance(30))
		put(s, "%s{primary:node0}%sops@srx>%s", s->eol, s->eol, s->eol);
}

static void
put_wing_xml(struct sheet *s, const char *name, const struct endpoint *from,
    const struct endpoint *to, const char *proto, const char *iface, uint64_t packets,
    uint64_t bytes)
{
	put(s, "    <flow-information junos:style=\"brief\">%s", s->eol);
	put(s, "      <direction>%s</direction>%s", name, s->eol);
	put(s, "      <source-address>%s</source-address>%s", addr_text(&from->addr), s->eol);
	put(s, "      <source-port>%u</source-port>%s", from->port, s->eol);
	put(s, "      <destination-address>%s</destination-address>", addr_text(&to->addr));
	put(s, "%s      <destination-port>%u</destination-port>%s", s->eol, to->port, s->eol);
	put(s, "      <protocol>%s</protocol><conn-tag>0x0</conn-tag>%s", proto, s->eol);
	put(s, "      <interface-name>%s</interface-name>%s", iface, s->eol);
	put(s, "      <pkt-cnt>%llu</pkt-cnt>%s", (unsigned long long)packets, s->eol);
	put(s, "      <byte-cnt>%llu</byte-cnt>%s    </flow-information>%s",
	    (unsigned long long)bytes, s->eol, s->eol);
}

static void
put_flow_xml(struct sheet *s)
{
	struct truth *t = new_flow(s);
	const struct counters *c = &t->counters;
	const char *proto = proto_name(t->proto);
	unsigned kind = below(10);

	t->counters.has |= HAS_AGE;
	t->counters.age = below(2000000);
	if (chance(50))
		snprintf(t->app, TRUTH_WORD, "junos-https");
	put(s, "  <flow-session junos:style=\"brief\">%s", s->eol);
	put(s, "    <session-identifier>%u</session-identifier>%s", below(90000), s->eol);
	if (t->app[0] != '\0')
		put(s, "    <application-name>%s</application-name>%s", t->app, s->eol);
	put(s, "    <configured-timeout>1800</configured-timeout>%s", s->eol);
	put(s, "    <timeout>%u</timeout><sess-state>%s</sess-state>%s", c->left, t->state, s->eol);
	put(s, "    <logical-system></logical-system><duration>%u</duration>%s", c->age, s->eol);
	put_wing_xml(s, "In", &t->near, seen(&t->far, &t->far_nat), proto,
	    kind == 1 ? ".local..0" : t->near_iface, c->packets_near, c->bytes_near);
	put_wing_xml(s, "Out", &t->far, seen(&t->near, &t->near_nat), proto,
	    kind == 0 ? ".local..0" : t->far_iface, c->packets_far, c->bytes_far);
	put(s, "  </flow-session>%s", s->eol);
	if (kind < 2)
		turn_to_box(t, kind == 0);
}

static void
write_flow_xml(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "<rpc-reply xmlns:junos=\"http://xml.example/junos/21.4R0/junos\">%s", s->eol);
	put(s, "<flow-session-information xmlns=\"http://xml.example/junos-flow\">%s", s->eol);
	for (unsigned i = 0; i < n; i++)
		put_flow_xml(s);
	put(s, "</flow-session-information>%s<cli><banner></banner></cli>%s</rpc-reply>%s", s->eol,
	    s->eol, s->eol);
}

/* --- Junos: sockets --------------------------------------------------------------------------- */

static void
put_dotted(struct sheet *s, const struct endpoint *e)
{
	put(s, "%s.", e->addr.family != 0 ? addr_text(&e->addr) : "*");
	if (e->has_port)
		put(s, "%u", e->port);
	else
		put(s, "*");
	put_gap(s);
}

static void
write_connections(struct sheet *s)
{
	static const char *const states[] = { "LISTEN", "ESTABLISHED", "TIME_WAIT", "CLOSE_WAIT",
		"FIN_WAIT_2" };
	unsigned n = below(TRUTH_ROWS);

	put(s, "Active Internet connections (including servers)%s", s->eol);
	put(s, "Proto Recv-Q Send-Q  Local Address      Foreign Address    (state)%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);
		bool v6 = chance(30);

		t->proto = chance(70) ? PROTO_TCP : PROTO_UDP;
		t->near = any_end(v6);
		t->far = any_end(v6);
		if (t->proto == PROTO_TCP)
			snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(states));
		if (strcmp(t->state, "LISTEN") == 0 || (t->proto == PROTO_UDP && chance(70)))
			t->far = (struct endpoint){ 0 };
		if (t->far.addr.family == 0 && chance(60))
			t->near.addr = (struct addr){ 0 };
		put(s, "%s%c %6u %6u  ", proto_name(t->proto), v6 ? '6' : '4', below(9000),
		    below(9000));
		put_dotted(s, &t->near);
		put_dotted(s, &t->far);
		put(s, "%s", t->state);
		put_eol(s);
	}
}

/* --- Junos: neighbours, logins ---------------------------------------------------------------- */

static void
write_arp(struct sheet *s)
{
	unsigned nodes = below(3); /* 0: no cluster */

	for (unsigned k = 0; k < (nodes > 0 ? nodes : 1); k++) {
		unsigned n = below(TRUTH_ROWS / 2);
		bool names = chance(40);

		if (nodes > 0)
			put(s, "node%u:%s--------------------%s", k, s->eol, s->eol);
		put(s, "MAC Address       Address      Interface    Flags%s", s->eol);
		for (unsigned i = 0; i < n; i++) {
			struct truth *t = new_row(s);
			bool fixed = chance(30);

			t->proto = PROTO_NONE;
			t->near.addr = any_addr(false);
			any_mac(t->mac, ":", 1);
			snprintf(t->near_iface, TRUTH_WORD, "ge-0/0/%u.%u", below(9), below(4094));
			snprintf(t->kind, TRUTH_WORD, "%s", fixed ? "permanent" : "");
			if (nodes > 0)
				snprintf(t->place, TRUTH_WORD, "node%u", k);
			put(s, "%s %-15s ", t->mac, addr_text(&t->near.addr));
			put(s, "%s%s", names ? "host-7 " : "", t->near_iface);
			put(s, "%s  %s", chance(20) ? " [ae0.0]" : "",
			    fixed ? "permanent" : "none");
			put_eol(s);
		}
		put(s, "Total entries: %u%s", n, s->eol);
	}
}

static void
write_users(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, " 9:38AM  up %u days, 37 mins, %u users, load averages: 0.28, 0.39, 0.37%s",
	    below(900), n, s->eol);
	put(s, "USER     TTY      FROM                              LOGIN@  IDLE WHAT%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		static const char *const idles[] = { "-", "56", "1:05", "3days" };
		struct truth *t = new_row(s);
		struct addr from = any_addr(chance(30));

		t->proto = PROTO_NONE;
		snprintf(t->user, TRUTH_WORD, "user-%u", below(100));
		snprintf(t->tty, TRUTH_WORD, chance(70) ? "pts/%u" : "u%u", below(9));
		if (chance(80))
			snprintf(t->from, TRUTH_WORD, "%s", addr_text(&from));
		put(s, "%-8s %-8s %-33s 2:35AM %6s -cli (cli)", t->user, t->tty,
		    t->from[0] != '\0' ? t->from : "-", ANY_OF(idles));
		put_eol(s);
	}
}

/* --- ScreenOS --------------------------------------------------------------------------------- */

static void
put_screenos_line(struct sheet *s, const struct endpoint *left, const char *arrow,
    const struct endpoint *right, uint16_t proto)
{
	put(s, " if %u(nspflag 80%u801):%s/%u%s", below(9), below(9), addr_text(&left->addr),
	    left->port, arrow);
	put(s, "%s/%u,%u,00005e0053c3,sess token 4,vlan 0,tun 0,vsd 0,route %u%s",
	    addr_text(&right->addr), right->port, proto, below(90),
	    proto == PROTO_TCP ? ",wsf 0" : "");
	put_eol(s);
}

static void
write_screenos(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "alloc %u/max 64064, alloc failed 0, mcast alloc 0, di alloc failed 0%s", n, s->eol);
	put(s, "total reserved 0, free sessions in shared pool 64059%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_passing(s, any_passing_proto(), chance(20));
		bool to_box = chance(20);
		uint32_t ticks = below(2000);

		t->counters = (struct counters){ .has = HAS_LEFT, .left = ticks * 10 };
		t->starter = STARTER_NEAR;
		snprintf(t->place, TRUTH_WORD, "vsys %u", below(9));
		put(s, "id %u/s**,%s,flag 08000040/0000/0001,policy %u,time %u, dip 2 module 0%s",
		    below(64000), t->place, to_box ? 320002 : below(900), ticks, s->eol);
		put_screenos_line(s, &t->near, "->", seen(&t->far, &t->far_nat), t->proto);
		put_screenos_line(s, seen(&t->near, &t->near_nat), "<-", &t->far, t->proto);
		if (to_box)
			turn_to_box(t, true);
	}
	put(s, "Total %u sessions shown%s", n, s->eol);
}

/* --- PAN-OS ----------------------------------------------------------------------------------- */

static struct truth *
new_pan(struct sheet *s)
{
	static const char *const apps[] = { "ssl", "dns", "web-browsing", "ping", "undecided" };
	static const char *const states[] = { "INIT", "OPENING", "ACTIVE", "DISCARD", "CLOSED" };
	struct truth *t = new_passing(s, any_passing_proto(), chance(20));

	snprintf(t->app, TRUTH_WORD, "%s", ANY_OF(apps));
	snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(states));
	snprintf(t->place, TRUTH_WORD, "vsys%u", 1 + below(9));
	snprintf(t->near_iface, TRUTH_WORD, "%s", ANY_OF(zones));
	snprintf(t->far_iface, TRUTH_WORD, "%s", ANY_OF(zones));
	return t;
}

static void
put_pan(struct sheet *s)
{
	static const char *const flags[] = { "NS", "ND", "NB", "*", "", "", "NS*" };
	const struct truth *t = new_pan(s);
	const struct endpoint *e = seen(&t->near, &t->near_nat);

	put(s, "%-12u %-14s %-7s %s  %-3s  ", below(5000000), t->app, t->state,
	    chance(90) ? "FLOW" : "PRED", ANY_OF(flags));
	put(s, "%s[%u]/%s/%u", addr_text(&t->near.addr), t->near.port, t->near_iface, t->proto);
	put(s, "  (%s[%u])", addr_text(&e->addr), e->port);
	put_eol(s);
	e = seen(&t->far, &t->far_nat);
	put(s, "%-45s  %s[%u]/%s", t->place, addr_text(&e->addr), e->port, t->far_iface);
	put(s, "  (%s[%u])", addr_text(&t->far.addr), t->far.port);
	put_eol(s);
}

static void
write_pan(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	if (chance(50))
		put(s, "ops@pa-%u(active)> show session all%s%s", below(10), s->eol, s->eol);
	if (n == 0) {
		put(s, "No Active Sessions%s%s", s->eol, s->eol);
		return;
	}
	put(s, "------------------------------------------------------------%s", s->eol);
	put(s, "ID          Application    State   Type Flag  Src[Sport]/Zone/Proto (translated%s",
	    s->eol);
	put(s, "Vsys                                          Dst[Dport]/Zone (translated IP)%s",
	    s->eol);
	put(s, "------------------------------------------------------------%s", s->eol);
	for (unsigned i = 0; i < n; i++)
		put_pan(s);
	if (chance(30))
		put(s, "%sops@pa(active)> %s", s->eol, s->eol);
}

static void
put_element(struct sheet *s, const char *name, const char *value)
{
	put(s, "    <%s>%s</%s>%s", name, value, name, s->eol);
}

static void
put_end(struct sheet *s, const char *addr, const char *port, const struct endpoint *e)
{
	put_element(s, addr, addr_text(&e->addr));
	put(s, "    <%s>%u</%s>%s", port, e->port, port, s->eol);
}

/* The order of the elements is another one in each release. */
static void
put_pan_xml(struct sheet *s)
{
	struct truth *t = new_pan(s);
	unsigned first = below(8);
	bool ifaces = chance(50);

	t->counters.has = HAS_BYTES_TOTAL;
	t->counters.bytes_total = any_counter();
	put(s, "  <entry>%s", s->eol);
	for (unsigned i = first; i < first + 8; i++)
		switch (i % 8) {
		case 0: put_end(s, "source", "sport", &t->near); break;
		case 1: put_end(s, "xsource", "xsport", seen(&t->near, &t->near_nat)); break;
		case 2: put_end(s, "dst", "dport", seen(&t->far, &t->far_nat)); break;
		case 3: put_end(s, "xdst", "xdport", &t->far); break;
		case 4: put_element(s, "from", ifaces ? "a zone" : t->near_iface); break;
		case 5:
			put_element(s, "to", ifaces ? "b" : t->far_iface);
			put(s, "    <proto>%u</proto>%s", t->proto, s->eol);
			break;
		case 6:
			if (ifaces)
				put_element(s, "ingress", t->near_iface);
			put_element(s, "state", t->state);
			put_element(s, "vsys", t->place);
			break;
		default:
			if (ifaces)
				put_element(s, "egress", t->far_iface);
			put_element(s, "application", t->app);
			put(s, "    <total-byte-count>%llu</total-byte-count><flags> </flags>%s",
			    (unsigned long long)t->counters.bytes_total, s->eol);
			break;
		}
	put(s, "  </entry>%s", s->eol);
}

static void
write_pan_xml(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "<response status=\"success\"><result>%s", s->eol);
	for (unsigned i = 0; i < n; i++)
		put_pan_xml(s);
	put(s, "</result></response>%s", s->eol);
}

/* --- FortiOS: the list ------------------------------------------------------------------------ */

/* An end, or "-": the column overflows, one blank stays. */
static void
put_column(struct sheet *s, const struct endpoint *e)
{
	char text[ADDR_TEXT + 8] = "-";

	if (e->addr.family != 0)
		snprintf(text, sizeof text, "%s:%u", addr_text(&e->addr), e->port);
	put(s, "%-16s ", text);
}

static void
write_list(struct sheet *s)
{
	static const struct endpoint none;
	unsigned n = below(TRUTH_ROWS);
	bool vdom = chance(50);

	if (chance(50))
		put(s, "FW-%u %s# get system session list %s", below(10), vdom ? "(branch) " : "",
		    s->eol);
	put(s,
	    "PROTO   EXPIRE SOURCE           SOURCE-NAT       DESTINATION      DESTINATION-NAT%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_passing(s, any_passing_proto(), false);
		bool dnat = t->far_nat.addr.family != 0;

		any_left(&t->counters);
		put(s, "%-7s %-6u ", proto_name(t->proto), t->counters.left);
		put_column(s, &t->near);
		put_column(s, &t->near_nat);
		put_column(s, seen(&t->far, &t->far_nat));
		put_column(s, dnat ? &t->far : &none);
		put_eol(s);
	}
}

/* --- FortiOS: the blocks ---------------------------------------------------------------------- */

static void
put_hook(struct sheet *s, const char *point, const char *dir, const char *act,
    const struct endpoint *from, const struct endpoint *to, const struct endpoint *nat)
{
	put(s, "hook=%s dir=%s act=%s %s:%u", point, dir, act, addr_text(&from->addr), from->port);
	put(s, "%s->%s:%u", chance(20) ? " " : "", addr_text(&to->addr), to->port);
	if (nat->addr.family != 0)
		put(s, "(%s:%u)", addr_text(&nat->addr), nat->port);
	else
		put(s, "(%s:0)", from->addr.family == 6 ? "::" : "0.0.0.0");
	put_eol(s);
}

static void
put_hooks(struct sheet *s, const struct truth *t)
{
	static const struct endpoint none;
	const struct endpoint *asked = seen(&t->far, &t->far_nat);
	bool snat = t->near_nat.addr.family != 0, dnat = t->far_nat.addr.family != 0;
	bool late = chance(50); /* the hook of the destination comes behind that of the source */

	if (dnat && !late)
		put_hook(s, "pre", "org", "dnat", &t->near, asked, &t->far);
	if (snat)
		put_hook(s, "post", "org", "snat", &t->near, dnat && chance(50) ? asked : &t->far,
		    &t->near_nat);
	else if (!dnat || chance(30))
		put_hook(s, "pre", "org", "noop", &t->near, asked, &none);
	if (dnat && late)
		put_hook(s, "pre", "org", "dnat", &t->near, asked, &t->far);
	put_hook(s, "post", "reply", "noop", &t->far, seen(&t->near, &t->near_nat), &none);
	if (chance(20))
		put_hook(
		    s, "pre", "reply", "dnat", &t->far, seen(&t->near, &t->near_nat), &t->near);
}

/* kind 0: to the box, 1: from it, else it passes */
static void
put_block_middle(struct sheet *s, struct truth *t, unsigned kind)
{
	static const char *const ways[] = { "org pre->in, reply out->post",
		"org out->post, reply pre->in", "org pre->post, reply pre->post" };
	const struct counters *c = &t->counters;

	put(s, "origin-shaper=%s%s", chance(80) ? "" : "pipe-2M prio=2  guarantee 0Bps)", s->eol);
	put(s, "reply-shaper=%sper_ip_shaper=%s", s->eol, s->eol);
	put(s, "class_id=0 ha_id=0 policy_dir=0 tunnel=/ vlan_cos=0/255%s", s->eol);
	if (chance(20)) {
		snprintf(t->user, TRUTH_WORD, "rosa t.");
		put(s, "user=%s auth_server=LDAP-1 ", t->user);
	}
	put(s, "state=log may_dirty npu f00 %s", s->eol);
	put(s, "statistic(bytes/packets/allow_err): org=%llu/%llu/1 reply=%llu/%llu/1 tuples=2%s",
	    (unsigned long long)c->bytes_near, (unsigned long long)c->packets_near,
	    (unsigned long long)c->bytes_far, (unsigned long long)c->packets_far, s->eol);
	put(s, "tx speed(Bps/kbps): 0/0 rx speed(Bps/kbps): 0/0%s", s->eol);
	put(s, "orgin->sink: %s dev=13->9/9->13 gwy=192.0.2.254/0.0.0.0%s",
	    ways[kind < 2 ? kind : 2], s->eol);
}

static void
put_block(struct sheet *s, const char *table, bool v6)
{
	struct truth *t = new_passing(s, any_passing_proto(), v6);
	unsigned kind = below(10);
	bool old = chance(30);

	any_both_ways(&t->counters);
	any_left(&t->counters);
	t->counters.has |= HAS_AGE;
	t->counters.age = below(2000000);
	snprintf(t->state, TRUTH_WORD, "%02u", below(16));
	snprintf(t->place, TRUTH_WORD, "vd=%u", below(12));
	put(s, "%s info: proto=%u proto_state=%s duration=%u expire=%u timeout=3600%s use=3%s",
	    table, t->proto, t->state, t->counters.age, t->counters.left,
	    old ? " flags=00000000 sockflag=0" : " refresh_dir=both flags=00000000", s->eol);
	put_block_middle(s, t, kind);
	put_hooks(s, t);
	if (chance(70))
		put(s, "pos/(before,after) 0/(0,0), 0/(0,0)%s", s->eol);
	put(s, "misc=0 policy_id=%u auth_info=0 chk_client_info=0 %s%s%s",
	    kind < 2 ? 4294967295u : below(900), t->place, old ? " serial=000004a1" : "", s->eol);
	if (!old)
		put(s, "serial=000ee801 tos=ff/ff app_list=0 app=0 url_cat=0%s", s->eol);
	put(s, "rpdb_link_id%s00000000%snpu_state=0x4000c00 ofld-O ofld-R%s", old ? " = " : "=",
	    s->eol, s->eol);
	if (chance(50))
		put(s, "npu info: flag=0x81/0x81, offload=8/8%svlifid=156/148, qid=0/3%s", s->eol,
		    s->eol);
	put(s, "%s", chance(70) ? s->eol : "");
	if (kind < 2)
		turn_to_box(t, kind == 0);
}

static void
write_blocks(struct sheet *s, const char *table, bool v6)
{
	unsigned n = below(TRUTH_ROWS);

	if (chance(50))
		put(s, "FW-%u # diagnose sys %s list%s%s", below(10), table, s->eol, s->eol);
	for (unsigned i = 0; i < n; i++)
		put_block(s, table, v6);
	if (n == 0 || chance(70))
		put(s, "total %s%s %u%s", table, chance(50) ? ":" : "", n, s->eol);
}

static void
write_session(struct sheet *s)
{
	write_blocks(s, "session", false);
}

static void
write_session6(struct sheet *s)
{
	write_blocks(s, "session6", true);
}

/* --- tests ------------------------------------------------------------------------------------ */

#define TRUTH_TEST(name, platform, line, writer)                                                   \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		truth_run(platform, line, writer);                                                 \
	}

TRUTH_TEST(junos_flow, "juniper_junos", "show security flow session", write_flow)
TRUTH_TEST(
    junos_flow_xml, "juniper_junos", "show security flow session | display xml", write_flow_xml)
TRUTH_TEST(junos_connections, "juniper_junos", "show system connections", write_connections)
TRUTH_TEST(junos_arp, "juniper_junos", "show arp no-resolve", write_arp)
TRUTH_TEST(junos_users, "juniper_junos", "show system users", write_users)
TRUTH_TEST(screenos_session, "juniper_screenos", "get session", write_screenos)
TRUTH_TEST(panos_sessions, "paloalto_panos", "show session all", write_pan)
TRUTH_TEST(panos_sessions_xml, "paloalto_panos", "show session all xml", write_pan_xml)
TRUTH_TEST(fortios_list, "fortinet", "get system session list", write_list)
TRUTH_TEST(fortios_session, "fortinet", "diagnose sys session list", write_session)
TRUTH_TEST(fortios_session6, "fortinet", "diagnose sys session6 list", write_session6)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(junos_flow),
		cmocka_unit_test(junos_flow_xml),
		cmocka_unit_test(junos_connections),
		cmocka_unit_test(junos_arp),
		cmocka_unit_test(junos_users),
		cmocka_unit_test(screenos_session),
		cmocka_unit_test(panos_sessions),
		cmocka_unit_test(panos_sessions_xml),
		cmocka_unit_test(fortios_list),
		cmocka_unit_test(fortios_session),
		cmocka_unit_test(fortios_session6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
