/* gatebook inventory import: the devices that another tool knows. */
#include "cli/command.h"
#include "inventories/import.h"

static const struct option_row options[] = {
	{ "map", 'm', "FILE",
	    "platforms.map: what platform a slug, a model, a name or a tag means" },
	{ "dry-run", 'n', NULL, "show what would change; write nothing" },
	{ "prune", 'p', NULL, "disable the devices that left the source" },
	{ "token", 't', "REFERENCE",
	    "token of an API: file:PATH, env:NAME, systemd:NAME, exec:/PATH" },
	{ "cacert", 'c', "FILE", "trust these certificates (PEM) instead of the system's" },
	{ "credential", 'a', "NAME", "account of gatebook.yml for the devices" }, { NULL }
};

enum { C_CHANGE, C_DEVICE, C_PLATFORM, C_HOST, C_DETAILS };

static const struct column columns[] = { [C_CHANGE] = { "change", " ", CELL_TEXT },
	[C_DEVICE] = { "device", "DEVICE", CELL_TEXT },
	[C_PLATFORM] = { "platform", "PLATFORM", CELL_TEXT },
	[C_HOST] = { "host", "HOST", CELL_TEXT },
	[C_DETAILS] = { "details", "DETAILS", CELL_TEXT },
	{ NULL } };

static int
show(struct call *call, const struct import *import, struct error *err)
{
	struct writer *w = call_writer(call, columns, err);

	if (w == NULL)
		return -1;
	for (size_t n = 0; n < import->n_rows; n++) {
		const struct import_row *row = &import->rows[n];

		writer_text(w, C_CHANGE, (struct text){ &row->mark, 1 });
		writer_text(w, C_DEVICE, text_of(row->name));
		writer_word(w, C_PLATFORM, row->platform);
		writer_word(w, C_HOST, row->host);
		writer_word(w, C_DETAILS, row->details);
		writer_row(w);
	}
	return writer_end(w, NULL) < 0 ? error_set(err, "cannot write to standard output") : 0;
}

static void
summarise(const struct call *call, const struct import *import, bool prune)
{
	fflush(stdout);
	for (size_t n = 0; import->warnings[n]; n++)
		fprintf(stderr, "gatebook: warning: %s\n", import->warnings[n]);
	if (call->quiet)
		return;
	fprintf(stderr, "%zu new, %zu changed, %zu skipped, %zu unchanged", import->new,
	    import->changed, import->skipped, import->same);
	if (import->left_out)
		fprintf(stderr, ", %zu left out by the map", import->left_out);
	if (prune)
		fprintf(stderr, ", %zu disabled", import->gone);
	fputc('\n', stderr);
	if (!prune && import->gone)
		fprintf(
		    stderr, "%zu left %s: --prune disables them\n", import->gone, import->source);
}

static int
apply(struct call *call, const struct import *import)
{
	struct error err = { 0 };
	bool prune = call_value(call, "prune"), dry = call_value(call, "dry-run");

	if (show(call, import, &err) != 0)
		return cli_fail(&err, EXIT_FAILED);
	summarise(call, import, prune);
	if (dry) {
		if (!call->quiet)
			fprintf(stderr, "dry run: nothing was written\n");
	} else if (import->new || import->changed || (prune && import->gone)) {
		if (import_apply(import, call->dir, stderr, &err) != 0)
			return cli_fail(&err, EXIT_FAILED);
		if (!call->quiet)
			fprintf(stderr, "wrote %s\nnext: gatebook inventory check\n", import->path);
	}
	return import->skipped ? EXIT_PARTIAL : EXIT_OK;
}

static int
import_devices(struct call *call, const struct config *config)
{
	struct import_order order = { .kind = call->words[0],
		.source = call->words[1],
		.map = call_value(call, "map"),
		.token = call_value(call, "token"),
		.cacert = call_value(call, "cacert"),
		.credential = call_value(call, "credential"),
		.prune = call_value(call, "prune") };
	struct error err = { 0 };
	struct import *import = import_new(config, &order, stderr, &err);
	int code;

	if (import == NULL)
		return cli_fail(&err, EXIT_FAILED);
	code = apply(call, import);
	import_free(import);
	return code;
}

static int
run(struct call *call)
{
	struct config *config;
	int code;

	if (call->n != 2) {
		fprintf(stderr, "gatebook: inventory import wants KIND and SOURCE:\n");
		for (int n = 0; import_kinds[n]; n++)
			fprintf(
			    stderr, "  %-13s %s\n", import_kinds[n]->name, import_kinds[n]->reads);
		return EXIT_USAGE;
	}
	config = cli_config(call);
	if (config == NULL)
		return EXIT_USAGE;
	code = import_devices(call, config);
	config_free(config);
	return code;
}

const struct cli_command cli_inventory_import = {
	.name = "inventory import",
	.synopsis = "KIND SOURCE",
	.summary = "Take over the devices that another tool knows",
	.text =
	    "KIND is ansible, ansible-file, csv, librenms, nautobot, netbox, nornir, oxidized, "
	    "rancid, "
	    "ssh-config or suzieq; SOURCE a file (- is standard input where one file is read) or a "
	    "URL. What changes is shown: + a new device, ~ a changed one, ! one that is not taken "
	    "and "
	    "why, - one that left the source. Then inventory.d/IMPORTED.yml is written, with the "
	    "source of each device and its id there; files written by hand are never touched, and "
	    "a device that has the name of one of theirs is not taken. What left the source is "
	    "disabled with --prune, never deleted."
	    "\n\n"
	    "The platform is found by the names that other tools have for it (driver list "
	    "--names). "
	    "The rules of --map, one a line, the first that fits decides, say what these do not: "
	    "'slug REGEX PLATFORM' for names the table does not know, 'model REGEX PLATFORM', "
	    "'name "
	    "REGEX PLATFORM' and 'tag REGEX PLATFORM' for any device, and 'skip REGEX' leaves out "
	    "devices whose slug fits. What nothing decides is listed as not mapped, never guessed."
	    "\n\n"
	    "An API is asked over TLS that is verified, without redirects; its token is a "
	    "reference "
	    "to a secret. Nothing is imported from a list that is not whole. Passwords and "
	    "communities "
	    "that a source holds are not read. Exit 4 when the token was refused, 5 when devices "
	    "were not taken.",
	.example = "gatebook inventory import netbox https://netbox.example.net --token "
		   "file:secrets/netbox "
		   "--map platforms.map --dry-run\n"
		   "ansible-inventory --list | gatebook inventory import ansible -\n"
		   "gatebook inventory import rancid /var/lib/rancid/edge/router.db --prune",
	.options = options,
	.flags = CLI_OUTPUT,
	.run = run,
};
