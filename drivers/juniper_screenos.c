/* Juniper ScreenOS: the session table of a NetScreen, SSG or ISG.
 *
 * The line with "->" is the side that started: its left end is near. The left end of the line with
 * "<-" is the same end as the other side sees it.
 */
#include "drivers/function.h"

/* vsys 0: the place is both words, as printed. The pattern has read "vsys " before the number. */
static bool
screenos_vsys(struct text token, struct observation *o)
{
	enum { KEY = 5 };

	if (memcmp(token.s - KEY, "vsys ", KEY) != 0)
		return false;
	o->place = (struct text){ token.s - KEY, token.n + KEY };
	return true;
}

/* The time left, in ticks of ten seconds. */
static bool
screenos_ticks(struct text token, struct observation *o)
{
	enum { TICK = 10 };
	uint64_t ticks;

	if (!text_number(token, UINT32_MAX / TICK, &ticks))
		return false;
	o->counters.left = (uint32_t)ticks * TICK;
	o->counters.has |= HAS_LEFT;
	return true;
}

/* A session to the box: its starter stands as near until both lines are read. */
static bool
screenos_box(struct text token, struct observation *o)
{
	(void)token;
	if (o->scope != SCOPE_SELF)
		return true;
	observation_turn(o);
	observation_ends_here(o);
	return true;
}

static const struct function functions[] = {
	{ "screenos_box", screenos_box },
	{ "screenos_ticks", screenos_ticks },
	{ "screenos_vsys", screenos_vsys },
	{ NULL, NULL },
};

/* clang-format off */
#define ID(policy) "id {_},vsys {_!screenos_vsys},flag {_},policy " policy                         \
	",time {_!screenos_ticks}, dip {number} module {number}{starter=near}"
#define TAIL ",{_},sess token {number},vlan {number},tun {_},vsd {number},route {number}"          \
	"[,wsf {number}]"

static const char *const session[] = {
	/* id 63911/s**,vsys 0,flag 00000040/0000/0001,policy 320002,time 6, dip 0 module 0 */
	ID("320002") "{scope=self}",
	/* id 63905/s**,vsys 0,flag 08000040/0000/0001,policy 1,time 180, dip 2 module 0 */
	ID("{number}"),
	/* if 0(nspflag 801801):10.8.0.2/3141->203.0.113.4/80,6,00005e0053c3,sess token 4,vlan 0,
	 * tun 0,vsd 0,route 2,wsf 0 */
	"+ {row!far_unset}if {number}(nspflag {hex}):{near}->{far_nat},{proto}" TAIL,
	/* if 2(nspflag 801800):192.0.2.71/1037<-203.0.113.4/80,6,00005e005301,sess token 6,vlan 0,
	 * tun 0,vsd 0,route 5,wsf 0 */
	"+. if {number}(nspflag {hex}):{near_nat}\\<-{far},{_}" TAIL "{row!screenos_box}",
	NULL,
};
/* clang-format on */

/* alloc 5/max 64064, alloc failed 0, mcast alloc 0, di alloc failed 0 */
static const char *const session_noise[] = { "alloc {number}/max ", "total reserved ", NULL };

static const struct command commands[] = {
	{
	    .send = "get session",
	    .topic = TOPIC_SESSIONS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_TRANSIT,
	    .patterns = session,
	    .noise = session_noise,
	    .total = "Total {total} sessions shown",
	    .flags = COMMAND_HEAVY,
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

static const char *const aliases[] = { "screenos", "netscreen", "juniper_netscreen", NULL };
static const char *const setup[] = { "set console page 0", NULL };
static const char *const more[] = { "--- more ---", NULL };
static const char *const refusals[] = { "^", "unknown keyword", NULL };

/* What tells it from the others; see drivers/detect.h. */
static const char *const says[] = {
	/* Product Name: SSG5-Serial */
	"Product Name: *",
	NULL,
};

const struct driver driver_juniper_screenos = {
	.name = "juniper_screenos",
	.title = "Juniper ScreenOS",
	.aliases = aliases,
	.dialect = { .shell = true,
	    .prompt = ">",
	    .setup = setup,
	    .more = more,
	    .refusals = refusals,
	    .leave = "exit", },
	.signs = { .banner = "NetScreen*", .prompt = "*->", .version = "get system", .says = says,
	    .object = "1.3.6.1.4.1.3224" },
	.commands = commands,
	.functions = functions,
	.blind = "Bytes and the age of a session are not told, nor what the box itself started.",
	.privilege = "read-only administrator",
	.status = STATUS_LAYOUT,
};
