/* Cisco ISE: TACACS+ accounting as it goes to syslog, key=value between commas. Read from files. */
#include "drivers/driver.h"

/* clang-format off */
#define WHO "User={user}, Port={tty}, Remote-Address={from}, {_...} AVPair=task_id={task}, "

static const char *const accounting[] = {
	/* ... TACACS+ Accounting with Command, ConfigVersionId=19, Device IP Address=10.48.0.9,
	 * CmdSet=[ CmdAV=show ip nat translations verbose <cr> ], ... User=jonas, Port=tty2, ... */
	"{_...} TACACS+ Accounting with Command, {_...} Device IP Address={nas}, "
	"CmdSet=\\[ CmdAV={cmd...} \\], {_...} " WHO "<>{event=Command}",
	/* ... TACACS+ Accounting STOP, ... AVPair=elapsed_time=133, ... AcctRequest-Flags=Stop, ... */
	"{_...} TACACS+ Accounting STOP, {_...} Device IP Address={nas}, {_...} " WHO
	"{_...} AVPair=elapsed_time={age}, {_...} AcctRequest-Flags={event}, <>",
	"{_...} TACACS+ Accounting STOP, {_...} Device IP Address={nas}, {_...} " WHO
	"{_...} AVPair=elapsed_time={age}, AcctRequest-Flags={event}, <>",
	"{_...} TACACS+ Accounting {_}, {_...} Device IP Address={nas}, {_...} " WHO
	"{_...} AcctRequest-Flags={event}, <>",
	NULL,
};
/* clang-format on */

static const struct command commands[] = {
	{
	    .send = "tacacs-accounting",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = accounting,
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
	.blind = "Messages that ISE split in parts; authorisations and RADIUS; what the devices do "
		 "not "
		 "account.",
	.privilege = "none: files are read, nothing is asked",
	.status = STATUS_LAYOUT,
};
