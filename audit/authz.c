/* Which profile fits which platform; those of the servers that authorise command by command. */
#include "audit/authz.h"

#include <string.h>

#include "audit/profile.h"

#define ONLY(...)                                                                                  \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

const struct authz_form authz_forms[] = {
	{ "tac_plus", "a user of tac_plus.conf", NULL, false, "#", print_tac_plus },
	{ "tac_plus-ng", "a profile of tac_plus-ng.cfg", NULL, false, "#", print_tac_plus_ng },
	{ "ise", "a TACACS command set of Cisco ISE, a row each", NULL, false, "#", print_ise },
	{ "freeradius", "a user of FreeRADIUS: RADIUS authorises no single command", NULL, false,
	    "#", print_freeradius },
	{ "ios-view", "a parser view", ONLY("cisco_ios"), false, "!", print_ios_view },
	{ "nxos-role", "a role", ONLY("cisco_nxos"), false, "!", print_nxos_role },
	{ "xr-taskgroup", "a task group: tasks, not commands", ONLY("cisco_xr"), false, "!",
	    print_xr_taskgroup },
	{ "junos-class", "a login class", ONLY("juniper_junos"), false, "#", print_junos_class },
	{ "asa", "command privileges", ONLY("cisco_asa"), false, "!", print_asa },
	{ "panos-role", "an administrator's role: the command line knows no smaller one",
	    ONLY("paloalto_panos"), false, "#", print_panos_role },
	{ "fortios-profile", "an access profile", ONLY("fortinet"), false, "#",
	    print_fortios_profile },
	{ "eos-role", "a role", ONLY("arista_eos"), false, "!", print_eos_role },
	{ "sudoers", "a file for /etc/sudoers.d", ONLY("linux", "pf", "freebsd"), true, "#",
	    print_sudoers },
	{ "forcecommand", "a program for sshd's ForceCommand",
	    ONLY("linux", "pf", "freebsd", "macos", "openvswitch", "haproxy", "vmware_esxi"), true,
	    "#", print_forcecommand },
	{ .name = NULL },
};

static bool
fits(const struct authz_form *form, const struct driver *driver)
{
	if (!form->platforms)
		return driver->dialect.shell;
	for (int i = 0; form->platforms[i]; i++)
		if (strcmp(form->platforms[i], driver->name) == 0)
			return true;
	return false;
}

const struct authz_form *
authz_find(const struct driver *driver, const char *name, struct error *err)
{
	char list[300] = "";
	size_t used = 0;

	for (const struct authz_form *f = authz_forms; f->name; f++) {
		if (!fits(f, driver))
			continue;
		if (name && strcmp(f->name, name) == 0)
			return f;
		used += (size_t)snprintf(
		    list + used, sizeof(list) - used, "%s%s", used ? ", " : "", f->name);
	}
	if (used)
		error_exit(err, EXIT_USAGE, "-o: for %s there are %s", driver->name, list);
	else
		error_exit(err, EXIT_USAGE, "%s has no command line to authorise: %s", driver->name,
		    driver->privilege);
	return NULL;
}

void
authz_print(FILE *out, const struct authz_form *form, const struct driver *driver, const char *user)
{
	const char *c = form->comment;

	if (strcmp(form->name, "forcecommand") == 0)
		fputs("#!/bin/sh\n", out);
	fprintf(out, "%s gatebook " GATEBOOK_VERSION ", %s (%s): %s\n", c, driver->name,
	    driver->title, form->title);
	fprintf(out, "%s Read it, fill in CHANGE-ME, paste it. %s\n", c,
	    form->tested ? "A test runs this form."
			 : "From the vendor's manual, not run on a device: unverified.");
	form->print(out, driver, user);
}

/* --- lines ------------------------------------------------------------------------------------ */

bool
profile_line(const struct driver *driver, unsigned i, struct sent_line *out)
{
	for (unsigned k = 0; sent_line(driver, k, out); k++)
		if (out->use != LINE_KEY && out->use != LINE_QUESTION && out->use != LINE_ENABLE &&
		    i-- == 0)
			return true;
	return false;
}

