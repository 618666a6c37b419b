/* Generated truth for Cisco IOS besides its first commands: flows, zones, NAT64, neighbours,
 * logins. */
#include "tests/unit/truth.h"

static void
put_load(struct sheet *s)
{
	if (chance(20))
		put(s,
		    "Load for five secs: 4%%/0%%; one minute: 3%%; five minutes: 2%%%s"
		    "Time source is NTP, 12:00:01.001 UTC Sun Mar 1 2026%s",
		    s->eol, s->eol);
}

/* --- open ports ------------------------------------------------------------------------------- */

static void
write_open_ports(struct sheet *s)
{
	static const char *const apps[] = { "SSH-Server", "DHCPD Receive", "TACACS service",
		"NTP" };
	unsigned n = below(TRUTH_ROWS);

	put(s, "Active internet connections (servers and established)%s", s->eol);
	put(s, "Prot        Local Address      Foreign Address                  Service    State%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);
		char near[ENDPOINT_TEXT], far[ENDPOINT_TEXT] = "*:0";

		t->proto = chance(60) ? PROTO_TCP : PROTO_UDP;
		t->near = any_end(false);
		if (chance(70))
			t->near.addr = (struct addr){ 0 };
		snprintf(near, sizeof(near), "%s:%u",
		    t->near.addr.family ? addr_text(&t->near.addr) : "*", t->near.port);
		snprintf(t->state, TRUTH_WORD, "LISTEN");
		if (chance(40)) {
			t->far = any_end(false);
			snprintf(far, sizeof(far), "%s:%u", addr_text(&t->far.addr), t->far.port);
			snprintf(t->state, TRUTH_WORD, "ESTABLIS");
		}
		snprintf(t->app, TRUTH_WORD, "%s", ANY_OF(apps));
		put(s, " %s %19s %19s %27s %s", proto_name(t->proto), near, far, t->app, t->state);
		put_eol(s);
	}
}

/* --- flows ------------------------------------------------------------------------------------ */

static void
put_packets(struct sheet *s, uint64_t *packets)
{
	static const char units[] = "KMG";
	uint64_t n = below(100000), times = 1;
	unsigned scaled = chance(30) ? 1 + below(3) : 0;

	for (unsigned i = 0; i < scaled; i++)
		times *= 1000;
	*packets = n * times;
	put(s, "%5llu", (unsigned long long)n);
	if (scaled)
		put(s, "%c", units[scaled - 1]);
}

/* A flow to the box itself is told from the other side, and of its interfaces nothing is kept. */
static void
put_cached(struct sheet *s)
{
	static const uint16_t protos[] = { PROTO_TCP, PROTO_UDP, PROTO_ICMP, 47 };
	struct truth *t = new_row(s);
	bool local = chance(20), out = !local && chance(20);

	t->proto = ANY_OF(protos);
	t->near = any_end(false);
	t->far = any_end(false);
	if (!local) {
		any_iface(t->near_iface);
		any_iface(t->far_iface);
	}
	t->counters.has = local ? HAS_PACKETS_FAR : HAS_PACKETS_NEAR;
	put(s, "%-13s %-15s ", local ? "Gi0/1" : t->near_iface,
	    addr_text(local ? &t->far.addr : &t->near.addr));
	put(s, "%s%s  ", local ? "Local" : t->far_iface, out ? "*" : "");
	put(s, "%-15s %02X %04X ", addr_text(local ? &t->near.addr : &t->far.addr), t->proto,
	    local ? t->far.port : t->near.port);
	put(s, "%04X ", local ? t->near.port : t->far.port);
	put_packets(s, local ? &t->counters.packets_far : &t->counters.packets_near);
	put_eol(s);
}

static void
put_cached_rows(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "SrcIf         SrcIPaddress    DstIf         DstIPaddress    Pr SrcP DstP  Pkts%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++)
		put_cached(s);
}

