#include "audit/discovery.h"

#include <string.h>

#include "audit/lines.h"
#include "audit/table.h"

const char *const discovery_openings[] = { "show tcp", "show udp", "show ip sockets",
	"show sockets", "show control-plane host open-ports", "show ip nat translations",
	"show nat", "show conn", "show xlate", "show local-host", "show session", "show sessions",
	"show connections", "show conntrack", "show security flow session",
	"show system connections", "show flow", "show ip cache flow", "show ip flow", "show users",
	"show ssh", "show who", "show arp", "show ip arp", "show ipv6 neighbors",
	"show mac address-table", "show mac-address-table", "show cdp neighbors",
	"show lldp neighbors", "show ip route", "show route", "show ip interface", "show version",
	"show processes", "show vpn-sessiondb", "get system session", "get session",
	"diagnose sys session", "display session table", "display firewall session table",
	"display nat session", "display tcp status", "display arp", "/ip firewall connection print",
	"fw tab -t connections", "fw ctl conntab", "netstat", "conntrack -l", "conntrack -e",
	"lsof -i", "lsof -np", "who", "w", "pfctl -ss", "cat /proc/net/tcp", "cat /proc/net/udp",
	"cat /proc/net/nf_conntrack", "ip neigh", "arp", "ss -", NULL };

static bool
begins_one(const char *const *openings, struct text seen)
{
	for (int i = 0; openings && openings[i]; i++) {
		struct text o = text_of(openings[i]);

		if (o.s[0] != seen.s[0])
			continue;
		/* "ss -" is an opening of letters, the others are of words. */
		if (o.s[o.n - 1] == '-' ? text_starts(seen, openings[i]) || text_is(seen, "ss")
					: canon_begins(o, seen))
			return true;
	}
	return false;
}

/* The drivers' own lines in canonical form; made once, and there until the program ends. */
static const struct table *
driver_lines(void)
{
	static struct table lines;
	static struct arena arena;
	char canonical[CANON_LINE];
	struct sent_line l;

	if (lines.used > 0)
		return &lines;
	for (unsigned d = 0; d < drivers_count; d++) {
		for (unsigned i = 0; sent_line(drivers[d], i, &l); i++) {
			struct text t = { canonical, canon_command(text_of(l.line), canonical) };

			if (l.use == LINE_COMMAND && t.n > 0 && !table_find(&lines, t))
				(void)table_add(&lines, &arena, t, 1);
		}
	}
	return &lines;
}

bool
discovery_is(struct text seen, const char *const *extra)
{
	return seen.n > 0 && (begins_one(discovery_openings, seen) || begins_one(extra, seen) ||
				 table_find(driver_lines(), seen) != NULL);
}
