/* tac_plus and tac_plus-ng: accounting records of TACACS+, fields between tabs. Read from files. */
#include "drivers/driver.h"

/* clang-format off */
#define ZONED "{_!time_day} {_!time_clock} {_!time_zone} "
#define DAY "{_!time_day} {_!time_clock} "
#define DATE "{_!time_weekday} {_!time_month} {_!time_on} {_!time_clock} {_!time_year} "
#define SHORT "{_!time_month} {_!time_on} {_!time_clock} "
#define WHO "{nas} {user} {tty} {from} {event} "
#define NOWHERE "{nas} {user} {tty} Unknown host - non-tty {event} "
#define COMMAND "<task_id={task} elapsed_time={age}>cmd={cmd...}"
#define SESSION "<task_id={task} elapsed_time={age}>"

static const char *const accounting[] = {
	/* ... logins by NETCONF: "Unknown host - non-tty" where others have an address */
	ZONED NOWHERE SESSION,
	DATE NOWHERE SESSION,
	SHORT NOWHERE SESSION,
	/* 2026-03-01 13:10:41 +0000	10.84.1.2	jonas	ssh	10.84.99.14	stop	task_id=131
	 * timezone=UTC	service=shell	priv-lvl=15	cmd=show version */
	ZONED WHO COMMAND,
	/* 2026-03-01 13:35:28 +0100	10.84.1.4	marta.k	tty5	10.84.99.41	stop	task_id=12031
	 * service=exec	port=5	elapsed_time=861 */
	ZONED WHO SESSION,
	/* Sat Nov 21 23:32:15 2026	127.0.0.1	netops	tty1	10.20.0.11	stop	task_id=88948
	 * timezone=UTC	service=shell	start_time=1795303935	priv-lvl=1	cmd=terminal length 0 <cr> */
	DATE WHO COMMAND,
	DATE WHO SESSION,
	/* Feb  4 15:20:45	10.16.2.149	jonas	tty3	10.16.9.14	stop	task_id=3	cmd=show version <cr> */
	SHORT WHO COMMAND,
	SHORT WHO SESSION,
	DAY WHO COMMAND,
	DAY WHO SESSION,
	NULL,
};
/* clang-format on */

static const struct command commands[] = {
	{
	    .send = "accounting-log",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_KEYS,
	    .scope = SCOPE_SELF,
	    .patterns = accounting,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

const struct driver driver_tac_plus = {
	.name = "tac_plus",
	.title = "tac_plus accounting log (from files)",
	.aliases = (const char *const[]){ "tac_plus-ng", "tac_plus_ng", NULL },
	.commands = commands,
	.blind = "What the devices do not account.",
	.privilege = "none: files are read, nothing is asked",
	.status = STATUS_LAYOUT,
};
