/* Generated truth for records that others wrote: flow logs, accounting, syslog of firewalls. */
#include "tests/unit/truth.h"

/* --- AWS -------------------------------------------------------------------------------------- */

/* A record is one way; a SYN without ACK, or a rejected packet, says who began. */
static struct truth *
new_way(struct sheet *s, bool rejected, unsigned flags)
{
	struct truth *t = new_row(s);
	bool v6 = chance(20);

	t->proto = chance(60) ? PROTO_TCP : PROTO_UDP;
	t->near = any_end(v6);
	t->far = any_end(v6);
	snprintf(t->state, TRUTH_WORD, "%s", rejected ? "REJECT" : "ACCEPT");
	if (rejected || flags == 2 || flags == 3)
		t->starter = STARTER_NEAR;
	t->counters.has = HAS_PACKETS_NEAR | HAS_BYTES_NEAR;
	t->counters.packets_near = any_counter();
	t->counters.bytes_near = any_counter();
	return t;
}

static void
write_aws(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	put(s,
	    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets "
	    "bytes "
	    "start end action log-status%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		bool rejected = chance(30), five = chance(50);
		unsigned flags = five ? below(20) : 0;
		struct truth *t = new_way(s, rejected, flags);

		put(s, "%u 100200300400 eni-0a1b2c3d4e5f60718 %s %s %u %u %u ", five ? 5 : 2,
		    addr_text(&t->near.addr), addr_text(&t->far.addr), t->near.port, t->far.port,
		    t->proto);
		put(s, "%llu %llu 1772366400 1772366459 %s OK",
		    (unsigned long long)t->counters.packets_near,
		    (unsigned long long)t->counters.bytes_near, t->state);
		if (five)
			put(s, " vpc-0aa1 subnet-012 i-012 %u IPv4 10.60.1.33 - - - -", flags);
		put(s, "%s", s->eol);
		if (chance(20))
			put(s,
			    "2 100200300400 eni-0f9e8d7c6b5a40312 - - - - - - - 1772366460 "
			    "1772366519 "
			    "- NODATA%s",
			    s->eol);
	}
}

static void
write_aws_json(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		unsigned flags = below(20);
		struct truth *t = new_way(s, chance(30), flags);

		put(s,
		    "{\"version\":5,\"srcaddr\":\"%s\",\"dstaddr\":\"%s\",\"srcport\":%u,"
		    "\"dstport\":%u,",
		    addr_text(&t->near.addr), addr_text(&t->far.addr), t->near.port, t->far.port);
		put(s,
		    "\"protocol\":%u,\"packets\":%llu,\"bytes\":%llu,\"action\":\"%s\",\"tcp_"
		    "flags\":%u}%s",
		    t->proto, (unsigned long long)t->counters.packets_near,
		    (unsigned long long)t->counters.bytes_near, t->state, flags, s->eol);
	}
}

/* --- nfdump ----------------------------------------------------------------------------------- */

static void
write_nfdump(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	put(s,
	    "Date first seen          Duration Proto      Src IP Addr:Port          Dst IP "
	    "Addr:Port   "
	    "Flags Tos  Packets    Bytes      pps      bps    Bpp Flows%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);

		t->proto = chance(60) ? PROTO_TCP : PROTO_UDP;
		t->near = any_end(false);
		t->far = any_end(false);
		t->counters.has = HAS_PACKETS_NEAR | HAS_BYTES_NEAR;
		t->counters.packets_near = any_counter();
		t->counters.bytes_near = any_counter();
		put(s, "2026-03-01 12:%02u:%02u.377 %9u.%03u %s   %15s:%-5u -> ", below(60),
		    below(60), below(999), below(1000), t->proto == PROTO_TCP ? "TCP" : "UDP",
		    addr_text(&t->near.addr), t->near.port);
		put(s, "%15s:%-5u .AP.S. %3u %8llu %8llu %8u %8u %6u %5u%s",
		    addr_text(&t->far.addr), t->far.port, below(256),
		    (unsigned long long)t->counters.packets_near,
		    (unsigned long long)t->counters.bytes_near, below(99), below(9999), below(1500),
		    1 + below(9), s->eol);
	}
	put(s, "Summary: total flows: %u, total bytes: 1102, total packets: 12, avg bps: 54%s", n,
	    s->eol);
	put(s, "Time window: 2026-03-01 12:00:00 - 2026-03-01 12:59:59%s", s->eol);
	put(s, "Total flows processed: %u, Blocks skipped: 0, Bytes read: 440%s", n, s->eol);
	put(s, "Sys: 0.003s flows/second: 602.6      Wall: 0.001s flows/second: 1020.9%s", s->eol);
}

