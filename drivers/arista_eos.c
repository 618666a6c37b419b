/* Arista EOS: translations, neighbours, stations. */
#include "drivers/driver.h"

/* clang-format off */
/* A row of a source names the inside host first; one of a destination the outside host that asks,
 * the address it asks for, and the host behind it. */
static const char *const nat[] = {
	/* 10.89.1.21            -                     192.0.2.90            SRC STAT  Et1 */
	"{near} - {near_nat} SRC {_:caps} {far.iface}",
	/* 10.89.1.20:50311      203.0.113.18:443      192.0.2.89:20117      SRC DYN   Et1 */
	"{near} {far} {near_nat} SRC {_:caps} {far.iface}{starter=near}",
	/* 203.0.113.77:40110    192.0.2.89:8443       10.89.4.8:443         DST STAT  Et1 */
	"{far} {near_nat} {near} DST {_:caps} {far.iface}{starter=far}",
	NULL,
};
static const char *const nat_noise[] = { "Source IP ", "----------", NULL };

static const char *const arp[] = {
	"@ VRF: {place}",
	/* 172.16.0.1               0 004c.6211.223b  Vlan101, Port-Channel2
	 * 10.10.1.11             N/A 0002.00ff.555e  Vlan1, not learned */
	"{near.addr} {_} {mac} {near.iface...}",
	NULL,
};
static const char *const arp_noise[] = { "Address Age (", NULL };

static const char *const stations[] = {
	/* 101    001c.8224.36d7    DYNAMIC     Po2        1       9 days, 15:57:28 ago */
	"{vlan} {mac} {state:caps} {near.iface} {number} {_...} ago",
	/*    4    c867.3057.8423    STATIC      Po10 Po123 */
	"{vlan} {mac} {state:caps} {near.iface...}",
	NULL,
};
static const char *const stations_noise[] = {
	"mac Address Table",
	"Mac Address Table",
	"Multicast mac Address Table",
	"Multicast Mac Address Table",
	"Vlan mac Address ",
	"Vlan Mac Address ",
	"----",
	NULL,
};
/* clang-format on */

static const char *const nat_also[] = { "show ip nat translation {_...}", NULL };
static const char *const arp_also[] = {
	"show arp",
	"show arp vrf {place}",
	"show ip arp {_...}",
	NULL,
};
static const char *const stations_also[] = { "show mac address-table {_...}", NULL };

static const struct command commands[] = {
	{
	    .send = "show ip nat translation",
	    .topic = TOPIC_NAT,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = nat,
	    .noise = nat_noise,
	    .also = nat_also,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "show ip arp vrf all",
	    .topic = TOPIC_NEIGHBOURS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = arp,
	    .noise = arp_noise,
	    .also = arp_also,
	    .status = STATUS_SAMPLES,
	},
	{
	    .send = "show mac address-table",
	    .topic = TOPIC_STATIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = stations,
	    .noise = stations_noise,
	    .total = "Total [mac ][Mac ]Addresses for this criterion: {total}",
	    .also = stations_also,
	    .status = STATUS_SAMPLES,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "eos", "arista", "arista.eos.eos", NULL };
static const char *const setup[] = { "terminal length 0", NULL };
static const char *const more[] = { "--More--", NULL };
static const char *const refusals[] = { "% ", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Arista vEOS */
	"Arista *",
	NULL,
};

const struct driver driver_arista_eos = {
	.name = "arista_eos",
	.title = "Arista EOS",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">#",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit",
	    .enable = "enable",
	    .enable_asks = "Password:", },
	.signs = { .version = "show version", .says = says,
	    .object = "1.3.6.1.4.1.30065" },
	.commands = commands,
	.blind = "Traffic that is not translated is switched in hardware and not listed; the protocol, "
		 "age and bytes of a translation are not told.",
	.privilege = "role network-operator",
	.status = STATUS_LAYOUT,
};