static void
write_cache_flow(struct sheet *s)
{
	put(s, "IP packet size distribution (%u total packets):%s", below(1000000), s->eol);
	put(s, "   1-32   64   96  128  160%s   .000 .610 .120 .080 .010%s%s", s->eol, s->eol,
	    s->eol);
	put(s, "IP Flow Switching Cache, 278544 bytes%s  6 active, 4090 inactive, 311 added%s",
	    s->eol, s->eol);
	put(s, "  last clearing of statistics never%s", s->eol);
	put(s, "Protocol         Total    Flows   Packets Bytes  Packets Active(Sec) Idle(Sec)%s",
	    s->eol);
	put(s, "--------         Flows     /Sec     /Flow  /Pkt     /Sec     /Flow     /Flow%s",
	    s->eol);
	put(s, "TCP-WWW            204      0.0        12   410      0.1       3.2       9.9%s",
	    s->eol);
	put(s, "Total:             285      0.0         9   388      0.1       2.3      11.5%s%s",
	    s->eol, s->eol);
	put_cached_rows(s);
}

static void
write_top_talkers(struct sheet *s)
{
	put_cached_rows(s);
}

/* --- flow monitors ---------------------------------------------------------------------------- */

static struct truth *
new_monitored(struct sheet *s, bool v6)
{
	struct truth *t = new_row(s);

	t->proto = chance(60) ? PROTO_TCP : PROTO_UDP;
	t->near = any_end(v6);
	t->far = any_end(v6);
	any_iface(t->near_iface);
	t->counters.has = HAS_BYTES_NEAR | HAS_PACKETS_NEAR;
	t->counters.bytes_near = any_counter();
	t->counters.packets_near = any_counter();
	return t;
}

static void
put_monitor(struct sheet *s, unsigned n)
{
	put_load(s);
	put(s, "  Cache type:                               Normal (Platform cache)%s", s->eol);
	put(s, "  Cache size:                               200000%s", s->eol);
	put(s, "  Current entries:                          %6u%s%s", n, s->eol, s->eol);
	put(s, "  Flows added:                              %6u%s", below(90000), s->eol);
	put(s, "  Flows aged:                               %6u%s", below(90000), s->eol);
	put(s, "    - Inactive timeout    (    15 secs)     %6u%s%s", below(90), s->eol, s->eol);
}

static void
write_monitor_table(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	put_monitor(s, n);
	put(s,
	    "IPV4 SRC ADDR    IPV4 DST ADDR    TRNS SRC PORT  TRNS DST PORT  INTF INPUT            "
	    "      "
	    "  IP PROT                 bytes                  pkts%s",
	    s->eol);
	put(s,
	    "===============  ===============  =============  =============  "
	    "============================"
	    "  =======  ====================  ====================%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_monitored(s, false);

		put(s, "%-15s  %-15s  ", addr_text(&t->near.addr), addr_text(&t->far.addr));
		put(s, "%13u  %13u  %-28s  %7u  %20llu  %20llu%s", t->near.port, t->far.port,
		    t->near_iface, t->proto, (unsigned long long)t->counters.bytes_near,
		    (unsigned long long)t->counters.packets_near, s->eol);
	}
}

