/* Generated truth for the Cisco platforms besides IOS: ASA, NX-OS, IOS XR. */
#include "tests/unit/truth.h"

static const char *const asa_ifaces[] = { "outside", "inside", "dmz", "dmz-2", "IDENTITY", "NP",
	"MPLS:MPLS(MPLS)" };
enum { PLAIN_IFACES = 6 }; /* those without a colon */

static void
put_upper(struct sheet *s, const char *name)
{
	for (; *name != '\0'; name++)
		put(s, "%c", *name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
}

static uint16_t
any_proto(void)
{
	static const uint16_t protos[] = { PROTO_TCP, PROTO_TCP, PROTO_TCP, PROTO_UDP, PROTO_UDP,
		PROTO_ICMP, 47, 132 };

	return ANY_OF(protos);
}

static void
put_asa_header(struct sheet *s, const char *line)
{
	if (chance(30))
		put(s, "fw-%u/pri/act# %s%s", below(10), line, s->eol);
	put(s, "%u in use, %u most used%s", below(100000), below(1000000), s->eol);
	if (chance(20))
		put(s, "Inspect Snort:%s        preserve-connection: 1 enabled, 0 in effect%s",
		    s->eol, s->eol);
	if (chance(30))
		put(s, "%s", s->eol);
}

/* --- show conn -------------------------------------------------------------------------------- */

/* Flags, and what they say of the start: nothing but of TCP. */
static void
any_flags(struct truth *t)
{
	static const char *const tcp[] = { "UIO", "UxIO", "saA", "UfrIO", "U", "b", "Y", "UfFRIo" };
	static const char *const other[] = { "-", "-o", "ji", "J", "-Y", "-B" };
	bool from_outside = t->proto == PROTO_TCP && chance(40);

	snprintf(t->state, TRUTH_WORD, "%s%s%s",
	    t->proto == PROTO_TCP ? ANY_OF(tcp) : ANY_OF(other), from_outside ? "B" : "",
	    chance(20) ? " N1N3" : "");
	if (t->proto == PROTO_TCP)
		t->starter = from_outside ? STARTER_FAR : STARTER_NEAR;
}

static struct truth *
new_conn(struct sheet *s)
{
	struct truth *t = new_row(s);
	bool v6 = chance(20);

	t->proto = any_proto();
	t->near = any_end(v6);
	t->far = any_end(v6);
	any_flags(t);
	t->counters.has = HAS_IDLE | HAS_BYTES_TOTAL;
	t->counters.bytes_total = any_counter();
	t->counters.idle = chance(80) ? below(7200) : below(4000000);
	return t;
}

static void
put_conn(struct sheet *s)
{
	struct truth *t = new_conn(s);
	const char *near = asa_ifaces[below(PLAIN_IFACES)], *far = asa_ifaces[below(PLAIN_IFACES)];
	uint32_t idle = t->counters.idle;

	put_upper(s, proto_name(t->proto));
	if (chance(90)) {
		snprintf(t->near_iface, TRUTH_WORD, "%s", near);
		snprintf(t->far_iface, TRUTH_WORD, "%s", far);
		put(s, " %s%s%s:%u", far, chance(30) ? "  " : " ", addr_text(&t->far.addr),
		    t->far.port);
		put(s, " %s%s%s:%u", near, chance(30) ? "  " : " ", addr_text(&t->near.addr),
		    t->near.port);
	} else if (chance(50)) {
		put(s, " %s %s:%u NP Identity Ifc", far, addr_text(&t->far.addr), t->far.port);
		put(s, " %s:%u", addr_text(&t->near.addr), t->near.port);
	} else { /* the box first: which side is the outer one? */
		t->starter = STARTER_UNKNOWN;
		put(s, " NP Identity Ifc %s:%u", addr_text(&t->near.addr), t->near.port);
		put(s, " %s %s:%u", near, addr_text(&t->far.addr), t->far.port);
	}
	put(s, ", idle %u:%02u:%02u, bytes %llu", idle / 3600, idle / 60 % 60, idle % 60,
	    (unsigned long long)t->counters.bytes_total);
	if (t->proto == PROTO_ICMP && chance(50))
		t->state[0] = '\0';
	else
		put(s, ", flags %s", t->state);
	put_eol(s);
}

static void
write_conn(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put_asa_header(s, "show conn");
	for (unsigned i = 0; i < n; i++)
		put_conn(s);
}

/* --- show conn detail, show conn long --------------------------------------------------------- */

/* 21s, 1m55s, 2h39m, 1D19h, 1Y25D */
static uint32_t
put_duration(struct sheet *s)
{
	static const struct {
		char unit;
		uint32_t seconds, most;
	} units[] = { { 's', 1, 60 }, { 'm', 60, 60 }, { 'h', 3600, 24 }, { 'D', 86400, 365 },
		{ 'Y', 31536000, 9 } };
	unsigned i = below(5);
	uint32_t large = 1 + below(units[i].most - 1), small;

	put(s, "%u%c", large, units[i].unit);
	if (i == 0)
		return large;
	small = below(units[i - 1].most);
	put(s, "%u%c", small, units[i - 1].unit);
	return large * units[i].seconds + small * units[i - 1].seconds;
}

static void
put_conn_numbers(struct sheet *s, struct truth *t)
{
	put(s, "flags %s%s, idle ", t->state, chance(60) ? " " : "");
	t->counters.has |= HAS_AGE;
	t->counters.idle = put_duration(s);
	put(s, ", uptime ");
	t->counters.age = put_duration(s);
	put(s, ", timeout %uh0m", below(25));
	if (chance(10)) {
		t->counters.has &= ~(uint32_t)HAS_BYTES_TOTAL;
		return;
	}
	put(s, ", bytes %llu", (unsigned long long)t->counters.bytes_total);
	if (chance(20))
		put(s, ", Rx-RingNum %u, Internal-Data0/1", below(64));
}

static void
put_conn_ends(struct sheet *s, struct truth *t)
{
	snprintf(t->near_iface, TRUTH_WORD, "%s", ANY_OF(asa_ifaces));
	snprintf(t->far_iface, TRUTH_WORD, "%s", ANY_OF(asa_ifaces));
	put_upper(s, proto_name(t->proto));
	put(s, " %s: %s/%u", t->far_iface, addr_text(&t->far.addr), t->far.port);
}

static void
put_conn_detail(struct sheet *s)
{
	struct truth *t = new_conn(s);

	put_conn_ends(s, t);
	put(s, " %s: %s/%u,%s    ", t->near_iface, addr_text(&t->near.addr), t->near.port, s->eol);
	put_conn_numbers(s, t);
	put_eol(s);
	if (t->proto == PROTO_TCP && chance(70)) {
		bool near = chance(50); /* the line says more than the flags */

		t->starter = near ? STARTER_NEAR : STARTER_FAR;
		put(s, "  Initiator: %s, Responder: %s%s",
		    addr_text(near ? &t->near.addr : &t->far.addr),
		    addr_text(near ? &t->far.addr : &t->near.addr), s->eol);
	}
	if (chance(30))
		put(s, "  Connection lookup keyid: %u%s", below(2000000000), s->eol);
	put(s, "%s", s->eol);
}

static void
write_conn_detail(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put_asa_header(s, "show conn detail");
	for (unsigned i = 0; i < n; i++)
		put_conn_detail(s);
}

/* The end as the other side sees it, in round brackets: itself or another. */
static void
put_mapped(struct sheet *s, const struct endpoint *end, struct endpoint *nat)
{
	struct endpoint shown = *end;

	if (chance(50))
		shown = *nat = any_end(end->addr.family == 6);
	put(s, " (%s/%u)", addr_text(&shown.addr), shown.port);
}

static void
write_conn_long(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put_asa_header(s, "show conn long");
	put(s, "Flags: A - awaiting responder ACK to SYN,%s       B - from outside,%s", s->eol,
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_conn(s);

		put_conn_ends(s, t);
		put_mapped(s, &t->far, &t->far_nat);
		put(s, " %s: %s/%u", t->near_iface, addr_text(&t->near.addr), t->near.port);
		put_mapped(s, &t->near, &t->near_nat);
		put(s, ", ");
		put_conn_numbers(s, t);
		put_eol(s);
	}
}

/* --- show xlate ------------------------------------------------------------------------------- */

static void
put_xlate_numbers(struct sheet *s, struct truth *t, bool may_be_empty)
{
	static const char *const flags[] = { "ri", "s", "i", "sIT", "srT", "ei" };
	uint32_t idle = below(2000000);

	if (!may_be_empty || chance(60))
		snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(flags));
	put(s, "%sflags %s%sidle %u:%02u:%02u timeout 0:00:30",
	    may_be_empty && chance(50) ? (chance(50) ? "\n    " : "\n") : " ", t->state,
	    t->state[0] != '\0' ? " " : "", idle / 3600, idle / 60 % 60, idle % 60);
	t->counters.has = HAS_IDLE;
	t->counters.idle = idle;
}

