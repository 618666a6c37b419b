/* Commands and logins as devices and hosts log them: ASA, Junos, FRRouting, sudo, sshd, in syslog
 * or in files of their own. Read from files. */
#include "drivers/driver.h"

/* clang-format off */
/* Nov 21 23:32:44 host    2026-11-21T23:32:44.125+01:00 host    Nov 21 2026 23:32:44 host : */
#define HEADS(rest)                                                                                \
	"{_!time_month} {_!time_on} {_!time_clock} {nas} " rest,                                   \
	"{_!time_day} {nas} " rest,                                                                \
	"{_!time_month} {_!time_on} {_!time_year} {_!time_clock} {nas} " rest
#define PID "[\\[{number}\\]]: "

static const char *const syslog[] = {
	/* Nov 21 23:32:44 fw1 : %ASA-7-111009: User 'gatebook' executed cmd: show conn */
	HEADS("[: ]%ASA-{number}-111009: User '{user}' executed cmd: {cmd...}{event=cmd}"),
	/* %ASA-5-111008: User 'enable_15' executed the 'write memory' command. */
	HEADS("[: ]%ASA-{number}-111008: User '{user}' executed the '{cmd...}' command.{event=cmd}"),
	/* %ASA-5-111010: User 'enable_15', running 'CLI' from IP 10.1.1.1, executed 'write memory' */
	HEADS("[: ]%ASA-{number}-111010: User '{user}', running '{_...}' from IP {from}, "
	    "executed '{cmd...}'{event=cmd}"),
	/* Nov 21 23:32:44 srx1 mgd[7741]: UI_CMDLINE_READ_LINE: User 'gatebook', command 'show arp ' */
	HEADS("mgd" PID "UI_CMDLINE_READ_LINE: User '{user}', command '{cmd...}'{event=cmd}"),
	/* Nov 21 23:32:44 fw1 sudo:     gbro : PWD=/home/gbro ; USER=root ; COMMAND=/usr/sbin/conntrack -L */
	HEADS("sudo" PID "{user} : [TTY={tty} ; ]PWD={_...} ; USER={_...}COMMAND={cmd...}{event=cmd}"),
	/* Nov 21 23:32:44 fw1 sshd[20221]: Accepted publickey for gbro from 10.20.0.11 port 38712 ssh2: ... */
	HEADS("sshd[-session]" PID "Accepted {_} for {user} from {from} port {number} <>{event=login}"),
	NULL,
};
static const char *const syslog_noise[] = {
	HEADS("sshd"), HEADS("sudo"), HEADS("systemd"), HEADS("CRON"), HEADS("mgd"), HEADS("[: ]%ASA-"), NULL,
};

static const char *const sudo_file[] = {
	/* Nov 21 23:32:44 2026 : gbro : PWD=/home/gbro ; USER=root ; TSID=02 ; COMMAND=/usr/sbin/conntrack -L */
	"{_!time_month} {_!time_on} {_!time_clock} {_!time_year} : {user} : [HOST={nas} ; ][TTY={tty} ; ]"
	"PWD={_...} ; USER={_...}COMMAND={cmd...}{event=cmd}",
	"{_!time_month} {_!time_on} {_!time_clock} : {user} : [HOST={nas} ; ][TTY={tty} ; ]"
	"PWD={_...} ; USER={_...}COMMAND={cmd...}{event=cmd}",
	NULL,
};

static const char *const frr[] = {
	/* 2026/11/21 23:31:05 ZEBRA: [SHWNK-NWT5S] vty[6]@127.0.0.1> show ip route */
	"{_!time_day} {_!time_clock} {_}: [\\[{_}\\] ]vty\\[{number}\\]@{from}> {cmd...}{event=cmd}",
	"{_!time_day} {_!time_clock} {_}: [\\[{_}\\] ]vty\\[{number}\\]@{from}# {cmd...}{event=cmd}",
	"{_!time_day} {_!time_clock} {_}: [\\[{_}\\] ]vty\\[{number}\\]@{from}({_})# {cmd...}{event=cmd}",
	NULL,
};
static const char *const frr_noise[] = { "{_!time_day} {_!time_clock} {_}: ", NULL };
/* clang-format on */

static const struct command commands[] = {
	{
	    .send = "syslog",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = syslog,
	    .noise = syslog_noise,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "sudo-log",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = sudo_file,
	    .begins = "{_!time_month} {_!time_on} {_!time_clock} ",
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{
	    .send = "frr-log",
	    .topic = TOPIC_LOGINS,
	    .form = FORM_ROWS,
	    .scope = SCOPE_SELF,
	    .patterns = frr,
	    .noise = frr_noise,
	    .flags = COMMAND_RECORD,
	    .status = STATUS_LAYOUT,
	},
	{ .send = NULL },
};

const struct driver driver_command_log = {
	.name = "command_log",
	.title = "Commands in syslog: ASA, Junos, FRRouting, sudo, sshd (from files)",
	.aliases = (const char *const[]){ "sudo", "sshd", "frr", "asa_syslog", "junos_syslog",
	    NULL },
	.commands = commands,
	.blind = "What the devices do not log; what sshd runs is not in its log.",
	.privilege = "none: files are read, nothing is asked",
	.status = STATUS_LAYOUT,
};