static void
put_monitored(struct sheet *s)
{
	bool v6 = chance(30);
	struct truth *t = new_monitored(s, v6);
	const char *family = v6 ? "IPV6" : "IPV4";

	put(s, "%s SOURCE ADDRESS:       %s%s", family, addr_text(&t->near.addr), s->eol);
	put(s, "%s DESTINATION ADDRESS:  %s%s", family, addr_text(&t->far.addr), s->eol);
	put(s, "TRNS SOURCE PORT:          %u%s", t->near.port, s->eol);
	put(s, "TRNS DESTINATION PORT:     %u%s", t->far.port, s->eol);
	if (chance(30)) {
		snprintf(t->place, TRUTH_WORD, "vrf-%u", below(90));
		put(s, "IP VRF ID INPUT:           %u          (%s)%s", below(9), t->place, s->eol);
	}
	put(s, "IP PROTOCOL:               %u%s", t->proto, s->eol);
	if (chance(30)) {
		snprintf(t->app, TRUTH_WORD, "layer7 http");
		put(s, "APPLICATION NAME:          %s%s", t->app, s->eol);
	}
	put(s, "interface input:           %s%s", t->near_iface, s->eol);
	put(s, "timestamp abs first:       08:02:48.000%s", s->eol);
	put(s, "counter bytes%s:            %llu%s", chance(30) ? " long" : "",
	    (unsigned long long)t->counters.bytes_near, s->eol);
	put(s, "counter packets:           %llu%s%s", (unsigned long long)t->counters.packets_near,
	    s->eol, s->eol);
}

/* A record that names a connection: who began it is told. */
static void
put_connection(struct sheet *s)
{
	struct truth *t = new_row(s);

	t->proto = PROTO_TCP;
	t->near = any_end(false);
	t->far = any_end(false);
	t->starter = STARTER_NEAR;
	t->counters.has = HAS_BYTES_NEAR | HAS_BYTES_FAR;
	t->counters.bytes_near = any_counter();
	t->counters.bytes_far = any_counter();
	put(s, "TRNS SOURCE PORT:                         %u%s", t->near.port, s->eol);
	put(s, "CONNECTION IPV4 INITIATOR ADDRESS:        %s%s", addr_text(&t->near.addr), s->eol);
	put(s, "CONNECTION IPV4 RESPONDER ADDRESS:        %s%s", addr_text(&t->far.addr), s->eol);
	put(s, "CONNECTION RESPONDER PORT:                %u%s", t->far.port, s->eol);
	put(s, "IP PROTOCOL:                              6%s", s->eol);
	put(s, "connection server network bytes counter:  %llu%s",
	    (unsigned long long)t->counters.bytes_far, s->eol);
	put(s, "connection client network bytes counter:  %llu%s%s",
	    (unsigned long long)t->counters.bytes_near, s->eol, s->eol);
}

static void
write_monitor_record(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	put_monitor(s, n);
	for (unsigned i = 0; i < n; i++)
		chance(60) ? put_monitored(s) : put_connection(s);
}

/* --- firewalls -------------------------------------------------------------------------------- */

/* One word says the protocol, or the application on top of it. */
static void
put_proto_or_app(struct sheet *s, struct truth *t)
{
	static const char *const apps[] = { "http", "telnet", "smtp", "dns-tcp" };

	if (chance(50)) {
		t->proto = chance(50) ? PROTO_TCP : PROTO_UDP;
		put(s, "%s", proto_name(t->proto));
		return;
	}
	t->proto = PROTO_NONE;
	snprintf(t->app, TRUTH_WORD, "%s", ANY_OF(apps));
	put(s, "%s", t->app);
}

static void
put_inspected(struct sheet *s)
{
	static const char *const states[] = { "SIS_OPEN", "SIS_OPENING", "SIS_CLOSING" };
	struct truth *t = new_row(s);
	struct counters *c = &t->counters;

	t->near = any_end(false);
	t->far = any_end(false);
	t->starter = STARTER_NEAR;
	snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(states));
	put(s, chance(50) ? "         Session ID 0x%08X" : "         Session %08X",
	    (unsigned)any64());
	put(s, " (%s:%u)=>", addr_text(&t->near.addr), t->near.port);
	put(s, "(%s:%u) ", addr_text(&t->far.addr), t->far.port);
	put_proto_or_app(s, t);
	put(s, " %s%s          Created ", t->state, s->eol);
	c->has = HAS_AGE | HAS_IDLE | HAS_BYTES_NEAR | HAS_BYTES_FAR;
	c->age = put_clock(s, below(360000));
	put(s, ", Last heard ");
	c->idle = put_clock(s, below(360000));
	c->bytes_near = any_counter();
	c->bytes_far = any_counter();
	put(s, "%s          Bytes sent (initiator:responder) [%llu:%llu]", s->eol,
	    (unsigned long long)c->bytes_near, (unsigned long long)c->bytes_far);
	put_eol(s);
}