static void
put_xlate(struct sheet *s)
{
	struct truth *t = new_row(s);
	bool pat = chance(50), v6 = chance(20);

	t->proto = PROTO_NONE;
	t->near = any_end(v6);
	t->near_nat = any_end(v6);
	if (!pat) {
		t->near.has_port = t->near_nat.has_port = false;
		t->near.port = t->near_nat.port = 0;
	}
	snprintf(t->near_iface, TRUTH_WORD, "%s", asa_ifaces[below(PLAIN_IFACES)]);
	snprintf(t->far_iface, TRUTH_WORD, "%s", chance(20) ? "any" : "outside");
	if (pat) {
		t->proto = any_proto();
		put_upper(s, proto_name(t->proto));
		put(s, " PAT from %s:%s/%u", t->near_iface, addr_text(&t->near.addr), t->near.port);
		put(s, " to %s:%s/%u", t->far_iface, addr_text(&t->near_nat.addr),
		    t->near_nat.port);
	} else {
		put(s, "NAT from %s:%s", t->near_iface, addr_text(&t->near.addr));
		put(s, " to %s:%s", t->far_iface, addr_text(&t->near_nat.addr));
	}
	put_xlate_numbers(s, t, !pat);
	put_eol(s);
}

/* The form before release 8.3. */
static void
put_global(struct sheet *s)
{
	struct truth *t = new_row(s);

	t->proto = PROTO_NONE;
	t->near = any_end(false);
	t->near_nat = any_end(false);
	if (chance(50)) {
		put(s, "PAT Global %s(%u)", addr_text(&t->near_nat.addr), t->near_nat.port);
		put(s, " Local %s(%u)", addr_text(&t->near.addr), t->near.port);
	} else {
		t->near.has_port = t->near_nat.has_port = false;
		t->near.port = t->near_nat.port = 0;
		put(s, "Global %s Local %s", addr_text(&t->near_nat.addr),
		    addr_text(&t->near.addr));
	}
	put_eol(s);
}

