/* Generated truth for Windows: netstat, PowerShell, shares. */
#include "tests/unit/truth.h"

/* --- Windows ---------------------------------------------------------------------------------- */

static const char *const windows_states[] = { "ESTABLISHED", "SYN_SENT", "TIME_WAIT", "CLOSE_WAIT",
	"FIN_WAIT_1", "LAST_ACK" };

static void
write_windows_netstat(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);
	bool programs = chance(40);

	put(s, "%sActive Connections%s%s", s->eol, s->eol, s->eol);
	put(s, "  Proto  Local Address          Foreign Address        State           PID%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_any_socket(s, chance(30));
		bool tcp = t->proto == PROTO_TCP, v6 = t->near.addr.family == 6;

		if (!tcp)
			t->far = (struct endpoint){ 0 };
		else
			snprintf(t->state, TRUTH_WORD, "%s",
			    t->far.addr.family ? ANY_OF(windows_states) : "LISTENING");
		put(s, "  %s    %-22s ", tcp ? "TCP" : "UDP", bracketed(&t->near));
		put(s, "%-22s %-15s %u%s",
		    t->far.addr.family ? bracketed(&t->far)
		    : !tcp             ? "*:*"
		    : v6               ? "[::]:0"
				       : "0.0.0.0:0",
		    t->state, below(99999), s->eol);
		if (programs && chance(80)) {
			bool known = chance(80);

			if (known && chance(30))
				put(s, "  RpcSs%s", s->eol);
			snprintf(t->app, TRUTH_WORD,
			    known ? "[svchost.exe]" : "Can not obtain ownership information");
			put(s, " %s%s", t->app, s->eol);
		}
	}
}

/* A connection as PowerShell's objects have it: without a peer that is an address of zeros. */
static struct truth *
new_connection(struct sheet *s, bool numbered)
{
	static const char *const names[] = { "Established", "Listen", "TimeWait", "CloseWait",
		"SynSent", "Bound" };
	struct truth *t = new_row(s);
	bool v6 = chance(30);

	t->proto = PROTO_TCP;
	t->near = any_end(v6);
	if (chance(70))
		t->far = any_end(v6);
	if (numbered)
		snprintf(t->state, TRUTH_WORD, "%u", 1 + below(12));
	else
		snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(names));
	return t;
}

static const char *
far_addr(const struct truth *t)
{
	if (t->far.addr.family != 0)
		return addr_text(&t->far.addr);
	return t->near.addr.family == 6 ? "::" : "0.0.0.0";
}

static void
write_connection_table(struct sheet *s)
{
	unsigned n = 1 + below(TRUTH_ROWS - 1);

	put(s,
	    "%sLocalAddress                            LocalPort RemoteAddress                     "
	    " "
	    "     RemotePort State       AppliedSetting OwningProcess%s",
	    s->eol, s->eol);
	put(s,
	    "------------                            --------- -------------                      "
	    "     ---------- -----       -------------- -------------%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_connection(s, false);

		put(s, "%-39s %-9u %-39s %-10u %-11s %-14s %-13u%s", addr_text(&t->near.addr),
		    t->near.port, far_addr(t), t->far.port, t->state, "Internet", below(99999),
		    s->eol);
	}
}

static void
write_connection_csv(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	if (chance(50))
		put(s, "#TYPE Microsoft.Management.Infrastructure.CimInstance%s", s->eol);
	put(s, "\"LocalAddress\",\"LocalPort\",\"RemoteAddress\",\"RemotePort\",\"State\"%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_connection(s, false);

		put(s, "\"%s\",\"%u\",\"%s\",\"%u\",\"%s\"%s", addr_text(&t->near.addr),
		    t->near.port, far_addr(t), t->far.port, t->state, s->eol);
	}
}

