/* Generated truth for servers, workstations and what runs on them: sockets, neighbours and logins
 * of Linux, Windows and macOS, streams of HAProxy, conntrack of Open vSwitch. */
#include "tests/unit/truth.h"

static const char *const tcp_states[] = { "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1",
	"FIN_WAIT2", "TIME_WAIT", "CLOSE_WAIT", "LAST_ACK" };

/* --- Linux: netstat, /proc, lsof -------------------------------------------------------------- */

/* An IPv6 end of exactly 23 bytes may be a cut one. */
static const char *
netstat_end(const struct endpoint *e, char out[static ENDPOINT_TEXT])
{
	snprintf(out, ENDPOINT_TEXT, "%s:%u", addr_text(&e->addr), e->port);
	return e->addr.family == 6 && strlen(out) == 23 ? NULL : out;
}

static void
write_netstat(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Active Internet connections (servers and established)%s", s->eol);
	put(s,
	    "Proto Recv-Q Send-Q Local Address           Foreign Address         State       "
	    "PID/Program name%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_any_socket(s, chance(30));
		bool v6 = t->near.addr.family == 6;
		char near[ENDPOINT_TEXT], far[ENDPOINT_TEXT];

		snprintf(far, sizeof(far), "%s", v6 ? ":::*" : "0.0.0.0:*");
		if (!netstat_end(&t->near, near) ||
		    (t->far.addr.family && !netstat_end(&t->far, far))) {
			s->n_rows--;
			continue;
		}
		if (t->proto == PROTO_TCP)
			snprintf(t->state, TRUTH_WORD, "%s",
			    t->far.addr.family ? ANY_OF(tcp_states) : "LISTEN");
		put(s, "%s%-*s %6u %6u %-23s %-23s %-11s ", proto_name(t->proto), v6 ? 2 : 3,
		    v6 ? "6" : "", below(9999), below(9999), near, far, t->state);
		if (chance(70)) {
			snprintf(t->app, TRUTH_WORD, chance(50) ? "sshd" : "nginx: worker pro");
			put(s, "%u/%s", 1 + below(99999), t->app);
		} else {
			put(s, "-");
		}
		put_eol(s);
	}
}

/* As the kernel has it in memory: each group of four bytes as a number of this machine. */
static void
put_native(struct sheet *s, const struct endpoint *e, bool v6)
{
	const uint8_t *b = e->addr.bytes;

	for (int i = 0; i < (v6 ? 16 : 4); i += 4)
		put(s, "%02X%02X%02X%02X", b[i + 3], b[i + 2], b[i + 1], b[i]);
	put(s, ":%04X", e->port);
}

static void
write_proc(struct sheet *s, uint16_t proto)
{
	unsigned n = below(TRUTH_ROWS);
	bool v6 = chance(40);

	put(s,
	    "  sl  local_address %s st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
	    "inode%s",
	    v6 ? "                        remote_address                       " : "rem_address  ",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_any_socket(s, v6);

		t->proto = proto;
		snprintf(t->state, TRUTH_WORD, "%02X", 1 + below(11));
		put(s, "%4u: ", i);
		put_native(s, &t->near, v6);
		put(s, " ");
		put_native(s, &t->far, v6);
		put(s, " %s %08X:%08X 02:%08X 00000000 %5u        0 %u 2 %016llx 20 4 1 10 -1",
		    t->state, below(9999), below(9999), below(9999), below(65535), below(99999),
		    (unsigned long long)any64());
		put_eol(s);
	}
}

static void
write_proc_tcp(struct sheet *s)
{
	write_proc(s, PROTO_TCP);
}

static void
write_proc_udp(struct sheet *s)
{
	write_proc(s, PROTO_UDP);
}