/* --- accounting ------------------------------------------------------------------------------- */

static const char *const said[] = { "start", "stop", "update" };
static const char *const commands_typed[] = { "show version <cr>", "show ip nat translations <cr>",
	"terminal length 0 <cr>" };

static void
any_nas(char out[static TRUTH_WORD])
{
	snprintf(out, TRUTH_WORD, "10.%u.%u.%u", below(256), below(256), 1 + below(254));
}

static void
write_tac_plus(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);
		bool command = chance(50);

		any_nas(t->nas);
		any_user(t->user);
		any_from(t->from);
		snprintf(t->tty, TRUTH_WORD, "tty%u", below(99));
		snprintf(t->event, TRUTH_WORD, "%s", ANY_OF(said));
		snprintf(t->task, TRUTH_WORD, "%u", below(99999));
		snprintf(
		    t->time, TRUTH_WORD, "2026-03-01 13:%02u:%02u +0100", below(60), below(60));
		put(s, "%s\t%s\t%s\t%s\t%s\t%s\ttask_id=%s", t->time, t->nas, t->user, t->tty,
		    t->from, t->event, t->task);
		if (command) {
			snprintf(t->cmd, TRUTH_WORD, "%s", ANY_OF(commands_typed));
			put(s, "\ttimezone=UTC\tservice=shell\tpriv-lvl=15\tcmd=%s", t->cmd);
		} else {
			t->counters.has = HAS_AGE;
			t->counters.age = below(90000);
			put(s, "\tservice=exec\tport=5\telapsed_time=%u", t->counters.age);
		}
		put(s, "%s", s->eol);
	}
}

static void
write_ise(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);
		bool command = chance(50);

		any_nas(t->nas);
		any_user(t->user);
		any_from(t->from);
		snprintf(t->tty, TRUTH_WORD, "tty%u", below(99));
		snprintf(t->task, TRUTH_WORD, "%u", below(99999));
		snprintf(t->time, TRUTH_WORD, "2026-03-01 12:13:40.101 +00:00");
		put(s,
		    "<182>Mar  1 12:13:40 ise-a CISE_TACACS_Accounting 0000000412 4 0 2026-03-01 "
		    "12:13:40.101 +00:00 0018415002 3300 NOTICE Tacacs-Accounting: TACACS+ "
		    "Accounting ");
		if (command) {
			snprintf(t->event, TRUTH_WORD, "Command");
			snprintf(t->cmd, TRUTH_WORD, "%s", ANY_OF(commands_typed));
			put(s,
			    "with Command, ConfigVersionId=19, Device IP Address=%s, CmdSet=[ "
			    "CmdAV=%s ], ",
			    t->nas, t->cmd);
		} else {
			snprintf(t->event, TRUTH_WORD, "Stop");
			put(s, "STOP, ConfigVersionId=19, Device IP Address=%s, ", t->nas);
		}
		put(s,
		    "RequestLatency=1, User=%s, Port=%s, Remote-Address=%s, "
		    "Authen-Method=TacacsPlus, "
		    "AVPair=task_id=%s, AVPair=timezone=UTC, ",
		    t->user, t->tty, t->from, t->task);
		if (!command) {
			t->counters.has = HAS_AGE;
			t->counters.age = below(90000);
			put(s, "AVPair=elapsed_time=%u, ", t->counters.age);
		}
		put(s, "AcctRequest-Flags=Stop, Service-Argument=shell%s", s->eol);
	}
}

static void
put_radius_octets(struct sheet *s, const char *way, uint64_t n)
{
	put(s, "\tAcct-%s-Octets = %u%s", way, (uint32_t)n, s->eol);
	if (n >> 32 || chance(30))
		put(s, "\tAcct-%s-Gigawords = %u%s", way, (uint32_t)(n >> 32), s->eol);
}