static void
write_connection_json(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "[");
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_connection(s, chance(50));
		bool number = t->state[0] >= '0' && t->state[0] <= '9';

		put(s, "%s{\"LocalAddress\":\"%s\",\"LocalPort\":%u,", i > 0 ? ",\n" : "",
		    addr_text(&t->near.addr), t->near.port);
		put(s,
		    "\"RemoteAddress\":\"%s\",\"RemotePort\":%u,\"State\":%s%s%s,\"OwningProcess\":"
		    "%u}",
		    far_addr(t), t->far.port, number ? "" : "\"", t->state, number ? "" : "\"",
		    below(99999));
	}
	put(s, "]%s", s->eol);
}

static void
write_net_session(struct sheet *s)
{
	unsigned n = below(TRUTH_ROWS);

	put(s, "Computer               User name            Client Type       Opens Idle time%s%s",
	    s->eol, s->eol);
	put(s, "----------------------------------------------------------------------------%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);
		char computer[40];

		t->near.addr = any_addr(false);
		snprintf(computer, sizeof(computer), "\\\\%s", addr_text(&t->near.addr));
		if (chance(80))
			any_user(t->user);
		if (chance(60))
			snprintf(t->client, TRUTH_WORD, "Windows 2002 Serv");
		snprintf(t->opens, TRUTH_WORD, "%u", below(999));
		put(s, "%-22s %-20s %-17s %5s ", computer, t->user, t->client, t->opens);
		t->counters.has = HAS_IDLE;
		t->counters.idle = put_clock(s, below(360000));
		put(s, "%s", s->eol);
	}
	put(s, "The command completed successfully.%s%s", s->eol, s->eol);
}

static void
write_net_use(struct sheet *s)
{
	static const char *const states[] = { "OK", "Unavailable", "Disconnected" };
	unsigned n = below(TRUTH_ROWS);

	put(s, "New connections will be remembered.%s%s%s", s->eol, s->eol, s->eol);
	put(s, "Status       Local     Remote                    Network%s%s", s->eol, s->eol);
	put(s, "----------------------------------------------------------------------------%s",
	    s->eol);
	for (unsigned i = 0; i < n; i++) {
		struct truth *t = new_note(s);
		bool drive = chance(70);

		if (!drive || chance(70))
			snprintf(t->state, TRUTH_WORD, "%s", ANY_OF(states));
		if (drive)
			snprintf(t->tty, TRUTH_WORD, "%c:", 'D' + (char)below(22));
		if (chance(60)) {
			t->near.addr = any_addr(false);
			snprintf(t->remote, TRUTH_WORD, "\\\\%s\\IPC$", addr_text(&t->near.addr));
		} else {
			unsigned host = below(99);

			snprintf(t->host, TRUTH_WORD, "files%02u.example.net", host);
			snprintf(
			    t->remote, TRUTH_WORD, "\\\\files%02u.example.net\\projects", host);
		}
		put(s, "%-12s %-9s %-25s", t->state, t->tty, t->remote);
		put(s, "%sMicrosoft Windows Network%s", strlen(t->remote) > 25 ? s->eol : " ",
		    s->eol);
	}
	put(s, "The command completed successfully.%s%s", s->eol, s->eol);
}

/* --- tests ------------------------------------------------------------------------------------ */

#define TRUTH_TEST(name, platform, line, writer)                                                   \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		truth_run(platform, line, writer);                                                 \
	}

TRUTH_TEST(windows_netstat, "windows", "netstat -ano", write_windows_netstat)
TRUTH_TEST(net_session, "windows", "net session", write_net_session)
TRUTH_TEST(net_use, "windows", "net use", write_net_use)

static void
powershell(void **state)
{
	(void)state;
	truth_run_form("windows", "Get-NetTCPConnection", FORM_COLUMNS, write_connection_table);
	truth_run_form("windows", "Get-NetTCPConnection", FORM_CSV, write_connection_csv);
	truth_run_form("windows", "Get-NetTCPConnection", FORM_JSON, write_connection_json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_netstat),
		cmocka_unit_test(powershell),
		cmocka_unit_test(net_session),
		cmocka_unit_test(net_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
