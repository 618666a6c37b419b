#include "audit/sigma.h"

#include <string.h>
#include <time.h>

#include "audit/discovery.h"
#include "audit/lines.h"

/* Within single quotes of YAML; Sigma's own wildcards are escaped. */
static void
put_text(FILE *out, const char *text)
{
	putc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			putc('\'', out);
		if (strchr("*?\\", *text))
			putc('\\', out);
		putc(*text, out);
	}
	putc('\'', out);
}

static void
item(FILE *out, const char *text)
{
	fputs("            - ", out);
	put_text(out, text);
	putc('\n', out);
}

/* Accounts of the inventory, each once. */
static void
put_accounts(FILE *out, const struct config *config)
{
	for (size_t i = 0; i < config->n_credentials; i++)
		if (config->credentials[i].user)
			item(out, config->credentials[i].user);
}

static bool
has_platform(const struct config *config, const struct driver *driver)
{
	for (size_t i = 0; i < config->n_devices; i++)
		if (config->devices[i].driver == driver)
			return true;
	return false;
}

static bool
is_host(const struct driver *driver)
{
	return !driver->dialect.shell;
}

/* The lines of the inventory's platforms. */
static void
put_lines(FILE *out, const struct config *config, bool hosts)
{
	struct sent_line l;

	for (unsigned d = 0; d < drivers_count; d++) {
		if (is_host(drivers[d]) != hosts || !has_platform(config, drivers[d]))
			continue;
		for (unsigned i = 0; sent_line(drivers[d], i, &l); i++)
			if (l.use == LINE_COMMAND)
				item(out, l.line);
	}
}

static bool
has_account(const struct config *config)
{
	for (size_t i = 0; i < config->n_credentials; i++)
		if (config->credentials[i].user)
			return true;
	return false;
}

/* A filter of ours can be written: it has an account and a line. */
static bool
has_filter(const struct config *config, bool hosts)
{
	if (!has_account(config))
		return false;
	for (unsigned d = 0; d < drivers_count; d++)
		if (is_host(drivers[d]) == hosts && has_platform(config, drivers[d]))
			return true;
	return false;
}

static void
put_head(FILE *out, const char *title, const char *id, const char *description, int64_t now)
{
	time_t seconds = (time_t)now;
	char date[16] = "1970-01-01";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		(void)strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	fprintf(out,
	    "title: %s\nid: %s\nstatus: experimental\ndescription: '%s'\nreferences:\n"
	    "    - https://attack.mitre.org/techniques/T1049/\n"
	    "    - https://attack.mitre.org/techniques/T1059/008/\nauthor: gatebook\ndate: %s\n"
	    "tags:\n    - attack.discovery\n    - attack.t1049\n",
	    title, id, description, date);
}

static void
put_openings(FILE *out, const struct config *config, bool hosts)
{
	for (int i = 0; discovery_openings[i]; i++) {
		const char *o = discovery_openings[i];
		bool host = strncmp(o, "show ", 5) != 0 && strncmp(o, "get ", 4) != 0 &&
			    strncmp(o, "display ", 8) != 0 && strncmp(o, "diagnose ", 9) != 0 &&
			    strncmp(o, "fw ", 3) != 0 && o[0] != '/';

		if (host == hosts && strlen(o) > 2)
			item(out, o);
	}
	for (int i = 0; config->reconcile.discovery && config->reconcile.discovery[i]; i++)
		item(out, config->reconcile.discovery[i]);
}

static void
put_sources(FILE *out, const char *field, const char *const *sources)
{
	if (!sources[0])
		return;
	fprintf(out, "        %s:\n", field);
	for (int i = 0; sources[i]; i++)
		item(out, sources[i]);
}

static void
put_tail(FILE *out)
{
	fputs("falsepositives:\n    - Administrators at work: add their accounts to the filter\n"
	      "level: medium\n",
	    out);
}

void
sigma_write(FILE *out, const struct config *config, const char *const *sources, int64_t now)
{
	put_head(out, "Network Connections Discovery On Network Devices Outside Of Polling",
	    "5d1f3a52-6a0e-4c6f-9d57-0b8f6a2f7c11",
	    "Commands that list sessions, sockets, translations and neighbours of a network "
	    "device, "
	    "run by anybody but the poller or from anywhere but its addresses.",
	    now);
	fputs("logsource:\n    product: cisco\n    service: aaa\ndetection:\n    selection:\n"
	      "        CmdSet|contains:\n",
	    out);
	put_openings(out, config, false);
	if (has_filter(config, false)) {
		fputs("    filter_main_gatebook:\n        User:\n", out);
		put_accounts(out, config);
		put_sources(out, "Remote_Address", sources);
		fputs("        CmdSet|contains:\n", out);
		put_lines(out, config, false);
	}
	fprintf(out,
	    "    condition: selection%s\nfields:\n    - src\n    - CmdSet\n    - User\n"
	    "    - Privilege_Level\n    - Remote_Address\n",
	    has_filter(config, false) ? " and not filter_main_gatebook" : "");
	put_tail(out);
	fputs("---\n", out);
	put_head(out, "Network Connections Discovery On Polled Hosts Outside Of Polling",
	    "c0a7d7e4-3d6c-4f0b-8a53-4f1c8f0d2e69",
	    "The same on hosts that are polled over SSH: conntrack, ss, netstat and their kind.",
	    now);
	fputs("logsource:\n    category: process_creation\n    product: linux\ndetection:\n"
	      "    selection:\n        CommandLine|contains:\n",
	    out);
	put_openings(out, config, true);
	if (has_filter(config, true)) {
		fputs("    filter_main_gatebook:\n        User:\n", out);
		put_accounts(out, config);
		fputs("        CommandLine|contains:\n", out);
		put_lines(out, config, true);
	}
	fprintf(out, "    condition: selection%s\n",
	    has_filter(config, true) ? " and not filter_main_gatebook" : "");
	put_tail(out);
}
