/* Profiles that the devices themselves keep. */
#include <string.h>

#include "audit/profile.h"

void
print_ios_view(FILE *out, const struct driver *driver, const char *user)
{
	struct sent_line l;

	fprintf(out,
	    "aaa new-model\naaa authorization exec default local\nparser view %s\n"
	    " secret CHANGE-ME\n",
	    user);
	for (unsigned i = 0; profile_line(driver, i, &l); i++)
		fprintf(out, " commands exec include %s\n", l.line);
	fprintf(out, "exit\nusername %s view %s secret CHANGE-ME\n", user, user);
}

/* Rules are evaluated from the highest number down; what no rule permits is denied. A name has 16
 * characters at most. */
void
print_nxos_role(FILE *out, const struct driver *driver, const char *user)
{
	struct sent_line l;

	fprintf(out, "role name %.16s\n  description read the tables that gatebook polls\n", user);
	for (unsigned i = 0; profile_line(driver, i, &l); i++)
		fprintf(out, "  rule %u permit command %s\n", i + 1, l.line);
	fprintf(out, "username %s password CHANGE-ME role %.16s\n", user, user);
}

void
print_xr_taskgroup(FILE *out, const struct driver *driver, const char *user)
{
	struct sent_line l;

	fputs("! It has to run:\n", out);
	for (unsigned i = 0; profile_line(driver, i, &l); i++)
		fprintf(out, "!   %s\n", l.line);
	fprintf(out,
	    "! `describe COMMAND` names the task that a command needs, where one is refused.\n"
	    "taskgroup %s\n task read basic-services\n task read transport\n task read cef\n"
	    " task read ipv4\n task read ipv6\n task read aaa\n!\nusergroup %s\n taskgroup %s\n!\n"
	    "username %s\n group %s\n secret CHANGE-ME\n",
	    user, user, user, user, user);
}

/* allow-commands wins where both match. */
void
print_junos_class(FILE *out, const struct driver *driver, const char *user)
{
	struct sent_line l;

	fprintf(out,
	    "set system login class %s permissions view\n"
	    "set system login class %s deny-commands \".*\"\n"
	    "set system login class %s allow-commands \"",
	    user, user, user);
	for (unsigned i = 0; profile_line(driver, i, &l); i++) {
		fprintf(out, "%s^", i ? "|" : "");
		profile_regex(out, text_of(l.line));
		fputs("$", out);
	}
	fprintf(out,
	    "\"\nset system login user %s class %s\n"
	    "set system login user %s authentication ssh-ed25519 \"CHANGE-ME\"\n",
	    user, user, user);
}

/* Privileges belong to the first words of a command, per mode. */
void
print_asa(FILE *out, const struct driver *driver, const char *user)
{
	struct sent_line l, other;
	struct text rest, w, behind, first, second;
	bool seen;

	for (unsigned i = 0; profile_line(driver, i, &l); i++) {
		w = profile_word(l.line, &rest);
		if (!text_is(w, "show")) {
			if (profile_first(driver, i, w) && !text_is(w, "exit"))
				fprintf(out, "privilege cmd level 5 mode exec command %.*s\n",
				    (int)w.n, w.s);
			continue;
		}
		(void)text_take_word(&rest, &first);
		seen = false;
		for (unsigned k = 0; k < i && profile_line(driver, k, &other); k++)
			if (text_is(profile_word(other.line, &behind), "show") &&
			    text_take_word(&behind, &second) && text_equal(first, second))
				seen = true;
		if (!seen)
			fprintf(out, "privilege show level 5 mode exec command %.*s\n",
			    (int)first.n, first.s);
	}
	fprintf(out,
	    "username %s password CHANGE-ME privilege 5\naaa authentication ssh console LOCAL\n"
	    "aaa authorization command LOCAL\naaa authorization exec LOCAL auto-enable\n",
	    user);
}

void
print_panos_role(FILE *out, const struct driver *driver, const char *user)
{
	(void)driver;
	fprintf(out,
	    "set shared admin-role %s role device cli devicereader\n"
	    "set mgt-config users %s permissions role-based custom profile %s\n"
	    "# then: set mgt-config users %s public-key CHANGE-ME, or password\n",
	    user, user, user, user);
}

