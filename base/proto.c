#include "base/addr.h"

#include <stdio.h>
#include <string.h>
#include <threads.h>

/* https://www.iana.org/assignments/protocol-numbers, lower case; "ipv6-icmp" and "ospfigp" under
 * the names that devices print. Numbers without a keyword have no row. */
static const char *const names[] = {
	[0] = "hopopt",
	[1] = "icmp",
	[2] = "igmp",
	[3] = "ggp",
	[4] = "ipv4",
	[5] = "st",
	[6] = "tcp",
	[7] = "cbt",
	[8] = "egp",
	[9] = "igp",
	[10] = "bbn-rcc-mon",
	[11] = "nvp-ii",
	[12] = "pup",
	[13] = "argus",
	[14] = "emcon",
	[15] = "xnet",
	[16] = "chaos",
	[17] = "udp",
	[18] = "mux",
	[19] = "dcn-meas",
	[20] = "hmp",
	[21] = "prm",
	[22] = "xns-idp",
	[23] = "trunk-1",
	[24] = "trunk-2",
	[25] = "leaf-1",
	[26] = "leaf-2",
	[27] = "rdp",
	[28] = "irtp",
	[29] = "iso-tp4",
	[30] = "netblt",
	[31] = "mfe-nsp",
	[32] = "merit-inp",
	[33] = "dccp",
	[34] = "3pc",
	[35] = "idpr",
	[36] = "xtp",
	[37] = "ddp",
	[38] = "idpr-cmtp",
	[39] = "tp++",
	[40] = "il",
	[41] = "ipv6",
	[42] = "sdrp",
	[43] = "ipv6-route",
	[44] = "ipv6-frag",
	[45] = "idrp",
	[46] = "rsvp",
	[47] = "gre",
	[48] = "dsr",
	[49] = "bna",
	[50] = "esp",
	[51] = "ah",
	[52] = "i-nlsp",
	[53] = "swipe",
	[54] = "narp",
	[55] = "mobile",
	[56] = "tlsp",
	[57] = "skip",
	[58] = "icmp6",
	[59] = "ipv6-nonxt",
	[60] = "ipv6-opts",
	[62] = "cftp",
	[64] = "sat-expak",
	[65] = "kryptolan",
	[66] = "rvd",
	[67] = "ippc",
	[69] = "sat-mon",
	[70] = "visa",
	[71] = "ipcv",
	[72] = "cpnx",
	[73] = "cphb",
	[74] = "wsn",
	[75] = "pvp",
	[76] = "br-sat-mon",
	[77] = "sun-nd",
	[78] = "wb-mon",
	[79] = "wb-expak",
	[80] = "iso-ip",
	[81] = "vmtp",
	[82] = "secure-vmtp",
	[83] = "vines",
	[84] = "iptm",
	[85] = "nsfnet-igp",
	[86] = "dgp",
	[87] = "tcf",
	[88] = "eigrp",
	[89] = "ospf",
	[90] = "sprite-rpc",
	[91] = "larp",
	[92] = "mtp",
	[93] = "ax.25",
	[94] = "ipip",
	[95] = "micp",
	[96] = "scc-sp",
	[97] = "etherip",
	[98] = "encap",
	[100] = "gmtp",
	[101] = "ifmp",
	[102] = "pnni",
	[103] = "pim",
	[104] = "aris",
	[105] = "scps",
	[106] = "qnx",
	[107] = "a/n",
	[108] = "ipcomp",
	[109] = "snp",
	[110] = "compaq-peer",
	[111] = "ipx-in-ip",
	[112] = "vrrp",
	[113] = "pgm",
	[115] = "l2tp",
	[116] = "ddx",
	[117] = "iatp",
	[118] = "stp",
	[119] = "srp",
	[120] = "uti",
	[121] = "smp",
	[122] = "sm",
	[123] = "ptp",
	[124] = "isis",
	[125] = "fire",
	[126] = "crtp",
	[127] = "crudp",
	[128] = "sscopmce",
	[129] = "iplt",
	[130] = "sps",
	[131] = "pipe",
	[132] = "sctp",
	[133] = "fc",
	[134] = "rsvp-e2e-ignore",
	[135] = "mobility-header",
	[136] = "udplite",
	[137] = "mpls-in-ip",
	[138] = "manet",
	[139] = "hip",
	[140] = "shim6",
	[141] = "wesp",
	[142] = "rohc",
	[143] = "ethernet",
	[144] = "aggfrag",
	[145] = "nsh",
	[PROTO_NONE] = "",
	[PROTO_RAW] = "raw",
	[PROTO_ANY] = "any",
};

