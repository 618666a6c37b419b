/* Generated truth for Huawei, Comware, SR OS, EOS, Aruba and the switches that list neighbours. */
#include "tests/unit/truth.h"

enum { MOST = 25 };

static const char *
end_text(const struct endpoint *e, char separator)
{
	static char text[8][ENDPOINT_TEXT + 8];
	static unsigned next;
	char *out = text[next++ % 8];

	snprintf(out, sizeof(text[0]), "%s%c%u", addr_text(&e->addr), separator, e->port);
	return out;
}

static void __attribute__((format(printf, 2, 3)))
set(char out[static TRUTH_WORD], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(out, TRUTH_WORD, format, args);
	va_end(args);
}

/* A flow that its near end began. */
static struct truth *
new_flow(struct sheet *s, bool v6)
{
	static const uint16_t protos[] = { PROTO_TCP, PROTO_UDP, PROTO_ICMP, 47 };
	struct truth *t = new_row(s);

	t->proto = ANY_OF(protos);
	t->near = any_end(v6);
	t->far = any_end(v6);
	t->starter = STARTER_NEAR;
	return t;
}

/* --- Huawei ----------------------------------------------------------------------------------- */

static const char *
usg_ends(struct truth *t)
{
	static char text[400];
	char near_nat[ENDPOINT_TEXT + 10] = "", far_nat[ENDPOINT_TEXT + 10] = "";

	if (chance(50)) {
		t->near_nat = any_end(false);
		snprintf(near_nat, sizeof(near_nat), "[%s]", end_text(&t->near_nat, ':'));
	}
	if (chance(30)) {
		t->far_nat = any_end(false);
		snprintf(far_nat, sizeof(far_nat), "[%s]", end_text(&t->far, ':'));
	}
	snprintf(text, sizeof(text), "%s%s --> %s%s", end_text(&t->near, ':'), near_nat,
	    end_text(far_nat[0] ? &t->far_nat : &t->far, ':'), far_nat);
	return text;
}

static struct truth *
new_usg(struct sheet *s, const char **app)
{
	static const char *const apps[] = { "https", "dns", "ftp-data", "ms-sql-s" };
	struct truth *t = new_flow(s, false);

	*app = proto_name(t->proto);
	if (chance(50)) {
		t->proto = PROTO_NONE;
		*app = ANY_OF(apps);
		set(t->app, "%s", *app);
	}
	set(t->place, "%s", chance(70) ? "public" : "vpn-a");
	return t;
}

/* A terminal of 80 columns. */
static void
put_wrapped(struct sheet *s, const char *line)
{
	enum { WIDTH = 80 };
	size_t n = strlen(line);

	for (size_t at = 0; at < n; at += WIDTH)
		put(s, "%.*s%s", (int)(n - at < WIDTH ? n - at : WIDTH), line + at, s->eol);
}

static void
write_usg(struct sheet *s)
{
	unsigned n = below(MOST);
	bool wrapped = chance(40);

	put(s, "2026-03-01 09:27:33.140 %s Current Total Sessions : %u%s", s->eol, n, s->eol);
	while (n-- > 0) {
		const char *app;
		struct truth *t = new_usg(s, &app);
		char line[600];

		snprintf(line, sizeof(line), " %s  VPN:%s%s --> public  %s%s", app,
		    chance(50) ? " " : "", t->place, chance(20) ? "Remote " : "", usg_ends(t));
		if (wrapped)
			put_wrapped(s, line);
		else
			put(s, "%s%s", line, s->eol);
	}
}

