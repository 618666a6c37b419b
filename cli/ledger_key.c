/* gatebook ledger key: the key that signs the ledger's heads. */
#include <stdio.h>
#include <sys/stat.h>

#include "cli/ledger.h"

static int
run(struct call *call)
{
	char path[4200];
	struct error err = { 0 };

	if (call->n > 1) {
		error_exit(&err, EXIT_USAGE, "ledger key takes one file");
		return cli_fail(&err, EXIT_USAGE);
	}
	if (call->n == 1) {
		(void)snprintf(path, sizeof(path), "%s", call->words[0]);
	} else {
		(void)snprintf(path, sizeof(path), "%s/secrets", call->dir);
		(void)mkdir(path, 0700); /* there, or the file says why not */
		(void)snprintf(path, sizeof(path), "%s/secrets/ledger.key", call->dir);
	}
	if (ledger_key_make(path, &err) < 0)
		return cli_fail(&err, EXIT_FAILED);
	if (call->quiet)
		return EXIT_OK;
	printf("wrote %s, readable by you alone, and %s.pub\n", path, path);
	if (call->n == 1)
		printf("say so in gatebook.yml:  ledger: {key: %s}\n", path);
	printf("hand %s.pub to whoever will verify; they keep it, not you\n", path);
	return EXIT_OK;
}

const struct cli_command cli_ledger_key = {
	.name = "ledger key",
	.synopsis = "[FILE]",
	.summary = "Make the key that signs the ledger",
	.text = "An Ed25519 key in FILE (default: secrets/ledger.key, which polls use unless "
		"`ledger: {key: FILE}` says otherwise) and its public half in FILE.pub. Nothing "
		"that exists is overwritten. To change the key, move the old one away, make a new "
		"one, and give verifiers both public keys in one file.",
	.example = "gatebook ledger key",
	.run = run,
};
