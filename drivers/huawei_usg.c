/* Huawei USG and Eudemon firewalls: the session table.
 *
 * The end before the arrow started. The bracket behind an end is what the other side of the box
 * sees of it: of the source its mapping, of the destination the real end. In a pair of devices what
 * the other one holds is listed too, as Remote. */
#include "drivers/driver.h"

/* clang-format off */
#define HEAD "{_!proto_or_app} VPN:[ ]{place} --> {_} "
static const char *const table[] = {
	/*  https  VPN: public --> public  203.0.113.200:40454 --> 192.0.2.45:443[10.63.4.8:8443]
	 *  icmp  VPN:public --> public  Remote 10.63.0.10:0[192.0.2.5:10669] --> 203.0.113.10:2048 */
	HEAD "[Remote ]{near}[\\[{near_nat}\\]] --> {far_nat}\\[{far}\\]{starter=near}",
	HEAD "[Remote ]{near}[\\[{near_nat}\\]] --> {far}{starter=near}",
	NULL,
};

static const char *const verbose[] = {
	/*  ftp  VPN: public --> public  ID: a5e09b117fd04d3310c7b40e001 */
	HEAD "ID: {hex}{starter=near}",
	/*  Zone: trust --> untrust  TTL: 00:20:00  Left: 00:19:52 */
	"+ Zone: {near.iface} --> {far.iface} TTL: {_} Left: {left}",
	/*  Recv Interface: GigabitEthernet1/0/0 */
	"+ Recv Interface: {near.iface}",
	/*  Interface: GigabitEthernet1/0/1  NextHop: 192.0.2.1  MAC: 0000-5e00-53b8 */
	"+ Interface: {far.iface} NextHop: {_} MAC: {_}",
	/*  <--packets: 16 bytes: 1011 --> packets: 17 bytes: 802 */
	"+ \\<--packets: {packets.far} bytes: {bytes.far} --> packets: {packets.near} bytes: {bytes.near}",
	/*  10.63.1.100:2428[192.0.2.23:2422] +-> 203.0.113.200:21 PolicyName: lan_wan_ftp */
	"+. {near}[\\[{near_nat}\\]] +-> {far_nat}\\[{far}\\] PolicyName: {_...}",
	"+. {near}[\\[{near_nat}\\]] +-> {far} PolicyName: {_...}",
	"+. {near}[\\[{near_nat}\\]] --> {far_nat}\\[{far}\\] PolicyName: {_...}",
	"+. {near}[\\[{near_nat}\\]] --> {far} PolicyName: {_...}",
	NULL,
};
/* clang-format on */

/* 2026-03-01 10:42:51.310 */
static const char *const noise[] = { "~ {number}-{number}-{number} {number}:", NULL };

static const char *const table_also[] = { "display firewall session table {_...}", NULL };
static const char *const verbose_also[] = { "display firewall session table verbose {_...}", NULL };

#define TOTAL "Current Total Sessions : {total}"

static const struct command commands[] = {
	{
	    .send = "display firewall session table verbose",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = verbose,
	    .noise = noise,
	    .total = TOTAL,
	    .also = verbose_also,
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	/* A line a session, cut at 80 columns wherever that is. */
	{
	    .send = "display firewall session table",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = table,
	    .noise = noise,
	    .total = TOTAL,
	    .also = table_also,
	    .begins = "{_} VPN:",
	    .folds_at = 80,
	    .flags = COMMAND_VARIANT | COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "huawei_eudemon", "usg", NULL };
static const char *const setup[] = { "screen-length 0 temporary", NULL };
static const char *const more[] = { "---- More ----", NULL };
static const char *const refusals[] = { "Error: ", NULL };

/* A pair says HRP_M or HRP_S in front of its prompt. */
/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* VRP (R) software, Version 5.170 (USG6300 V500R005C00SPC100) */
	"VRP (R) software*(USG*",
	NULL,
};

const struct driver driver_huawei_usg = {
	.name = "huawei_usg",
	.title = "Huawei USG (firewall session table)",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">]",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "quit", },
	.signs = { .banner = "HUAWEI-*", .prompt = "<*>", .version = "display version", .says = says,
	    .object = "1.3.6.1.4.1.2011" },
	.commands = commands,
	.blind = "The age of a session is not told, nor its state; the short form has no counters "
		 "and names the application in place of the protocol.",
	.privilege = "level 1 with the display commands of the firewall",
	.status = STATUS_LAYOUT,
};