static void
write_usg_verbose(struct sheet *s)
{
	unsigned n = below(MOST);

	put(s, "Current Total Sessions : %u%s", n, s->eol);
	while (n-- > 0) {
		const char *app;
		struct truth *t = new_usg(s, &app);
		struct counters *c = &t->counters;
		const char *ends = usg_ends(t), *arrow = strstr(ends, " --> ");

		c->has = HAS_LEFT | HAS_PACKETS_NEAR | HAS_PACKETS_FAR | HAS_BYTES_NEAR |
			 HAS_BYTES_FAR;
		c->left = below(80000);
		c->packets_near = any_counter();
		c->packets_far = any_counter();
		c->bytes_near = any_counter();
		c->bytes_far = any_counter();
		set(t->near_iface, "trust");
		put(s, " %s  VPN: %s --> public  ID: a5e09b117fd04d3310c7b40e%03u%s", app, t->place,
		    below(1000), s->eol);
		put(s, " Zone: trust --> untrust  TTL: 00:20:00  Left: %02u:%02u:%02u%s",
		    c->left / 3600, c->left / 60 % 60, c->left % 60, s->eol);
		if (chance(30)) {
			any_iface(t->near_iface);
			put(s, " Recv Interface: %s%s", t->near_iface, s->eol);
		}
		any_iface(t->far_iface);
		put(s, " Interface: %s  NextHop: 192.0.2.1  MAC: 0000-5e00-53b8%s", t->far_iface,
		    s->eol);
		put(s, " <--packets: %llu bytes: %llu --> packets: %llu bytes: %llu%s",
		    (unsigned long long)c->packets_far, (unsigned long long)c->bytes_far,
		    (unsigned long long)c->packets_near, (unsigned long long)c->bytes_near, s->eol);
		put(s, " %.*s %s %s PolicyName: %s%s%s", (int)(arrow - ends), ends,
		    chance(50) ? "+->" : "-->", arrow + 5, chance(50) ? "---" : "lan out", s->eol,
		    s->eol);
	}
}

static void
write_vrp_nat(struct sheet *s)
{
	unsigned n = below(MOST);

	put(s, "This operation will take a few minutes. Press 'Ctrl+C' to break ... %sSlot: 1%s",
	    s->eol, s->eol);
	put(s, "Current total sessions: %u.%s", n, s->eol);
	while (n-- > 0) {
		bool nat64 = chance(40);
		struct truth *t = new_flow(s, nat64);

		t->near_nat = any_end(false);
		if (nat64) {
			t->far = any_end(false);
			put(s, "%s: [%s]:%u(%s)--> %s%s", proto_name(t->proto),
			    addr_text(&t->near.addr), t->near.port, end_text(&t->near_nat, ':'),
			    end_text(&t->far, ':'), s->eol);
			continue;
		}
		put(s, "  %s: %s[%s]--> %s%s", proto_name(t->proto), end_text(&t->near, ':'),
		    end_text(&t->near_nat, ':'), end_text(&t->far, ':'), s->eol);
	}
}

static void
write_vrp_tcp(struct sheet *s)
{
	static const char *const states[] = { "Established", "Syn_Sent", "Time_Wait" };
	unsigned n = below(MOST);

	put(s, "TCPCB    Tid/Soid Local Add:port        Foreign Add:port      VPNID  State%s",
	    s->eol);
	while (n-- > 0) {
		struct truth *t = new_flow(s, false);

		t->proto = PROTO_TCP;
		t->starter = STARTER_UNKNOWN;
		set(t->state, "%s", ANY_OF(states));
		set(t->place, "%d", (int)below(30000) - 1);
		put(s, "%08x %u/%u", (uint32_t)any64(), below(200), below(20));
		put_gap(s);
		put(s, "%s", end_text(&t->near, ':'));
		put_gap(s);
		put(s, "%s %s %s", end_text(&t->far, ':'), t->place, t->state);
		put_eol(s);
	}
}

