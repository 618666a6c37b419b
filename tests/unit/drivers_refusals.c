/* Replies that were asked for in the wrong way: nothing of them is taken for a table, and the
 * reason says what was wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "drivers/reply.h"

#define NAME     "a host name "
#define WIDTH    "the width of the terminal was not set"
#define LANGUAGE "another language"
#define CUT      "may be cut"

/* clang-format off */
static const struct {
	const char *driver, *command, *reply, *why;
} bad[] = {
	/* names */
	{ "cisco_ios", "show tcp brief",
	  "TCB       Local Address               Foreign Address             (state)\n"
	  "81C95568  br-4.example.net.23         noc.example.net.1049        ESTAB\n", NAME },
	{ "cisco_asa", "show conn",
	  "2 in use, 41 most used\n"
	  "TCP outside www.example.net:443 inside host-14:50231, idle 0:00:04, bytes 912, flags UxIO\n",
	  "www.example.net" },
	{ "cisco_nxos", "show sockets connection",
	  "Total number of netstack tcp sockets: 1\n"
	  "Active connections (including servers)\n"
	  "[host]: tcp(4/6) ESTABLISHED  0         sw1.example.net(22)\n"
	  "                 management   0         noc.example.net(50001)\n", "sw1.example.net" },
	{ "cisco_xr", "show tcp brief",
	  "   PCB     VRF-ID     Recv-Q Send-Q Local Address              Foreign Address            State\n"
	  "0x482a4e20 0x60000000      0      0  r1.example.net:179         peer.example.net:24849      ESTAB\n",
	  "r1.example.net" },
	{ "juniper_junos", "show system connections",
	  "Active Internet connections (including servers)\n"
	  "Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)\n"
	  "tcp4       0      0  srx1.example.net.ssh   noc.example.net.56714  ESTABLISHED\n", NAME },
	{ "freebsd", "netstat -anW",
	  "Active Internet connections (including servers)\n"
	  "Proto Recv-Q Send-Q Local Address          Foreign Address        (state)\n"
	  "tcp4       0      0 gw.ssh                 noc.example.net.56714  ESTABLISHED\n", NAME },
	{ "linux", "netstat -tunap",
	  "Active Internet connections (servers and established)\n"
	  "Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name\n"
	  "tcp        0      0 host1.example:ssh       noc.example.net:50022   ESTABLISHED 811/sshd\n", NAME },
	{ "windows", "netstat -ano",
	  "\nActive Connections\n\n  Proto  Local Address          Foreign Address        State           PID\n"
	  "  TCP    srv1:49701             www.example.net:https  ESTABLISHED     4120\n", NAME },

	/* wrapped where the terminal ends */
	{ "cisco_ios", "show ip nat translations",
	  "Pro  Inside global         Inside local          Outside local         Outside g\nlobal\n"
	  "tcp  192.0.2.7:11012       10.1.0.89:11012       203.0.113.100:23      203.0.113\n.100:23\n", WIDTH },
	{ "cisco_asa", "show conn",
	  "2 in use, 41 most used\n"
	  "TCP outside 203.0.113.18:443 inside 10.30.8.14:50231, idle 0:00:04, bytes 912, f\nlags UxIO\n", WIDTH },
	{ "juniper_junos", "show security flow session",
	  "Session ID: 685, Policy name: server-1/6, Timeout: 2, Session State: Valid\n"
	  "  In: 172.17.42.2/1 --> 172.17.42.1/39;icmp, Conn Tag: 0x0, If: ge-0/0/0.0, Pkts\n: 1, Bytes: 60,\n"
	  "  Out: 10.0.0.2/39 --> 172.17.42.2/1;icmp, Conn Tag: 0x0, If: ge-0/0/1.0, Pkts: \n1, Bytes: 60,\n"
	  "Total sessions: 1\n", WIDTH },
	{ "paloalto_panos", "show session all",
	  "30417        ssl            ACTIVE  FLOW  NS   10.8.1.20[50311]/trust/6  (192.0.\n2.8[8285])\n"
	  "vsys1                                          203.0.113.9[443]/untrust  (203.0.\n113.9[443])\n", WIDTH },
	{ "fortinet", "get system session list",
	  "PROTO   EXPIRE SOURCE           SOURCE-NAT       DESTINATION      DESTINATION-NA\nT\n"
	  "tcp     3570   10.8.1.10:49749  192.0.2.8:49749  203.0.113.9:443  198.51.100.27:\n8443\n", WIDTH },

	/* another language */
	{ "windows", "netstat -ano",
	  "\nAktive Verbindungen\n\n  Proto  Lokale Adresse         Remoteadresse          Status           PID\n"
	  "  TCP    10.1.2.3:49701         203.0.113.9:443        HERGESTELLT     4120\n", LANGUAGE },
	{ "windows", "netstat -ano",
	  "\nConexiones activas\n\n  Proto  Direcci\xa2n local        Direcci\xa2n remota       Estado\n"
	  "  UDP    0.0.0.0:123            *:*                                    1120\n", LANGUAGE },
	{ "windows", "net session",
	  "\nComputer               Benutzername         Clienttyp         \xc3\x96" "ffn. Leerlaufzeit\n\n"
	  "-------------------------------------------------------------------------------\n"
	  "\\\\10.1.2.9             ADMIN                                      1 00:00:41\n"
	  "Der Befehl wurde erfolgreich ausgef\xc3\xbchrt.\n", LANGUAGE },

	/* addresses that the tool cut */
	{ "windows", "Get-NetTCPConnection",
	  "\nLocalAddress                        LocalPort RemoteAddress    RemotePort State       AppliedSetting\n"
	  "------------                        --------- -------------    ---------- -----       --------------\n"
	  "2001:db8:64:1:aaaa:bbbb:cccc:dd...  52011     2001:db8:9::1    443        Established Internet\n",
	  "PowerShell cut an address" },
	{ "linux", "netstat -tunap",
	  "Active Internet connections (servers and established)\n"
	  "Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name\n"
	  "tcp6       0      0 2001:db8:64:1:aaaa:4444 2001:db8:9:9:bbbb:50022 ESTABLISHED 811/sshd\n", CUT },
	{ "macos", "netstat -an",
	  "Active Internet connections (including servers)\n"
	  "Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)\n"
	  "tcp6       0      0  2001:db8:64:1:aa.62141 2001:db8:9:9:bbb.443   ESTABLISHED\n", CUT },
	{ "freebsd", "netstat -an",
	  "Active Internet connections (including servers)\n"
	  "Proto Recv-Q Send-Q Local Address          Foreign Address        (state)\n"
	  "tcp6       0      0 2001:db8:64:1:aa.62141 2001:db8:9:9:bbb.443   ESTABLISHED\n", CUT },
};
/* clang-format on */