void
print_fortios_profile(FILE *out, const struct driver *driver, const char *user)
{
	struct sent_line l;
	struct text rest;
	bool diagnose = false;

	for (unsigned i = 0; profile_line(driver, i, &l); i++)
		diagnose |= text_is(profile_word(l.line, &rest), "diagnose");
	fprintf(out,
	    "# cli-diagnose is broad: leave it off and list only `get` lines under commands:\n"
	    "# where you can do without `diagnose sys session list`.\n"
	    "config system accprofile\n    edit \"%s\"\n        set fwgrp read\n"
	    "        set netgrp read\n        set sysgrp read\n        set cli-get enable\n"
	    "        set cli-show disable\n        set cli-exec disable\n"
	    "        set cli-config disable\n        set cli-diagnose %s\n    next\nend\n"
	    "config system admin\n    edit \"%s\"\n        set accprofile \"%s\"\n"
	    "        set password CHANGE-ME\n    next\nend\n",
	    user, diagnose ? "enable" : "disable", user, user);
}

void
print_eos_role(FILE *out, const struct driver *driver, const char *user)
{
	struct sent_line l;
	unsigned rule = 10;

	fprintf(out, "role %s\n", user);
	for (unsigned i = 0; profile_line(driver, i, &l); i++, rule += 10) {
		fprintf(out, "   %u permit mode exec command ^", rule);
		profile_regex(out, text_of(l.line));
		fputs("$\n", out);
	}
	fprintf(out,
	    "   %u deny mode .* command .*\nusername %s role %s secret CHANGE-ME\n"
	    "aaa authorization commands all default local\n",
	    rule, user, user);
}

/* --- hosts ------------------------------------------------------------------------------------ */

/* Where Debian, Fedora and the BSDs have the programs that drivers run as root; sudo wants whole
 * paths, and the more of them are listed the fewer need be edited. */
static const char *const homes[] = { "/usr/sbin/", "/usr/bin/", "/sbin/", NULL };

/* Command lines of sudoers: what is special there is escaped (sudoers(5), Quoting). */
static void
put_sudoers(FILE *out, struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		if (strchr(",:=\\*?[]!", t.s[i]))
			putc('\\', out);
		putc(t.s[i], out);
	}
}

void
print_sudoers(FILE *out, const struct driver *driver, const char *user)
{
	struct sent_line l;
	struct text rest, program;
	unsigned n = 0;

	fputs("# Keep the directory that your system has; check it with: visudo -c -f FILE\n", out);
	fprintf(out, "Defaults:%s !requiretty, !lecture, logfile=/var/log/sudo-%s.log, log_year\n",
	    user, user);
	for (unsigned i = 0; profile_line(driver, i, &l); i++) {
		if (!text_starts(text_of(l.line), "sudo -n "))
			continue;
		program = profile_word(l.line + 8, &rest);
		for (int k = 0; homes[k]; k++, n++) {
			fprintf(out, "%s ALL=(root) NOPASSWD: %s", user, homes[k]);
			put_sudoers(out, program);
			putc(rest.n ? ' ' : '\n', out);
			put_sudoers(out, rest);
			if (rest.n)
				putc('\n', out);
		}
	}
	if (n == 0)
		fputs("# No line of this platform asks for sudo.\n", out);
}

/* Within single quotes of the shell. */
static void
put_quoted(FILE *out, const char *line)
{
	putc('\'', out);
	for (; *line; line++) {
		if (*line == '\'')
			fputs("'\\''", out);
		else
			putc(*line, out);
	}
	putc('\'', out);
}

void
print_forcecommand(FILE *out, const struct driver *driver, const char *user)
{
	struct sent_line l;

	fprintf(out,
	    "# Install as /usr/local/sbin/gatebook-only, owned by root, mode 755; in sshd_config:\n"
	    "#   Match User %s\n#     ForceCommand /usr/local/sbin/gatebook-only\n"
	    "#     PermitTTY no\n#     AllowTcpForwarding no\n#     AllowAgentForwarding no\n"
	    "#     X11Forwarding no\n#     PermitUserRC no\n"
	    "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nexport PATH\n"
	    "case ${SSH_ORIGINAL_COMMAND-} in\n",
	    user);
	for (unsigned i = 0; profile_line(driver, i, &l); i++) {
		put_quoted(out, l.line);
		fputs(")\n\texec ", out);
		fputs(l.line, out); /* words of the driver's own: nothing of the client's */
		fputs(" ;;\n", out);
	}
	fputs("esac\necho 'gatebook-only: refused' >&2\nexit 126\n", out);
}