static void
write_vrp_arp(struct sheet *s)
{
	unsigned n = below(MOST);

	put(s, "IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE%s",
	    s->eol);
	put(s, "                                    VLAN/CEVLAN(SIP/DIP)%s-------------------%s",
	    s->eol, s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);
		bool own = chance(40);

		t->proto = PROTO_NONE;
		t->near.addr = any_addr(false);
		any_mac(t->mac, "-", 2);
		any_iface(t->near_iface);
		set(t->state, "%s", own ? "I -" : "D-0");
		put(s, "%s %s %s%s %s", addr_text(&t->near.addr), t->mac,
		    own ? "        " : "17   ", t->state, t->near_iface);
		if (chance(30)) {
			set(t->place, "vpn-%u", below(99));
			put(s, "   %s", t->place);
		}
		put_eol(s);
		if (!own)
			put(s, "                       %u/-%s", below(4094), s->eol);
	}
	put(s, "-------------------%sTotal:%u         Dynamic:2       Static:0     Interface:3%s",
	    s->eol, n, s->eol);
}

/* --- Comware ---------------------------------------------------------------------------------- */

static void
put_wing(struct sheet *s, const char *who, const struct endpoint *from, const struct endpoint *to,
    const struct truth *t, const char *iface)
{
	char name[8];

	snprintf(name, sizeof(name), "%s", proto_name(t->proto));
	for (char *c = name; *c; c++)
		*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
	put(s, "%s:%s  Source      IP/port: %s%s", who, s->eol, end_text(from, '/'), s->eol);
	put(s, "  Destination IP/port: %s%s  DS-Lite tunnel peer: -%s", end_text(to, '/'), s->eol,
	    s->eol);
	put(s, "  VPN instance/VLAN ID/VLL ID: %s/-/-%s", t->place[0] ? t->place : "-", s->eol);
	put(s, "  Protocol: %s(%u)%s  Inbound interface: %s%s", name, t->proto, s->eol, iface,
	    s->eol);
	if (chance(50))
		put(s, "  Source security zone: Trust%s", s->eol);
}

static void
write_comware(struct sheet *s)
{
	static const char *const states[] = { "TCP_ESTABLISHED", "UDP_READY", "RAWIP_OPEN" };
	unsigned n = below(MOST);

	if (chance(50))
		put(s, "Slot %u:%s", below(4), s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_flow(s, chance(20));
		struct counters *c = &t->counters;

		if (t->proto == PROTO_ICMP)
			t->proto = PROTO_TCP;
		if (chance(60))
			t->near_nat = any_end(t->near.addr.family == 6);
		if (chance(30))
			t->far_nat = any_end(t->near.addr.family == 6);
		if (chance(30))
			set(t->place, "vpn%u", below(9));
		any_iface(t->near_iface);
		any_iface(t->far_iface);
		set(t->state, "%s", ANY_OF(states));
		set(t->app, "%s", chance(50) ? "HTTPS" : "OTHER");
		c->has = HAS_LEFT | HAS_PACKETS_NEAR | HAS_PACKETS_FAR | HAS_BYTES_NEAR |
			 HAS_BYTES_FAR;
		c->left = below(4000);
		c->packets_near = any_counter();
		c->packets_far = any_counter();
		c->bytes_near = any_counter();
		c->bytes_far = any_counter();
		put_wing(s, "Initiator", &t->near, t->far_nat.addr.family ? &t->far_nat : &t->far,
		    t, t->near_iface);
		put_wing(s, "Responder", &t->far, t->near_nat.addr.family ? &t->near_nat : &t->near,
		    t, t->far_iface);
		put(s, "State: %s%sApplication: %s%s", t->state, s->eol, t->app, s->eol);
		if (chance(50))
			put(s, "Rule ID: -/-/-%sRule name: %s", s->eol, s->eol);
		put(s, "Start time: 2026-03-01 12:55:30  TTL: %us%s", c->left, s->eol);
		put(s, "Initiator->Responder:   %llu packets   %llu bytes%s",
		    (unsigned long long)c->packets_near, (unsigned long long)c->bytes_near, s->eol);
		put(s, "Responder->Initiator:   %llu packets   %llu bytes%s%s",
		    (unsigned long long)c->packets_far, (unsigned long long)c->bytes_far, s->eol,
		    chance(50) ? s->eol : "");
	}
	put(s, "Total sessions found: %u%s", n, s->eol);
}