static void
write_lsof(struct sheet *s)
{
	static const char *const apps[] = { "sshd", "python3", "nginx", "kworker/0" };
	unsigned n = below(TRUTH_ROWS);

	put(s, "COMMAND     PID TID TASKCMD USER   FD   TYPE DEVICE SIZE/OFF NODE NAME%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		bool v6 = chance(30);
		struct truth *t = new_any_socket(s, v6);

		snprintf(t->app, TRUTH_WORD, "%s", ANY_OF(apps));
		put(s, "%-9s %5u root %4uu  IPv%u %6u      0t0  %s %s", t->app, below(99999),
		    below(999), v6 ? 6 : 4, below(999999), t->proto == PROTO_TCP ? "TCP" : "UDP",
		    bracketed(&t->near));
		if (t->far.addr.family != 0)
			put(s, "->%s", bracketed(&t->far));
		if (t->proto == PROTO_TCP) {
			snprintf(t->state, TRUTH_WORD, "%s",
			    t->far.addr.family ? ANY_OF(tcp_states) : "LISTEN");
			put(s, " (%s)", t->state);
		}
		put_eol(s);
	}
}

/* --- Linux: conntrack's events ---------------------------------------------------------------- */

static void
put_meta(struct sheet *s, const char *direction, const struct endpoint *src,
    const struct endpoint *dst, uint16_t proto)
{
	put(s, "<meta direction=\"%s\"><layer3 protonum=\"2\" protoname=\"ipv4\"><src>%s</src>",
	    direction, addr_text(&src->addr));
	put(s, "<dst>%s</dst></layer3><layer4 protonum=\"%u\" protoname=\"%s\">",
	    addr_text(&dst->addr), proto, proto_name(proto));
	put(s, "<sport>%u</sport><dport>%u</dport></layer4></meta>", src->port, dst->port);
}

static void
write_events(struct sheet *s)
{
	static const char *const types[] = { "new", "update", "destroy" };
	unsigned n = below(TRUTH_ROWS);

	put(s, "<?xml version=\"1.0\" encoding=\"utf-8\"?>%s<conntrack>%s", s->eol, s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_passing(s, chance(60) ? PROTO_TCP : PROTO_UDP, false);
		const char *type = ANY_OF(types);
		bool told = t->proto == PROTO_TCP && strcmp(type, "destroy") != 0;

		snprintf(t->state, TRUTH_WORD, "%s", told ? ANY_OF(tcp_states) : type);
		put(s, "<flow type=\"%s\">", type);
		put_meta(s, "original", &t->near, seen(&t->far, &t->far_nat), t->proto);
		put_meta(s, "reply", &t->far, seen(&t->near, &t->near_nat), t->proto);
		put(s, "<meta direction=\"independent\">");
		if (told)
			put(s, "<state>%s</state>", t->state);
		put(s, "<id>%u</id></meta></flow>%s", below(0xffffffffu), s->eol);
	}
	put(s, "</conntrack>%s", s->eol);
}

/* --- Linux: neighbours ------------------------------------------------------------------------ */

static void
any_lan(char out[static TRUTH_WORD])
{
	static const char *const names[] = { "eth0", "ens33", "br-lan", "eth1.10", "wlp2s0" };

	snprintf(out, TRUTH_WORD, "%s", ANY_OF(names));
}

static const char *const nud[] = { "REACHABLE", "STALE", "DELAY", "PROBE", "PERMANENT", "NOARP" };

static void
write_ip_neigh(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);
		bool known = chance(80);

		t->near.addr = any_addr(chance(40));
		any_lan(t->near_iface);
		snprintf(t->state, TRUTH_WORD, "%s", known ? ANY_OF(nud) : "FAILED");
		put(s, "%s dev %s ", addr_text(&t->near.addr), t->near_iface);
		if (known) {
			any_mac(t->mac, ":", 1);
			put(s, "lladdr %s ", t->mac);
		}
		put(s, "%s%s", known && chance(20) ? "router " : "", t->state);
		put_eol(s);
	}
}

static void
write_ip_neigh_json(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "[");
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		t->near.addr = any_addr(chance(40));
		any_lan(t->near_iface);
		put(s, "%s{\"dst\":\"%s\",\"dev\":\"%s\",", i > 0 ? "," : "",
		    addr_text(&t->near.addr), t->near_iface);
		if (chance(80)) {
			any_mac(t->mac, ":", 1);
			put(s, "\"lladdr\":\"%s\",", t->mac);
		}
		snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(nud));
		put(s, "\"state\":[\"%s\"]}%s", t->state, chance(50) ? s->eol : "");
	}
	put(s, "]%s", s->eol);
}