static void
count_row(const struct observation *o, void *arg)
{
	(void)o;
	++*(unsigned *)arg;
}

/* A row whose line was unread must not have been given; only Junos's may: its head has no ends. */
static void
the_reason_names_the_cause(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct driver *d = driver_find(bad[i].driver);
		const struct command *c = driver_command(d, text_of(bad[i].command));
		struct program *program = program_compile(d, c, NULL);
		unsigned rows = 0;
		struct reply *reply = reply_new(program, count_row, &rows);
		enum outcome o;

		(void)reply_feed(reply, bad[i].reply, strlen(bad[i].reply));
		o = reply_end(reply, true);
		if (o == OUTCOME_COMPLETE || !strstr(reply_why(reply), bad[i].why) ||
		    reply_reason(reply) != REASON_UNREAD)
			fail_msg(
			    "%zu, %s, %s: %s", i, bad[i].driver, bad[i].command, reply_why(reply));
		reply_free(reply);
		program_free(program);
	}
}

/* A table that ends early: in the middle of a line, or behind one when its end was not seen. */
static void
what_is_cut_is_not_complete(void **state)
{
	static const struct {
		const char *driver, *command, *reply;
	} cut[] = {
		{ "cisco_ios", "show tcp brief",
		    "TCB       Local Address               Foreign Address             (state)\n"
		    "81C95568  192.0.2.1.23            192.0.2.100.1049       EST" },
		{ "cisco_asa", "show conn",
		    "2 in use, 41 most used\n"
		    "TCP outside 203.0.113.18:443 inside 10.30.8.14:50231, idle 0:00:04, byt" },
		{ "juniper_junos", "show security flow session",
		    "Session ID: 685, Policy name: server-1/6, Timeout: 2, Valid\n"
		    "  In: 172.17.42.2/1 --> 172.17.42.1/39;icmp, If: ge-0/0/0.0, Pkts: 1, Byt" },
		{ "linux", "conntrack -L",
		    "tcp      6 431999 ESTABLISHED src=10.1.2.3 dst=203.0.113.9 sport=1 dport=2 "
		    "sr" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
		const struct driver *d = driver_find(cut[i].driver);
		struct program *program = program_compile(
		    d, driver_command(d, text_of(cut[i].command)), NULL);
		unsigned rows = 0;
		struct reply *reply = reply_new(program, count_row, &rows);

		(void)reply_feed(reply, cut[i].reply, strlen(cut[i].reply));
		if (reply_end(reply, false) == OUTCOME_COMPLETE ||
		    !strstr(reply_why(reply), "the reply was cut after") ||
		    reply_reason(reply) != REASON_CUT || rows != 0)
			fail_msg("%s: %s", cut[i].driver, reply_why(reply));
		reply_free(reply);
		program_free(program);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reason_names_the_cause),
		cmocka_unit_test(what_is_cut_is_not_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