static void
write_comware_brief(struct sheet *s)
{
	unsigned n = below(MOST);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_flow(s, false);

		t->near.addr = addr_from_ipv4(0x0a000000 | (uint32_t)any64() % 0xffffff);
		any_iface(t->near_iface);
		put_wing(s, "Initiator", &t->near, &t->far, t, t->near_iface);
	}
	put(s, "Total sessions found: %u%s", n, s->eol);
}

/* --- SR OS, EOS, Aruba ------------------------------------------------------------------------ */

static void
write_sros(struct sheet *s)
{
	unsigned n = below(MOST);

	put(s, "%s===========%sConnections%s===========%s", s->eol, s->eol, s->eol, s->eol);
	put(s, "Proto    RecvQ    TxmtQ Local Address                 State%s", s->eol);
	put(s, "                        Remote Address                vRtrID%s----------%s", s->eol,
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_flow(s, chance(30));
		bool udp = chance(30);

		t->proto = udp ? PROTO_UDP : PROTO_TCP;
		t->starter = STARTER_UNKNOWN;
		set(t->state, "%s", udp ? "" : "ESTABLISH");
		set(t->place, "%u", below(5000));
		put(s, "%s %u %u %s %s%s", udp ? "UDP" : "TCP", below(10), below(10),
		    end_text(&t->near, '.'), udp ? "*" : t->state, s->eol);
		put(s, "                        %s   %s%s", end_text(&t->far, '.'), t->place,
		    s->eol);
	}
	put(s, "----------%sNo. of Connections: %u%s===========%s", s->eol, n, s->eol, s->eol);
}

static void
write_eos_nat(struct sheet *s)
{
	unsigned n = below(MOST);

	put(s, "Source IP             Destination IP        Translated IP         TGT Type  Intf%s",
	    s->eol);
	put(s, "----------------------------%s", s->eol);
	while (n-- > 0) {
		struct truth *t = new_flow(s, false);

		t->proto = PROTO_NONE;
		t->near_nat = any_end(false);
		any_iface(t->far_iface);
		if (chance(30)) {
			t->far = (struct endpoint){ 0 };
			t->starter = STARTER_UNKNOWN;
			put(s, "%s  -  %s SRC STAT  %s%s", end_text(&t->near, ':'),
			    end_text(&t->near_nat, ':'), t->far_iface, s->eol);
		} else if (chance(50)) {
			put(s, "%s  %s  %s SRC DYN  %s%s", end_text(&t->near, ':'),
			    end_text(&t->far, ':'), end_text(&t->near_nat, ':'), t->far_iface,
			    s->eol);
		} else {
			t->starter = STARTER_FAR;
			put(s, "%s  %s  %s DST STAT  %s%s", end_text(&t->far, ':'),
			    end_text(&t->near_nat, ':'), end_text(&t->near, ':'), t->far_iface,
			    s->eol);
		}
	}
}

static void
write_aruba(struct sheet *s)
{
	unsigned n = below(MOST);

	put(s, "Datapath Session Table Entries%s------------------------------%s", s->eol, s->eol);
	put(s,
	    "Source IP or MAC  Destination IP  Prot SPort DPort Cntr Prio ToS Age Destination TAge "
	    "Packets              Bytes                Flags CPU ID%s",
	    s->eol);
	put(s,
	    "----------------  --------------- ---- ----- ----- ---- ---- --- --- ----------- ---- "
	    "-------------------- -------------------- ----- ------%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_flow(s, false);
		bool client = chance(50), hex = chance(20);

		t->starter = client ? STARTER_NEAR : STARTER_FAR;
		t->counters.packets_near = any_counter() >> 13;
		t->counters.bytes_near = t->counters.packets_near * (20 + below(1480));
		if (!hex)
			t->counters.has = HAS_PACKETS_NEAR | HAS_BYTES_NEAR;
		put(s, "%-17s %-15s %-4u %-5u %-5u 0/0  0    0   3   ", addr_text(&t->near.addr),
		    addr_text(&t->far.addr), t->proto, t->near.port, t->far.port);
		if (hex)
			put(s, "%-11s 1a   %-20llx a%-19llx ", "local",
			    (unsigned long long)t->counters.packets_near,
			    (unsigned long long)t->counters.bytes_near >> 8);
		else
			put(s, "%-11s 0    %-20llu %-20llu ", chance(50) ? "tunnel 31" : "local",
			    (unsigned long long)t->counters.packets_near,
			    (unsigned long long)t->counters.bytes_near);
		put(s, "%-5s %u%s", client ? "FCI" : "F", below(8), s->eol);
	}
	put(s, "Entries: %u%s", n, s->eol);
}