static void
write_inspect(struct sheet *s)
{
	unsigned zones = 1 + below(3);

	for (unsigned z = 0; z < zones; z++) {
		unsigned n = below(TRUTH_ROWS / 3);

		put(s, "  Zone-pair: in-out%u%s  Service-policy inspect : p%u%s%s", z, s->eol, z,
		    s->eol, s->eol);
		put(s, "    Class-map: c (match-any)%s      Match: protocol tcp%s      Inspect%s%s",
		    s->eol, s->eol, s->eol, s->eol);
		if (n > 0)
			put(s, "        Established Sessions%s", s->eol);
		for (unsigned i = 0; i < n; i++)
			put_inspected(s);
		put(s, "    Class-map: class-default (match-any)%s      Match: any%s", s->eol,
		    s->eol);
		put(s, "      Drop (default action)%s        %u packets, %u bytes%s", s->eol,
		    below(99), below(9999), s->eol);
	}
}

static void
write_scb(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "--show platform hardware qfp active feature firewall datapath scb any any any --%s",
	    s->eol);
	put(s, "[s=session  i=imprecise channel c=control channel  d=data channel]%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);
		bool v6 = chance(30);

		t->proto = any_passing_proto();
		t->near = any_end(v6);
		t->far = any_end(v6);
		t->starter = STARTER_NEAR;
		snprintf(t->place, TRUTH_WORD, "%u:%u", below(9), below(9));
		snprintf(t->state, TRUTH_WORD, "%s", chance(50) ? "sd" : "sc");
		put(s, "Session ID:0x%08X %s %u ", (unsigned)any64(), addr_text(&t->near.addr),
		    t->near.port);
		put(s, "%s %u proto %u (%s) (0x3:https)\t[%s]", addr_text(&t->far.addr),
		    t->far.port, t->proto, t->place, t->state);
		if (chance(30))
			put(s, " %u", (unsigned)any64());
		put_eol(s);
	}
	if (chance(30)) {
		put(s, "Number of sessions read: %u%s", n, s->eol);
		s->counts = true;
		s->total = n;
	}
}

/* --- NAT64 ------------------------------------------------------------------------------------ */

static void
put_nat64_end(struct sheet *s, const struct endpoint *e)
{
	if (e->addr.family == 0)
		put(s, "%-22s", "---");
	else if (!e->has_port)
		put(s, "%-22s", addr_text(&e->addr));
	else
		put(s, e->addr.family == 6 ? "[%s]:%u" : "%s:%u", addr_text(&e->addr), e->port);
	put(s, " ");
}

static struct endpoint
any_host(bool v6)
{
	return (struct endpoint){ .addr = any_addr(v6) };
}

static void
put_nat64(struct sheet *s)
{
	struct truth *t = new_note(s);
	bool fixed = chance(30);

	t->near = fixed ? any_host(true) : any_end(true);
	t->near_nat = fixed ? any_host(false) : any_end(false);
	if (!fixed) {
		t->proto = chance(50) ? PROTO_TCP : PROTO_UDP;
		t->far = any_end(false);
		t->far_nat = any_end(true);
	}
	put(s, "%-7s ", fixed ? "---" : proto_name(t->proto));
	put_nat64_end(s, &t->far);
	put_nat64_end(s, &t->far_nat);
	put(s, "%s        ", s->eol);
	put_nat64_end(s, &t->near_nat);
	put_nat64_end(s, &t->near);
	put(s, "%s%s        created: 3 Jun 2026 16:23:45, last-used: 3 Jun 2026 16:23:45,%s",
	    s->eol, s->eol, s->eol);
	if (!fixed) {
		put(s, "        timeout: 300000, left ");
		t->counters.has = HAS_LEFT;
		t->counters.left = put_clock(s, below(300));
		put(s, ",%s", s->eol);
	}
	put(s, "        use_count: %u, id: %u%s%s", below(9), below(999), s->eol, s->eol);
}