static void
write_radius(struct sheet *s)
{
	static const char *const events[] = { "Start", "Stop", "Interim-Update" };
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);

		any_nas(t->nas);
		any_user(t->user);
		snprintf(t->event, TRUTH_WORD, "%s", ANY_OF(events));
		put(s, "Sun Mar  %u %02u:%02u:%02u 2026%s", 1 + below(9), below(24), below(60),
		    below(60), s->eol);
		put(s, "\tAcct-Status-Type = %s%s\tUser-Name = \"%s\"%s", t->event, s->eol, t->user,
		    s->eol);
		put(s, "\tNAS-IP-Address = %s%s\tNAS-Port = %u%s", t->nas, s->eol, below(99),
		    s->eol);
		if (chance(70)) {
			t->near.addr = any_addr(chance(20));
			put(s, "\tFramed-IP%s-Address = %s%s", t->near.addr.family == 6 ? "v6" : "",
			    addr_text(&t->near.addr), s->eol);
		}
		if (chance(70)) {
			any_mac(t->mac, "-", 1);
			put(s, "\tCalling-Station-Id = \"%s\"%s", t->mac, s->eol);
		}
		if (strcmp(t->event, "Start") != 0) {
			t->counters.has = HAS_AGE | HAS_BYTES_NEAR | HAS_BYTES_FAR |
					  HAS_PACKETS_FAR;
			t->counters.age = below(90000);
			t->counters.bytes_far = any_counter();
			t->counters.bytes_near = any_counter();
			t->counters.packets_far = any_counter();
			put(s, "\tAcct-Session-Time = %u%s", t->counters.age, s->eol);
			put_radius_octets(s, "Input", t->counters.bytes_far);
			put_radius_octets(s, "Output", t->counters.bytes_near);
			put(s, "\tAcct-Input-Packets = %llu%s",
			    (unsigned long long)t->counters.packets_far, s->eol);
		}
		snprintf(t->time, TRUTH_WORD, "%u", 1772320000 + below(90000));
		put(s, "\tTimestamp = %s%s%s", t->time, s->eol, s->eol);
	}
}

/* --- agents on hosts -------------------------------------------------------------------------- */

static void
write_sentinelone(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_row(s);
		bool v6 = chance(20), incoming = chance(40);
		const struct endpoint *src, *dst;

		t->proto = chance(70) ? PROTO_TCP : PROTO_UDP;
		t->near = any_end(v6);
		t->far = any_end(v6);
		t->starter = incoming ? STARTER_FAR : STARTER_NEAR;
		any_user(t->user);
		snprintf(t->app, TRUTH_WORD, "svchost %u.exe", below(9));
		snprintf(t->place, TRUTH_WORD, "desk-%u", below(999));
		snprintf(t->state, TRUTH_WORD, "%s", chance(80) ? "SUCCESS" : "FAILURE");
		src = incoming ? &t->far : &t->near;
		dst = incoming ? &t->near : &t->far;
		put(s, "{\"event.category\":\"ip\",\"src.process.user\":\"%s\",", t->user);
		put(s, "\"meta.event.name\":\"%sV%u\",", t->proto == PROTO_TCP ? "TCP" : "UDP",
		    v6 ? 6 : 4);
		put(s, "\"src.port.number\":%u,\"endpoint.name\":\"%s\",\"dst.port.number\":%u,",
		    src->port, t->place, dst->port);
		put(s, "\"event.network.direction\":\"%s\",", incoming ? "INCOMING" : "OUTGOING");
		put(s, "\"src.ip.address\":\"%s\",\"event.network.connectionStatus\":\"%s\",",
		    addr_text(&src->addr), t->state);
		put(s, "\"dst.ip.address\":\"%s\",\"src.process.name\":\"%s\"}%s",
		    addr_text(&dst->addr), t->app, s->eol);
	}
}

/* --- firewalls -------------------------------------------------------------------------------- */

static void
put_end_slash(struct sheet *s, const struct endpoint *e)
{
	put(s, "%s/%u", addr_text(&e->addr), e->port);
}