/* --- neighbours and stations ------------------------------------------------------------------ */

static struct truth *
new_neighbour(struct sheet *s, const char *separator, unsigned group)
{
	struct truth *t = new_row(s);

	t->proto = PROTO_NONE;
	t->near.addr = any_addr(false);
	any_mac(t->mac, separator, group);
	any_iface(t->near_iface);
	return t;
}

static void
write_comware_arp(struct sheet *s)
{
	put(s, "  Type: S-Static   D-Dynamic   O-Openflow   R-Rule   M-Multiport  I-Invalid%s",
	    s->eol);
	put(s, "IP address      MAC address    VLAN     Interface                Aging Type%s",
	    s->eol);
	for (unsigned n = below(MOST); n > 0; n--) {
		struct truth *t = new_neighbour(s, "-", 2);

		set(t->state, "D");
		set(t->vlan, "%u", below(4095));
		put(s, "%s %s %s %s   %u    D", addr_text(&t->near.addr), t->mac, t->vlan,
		    t->near_iface, below(30));
		put_eol(s);
	}
}

static void
write_eos_arp(struct sheet *s)
{
	char place[TRUTH_WORD] = "";

	for (unsigned n = below(MOST); n > 0; n--) {
		struct truth *t;

		if (place[0] == '\0' || chance(20)) {
			set(place, "vrf-%u", below(90));
			put(s, "VRF: %s%sAddress         Age (sec)  Hardware Addr   Interface%s",
			    place, s->eol, s->eol);
		}
		t = new_neighbour(s, ".", 2);
		set(t->place, "%s", place);
		if (chance(30))
			set(t->near_iface, "Vlan%u, Port-Channel%u", below(4000), below(9));
		put(s, "%s %s %s  %s", addr_text(&t->near.addr), chance(20) ? "N/A" : "0:01:00",
		    t->mac, t->near_iface);
		put_eol(s);
	}
	if (s->n_rows == 0)
		put(s, "Address         Age (sec)  Hardware Addr   Interface%s", s->eol);
}

static void
write_eos_mac(struct sheet *s)
{
	unsigned n = below(MOST);

	put(s, "          Mac Address Table%s------------------------------%s%s", s->eol, s->eol,
	    s->eol);
	put(s, "Vlan    Mac Address       Type        Ports      Moves   Last Move%s", s->eol);
	put(s, "----    -----------       ----        -----      -----   ---------%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_neighbour(s, ".", 2);
		bool learned = chance(70);

		t->near = (struct endpoint){ 0 };
		set(t->vlan, "%u", below(4095));
		set(t->near_iface, "Et%u", below(60));
		set(t->state, "%s", learned ? "DYNAMIC" : "STATIC");
		put(s, " %s  %s   %s   %s%s%s", t->vlan, t->mac, t->state, t->near_iface,
		    learned ? "   1   9 days, 15:57:28 ago" : "", s->eol);
	}
	put(s, "Total Mac Addresses for this criterion: %u%s", n, s->eol);
}