static void
write_nat64(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Proto   Original IPv4         Translated IPv4%s", s->eol);
	put(s, "        Translated IPv6       Original IPv6%s", s->eol);
	put(s, "----------------------------------------------------%s", s->eol);
	for (unsigned i = 0; i < n; i++)
		put_nat64(s);
	put(s, "Total number of translations: %u%s", n, s->eol);
	s->counts = true;
	s->total = n;
}

/* --- neighbours ------------------------------------------------------------------------------- */

static void
write_arp(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Protocol  Address          Age (min)  Hardware Addr   Type   Interface%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		t->near.addr = any_addr(false);
		snprintf(t->state, TRUTH_WORD, "ARPA");
		if (chance(20))
			snprintf(t->mac, TRUTH_WORD, "Incomplete");
		else
			any_mac(t->mac, ".", 2);
		put(s, "Internet  %-15s ", addr_text(&t->near.addr));
		put(s, chance(20) ? "       -  " : "%8u  ", below(240));
		put(s, "%-14s  ARPA   ", t->mac);
		if (chance(90)) {
			any_iface(t->near_iface);
			put(s, "%s", t->near_iface);
		}
		put_eol(s);
	}
}

static const char *const neighbour_states[] = { "REACH", "STALE", "INCMP", "DELAY", "PROBE" };

static void
write_neighbors(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "IPv6 Address                              Age Link-layer Addr State Interface%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		t->near.addr = any_addr(true);
		snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(neighbour_states));
		any_iface(t->near_iface);
		if (chance(20))
			snprintf(t->mac, TRUTH_WORD, "-");
		else
			any_mac(t->mac, ".", 2);
		put(s, "%-41s ", addr_text(&t->near.addr));
		put(s, chance(20) ? "  - " : "%3u ", below(999));
		put(s, "%-15s %-5s %s", t->mac, t->state, t->near_iface);
		put_eol(s);
	}
}

static void
write_tracking(struct sheet *s)
{
	static const char *const kinds[] = { "L", "S", "ND", "ARP", "DH4", "DH6" };
	unsigned n = below(TRUTH_ROWS);

	put(s, "Binding Table has %u entries, %u dynamic (limit 200000)%s", n, below(n + 1),
	    s->eol);
	s->counts = true;
	s->total = n;
	put(s, "Codes: L - Local, S - Static, ND - Neighbor Discovery, ARP - Address Resolution%s",
	    s->eol);
	put(s, "Preflevel flags (prlvl):%s0001:MAC and LLA match     0002:Orig trunk%s%s", s->eol,
	    s->eol, s->eol);
	put(s,
	    "    Network Layer Address                   Link Layer Address Interface  vlan  "
	    "prlvl age    state     Time left%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		t->near.addr = any_addr(chance(30));
		snprintf(t->kind, TRUTH_WORD, "%s", ANY_OF(kinds));
		snprintf(t->state, TRUTH_WORD, "%s", chance(60) ? "REACHABLE" : "STALE");
		snprintf(t->vlan, TRUTH_WORD, "%u", 1 + below(4094));
		any_mac(t->mac, ".", 2);
		any_iface(t->near_iface);
		put(s, "%-3s %-38s %s     %-10s %-8s %04x  ", t->kind, addr_text(&t->near.addr),
		    t->mac, t->near_iface, t->vlan, below(0x1000));
		put(s, "%u%s    %s", below(9999), chance(50) ? "mn" : "s", t->state);
		if (chance(40))
			put(s, "  %u s try 0(557967 s)", below(999));
		put_eol(s);
	}
}