static void
write_proc_arp(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "IP address       HW type     Flags       HW address            Mask     Device%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		t->near.addr = any_addr(false);
		any_lan(t->near_iface);
		any_mac(t->mac, ":", 1);
		put(s, "%-16s 0x1         0x%x         %s     *        %s",
		    addr_text(&t->near.addr), below(8), t->mac, t->near_iface);
		put_eol(s);
	}
}

static void
write_arp_a(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		t->near.addr = any_addr(false);
		any_lan(t->near_iface);
		put(s, "%s (%s) at ", chance(50) ? "?" : "gate.example", addr_text(&t->near.addr));
		if (chance(20)) {
			snprintf(t->mac, TRUTH_WORD, "incomplete");
			put(s, "<incomplete> on %s", t->near_iface);
		} else {
			any_mac(t->mac, ":", 1);
			put(s, "%s [ether] %son %s", t->mac, chance(20) ? "PERM " : "",
			    t->near_iface);
		}
		put_eol(s);
	}
}

static void
write_arp_n(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Address                  HWtype  HWaddress           Flags Mask            Iface%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		t->near.addr = any_addr(false);
		any_lan(t->near_iface);
		if (chance(20)) {
			snprintf(t->mac, TRUTH_WORD, "(incomplete)");
			put(s, "%-24s         (incomplete)                              %s",
			    addr_text(&t->near.addr), t->near_iface);
		} else {
			any_mac(t->mac, ":", 1);
			put(s, "%-24s ether   %s   C%s                     %s",
			    addr_text(&t->near.addr), t->mac, chance(20) ? "M" : "", t->near_iface);
		}
		put_eol(s);
	}
}

/* --- Linux: logins ---------------------------------------------------------------------------- */

static void
any_tty(char out[static TRUTH_WORD])
{
	snprintf(out, TRUTH_WORD, chance(80) ? "pts/%u" : "ttyS%u", below(64));
}

static void
write_who(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "           system boot  2026-02-28 12:13%s", s->eol);
	put(s, "LOGIN      tty1         2026-02-28 12:13               841 id=tty1%s", s->eol);
	put(s, "           run-level 3  2026-02-28 12:13%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);
		bool all = chance(60);

		any_user(t->user);
		any_tty(t->tty);
		put(s, "%-8s %s%-12s 2026-02-%02u %02u:%02u", t->user,
		    !all         ? ""
		    : chance(50) ? "+ "
				 : "- ",
		    t->tty, 1 + below(28), below(24), below(60));
		if (all)
			put(s, " %5s        %u", chance(50) ? "00:11" : ".", below(99999));
		if (chance(60))
			put(s, " (%s)", any_from(t->from));
		put_eol(s);
	}
	put(s,
	    "           pts/1        2026-02-28 18:28              3381 id=ts/1  term=0 exit=0%s",
	    s->eol);
}

static void
write_w(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, " 19:43:06 up 2 days, 19:32,  %u users,  load average: 0.00, 0.01, 0.05%s", n,
	    s->eol);
	put(s, "USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		any_user(t->user);
		any_tty(t->tty);
		if (chance(70))
			any_from(t->from);
		put(s, "%-8s %-8s %-16s %s %s  %u.%02us  %s %s", t->user, t->tty,
		    t->from[0] ? t->from : "-", chance(50) ? "Thu22" : "21Oct19",
		    chance(50) ? "10.00s" : "14:32", below(99), below(99),
		    chance(20) ? "?" : "0.01s", chance(50) ? "-bash" : "w -i");
		put_eol(s);
	}
}

/* --- macOS ------------------------------------------------------------------------------------ */

/* Without -W, what fills its column may be cut: with -A that is 18 bytes. */
static bool
fits(const struct endpoint *e, char out[static ENDPOINT_TEXT])
{
	snprintf(out, ENDPOINT_TEXT, "%s.%u", addr_text(&e->addr), e->port);
	return strlen(out) < 18;
}