static void
write_aruba_arp(struct sheet *s)
{
	put(s, "IPV4 ARP Table%s--------------%s", s->eol, s->eol);
	put(s,
	    " Protocol    IP Address       Hardware Address   Interface               Age (min)%s",
	    s->eol);
	put(s,
	    "----------   ---------------  ----------------   --------------------    ---------%s",
	    s->eol);
	for (unsigned n = below(MOST); n > 0; n--) {
		struct truth *t = new_neighbour(s, ":", 1);

		set(t->near_iface, "vlan%u", below(4095));
		put(s, "   Internet  %-16s %-18s %-20s    %u%s", addr_text(&t->near.addr), t->mac,
		    t->near_iface, below(1400), s->eol);
	}
}

static void
write_aoscx(struct sheet *s)
{
	unsigned n = below(MOST);

	put(s,
	    "IPv4 Address     MAC                Port         Physical Port              State     "
	    " VRF%s",
	    s->eol);
	put(s, "------------------------------------------------------------------------%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_neighbour(s, ":", 1);

		set(t->near_iface, "1/1/%u", below(48));
		set(t->state, "%s", chance(50) ? "reachable" : "stale");
		set(t->place, "%s", chance(50) ? "default" : "mgmt");
		put(s, "%-16s %-18s %-12s %-26s %-10s %s%s", addr_text(&t->near.addr), t->mac,
		    t->near_iface, t->near_iface, t->state, t->place, s->eol);
	}
	put(s, "Total Number Of ARP Entries Listed- %u.%s----------%s", n, s->eol, s->eol);
}

static void
write_procurve(struct sheet *s)
{
	put(s, "%s IP ARP table%s%s", s->eol, s->eol, s->eol);
	put(s, "  IP Address      MAC Address       Type    Port%s", s->eol);
	put(s, "  --------------- ----------------- ------- ----%s", s->eol);
	for (unsigned n = below(MOST); n > 0; n--) {
		struct truth *t = new_neighbour(s, "-", 3);

		set(t->near_iface, "%u", below(48));
		set(t->state, "dynamic");
		put(s, "  %-15s %-17s dynamic %s%s", addr_text(&t->near.addr), t->mac,
		    t->near_iface, s->eol);
	}
}

static void
write_force10(struct sheet *s)
{
	put(s,
	    "Protocol    Address         Age(min)  Hardware Address    Interface  VLAN             "
	    "CPU%s",
	    s->eol);
	put(s, "---------------------------------------------------------------%s", s->eol);
	for (unsigned n = below(MOST); n > 0; n--) {
		struct truth *t = new_neighbour(s, ":", 1);
		bool port = chance(70), vlan = chance(50);

		set(t->near_iface, "%s", "");
		if (port)
			set(t->near_iface, "Te 0/%u", below(48));
		if (vlan)
			set(t->vlan, "%u", below(4095));
		put(s, "Internet    %-15s %8u  %s   %-10s %s%-13s CP%s", addr_text(&t->near.addr),
		    below(30), t->mac, port ? t->near_iface : "   -", vlan ? "Vl " : " - ", t->vlan,
		    s->eol);
	}
}

static void
write_fastiron(struct sheet *s)
{
	put(s, "Protocol  Address          Age (min)  Hardware Addr   Type   Interface%s", s->eol);
	for (unsigned n = below(MOST); n > 0; n--) {
		struct truth *t = new_neighbour(s, ".", 2);

		set(t->state, "ARPA");
		put(s, "Internet  %-15s %10s   %s  ARPA   %s", addr_text(&t->near.addr),
		    chance(30) ? "-" : "81", t->mac, t->near_iface);
		put_eol(s);
	}
}

static void
write_exos_arp(struct sheet *s)
{
	put(s,
	    "VR            Destination      Mac                Age  Static  VLAN          VID   "
	    "Port%s",
	    s->eol);
	for (unsigned n = below(MOST); n > 0; n--) {
		struct truth *t = new_neighbour(s, ":", 1);

		set(t->place, "VR-Default");
		set(t->vlan, "%u", below(4095));
		set(t->near_iface, "%s", "");
		if (chance(70))
			set(t->near_iface, "1:%u", below(48));
		put(s, "VR-Default    %-16s %s %4u      NO  Default %9s  %s",
		    addr_text(&t->near.addr), t->mac, below(20), t->vlan, t->near_iface);
		put_eol(s);
	}
	put(s,
	    "%sDynamic Entries  :           4             Static Entries            :          0%s",
	    s->eol, s->eol);
}