enum { NAMES = sizeof names / sizeof *names };

/* Other words for the same: /etc/protocols of Linux and the BSDs, and what devices print. Those
 * with a family that nearly every row says, before cut_family has to find it. */
static const struct {
	const char *name;
	uint16_t proto;
} aliases[] = {
	{ "tcp4", PROTO_TCP },
	{ "tcp6", PROTO_TCP },
	{ "udp4", PROTO_UDP },
	{ "udp6", PROTO_UDP },
	{ "ipv6-icmp", 58 },
	{ "icmpv6", 58 },
	{ "icmp-v6", 58 },
	{ "icmp-ipv6", 58 },
	{ "ip", PROTO_ANY },
	{ "all", PROTO_ANY },
	{ "ipencap", 4 },
	{ "ip-encap", 4 },
	{ "ip-in-ip", 4 },
	{ "ipinip", 4 },
	{ "ipsec-esp", 50 },
	{ "ipsec-ah", 51 },
	{ "ahp", 51 },
	{ "ospfigp", 89 },
	{ "carp", 112 },
	{ "udp-lite", 136 },
	{ "udpl", 136 },
	{ "is-is", 124 },
	{ "iso-ip-over-is-is", 124 },
	{ "rspf", 73 },
	{ "pcp", 108 },
	{ "fibre-channel", 133 },
	{ "mobile-ip", 55 },
};

const char *
proto_name(unsigned proto)
{
	static _Thread_local char unnamed[sizeof "proto-4294967295"];

	if (proto < NAMES && names[proto] != NULL)
		return names[proto];
	snprintf(unnamed, sizeof unnamed, "proto-%u", proto);
	return unnamed;
}

/* The tables by what a word hashes to, case folded: a walk through them would cost more than the
 * rest of a row. Names come before aliases, as each takes the first free slot from its own on. */
enum { SLOTS = 512, ALIASES = sizeof aliases / sizeof *aliases };
_Static_assert(NAMES + ALIASES < SLOTS, "a free slot ends every search");

static const char *slot_name[SLOTS];
static uint16_t slot_proto[SLOTS];
static once_flag slots_filled = ONCE_FLAG_INIT;

static unsigned
slot_of(struct text t)
{
	unsigned hash = (unsigned)t.n;

	for (size_t i = 0; i < t.n; i++)
		hash = hash * 33 + ((unsigned char)t.s[i] | 0x20U);
	return hash % SLOTS;
}

static void
fill_slot(const char *name, unsigned proto)
{
	unsigned i = slot_of(text_of(name));

	while (slot_name[i] != NULL)
		i = (i + 1) % SLOTS;
	slot_name[i] = name;
	slot_proto[i] = (uint16_t)proto;
}

static void
fill_slots(void)
{
	for (unsigned i = 0; i < NAMES; i++)
		if (names[i] != NULL)
			fill_slot(names[i], i);
	for (size_t i = 0; i < ALIASES; i++)
		fill_slot(aliases[i].name, aliases[i].proto);
}

static bool
find(struct text t, uint16_t *proto)
{
	enum { LONGEST = 32 };

	if (t.n == 0 || t.n > LONGEST)
		return false;
	call_once(&slots_filled, fill_slots);
	for (unsigned i = slot_of(t); slot_name[i] != NULL; i = (i + 1) % SLOTS) {
		if (text_is_nocase(t, slot_name[i])) {
			*proto = slot_proto[i];
			return true;
		}
	}
	return false;
}

/* "tcp6", "udp4", "tcp46", "tcpv6": the name before the family. */
static bool
cut_family(struct text *t)
{
	static const char *const families[] = { "46", "v4", "v6", "4", "6" };

	if (t->n == 0 || (t->s[t->n - 1] != '4' && t->s[t->n - 1] != '6'))
		return false;
	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		size_t n = strlen(families[i]);

		if (t->n <= n)
			continue;
		struct text end = { t->s + t->n - n, n };

		if (text_is_nocase(end, families[i])) {
			t->n -= n;
			return true;
		}
	}
	return false;
}

static bool
numbered(struct text t, uint16_t *proto)
{
	uint64_t number;

	if (t.n > 0 && t.s[0] == 'p')
		text_take(&t, "proto-");
	if (!text_number(t, 255, &number))
		return false;
	*proto = (uint16_t)number;
	return true;
}

bool
proto_parse(struct text t, uint16_t *proto)
{
	if (find(t, proto) || numbered(t, proto))
		return true;
	return cut_family(&t) && find(t, proto);
}