static void
write_xlate(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);
	bool old = chance(30);

	put(s, "%u in use, %u most used%s", n, below(90000), s->eol);
	if (!old)
		put(s, "Flags: D - DNS, i - dynamic, r - portmap,%s       s - static%s", s->eol,
		    s->eol);
	for (unsigned i = 0; i < n; i++)
		old ? put_global(s) : put_xlate(s);
}

/* --- show local-host, show vpn-sessiondb, show ssh sessions -------------------------------------
 */

static void
write_local_host(struct sheet *s)
{
	unsigned hosts = 1 + below(4);

	put(s, "Interface dmz: %u active, %u maximum active, 0 denied%s", hosts, below(99), s->eol);
	for (unsigned h = 0; h < hosts; h++) {
		put(s, "local host: <10.64.8.%u>,%s", h, s->eol);
		put(s, "    TCP flow count/limit = 1/unlimited%s", s->eol);
		put(s, "    UDP flow count/limit = 0/unlimited%s  Xlate:%s", s->eol, s->eol);
		for (unsigned n = below(4); n > 0; n--) {
			put(s, "    ");
			put_xlate(s);
		}
		put(s, "  Conn:%s", s->eol);
		for (unsigned n = below(5); n > 0; n--) {
			put(s, "    ");
			put_conn(s);
		}
	}
}

static void
put_hours(struct sheet *s, uint32_t seconds)
{
	if (seconds >= 86400)
		put(s, "%ud ", seconds / 86400);
	put(s, "%uh:%02um:%02us", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
}

static void
write_anyconnect(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "%sSession Type: AnyConnect%s%s", s->eol, s->eol, s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);
		struct counters *c = &t->counters;

		any_user(t->user);
		t->near.addr = any_addr(false);
		t->near_nat.addr = any_addr(chance(20));
		c->has = HAS_BYTES_NEAR | HAS_BYTES_FAR | HAS_AGE | HAS_IDLE;
		c->bytes_near = any_counter();
		c->bytes_far = any_counter();
		c->age = below(900000);
		c->idle = below(9000);
		put(s, "Username     : %-22s Index        : %u%s", t->user, below(9999), s->eol);
		put(s, "Assigned IP  : %-22s Public IP    : %s%s", addr_text(&t->near.addr),
		    addr_text(&t->near_nat.addr), s->eol);
		put(s, "Protocol     : AnyConnect-Parent SSL-Tunnel%s", s->eol);
		put(s, "Bytes Tx     : %-22llu Bytes Rx     : %llu%s",
		    (unsigned long long)c->bytes_near, (unsigned long long)c->bytes_far, s->eol);
		put(s, "Duration     : ");
		put_hours(s, c->age);
		put(s, "%sInactivity   : ", s->eol);
		put_hours(s, c->idle);
		put(s, "%sSecurity Grp : none%s%s", s->eol, s->eol, s->eol);
	}
}