static void
write_control_blocks(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Active Internet connections (including servers)%s", s->eol);
	put(s,
	    "Socket           Flowhash Proto Recv-Q Send-Q  Local Address      Foreign Address    "
	    "(state)%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_any_socket(s, false);
		char near[ENDPOINT_TEXT], far[ENDPOINT_TEXT] = "*.*";

		if (!fits(&t->near, near) || (t->far.addr.family && !fits(&t->far, far))) {
			s->n_rows--;
			continue;
		}
		if (t->proto == PROTO_TCP)
			snprintf(t->state, TRUTH_WORD, "%s",
			    t->far.addr.family ? ANY_OF(tcp_states) : "LISTEN");
		put(s, "%016llx %8x %s4       %u      %u  %-18s %-18s %s",
		    (unsigned long long)any64(), (unsigned)any64(), proto_name(t->proto), below(99),
		    below(99), near, far, t->state);
		put_eol(s);
	}
}

static void
write_macos_who(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "USER     LINE     WHEN         IDLE  \t   PID\tCOMMENT%s", s->eol);
	put(s, "reboot   ~        Feb  7 23:31   .   \t     1%s", s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		any_user(t->user);
		if (chance(20))
			snprintf(t->tty, TRUTH_WORD, "console");
		else
			snprintf(t->tty, TRUTH_WORD, "ttys%03u", below(400));
		put(s, "%-8s %-8s Feb %2u %02u:%02u %s  \t%6u%s", t->user, t->tty, 1 + below(28),
		    below(24), below(60), chance(50) ? "old" : "00:02", below(99999),
		    chance(30) ? "\tterm=0 exit=0" : "");
		put_eol(s);
	}
	put(s, "   .       run-level 3%s", s->eol);
}

/* --- HAProxy ---------------------------------------------------------------------------------- */

/* A stream: the client, what it asked for, the server that answers, and whom that sees. */
static void
put_stream(struct sheet *s)
{
	struct truth *t = new_row(s);
	bool v6 = chance(20);
	uint32_t age = below(100000);

	t->proto = PROTO_TCP;
	t->starter = STARTER_NEAR;
	t->near = any_end(v6);
	t->far_nat = any_end(v6);
	t->near_nat = any_end(v6);
	t->far = any_end(v6);
	snprintf(t->app, TRUTH_WORD, "s%u", below(99));
	snprintf(t->state, TRUTH_WORD, "EST");
	t->counters.has = HAS_AGE;
	t->counters.age = age;
	put(s, "0x%llx: [21/Nov/2026:23:48:18.561510] id=%u proto=tcpv%u source=%s:%u%s",
	    (unsigned long long)any64(), s->n_rows, v6 ? 6 : 4, addr_text(&t->near.addr),
	    t->near.port, s->eol);
	put(s, "  flags=0x4a, conn_retries=0, conn_exp=<NEVER> waiting=0 epoch=0%s", s->eol);
	put(s, "  frontend=f (id=2 mode=tcp), listener=? (id=1) addr=%s:%u%s",
	    addr_text(&t->far_nat.addr), t->far_nat.port, s->eol);
	put(s, "  backend=b (id=3 mode=tcp) addr=%s:%u%s", addr_text(&t->near_nat.addr),
	    t->near_nat.port, s->eol);
	put(s, "  server=%s (id=1) addr=%s:%u%s", t->app, addr_text(&t->far.addr), t->far.port,
	    s->eol);
	put(s, "  task=0x%llx (state=0x00 nice=0 calls=2 rate=2 exp=1s tmask=0x1 age=%us)%s",
	    (unsigned long long)any64(), age, s->eol);
	put(s, "  scf=0x%llx flags=0x00000000 state=EST endp=CONN,0x1,0x2 sub=1%s",
	    (unsigned long long)any64(), s->eol);
	put(s, "      co0=0x1 ctrl=tcpv4 xprt=RAW mux=PASS data=STRM target=LISTENER:0x2%s",
	    s->eol);
	put(s, "  req=0x3 (f=0x848202 an=0x0 pipe=0 tofwd=-1 total=6)%s", s->eol);
	put(s, "      an_exp=<NEVER> rex=59s wex=<NEVER>%s", s->eol);
}