static void
write_exos_session(struct sheet *s)
{
	put(s,
	    "                              CLI%s    # Login Time               User     Type    "
	    "Auth   Auth "
	    "Location%s============%s",
	    s->eol, s->eol, s->eol);
	for (unsigned n = below(MOST); n > 0; n--) {
		struct truth *t = new_row(s);
		bool serial = chance(20);

		t->proto = PROTO_NONE;
		t->current = chance(20);
		set(t->user, "user.%u", below(99));
		set(t->tty, "%s", serial ? "console" : "ssh2");
		if (!serial)
			set(t->from, "10.90.%u.%u", below(255), below(255));
		put(s, "%s %3u Sun Mar  1 12:10:29 2026 %s    %s local  dis  %s%s",
		    t->current ? "*" : " ", below(99), t->user, t->tty, serial ? "serial" : t->from,
		    s->eol);
	}
}

/* --- */

#define TRUTH(name, platform, line, write)                                                         \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		truth_run(platform, line, write);                                                  \
	}

TRUTH(usg, "huawei_usg", "display firewall session table", write_usg)
TRUTH(usg_verbose, "huawei_usg", "display firewall session table verbose", write_usg_verbose)
TRUTH(vrp_nat, "huawei_vrp", "display nat session table", write_vrp_nat)
TRUTH(vrp_tcp, "huawei_vrp", "display tcp status", write_vrp_tcp)
TRUTH(vrp_arp, "huawei_vrp", "display arp all", write_vrp_arp)
TRUTH(comware, "hp_comware", "display session table ipv4 verbose", write_comware)
TRUTH(comware_nat, "hp_comware", "display nat session verbose", write_comware)
TRUTH(comware_brief, "hp_comware", "display aspf session", write_comware_brief)
TRUTH(comware_arp, "hp_comware", "display arp", write_comware_arp)
TRUTH(sros, "nokia_sros", "show system connections", write_sros)
TRUTH(eos_nat, "arista_eos", "show ip nat translation", write_eos_nat)
TRUTH(eos_arp, "arista_eos", "show ip arp vrf all", write_eos_arp)
TRUTH(eos_mac, "arista_eos", "show mac address-table", write_eos_mac)
TRUTH(aruba, "aruba_os", "show datapath session table", write_aruba)
TRUTH(aruba_arp, "aruba_os", "show arp", write_aruba_arp)
TRUTH(aoscx, "aruba_aoscx", "show arp all-vrfs", write_aoscx)
TRUTH(procurve, "hp_procurve", "show arp", write_procurve)
TRUTH(force10, "dell_force10", "show arp", write_force10)
TRUTH(fastiron, "brocade_fastiron", "show arp", write_fastiron)
TRUTH(exos_arp, "extreme_exos", "show iparp", write_exos_arp)
TRUTH(exos_session, "extreme_exos", "show session", write_exos_session)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usg),
		cmocka_unit_test(usg_verbose),
		cmocka_unit_test(vrp_nat),
		cmocka_unit_test(vrp_tcp),
		cmocka_unit_test(vrp_arp),
		cmocka_unit_test(comware),
		cmocka_unit_test(comware_nat),
		cmocka_unit_test(comware_brief),
		cmocka_unit_test(comware_arp),
		cmocka_unit_test(sros),
		cmocka_unit_test(eos_nat),
		cmocka_unit_test(eos_arp),
		cmocka_unit_test(eos_mac),
		cmocka_unit_test(aruba),
		cmocka_unit_test(aruba_arp),
		cmocka_unit_test(aoscx),
		cmocka_unit_test(procurve),
		cmocka_unit_test(force10),
		cmocka_unit_test(fastiron),
		cmocka_unit_test(exos_arp),
		cmocka_unit_test(exos_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
