/* gatebook backup, gatebook restore: the store in another folder, and back. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cli/question.h"
#include "query/range.h"
#include "store/backup.h"

static void
say(const struct call *call, const char *what, const char *folder, const struct backup_done *done)
{
	char moment[MOMENT_TEXT];

	printf("%s: %s, as it was %s: live database of %lld bytes, %llu sealed days", folder, what,
	    moment_format(done->made, call->utc, false, moment), (long long)done->bytes,
	    (unsigned long long)done->days);
	if (done->linked + done->copied > 0)
		printf(" (%llu linked, %llu copied)", (unsigned long long)done->linked,
		    (unsigned long long)done->copied);
	puts("");
}

static int
run_backup(struct call *call)
{
	struct error err = { 0 };
	struct backup_done done = { 0 };
	char *store = NULL;
	int rc;

	if (call->n != 1)
		error_exit(&err, EXIT_USAGE, "say where to: gatebook backup DIR");
	else
		store = store_dir(call->dir, &err);
	rc = store ? store_backup(store, call->words[0], &done, &err) : -1;
	free(store);
	if (rc < 0)
		return cli_fail(&err, EXIT_FAILED);
	say(call, "backed up", call->words[0], &done);
	if (done.missing == 0)
		return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
	error_exit(&err, EXIT_PARTIAL,
	    "%llu sealed days of the store are damaged or gone and not in the backup; ask "
	    "`gatebook verify`",
	    (unsigned long long)done.missing);
	return cli_fail(&err, EXIT_PARTIAL);
}

static int
run_restore(struct call *call)
{
	struct error err = { 0 };
	struct backup_done done = { 0 };
	const char *to = call->n == 2 ? call->words[1] : NULL;
	char *store = NULL;
	int rc = -1;

	if (call->n < 1 || call->n > 2)
		error_exit(&err, EXIT_USAGE, "say from where: gatebook restore BACKUP [DIR]");
	else if (!to)
		to = store = store_folder(call->dir, &err);
	if (to)
		rc = store_restore(call->words[0], to, &done, &err);
	if (rc == 0)
		say(call, "restored", to, &done);
	free(store);
	return rc < 0 ? cli_fail(&err, EXIT_FAILED) : EXIT_OK;
}

const struct cli_command cli_backup = { .name = "backup",
	.synopsis = "DIR",
	.summary = "Copy the store into a folder, while it is written",
	.text =
	    "One moment of the live database, and the sealed days it names: linked when DIR is on "
	    "the same file system, else copied. Repeated into the same DIR it takes the new days "
	    "only. A daemon goes on meanwhile. DIR/SHA256SUMS names every file with its hash, for "
	    "sha256sum -c too; it takes its place last, so a backup that was killed is the one "
	    "before it. A folder that holds something else is refused. Configuration, inventory "
	    "and secrets are files of their own: copy them as you copy files. Exit 5: a sealed day "
	    "is damaged or gone, and left out.",
	.example = "gatebook backup /backup/gatebook",
	.run = run_backup };

const struct cli_command cli_restore = { .name = "restore",
	.synopsis = "BACKUP [DIR]",
	.summary = "Make a store of a backup",
	.text =
	    "Every byte of the backup is compared with its hashes before anything is written; a "
	    "damaged one is refused (exit 3). DIR is the store's folder of gatebook.yml unless "
	    "said; one that holds anything, or that a daemon holds, is refused too. What was seen, "
	    "trusted, held and released since the backup is gone, and a head of the ledger that "
	    "was kept elsewhere will say so (`ledger verify --head`).",
	.example = "mv store store.old && gatebook restore /backup/gatebook",
	.run = run_restore };