static void
write_ssh_sessions(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "SID Client IP       Version Mode Encryption Hmac     State            Username%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		any_user(t->user);
		any_from(t->from);
		snprintf(t->tty, TRUTH_WORD, "%u", i);
		snprintf(t->state, TRUTH_WORD, "SessionStarted");
		if (chance(30)) {
			put(s, "%-3s %-15s 1.5     -    3DES       -        %s   %s%s", t->tty,
			    t->from, t->state, t->user, s->eol);
			continue;
		}
		put(s, "%-3s %-15s 2.0     IN   aes128-ctr sha1     %s   %s%s", t->tty, t->from,
		    t->state, t->user, s->eol);
		put(s, "                            OUT  aes128-ctr sha1     %s   %s%s", t->state,
		    t->user, s->eol);
	}
}

/* --- NX-OS ------------------------------------------------------------------------------------ */

static void
put_round(struct sheet *s, const struct endpoint *e)
{
	if (e->addr.family != 0)
		put(s, "%s(%u)", addr_text(&e->addr), e->port);
	else if (e->has_port)
		put(s, "*(%u)", e->port);
	else
		put(s, "*(*)");
}

static void
put_netstack(struct sheet *s, uint16_t proto)
{
	static const char *const states[] = { "LISTEN", "ESTABLISHED", "SYN_SENT", "TIME_WAIT",
		"CLOSE_WAIT", "FIN_WAIT_2", "LAST_ACK" };
	static const char *const contexts[] = { "Wildcard", "management", "default", "blue-2",
		"Context" };
	struct truth *t = new_row(s);
	bool v6 = chance(30);

	t->proto = proto;
	t->near = any_end(v6);
	t->far = any_end(v6);
	snprintf(t->place, TRUTH_WORD, "%s", ANY_OF(contexts));
	if (proto == PROTO_TCP)
		snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(states));
	if (strcmp(t->state, "LISTEN") == 0 || (proto == PROTO_UDP && chance(70)))
		t->far = (struct endpoint){ 0 };
	if (t->far.addr.family == 0 && chance(50))
		t->near.addr = (struct addr){ 0 };
	put(s, "[host]: %s%s %-12s %-9u ", proto_name(proto),
	    t->near.addr.family == 0 ? "(4/6)"
	    : v6                     ? "6"
				     : "",
	    t->state, below(2000));
	put_round(s, &t->near);
	put(s, "%s                 %-12s %-8u ", s->eol, t->place, below(70000));
	put_round(s, &t->far);
	put_eol(s);
}

static void
write_netstack(struct sheet *s)
{
	static const uint16_t protos[] = { PROTO_TCP, PROTO_UDP };

	for (unsigned k = 0; k < 2; k++) {
		unsigned n = below(TRUTH_ROWS / 2);

		put(s, "%sTotal number of netstack %s sockets: %u%s", s->eol, proto_name(protos[k]),
		    n, s->eol);
		if (n > 0)
			put(s,
			    "Active connections (including servers)%s"
			    "        Protocol State/       Recv-Q/   Local Address(port)/%s"
			    "                 Context      Send-Q    Remote Address(port)%s",
			    s->eol, s->eol, s->eol);
		for (unsigned i = 0; i < n; i++)
			put_netstack(s, protos[k]);
	}
	put(s, "%sTotal number of netstack raw sockets: 0%s", s->eol, s->eol);
}

/* --- IOS XR ----------------------------------------------------------------------------------- */

static const char *const xr_states[] = { "LISTEN", "SYNSENT", "SYNRCVD", "ESTAB", "FINWAIT1",
	"CLOSEWAIT", "TIMEWAIT" };

static struct truth *
new_xr_socket(struct sheet *s, uint16_t proto)
{
	struct truth *t = new_row(s);
	bool v6 = chance(40);

	t->proto = proto;
	t->near = any_end(v6);
	t->far = any_end(v6);
	if (proto == PROTO_TCP)
		snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(xr_states));
	if (strcmp(t->state, "LISTEN") == 0 || (proto == PROTO_UDP && chance(50))) {
		t->near.addr = (struct addr){ .family = v6 ? 6 : 4 };
		t->far = (struct endpoint){ 0 };
	}
	return t;
}

static const char *
far_text(const struct truth *t)
{
	if (t->far.addr.family != 0)
		return addr_text(&t->far.addr);
	return t->near.addr.family == 6 ? "::" : "0.0.0.0";
}

