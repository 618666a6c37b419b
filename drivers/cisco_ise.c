/* Cisco ISE: TACACS+ accounting as it goes to syslog, key=value between commas. Read from files. */
#include "drivers/driver.h"

/* clang-format off */
#define WHO "User={user}, Port={tty}, Remote-Address={from}, {_...} AVPair=task_id={task}, "
#define STAMP "{_...} CISE_TACACS_Accounting {number} {number} {number} {_!time_day} "              \
	"{_!time_clock} {_!time_zone} {_...} "
#define DEVICE "{_...} Device IP Address={nas}, "
#define COMMAND "TACACS+ Accounting with Command, " DEVICE "CmdSet=\\[ CmdAV={cmd...} \\], {_...} " \
	WHO "<>{event=Command}"
#define STOP "TACACS+ Accounting STOP, " DEVICE "{_...} " WHO "{_...} AVPair=elapsed_time={age}, "

static const char *const accounting[] = {
	/* <182>Mar  1 12:13:40 ise-a CISE_TACACS_Accounting 0000000412 4 0 2026-03-01 12:13:40.101
	 * +00:00 0018415002 3300 NOTICE Tacacs-Accounting: TACACS+ Accounting with Command,
	 * ConfigVersionId=19, Device IP Address=10.48.0.9, CmdSet=[ CmdAV=show ip nat translations
	 * verbose <cr> ], ... User=jonas, Port=tty2, ... */
	STAMP COMMAND,
	/* ... TACACS+ Accounting STOP, ... AVPair=elapsed_time=133, ... AcctRequest-Flags=Stop, ... */
	STAMP STOP "{_...} AcctRequest-Flags={event}, <>",
	STAMP STOP "AcctRequest-Flags={event}, <>",
	STAMP "TACACS+ Accounting {_}, " DEVICE "{_...} " WHO "{_...} AcctRequest-Flags={event}, <>",
	/* the same behind what a collector made of the head */
	"{_...} " COMMAND,
	"{_...} " STOP "{_...} AcctRequest-Flags={event}, <>",
	"{_...} " STOP "AcctRequest-Flags={event}, <>",
	"{_...} TACACS+ Accounting {_}, " DEVICE "{_...} " WHO "{_...} AcctRequest-Flags={event}, <>",
	NULL,
};
/* clang-format on */

/* A message is cut into parts; the first, number 0, has all that is read here. */
static bool
ise_later_part(struct text token, struct observation *o)
{
	uint64_t part;

	(void)o;
	return text_number(token, UINT16_MAX, &part) && part > 0;
}

static const struct function functions[] = {
	{ "ise_later_part", ise_later_part },
	{ NULL, NULL },
};

/* <182>Mar  1 12:13:40 ise-a CISE_TACACS_Accounting 0000000412 4 1 Step=13006, ... */
static const char *const later_parts[] = {
	"{_...} CISE_TACACS_Accounting {number} {number} {_!ise_later_part} ",
	NULL,
};

static const struct command commands[] = {
	{
	    .send = "tacacs-accounting",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = accounting,
	    .noise = later_parts,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

const struct driver driver_cisco_ise = {
	.name = "cisco_ise",
	.title = "Cisco ISE TACACS+ accounting (from files)",
	.aliases = (const char *const[]){ "ise", NULL },
	.commands = commands,
	.functions = functions,
	.blind = "Later parts of messages that ISE split; authorisations and RADIUS; what the "
		 "devices do "
		 "not "
		 "account.",
	.privilege = "none: files are read, nothing is asked",
	.status = STATUS_LAYOUT,
};
