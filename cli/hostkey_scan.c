/* gatebook hostkey scan: what key does each device show, and is it the one we trust? */
#include <string.h>

#include "cli/hostkey.h"

enum { C_DEVICE, C_TYPE, C_FINGERPRINT, C_STATE, C_WAS, C_NEXT };

static const struct column columns[] = { [C_DEVICE] = { "device", "DEVICE", CELL_TEXT },
	[C_TYPE] = { "type", "TYPE", CELL_TEXT },
	[C_FINGERPRINT] = { "fingerprint", "FINGERPRINT", CELL_TEXT },
	[C_STATE] = { "state", "STATE", CELL_TEXT },
	[C_WAS] = { "was", "WAS", CELL_TEXT, false, true },
	[C_NEXT] = { "next", "NEXT", CELL_TEXT },
	{ NULL } };

static void
put_key(struct writer *w, const struct config *config, const struct device *d, const char *key)
{
	static const char *const names[] = { "trusted", "new", "CHANGED" };
	const char *fingerprint = hostkey_fingerprint(key);
	char was[128], next[400];
	enum hostkey_state state = hostkey_compare(config, d, key, was);

	writer_text(w, C_TYPE, (struct text){ key, (size_t)(fingerprint - key) - 1 });
	writer_text(w, C_FINGERPRINT, text_of(fingerprint));
	writer_text(w, C_STATE, text_of(names[state]));
	if (state == HOSTKEY_CHANGED)
		writer_text(w, C_WAS, text_of(was));
	if (state == HOSTKEY_TRUSTED)
		return;
	(void)snprintf(next, sizeof(next),
	    "compare it on the device, then: gatebook hostkey trust %s "
	    "--fingerprint %s",
	    d->name, fingerprint);
	writer_text(w, C_NEXT, text_of(next));
}

static int
scan(struct call *call, struct config *config, const struct device **devices)
{
	struct error err = { 0 };
	struct writer *w = writer_new(
	    stdout, call->form, columns, call->columns, call->utc, !call->no_headers, &err);
	int failed = 0, n = 0;

	if (!w)
		return cli_fail(&err, EXIT_USAGE);
	for (; devices[n]; n++) {
		char key[128];

		writer_text(w, C_DEVICE, text_of(devices[n]->name));
		if (hostkey_look(devices[n], key, &err) == 0) {
			put_key(w, config, devices[n], key);
		} else {
			writer_text(w, C_STATE, text_of("unreachable"));
			writer_text(w, C_NEXT, text_of(err.text));
			failed++;
		}
		writer_row(w);
	}
	(void)writer_end(w, NULL);
	return failed == 0 ? EXIT_OK : failed < n ? EXIT_PARTIAL : EXIT_FAILED;
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	const struct device **devices;
	struct error err = { 0 };
	int rc;

	if (!config)
		return EXIT_USAGE;
	devices = config_select(config, call->n, call->words, &err);
	rc = devices ? scan(call, config, devices) : cli_fail(&err, EXIT_USAGE);
	config_free(config);
	return rc;
}

const struct cli_command cli_hostkey_scan = { .name = "hostkey scan",
	.synopsis = "[DEVICE|@TAG ...]",
	.summary = "Show the host key each device presents; offers no credential",
	.text = "Connects, reads the host key and leaves before any login. Compare the fingerprint "
		"with what "
		"the device itself says (IOS: show ip ssh; Linux: ssh-keygen -lf) before trusting "
		"it.",
	.example = "gatebook hostkey scan @edge",
	.flags = CLI_OUTPUT,
	.run = run };
