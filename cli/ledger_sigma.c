/* gatebook ledger sigma: rules for whoever watches the logs with something else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/sigma.h"
#include "base/clock.h"
#include "cli/ledger.h"

enum { SOURCES = 64 };

struct sources {
	char *list[SOURCES + 1];
	int n;
};

/* from=10.0.0.1 of a login's result */
static void
take(const struct ledger_row *row, void *arg)
{
	struct sources *s = arg;
	const char *at = row->event.kind == LEDGER_RESULT ? strstr(row->event.detail, "from=")
							  : NULL;
	struct text rest = text_of(at ? at + 5 : ""), one;
	char text[ADDR_TEXT];
	struct addr a;

	if (!text_take_word(&rest, &one) || !addr_parse(one, &a) || s->n == SOURCES)
		return;
	(void)addr_format(&a, text);
	for (int i = 0; i < s->n; i++)
		if (strcmp(s->list[i], text) == 0)
			return;
	s->list[s->n++] = mem_string(text);
}

static int
run(struct call *call)
{
	struct config *config = cli_config(call);
	struct sources sources = { 0 };
	struct error err = { 0 };
	struct reader *r;

	if (!config)
		return EXIT_USAGE;
	r = ledger_reader(call, &err);
	if (r) {
		(void)ledger_scan(reader_live(r),
		    &(struct ledger_scan){ INT64_MIN, INT64_MAX, false, take, &sources }, &err);
		reader_close(r);
	} else if (!call->quiet) {
		fprintf(stderr, "gatebook: no ledger yet, so the rules know no address of ours\n");
	}
	sigma_write(stdout, config, (const char *const *)sources.list, clock_now());
	for (int i = 0; i < sources.n; i++)
		free(sources.list[i]);
	config_free(config);
	return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
}

const struct cli_command cli_ledger_sigma = {
	.name = "ledger sigma",
	.synopsis = "",
	.summary = "Write Sigma rules for discovery that is not ours",
	.text = "ATT&CK T1049 on network devices and polled hosts, as Sigma rules (sigmahq.io). "
		"They "
		"cover what the public rule lacks: `show tcp brief`, translations, session tables "
		"of firewalls. The filter is our accounts, the addresses that the ledger says "
		"polls came from, and the lines of the inventory's platforms.",
	.example = "gatebook ledger sigma > gatebook_t1049.yml",
	.run = run,
};
