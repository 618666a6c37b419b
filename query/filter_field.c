/* The fields of the filter language: one row each. */
#include <string.h>

#include "query/filter_tree.h"

const struct filter_field filter_field[FIELDS] = {
	[FIELD_HOST] = { "host", "net ip addr", KIND_ADDR, .contact = true, NULL, "inside",
	    "outside", "in_nat", "out_nat", NULL, "ADDR|NET|@FILE,...", "an address at that end" },
	[FIELD_PORT] = { "port", "", KIND_PORT, .contact = false, NULL, "in_port", "out_port",
	    "in_nat_port", "out_nat_port", NULL, "N|N-N|@FILE,...", "a port, or an ICMP id" },
	[FIELD_PROTO] = { "proto", "", KIND_PROTO, .contact = true, "nullif(proto, 256)",
	    .values = "NAME|N,...", .help = "the IP protocol; tcp, udp, icmp ... stand alone too" },
	[FIELD_FAMILY] = { "family", "", KIND_CHOICE, .contact = true,
	    "CASE typeof(outside) WHEN 'integer' THEN 4 ELSE 6 END", .choices = "- - - - 4 - 6",
	    .values = "4|6", .help = "the IP version; ipv4 and ipv6 stand alone too" },
	[FIELD_DEVICE] = { "device", "", KIND_DEVICE, .contact = true, "device",
	    .values = "WORD,...", .help = "the device that saw it; * stands for any characters" },
	[FIELD_SITE] = { "site", "", KIND_DEVICE, .contact = true, "device", .values = "WORD,...",
	    .help = "the site of that device" },
	[FIELD_PLATFORM] = { "platform", "", KIND_DEVICE, .contact = true, "device",
	    .values = "WORD,...", .help = "its platform" },
	[FIELD_PLACE] = { "place", "vrf zone", KIND_WORD, .contact = true, "nullif(place, '')",
	    .values = "WORD,...", .help = "the VRF, VDOM, zone or node that the device names" },
	[FIELD_IFACE] = { "iface", "", KIND_WORD, .contact = false, NULL, "nullif(in_iface, '')",
	    "nullif(out_iface, '')", .values = "WORD,...", .help = "the interface of that end" },
	[FIELD_STATE] = { "state", "", KIND_WORD, .contact = false, "nullif(state, '')",
	    .values = "WORD,...", .help = "the last state, in the device's own word" },
	[FIELD_APP] = { "app", "", KIND_WORD, .contact = false, "nullif(app, '')",
	    .values = "WORD,...", .help = "the application, where the device tells it" },
	[FIELD_USER] = { "user", "", KIND_WORD, .contact = false, "nullif(user, '')",
	    .values = "WORD,...", .help = "the user or process, where the device tells it" },
	[FIELD_BYTES] = { "bytes", "", KIND_BYTES, .contact = false,
	    "coalesce(bytes_total, bytes_out + bytes_in)", "bytes_out", "bytes_in",
	    .values = "CMP N[kMGT]",
	    .help = "bytes of the session; with a side, what that end sent" },
	[FIELD_PACKETS] = { "pkts", "packets", KIND_BYTES, .contact = false,
	    "packets_out + packets_in", "packets_out", "packets_in", .values = "CMP N[kMGT]",
	    .help = "packets, likewise" },
	[FIELD_POLLS] = { "polls", "", KIND_COUNT, .contact = false, "polls", .values = "CMP N",
	    .help = "complete polls that showed the session" },
	[FIELD_AGE] = { "age", "", KIND_DURATION, .contact = false, "max(end_from - start_by, 0)",
	    .values = "CMP DURATION", .help = "how long it was there for certain" },
	[FIELD_FIRST] = { "first", "", KIND_TIME, .contact = false, "start_by",
	    .values = "CMP TIME", .help = "when the first poll had seen it" },
	[FIELD_LAST] = { "last", "", KIND_TIME, .contact = false, "end_from", .values = "CMP TIME",
	    .help = "when the last poll with it began" },
	[FIELD_END] = { "end", "", KIND_TIME, .contact = false, "end_by", .values = "CMP TIME",
	    .help = "when a poll had not seen it any more; 'open' is 'end unknown'" },
	[FIELD_DIR] = { "dir", "", KIND_CHOICE, .contact = true, "nullif(initiator, 0)",
	    .choices = "- out in", .values = "in|out",
	    .help = "which way it was started, where the device tells it" },
	[FIELD_SCOPE] = { "scope", "", KIND_CHOICE, .contact = true, "scope",
	    .choices = "transit self host", .values = "transit|self|host",
	    .help = "through the device, to the device, or of a polled server" },
};

int
filter_word_index(const char *words, struct text typed)
{
	struct text rest = text_of(words), one;
	int i = 0;

	for (; text_skip_blanks(&rest), text_take_word(&rest, &one); i++)
		if (one.n == typed.n && strncasecmp(one.s, typed.s, typed.n) == 0)
			return i;
	return -1;
}

bool
filter_has_side(const struct filter_field *f, enum filter_side side)
{
	switch (side) {
	case SIDE_ANY: return true;
	case SIDE_INT:
	case SIDE_EXT:
	case SIDE_SRC:
	case SIDE_DST: return f->in != NULL;
	default: return f->in_nat != NULL;
	}
}

void
filter_fields(void (*each)(const char *word, const char *sides, const char *values,
		  const char *help, void *arg),
    void *arg)
{
	for (int i = 0; i < FIELDS; i++) {
		const struct filter_field *f = &filter_field[i];

		each(f->word,
		    f->in_nat != NULL ? "int ext src dst nat"
		    : f->in != NULL   ? "int ext src dst"
				      : "",
		    f->values, f->help, arg);
	}
}