static void
write_snooping(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "MacAddress          IpAddress        Lease(sec)  Type           VLAN  Interface%s",
	    s->eol);
	put(s,
	    "------------------  ---------------  ----------  -------------  ----  "
	    "--------------------%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		t->near.addr = any_addr(false);
		any_mac(t->mac, ":", 1);
		any_iface(t->near_iface);
		snprintf(t->state, TRUTH_WORD, "dhcp-snooping");
		snprintf(t->vlan, TRUTH_WORD, "%u", 1 + below(4094));
		t->counters.has = HAS_LEFT;
		t->counters.left = below(1000000);
		put(s, "%-18s  %-15s  %-10u  %-13s  %4s  %s%s", t->mac, addr_text(&t->near.addr),
		    t->counters.left, t->state, t->vlan, t->near_iface, s->eol);
	}
	put(s, "Total number of bindings: %u%s", n, s->eol);
	s->counts = true;
	s->total = n;
}

/* --- logins ----------------------------------------------------------------------------------- */

static void
write_users(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1), asks = below(n);

	put_load(s);
	put(s, "    Line       User       Host(s)              Idle       Location%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		t->current = i == asks;
		snprintf(t->tty, TRUTH_WORD, "%s %u", chance(80) ? "vty" : "con", below(16));
		put(s, "%c%3u %-9s ", t->current ? '*' : ' ', below(1000), t->tty);
		if (chance(70))
			put(s, "%-10s idle       ", any_user(t->user));
		else
			put(s, "%21s", "");
		t->counters.has = HAS_IDLE;
		put(s, "          ");
		t->counters.idle = put_clock(s, below(360000));
		if (chance(70))
			put(s, " %s", any_from(t->from));
		put_eol(s);
	}
	put(s, "%s  Interface    User               Mode         Idle     Peer Address%s", s->eol,
	    s->eol);
}

/* --- NX-OS and IOS XR ------------------------------------------------------------------------- */

static void
write_nxos_arp(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "%sFlags: * - Adjacencies learnt on non-active FHRP router%s", s->eol, s->eol);
	put(s, "       + - Adjacencies synced via CFSoE%s%sIP ARP Table for all contexts%s", s->eol,
	    s->eol, s->eol);
	put(s, "Total number of entries: %u%s", n, s->eol);
	s->counts = true;
	s->total = n;
	put(s,
	    "Address         Age       MAC Address     Interface        Physical Interface  Flags  "
	    "  "
	    "VRF Name%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		t->near.addr = any_addr(false);
		any_mac(t->mac, ".", 2);
		snprintf(t->near_iface, TRUTH_WORD, "Vlan%u", 1 + below(4094));
		snprintf(t->place, TRUTH_WORD, "%s", chance(50) ? "default" : "PRIMARY");
		put(s, "%-15s %02u:%02u:%02u  %s  %-16s %-19s %-8s %s%s", addr_text(&t->near.addr),
		    below(24), below(60), below(60), t->mac, t->near_iface, "Ethernet1/9",
		    chance(20) ? "+" : "", t->place, s->eol);
	}
}

static void
write_nxos_users(struct sheet *s)
{
	static const char *const comments[] = { "adding some comments", "(10.61.99.4)", "" };
	unsigned n = 1 + below(TRUTH_ROWS - 1), asks = below(n);

	put(s, "NAME     LINE         TIME         IDLE          PID COMMENT%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);
		const char *comment = ANY_OF(comments);

		t->current = i == asks;
		snprintf(t->tty, TRUTH_WORD, "pts/%u", below(64));
		put(s, "%-8s %-12s Jan %2u %02u:%02u   .     %9u", any_user(t->user), t->tty,
		    1 + below(31), below(24), below(60), below(99999));
		if (comment[0] != '\0')
			put(s, " %s", comment);
		put(s, "%s", t->current ? " *" : "");
		put_eol(s);
	}
}