static void
write_streams(struct sheet *s)
{
	for (unsigned n = 1 + below(TRUTH_ROWS - 1); n > 0; n--)
		put_stream(s);
	put(s, "%s", s->eol);
}

/* --- Open vSwitch ----------------------------------------------------------------------------- */

static void
put_ovs_tuple(struct sheet *s, const char *name, const struct endpoint *src,
    const struct endpoint *dst, uint16_t id, int type)
{
	put(s, ",%s=(src=%s,dst=%s,", name, addr_text(&src->addr), addr_text(&dst->addr));
	if (type >= 0)
		put(s, "id=%u,type=%d,code=0)", id, type);
	else
		put(s, "sport=%u,dport=%u)", src->port, dst->port);
}

static void
write_ovs(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		static const uint16_t protos[] = { PROTO_TCP, PROTO_TCP, PROTO_UDP, PROTO_ICMP };
		struct truth *t = new_passing(s, ANY_OF(protos), false);
		bool icmp = t->proto == PROTO_ICMP;

		if (icmp) {
			t->far.has_port = t->far_nat.has_port = false;
			t->far.port = t->far_nat.port = 0;
		}
		put(s, "%s", proto_name(t->proto));
		put_ovs_tuple(
		    s, "orig", &t->near, seen(&t->far, &t->far_nat), t->near.port, icmp ? 8 : -1);
		put_ovs_tuple(s, "reply", &t->far, seen(&t->near, &t->near_nat),
		    seen(&t->near, &t->near_nat)->port, icmp ? 0 : -1);
		if (chance(60)) {
			snprintf(t->place, TRUTH_WORD, "%u", 1 + below(65535));
			put(s, ",zone=%s", t->place);
		}
		if (chance(30))
			put(s, ",mark=%u,labels=0x%x", below(99), below(99));
		if (chance(80)) {
			t->counters.has = HAS_LEFT;
			t->counters.left = below(90000);
			put(s, ",timeout=%u", t->counters.left);
		}
		if (t->proto == PROTO_TCP) {
			snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(tcp_states));
			put(s, ",protoinfo=(state=%s)", t->state);
		}
		put_eol(s);
	}
}

/* --- counts ----------------------------------------------------------------------------------- */

static uint64_t
any_total(struct sheet *s)
{
	s->counts = true;
	return s->total = below(2000000000);
}

static void
write_number(struct sheet *s)
{
	put(s, "%llu%s", (unsigned long long)any_total(s), s->eol);
}

static void
write_asa_count(struct sheet *s)
{
	put(s, "%llu in use, %u most used", (unsigned long long)any_total(s), below(2000000000));
	put_eol(s);
}

static void
write_gaia_count(struct sheet *s)
{
	put(s, "HOST                  NAME                               ID #VALS #PEAK #SLINKS%s",
	    s->eol);
	put(s, "localhost             connections                      8158 %6llu %6u %6u%s",
	    (unsigned long long)any_total(s), below(999999), below(999999), s->eol);
}

static void
write_fortios_count(struct sheet *s)
{
	put(s, "The total number of sessions for the current VDOM: %llu%s",
	    (unsigned long long)any_total(s), s->eol);
}

static void
write_fortios_stat(struct sheet *s)
{
	put(s, "misc info:       session_count=%llu setup_rate=%u exp_count=0 clash=%u%s",
	    (unsigned long long)any_total(s), below(99), below(99), s->eol);
	put(s, "        memory_tension_drop=0 ephemeral=0/131062 removeable=0%s", s->eol);
	put(s, "delete=0, flush=0, dev_down=0/0 ses_flush_filters=0%s", s->eol);
	put(s, "TCP sessions:%s         6 in ESTABLISHED state%s", s->eol, s->eol);
}