/* An end and, in round brackets, what the other side sees; a user may be glued to that. */
static void
put_mapped(struct sheet *s, const char *iface, const struct endpoint *end,
    const struct endpoint *nat, const char *user)
{
	put(s, "%s:", iface);
	put_end_slash(s, end);
	put(s, " (");
	put_end_slash(s, seen(end, nat));
	put(s, ")%s%s%s", user[0] ? "(" : "", user, user[0] ? ")" : "");
}

static const char *
upper(uint16_t proto)
{
	return proto == PROTO_TCP ? "TCP" : "UDP";
}

static void
put_built(struct sheet *s, struct truth *t)
{
	bool inbound = chance(40);

	t->starter = inbound ? STARTER_FAR : STARTER_NEAR;
	snprintf(t->state, TRUTH_WORD, "built");
	if (chance(30))
		any_user(t->user);
	put(s, "%s: Built %s %s connection %u for ",
	    t->proto == PROTO_TCP ? "%ASA-6-302013" : "%ASA-6-302015",
	    inbound ? "inbound" : "outbound", upper(t->proto), below(999999));
	put_mapped(s, t->far_iface, &t->far, &t->far_nat, inbound ? t->user : "");
	put(s, " to ");
	put_mapped(s, t->near_iface, &t->near, &t->near_nat, inbound ? "" : t->user);
}

static void
put_teardown(struct sheet *s, struct truth *t)
{
	struct counters *c = &t->counters;

	t->near_nat = t->far_nat = (struct endpoint){ 0 };
	t->starter = STARTER_UNKNOWN;
	snprintf(t->state, TRUTH_WORD, "teardown");
	c->has = HAS_AGE | HAS_BYTES_TOTAL;
	c->age = below(360000);
	c->bytes_total = any_counter();
	put(s, "%s: Teardown %s connection %u for %s:",
	    t->proto == PROTO_TCP ? "%ASA-6-302014" : "%ASA-6-302016", upper(t->proto),
	    below(999999), t->far_iface);
	put_end_slash(s, &t->far);
	put(s, " to %s:", t->near_iface);
	put_end_slash(s, &t->near);
	put(s, " duration %u:%02u:%02u bytes %llu", c->age / 3600, c->age / 60 % 60, c->age % 60,
	    (unsigned long long)c->bytes_total);
	if (t->proto == PROTO_TCP)
		put(s, " TCP FINs");
}

static void
put_translation(struct sheet *s, struct truth *t)
{
	t->far = t->far_nat = (struct endpoint){ 0 };
	t->near_nat = any_end(t->near.addr.family == 6);
	t->starter = STARTER_UNKNOWN;
	snprintf(t->state, TRUTH_WORD, "built");
	put(s, "%%ASA-6-305011: Built dynamic %s translation from %s:", upper(t->proto),
	    t->near_iface);
	put_end_slash(s, &t->near);
	put(s, " to %s:", t->far_iface);
	put_end_slash(s, &t->near_nat);
}

static void
write_asa_log(struct sheet *s)
{
	static const char *const ifaces[] = { "outside", "inside", "dmz", "dmz-2" };
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_passing(s, chance(60) ? PROTO_TCP : PROTO_UDP, chance(20));

		snprintf(t->near_iface, TRUTH_WORD, "%s", ANY_OF(ifaces));
		snprintf(t->far_iface, TRUTH_WORD, "%s", ANY_OF(ifaces));
		put(s, "<166>Nov 14 2025 10:%02u:%02u fw-9 : ", below(60), below(60));
		if (chance(50))
			put_built(s, t);
		else if (chance(70))
			put_teardown(s, t);
		else
			put_translation(s, t);
		put(s, "%s", s->eol);
		if (chance(20))
			put(s,
			    "<167>Nov 14 2025 10:00:09 fw-9 : %%ASA-7-609002: Teardown local-host "
			    "outside:203.0.113.7 duration 0:09:12%s",
			    s->eol);
	}
}

static void
put_quoted(struct sheet *s, const char *key, const struct endpoint *e)
{
	put(s, "%s-address=\"%s\" %s-port=\"%u\" ", key, addr_text(&e->addr), key, e->port);
}

