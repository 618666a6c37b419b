/* tac_plus and tac_plus-ng: accounting records of TACACS+, fields between tabs. Read from files. */
#include "drivers/driver.h"

/* clang-format off */
#define HEAD "{_} {_} {_} {nas} {user} {tty} {from} {event} "

static const char *const accounting[] = {
	/* 2026-03-01 13:10:41 +0000	10.84.1.2	jonas	ssh	10.84.99.14	stop	task_id=131
	 * timezone=UTC	service=shell	priv-lvl=15	cmd=show version */
	HEAD "<task_id={task} elapsed_time={age}>cmd={cmd...}",
	/* 2026-03-01 13:35:28 +0100	10.84.1.4	marta.k	tty5	10.84.99.41	stop	task_id=12031
	 * service=exec	port=5	elapsed_time=861 */
	HEAD "<task_id={task} elapsed_time={age}>",
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