static void
write_panos_info(struct sheet *s)
{
	put(s, "target-dp: *.dp0%s", s->eol);
	put(s, "Number of sessions supported:                    196606%s", s->eol);
	put(s, "Number of allocated sessions:                    %llu%s",
	    (unsigned long long)any_total(s), s->eol);
	put(s, "Number of active TCP sessions:                   %u%s", below(99999), s->eol);
}

/* The nodes of a cluster add up. */
static void
write_junos_summary(struct sheet *s)
{
	unsigned nodes = 1 + below(2);
	uint64_t total = 0;

	for (unsigned i = 0; i < nodes; i++) {
		uint32_t n = below(1000000);

		if (nodes > 1)
			put(s, "node%u:%s-----------------------------------------------%s", i,
			    s->eol, s->eol);
		put(s, "Unicast-sessions: %u%sSessions-in-use: %u%s  Valid sessions: %u%s%s", n,
		    s->eol, n, s->eol, n, s->eol, s->eol);
		total += n;
	}
	s->counts = true;
	s->total = total;
}

/* --- tests ------------------------------------------------------------------------------------ */

#define TRUTH_TEST(name, platform, line, writer)                                                   \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		truth_run(platform, line, writer);                                                 \
	}

TRUTH_TEST(netstat, "linux", "netstat -tunap", write_netstat)
TRUTH_TEST(proc_tcp, "linux", "cat /proc/net/tcp", write_proc_tcp)
TRUTH_TEST(proc_udp, "linux", "cat /proc/net/udp", write_proc_udp)
TRUTH_TEST(lsof, "linux", "lsof -nP -i", write_lsof)
TRUTH_TEST(events, "linux", "conntrack -E -o xml", write_events)
TRUTH_TEST(ip_neigh, "linux", "ip neigh", write_ip_neigh)
TRUTH_TEST(ip_neigh_json, "linux", "ip -j neigh", write_ip_neigh_json)
TRUTH_TEST(proc_arp, "linux", "cat /proc/net/arp", write_proc_arp)
TRUTH_TEST(arp_a, "linux", "arp -an", write_arp_a)
TRUTH_TEST(arp_n, "linux", "arp -n", write_arp_n)
TRUTH_TEST(who, "linux", "who -a", write_who)
TRUTH_TEST(w, "linux", "w -i", write_w)
TRUTH_TEST(control_blocks, "macos", "netstat -An", write_control_blocks)
TRUTH_TEST(macos_who, "macos", "who -a", write_macos_who)
TRUTH_TEST(streams, "haproxy", "show sess all", write_streams)
TRUTH_TEST(ovs, "openvswitch", "ovs-appctl dpctl/dump-conntrack -s", write_ovs)

static void
counts(void **state)
{
	(void)state;
	truth_run("linux", "conntrack -C", write_number);
	truth_run("mikrotik_routeros", "/ip firewall connection print count-only", write_number);
	truth_run("cisco_asa", "show conn count", write_asa_count);
	truth_run("checkpoint_gaia", "fw tab -t connections -s", write_gaia_count);
	truth_run("fortinet", "get system session status", write_fortios_count);
	truth_run("fortinet", "diagnose sys session stat", write_fortios_stat);
	truth_run("paloalto_panos", "show session info", write_panos_info);
	truth_run("juniper_junos", "show security flow session summary", write_junos_summary);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(netstat),
		cmocka_unit_test(proc_tcp),
		cmocka_unit_test(proc_udp),
		cmocka_unit_test(lsof),
		cmocka_unit_test(events),
		cmocka_unit_test(ip_neigh),
		cmocka_unit_test(ip_neigh_json),
		cmocka_unit_test(proc_arp),
		cmocka_unit_test(arp_a),
		cmocka_unit_test(arp_n),
		cmocka_unit_test(who),
		cmocka_unit_test(w),
		cmocka_unit_test(control_blocks),
		cmocka_unit_test(macos_who),
		cmocka_unit_test(streams),
		cmocka_unit_test(ovs),
		cmocka_unit_test(counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