/* The structured form: the source began, what the tables call NAT is the real far end. */
static void
put_rt_flow(struct sheet *s)
{
	static const char *const apps[] = { "junos-https", "junos-ssh", "None" };
	struct truth *t = new_passing(s, chance(60) ? PROTO_TCP : PROTO_UDP, chance(20));
	bool closed = chance(50);
	const char *app = ANY_OF(apps);
	struct counters *c = &t->counters;

	if (strcmp(app, "None") != 0)
		snprintf(t->app, TRUTH_WORD, "%s", app);
	if (chance(50))
		any_user(t->user);
	snprintf(t->near_iface, TRUTH_WORD, "reth%u.%u", below(9), below(4095));
	snprintf(t->far_iface, TRUTH_WORD, "untrust");
	snprintf(t->state, TRUTH_WORD, "%s", closed ? "close" : "create");
	put(s,
	    "<14>1 2025-12-17T08:05:31.000Z srx RT_FLOW - RT_FLOW_SESSION_%s "
	    "[junos@2636.1.1.1.2.142 %s",
	    closed ? "CLOSE" : "CREATE", closed ? "reason=\"TCP FIN\" " : "");
	put_quoted(s, "source", &t->near);
	put_quoted(s, "destination", seen(&t->far, &t->far_nat));
	put(s, "connection-tag=\"0\" service-name=\"%s\" ", app);
	put_quoted(s, "nat-source", seen(&t->near, &t->near_nat));
	put_quoted(s, "nat-destination", &t->far);
	put(s,
	    "nat-connection-tag=\"0\" protocol-id=\"%u\" policy-name=\"out\" "
	    "source-zone-name=\"trust\" "
	    "destination-zone-name=\"%s\" session-id=\"%u\" ",
	    t->proto, t->far_iface, below(999999));
	if (closed) {
		c->has = HAS_PACKETS_NEAR | HAS_BYTES_NEAR | HAS_PACKETS_FAR | HAS_BYTES_FAR |
			 HAS_AGE;
		c->packets_near = any_counter();
		c->bytes_near = any_counter();
		c->packets_far = any_counter();
		c->bytes_far = any_counter();
		c->age = below(90000);
		put(s,
		    "packets-from-client=\"%llu\" bytes-from-client=\"%llu\" "
		    "packets-from-server=\"%llu\" "
		    "bytes-from-server=\"%llu\" elapsed-time=\"%u\" ",
		    (unsigned long long)c->packets_near, (unsigned long long)c->bytes_near,
		    (unsigned long long)c->packets_far, (unsigned long long)c->bytes_far, c->age);
	}
	put(s,
	    "application=\"UNKNOWN\" username=\"%s\" roles=\"N/A\" "
	    "packet-incoming-interface=\"%s\" "
	    "encrypted=\"No\"]%s",
	    t->user[0] ? t->user : "N/A", t->near_iface, s->eol);
}

static void
write_rt_flow(struct sheet *s)
{
	for (unsigned n = 1 + below(TRUTH_ROWS - 1); n > 0; n--)
		put_rt_flow(s);
}

/* --- tests ------------------------------------------------------------------------------------ */

#define TRUTH_TEST(name, platform, line, writer)                                                   \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		truth_run(platform, line, writer);                                                 \
	}

TRUTH_TEST(nfdump, "nfdump", "nfdump-extended", write_nfdump)
TRUTH_TEST(tac_plus, "tac_plus", "accounting-log", write_tac_plus)
TRUTH_TEST(ise, "cisco_ise", "tacacs-accounting", write_ise)
TRUTH_TEST(radius, "radius", "detail-file", write_radius)
TRUTH_TEST(sentinelone, "sentinelone", "cloud-funnel-ip-connect", write_sentinelone)
TRUTH_TEST(asa_log, "cisco_asa", "syslog", write_asa_log)
TRUTH_TEST(rt_flow, "juniper_junos", "syslog rt-flow", write_rt_flow)

static void
aws(void **state)
{
	(void)state;
	truth_run_form("aws", "vpc-flow-log", FORM_ROWS, write_aws);
	truth_run_form("aws", "vpc-flow-log", FORM_JSON, write_aws_json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aws),
		cmocka_unit_test(nfdump),
		cmocka_unit_test(tac_plus),
		cmocka_unit_test(ise),
		cmocka_unit_test(radius),
		cmocka_unit_test(sentinelone),
		cmocka_unit_test(asa_log),
		cmocka_unit_test(rt_flow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