static void
write_xr_users(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1), asks = below(n);

	put(s, "Thu Jan 28 15:14:53.365 UTC%s", s->eol);
	put(s, "   Line            User                 Service  Conns   Idle        Location%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		t->current = i == asks;
		snprintf(t->tty, TRUTH_WORD, "%s%u", chance(80) ? "vty" : "con", below(100));
		put(s, "%s %-15s %-20s ssh      %u  ", t->current ? "* " : "  ", t->tty,
		    any_user(t->user), below(9));
		t->counters.has = HAS_IDLE;
		t->counters.idle = put_clock(s, below(360000));
		if (chance(70))
			put(s, "    %s", any_from(t->from));
		put_eol(s);
	}
}

static void
write_xr_neighbors(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Fri Oct 11 02:35:25.149 UTC%s", s->eol);
	put(s,
	    "IPv6 Address                              Age Link-layer Addr State Interface       "
	    "     Location%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		t->near.addr = any_addr(true);
		snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(neighbour_states));
		any_mac(t->mac, ".", 2);
		any_iface(t->near_iface);
		put(s, "%-40s %4u %s %s %-20s 0/%u/CPU0", addr_text(&t->near.addr), below(999),
		    t->mac, t->state, t->near_iface, below(9));
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

TRUTH_TEST(open_ports, "cisco_ios", "show control-plane host open-ports", write_open_ports)
TRUTH_TEST(cache_flow, "cisco_ios", "show ip cache flow", write_cache_flow)
TRUTH_TEST(top_talkers, "cisco_ios", "show ip flow top-talkers", write_top_talkers)
TRUTH_TEST(inspect, "cisco_ios", "show policy-map type inspect zone-pair sessions", write_inspect)
TRUTH_TEST(scb, "cisco_ios", "show policy-firewall sessions platform", write_scb)
TRUTH_TEST(nat64, "cisco_ios", "show nat64 translations", write_nat64)
TRUTH_TEST(arp, "cisco_ios", "show ip arp", write_arp)
TRUTH_TEST(neighbors, "cisco_ios", "show ipv6 neighbors", write_neighbors)
TRUTH_TEST(tracking, "cisco_ios", "show device-tracking database", write_tracking)
TRUTH_TEST(snooping, "cisco_ios", "show ip dhcp snooping binding", write_snooping)
TRUTH_TEST(users, "cisco_ios", "show users", write_users)
TRUTH_TEST(nxos_arp, "cisco_nxos", "show ip arp detail vrf all", write_nxos_arp)
TRUTH_TEST(nxos_users, "cisco_nxos", "show users", write_nxos_users)
TRUTH_TEST(xr_users, "cisco_xr", "show users", write_xr_users)
TRUTH_TEST(xr_neighbors, "cisco_xr", "show ipv6 neighbors", write_xr_neighbors)

/* Two layouts of one command. */
static void
monitors(void **state)
{
	(void)state;
	truth_run_form("cisco_ios", "show flow monitor cache", FORM_COLUMNS, write_monitor_table);
	truth_run_form("cisco_ios", "show flow monitor cache", FORM_BLOCKS, write_monitor_record);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_ports),
		cmocka_unit_test(cache_flow),
		cmocka_unit_test(top_talkers),
		cmocka_unit_test(monitors),
		cmocka_unit_test(inspect),
		cmocka_unit_test(scb),
		cmocka_unit_test(nat64),
		cmocka_unit_test(arp),
		cmocka_unit_test(neighbors),
		cmocka_unit_test(tracking),
		cmocka_unit_test(snooping),
		cmocka_unit_test(users),
		cmocka_unit_test(nxos_arp),
		cmocka_unit_test(nxos_users),
		cmocka_unit_test(xr_users),
		cmocka_unit_test(xr_neighbors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