static void
write_brief(struct sheet *s, uint16_t proto)
{
	unsigned n = below(TRUTH_ROWS);
	bool old = chance(30);

	if (chance(30))
		put(s, "RP/0/RP0/CPU0:xr-%u#show %s brief%s", below(10), proto_name(proto), s->eol);
	if (chance(50))
		put(s, "Sun Mar  1 12:56:01.120 UTC%s", s->eol);
	put(s, "   PCB      %s   Recv-Q Send-Q Local Address   Foreign Address %s%s",
	    old ? "" : "VRF-ID    ", proto == PROTO_TCP ? "State" : "", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_xr_socket(s, proto);

		put(s, "0x%llx ", (unsigned long long)any64() >> (old ? 33 : 17));
		if (!old) {
			snprintf(t->place, TRUTH_WORD, "0x%08x", 0x60000000 + below(9));
			put(s, "%s ", t->place);
		}
		put(s, "%6u %6u  %s:%u", below(9000), below(9000), addr_text(&t->near.addr),
		    t->near.port);
		put_gap(s);
		put(s, "%s:%u", far_text(t), t->far.port);
		put_gap(s);
		put(s, "%s", t->state);
		put_eol(s);
	}
}

static void
write_tcp_brief(struct sheet *s)
{
	write_brief(s, PROTO_TCP);
}

static void
write_udp_brief(struct sheet *s)
{
	write_brief(s, PROTO_UDP);
}

static void
write_tcp_detail(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_xr_socket(s, PROTO_TCP);

		snprintf(t->place, TRUTH_WORD, "0x%08x", 0x60000000 + below(9));
		put(s, "=================================================%s", s->eol);
		put(s, "Connection state is %s, I/O status: 0, socket status: 0%s", t->state,
		    s->eol);
		if (chance(60))
			put(s, "Established at Mon Jul 12 09:44:25 2021%s", s->eol);
		put(s, "%sPCB 0x%llx, SO 0x1, TCPCB 0x2, vrfid %s,%s", s->eol,
		    (unsigned long long)any64(), t->place, s->eol);
		put(s, "Pak Prio: Medium, TOS: 192, TTL: 1, Hash index: 26%s", s->eol);
		put(s, "Local host: %s, Local port: %u", addr_text(&t->near.addr), t->near.port);
		put(s, "%s%s", chance(50) ? " (Local App PID: 11298)" : "", s->eol);
		put(s, "Foreign host: %s, Foreign port: %u%s", far_text(t), t->far.port, s->eol);
		put(s, "%sRetrans   %u   0   0%s", s->eol, below(99), s->eol);
		put(s, "State flags: none%s%s", s->eol, s->eol);
	}
}

/* --- tests ------------------------------------------------------------------------------------ */

#define TRUTH_TEST(name, platform, line, writer)                                                   \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		truth_run(platform, line, writer);                                                 \
	}

TRUTH_TEST(asa_conn, "cisco_asa", "show conn", write_conn)
TRUTH_TEST(asa_conn_detail, "cisco_asa", "show conn detail", write_conn_detail)
TRUTH_TEST(asa_conn_long, "cisco_asa", "show conn long", write_conn_long)
TRUTH_TEST(asa_xlate, "cisco_asa", "show xlate", write_xlate)
TRUTH_TEST(asa_local_host, "cisco_asa", "show local-host", write_local_host)
TRUTH_TEST(asa_anyconnect, "cisco_asa", "show vpn-sessiondb anyconnect", write_anyconnect)
TRUTH_TEST(asa_ssh, "cisco_asa", "show ssh sessions", write_ssh_sessions)
TRUTH_TEST(nxos_sockets, "cisco_nxos", "show sockets connection", write_netstack)
TRUTH_TEST(xr_tcp_brief, "cisco_xr", "show tcp brief", write_tcp_brief)
TRUTH_TEST(xr_udp_brief, "cisco_xr", "show udp brief", write_udp_brief)
TRUTH_TEST(xr_tcp_detail, "cisco_xr", "show tcp detail pcb all", write_tcp_detail)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asa_conn),
		cmocka_unit_test(asa_conn_detail),
		cmocka_unit_test(asa_conn_long),
		cmocka_unit_test(asa_xlate),
		cmocka_unit_test(asa_local_host),
		cmocka_unit_test(asa_anyconnect),
		cmocka_unit_test(asa_ssh),
		cmocka_unit_test(nxos_sockets),
		cmocka_unit_test(xr_tcp_brief),
		cmocka_unit_test(xr_udp_brief),
		cmocka_unit_test(xr_tcp_detail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