void
profile_regex(FILE *out, struct text line)
{
	for (size_t i = 0; i < line.n; i++) {
		if (line.s[i] == '{') {
			while (i < line.n && line.s[i] != '}')
				i++;
			fputs("[0-9]+", out);
			continue;
		}
		if (strchr(".[]()*+?^$|\\", line.s[i]))
			putc('\\', out);
		putc(line.s[i], out);
	}
}

struct text
profile_word(const char *line, struct text *rest)
{
	struct text first = { 0 };

	*rest = text_of(line);
	text_skip_blanks(rest);
	(void)text_take_word(rest, &first);
	text_skip_blanks(rest);
	return first;
}

bool
profile_first(const struct driver *driver, unsigned i, struct text w)
{
	struct sent_line l;
	struct text rest;

	for (unsigned k = 0; k < i && profile_line(driver, k, &l); k++)
		if (text_equal(profile_word(l.line, &rest), w))
			return false;
	return true;
}

/* --- servers ---------------------------------------------------------------------------------- */

/* Devices end the arguments of a command with <cr>, or with nothing. */
void
print_tac_plus(FILE *out, const struct driver *driver, const char *user)
{
	struct sent_line l, other;
	struct text rest, w;

	fprintf(out,
	    "user = %s {\n\tlogin = file /etc/CHANGE-ME\n\tdefault service = deny\n"
	    "\tservice = exec {\n\t\tpriv-lvl = 1\n\t}\n",
	    user);
	for (unsigned i = 0; profile_line(driver, i, &l); i++) {
		w = profile_word(l.line, &rest);
		if (!profile_first(driver, i, w))
			continue;
		fprintf(out, "\tcmd = %.*s {\n", (int)w.n, w.s);
		for (unsigned k = i; profile_line(driver, k, &other); k++) {
			if (!text_equal(profile_word(other.line, &rest), w))
				continue;
			fputs("\t\tpermit \"^", out);
			profile_regex(out, rest);
			fputs(rest.n ? " ?(<cr>)?$\"\n" : "(<cr>)?$\"\n", out);
		}
		fputs("\t\tdeny .*\n\t}\n", out);
	}
	fputs("}\n", out);
}

void
print_tac_plus_ng(FILE *out, const struct driver *driver, const char *user)
{
	struct sent_line l;

	fprintf(out,
	    "profile %s {\n\tscript {\n\t\tif (service == shell) {\n"
	    "\t\t\tif (cmd == \"\") {\n\t\t\t\tset priv-lvl = 1\n\t\t\t\tpermit\n\t\t\t}\n",
	    user);
	for (unsigned i = 0; profile_line(driver, i, &l); i++) {
		fputs("\t\t\tif (cmd =~ /^", out);
		profile_regex(out, text_of(l.line));
		fputs(" ?(<cr>)?$/) permit\n", out);
	}
	fprintf(out,
	    "\t\t}\n\t\tdeny\n\t}\n}\nuser %s {\n\tpassword login = crypt CHANGE-ME\n"
	    "\tprofile = %s\n}\n",
	    user, user);
}

/* The columns of a command set: grant, command, arguments. Whatever is not permitted is denied as
 * long as "permit any command that is not listed" stays off. */
void
print_ise(FILE *out, const struct driver *driver, const char *user)
{
	struct sent_line l;
	struct text rest, w;

	fprintf(out,
	    "# command set %s; leave `Permit any command that is not listed below` off;\n"
	    "# shell profile: default and maximum privilege 1\nGrant,Command,Arguments\n",
	    user);
	for (unsigned i = 0; profile_line(driver, i, &l); i++) {
		w = profile_word(l.line, &rest);
		fprintf(out, "PERMIT,%.*s,\"^", (int)w.n, w.s);
		profile_regex(out, rest);
		fputs("$\"\n", out);
	}
}

void
print_freeradius(FILE *out, const struct driver *driver, const char *user)
{
	const char *role = strcmp(driver->name, "cisco_nxos") == 0 ? "shell:roles=\\\"gatebook\\\""
								   : "shell:priv-lvl=1";

	fprintf(out,
	    "# The device has to authorise the commands: see its own form, or tac_plus.\n"
	    "%s\tCrypt-Password := \"CHANGE-ME\"\n\tService-Type = NAS-Prompt-User,\n"
	    "\tCisco-AVPair = \"%s\"\n",
	    user, role);
}
