/* FreeRADIUS: the detail file of accounting, a paragraph a record. Read from files. */
#include "drivers/driver.h"

/* Octets are counted modulo 2^32, and how often they went over stands apart (RFC 2869, 5.1, 5.2).
 */
static bool
add(struct text token, uint64_t *sum, unsigned shift, struct observation *o, uint32_t has)
{
	uint64_t n;

	if (!text_number(token, UINT32_MAX, &n))
		return false;
	*sum += n << shift;
	o->counters.has |= has;
	return true;
}

static bool
radius_in(struct text token, struct observation *o)
{
	return add(token, &o->counters.bytes_far, 0, o, HAS_BYTES_FAR);
}

static bool
radius_in_high(struct text token, struct observation *o)
{
	return add(token, &o->counters.bytes_far, 32, o, HAS_BYTES_FAR);
}

static bool
radius_out(struct text token, struct observation *o)
{
	return add(token, &o->counters.bytes_near, 0, o, HAS_BYTES_NEAR);
}

static bool
radius_out_high(struct text token, struct observation *o)
{
	return add(token, &o->counters.bytes_near, 32, o, HAS_BYTES_NEAR);
}

static const struct function functions[] = {
	{ "radius_in", radius_in },
	{ "radius_in_high", radius_in_high },
	{ "radius_out", radius_out },
	{ "radius_out_high", radius_out_high },
	{ NULL, NULL },
};

static const char *const detail[] = {
	/* Sun Mar  1 06:41:07 2026 */
	"{_} {_} {number} {number}:{number}:{number} {number}",
	/* 	User-Name = "marta.k" */
	"User-Name = \"{user...}\"",
	"NAS-IP-Address = {nas}",
	"Framed-IP-Address = {near.addr}",
	"Framed-IPv6-Address = {near.addr}",
	"Calling-Station-Id = \"{mac:mac}\"",
	"Calling-Station-Id = \"{from}\"",
	"NAS-Port-Id = \"{tty}\"",
	/* 	Cisco-AVPair = "cmd=show ip nat translations" */
	"Cisco-AVPair = \"cmd={cmd...}\"",
	"Acct-Status-Type = {event}",
	"Acct-Session-Time = {age}",
	"Acct-Input-Octets = {_!radius_in}",
	"Acct-Input-Gigawords = {_!radius_in_high}",
	"Acct-Output-Octets = {_!radius_out}",
	"Acct-Output-Gigawords = {_!radius_out_high}",
	"Acct-Input-Packets = {packets.far}",
	"Acct-Output-Packets = {packets.near}",
	"Timestamp = {time}",
	"+ {_} = {_...}",
	NULL,
};

static const struct command commands[] = {
	{
	    .send = "detail-file",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_BLOCKS,
	    .scope = SCOPE_SELF,
	    .patterns = detail,
	    .paragraphs = true,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

const struct driver driver_radius = {
	.name = "radius",
	.title = "FreeRADIUS detail file (from files)",
	.aliases = (const char *const[]){ "freeradius", NULL },
	.commands = commands,
	.functions = functions,
	.blind = "What the devices do not account.",
	.privilege = "none: files are read, nothing is asked",
	.status = STATUS_LAYOUT,
};
