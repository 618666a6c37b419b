#include "poller/signing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "inventories/secret.h"

struct ledger_key *
signing_key(const char *path, bool must, struct error *err)
{
	char reference[4200];
	struct ledger_key *key = NULL;
	char *pem;

	if (!path || (!must && access(path, F_OK) != 0 && errno == ENOENT))
		return NULL;
	(void)snprintf(reference, sizeof(reference), "file:%s", path);
	pem = secret_read(reference, true, err);
	if (pem)
		key = ledger_key_read(text_of(pem), err);
	secret_wipe(pem);
	if (!key)
		error_prefix(err, "the ledger's key %s", path);
	return key;
}

static void
look_due(struct signing *g, struct store *store)
{
	if (!g->key || sealer_due(&g->sealer, store) <= 0)
		g->since_ms = 0;
	else if (g->since_ms == 0)
		g->since_ms = clock_mono_ms();
}

int
signing_begin(struct signing *g, struct store *store, struct ledger_key *key, const char *heads,
    struct error *err)
{
	*g = (struct signing){ .key = key, .heads = heads };
	if (sealer_begin(&g->sealer, store, key, err) < 0)
		return -1;
	g->committed = g->sealer;
	look_due(g, store);
	/* What a killed writer left has waited long enough. */
	if (g->since_ms > 0)
		g->since_ms -= INT64_C(1000) * HEAD_SECONDS;
	return 0;
}

void
signing_end(struct signing *g)
{
	ledger_key_free(g->key);
	g->key = NULL;
}

int
signing_wait(const struct signing *g)
{
	int64_t left = g->since_ms + INT64_C(1000) * HEAD_SECONDS - clock_mono_ms();

	if (g->since_ms == 0)
		return -1;
	return left > 0 ? (int)left : 0;
}

int
signing_seal(struct signing *g, struct store *store, bool all, struct error *err)
{
	if (!g->key)
		return 0;
	if (sealer_seal(&g->sealer, store, all || signing_wait(g) == 0, err) < 0)
		return -1;
	look_due(g, store);
	return 0;
}

/* A file that only grows; a loghost may collect it. The store has the head already: a failure is
 * said, and nothing waits for it. */
static void
drop(const struct signing *g)
{
	int fd = open(g->heads, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
	ssize_t n = (ssize_t)strlen(g->sealer.note);

	if (fd < 0 || write(fd, g->sealer.note, (size_t)n) != n || write(fd, "\n", 1) != 1 ||
	    fdatasync(fd) != 0)
		log_line(LOG_ERROR, "the ledger's head could not be written to %s: %s", g->heads,
		    strerror(errno));
	if (fd >= 0)
		close(fd);
}

void
signing_committed(struct signing *g, bool ok)
{
	if (!ok) {
		g->sealer = g->committed;
		return;
	}
	if (g->heads && g->sealer.number > g->committed.number)
		drop(g);
	g->committed = g->sealer;
}

int
signing_all(struct store *store, const struct config *config, struct error *err)
{
	struct ledger_key *key = signing_key(config->ledger_key, config->must_sign, err);
	struct signing signing = { 0 };
	int rc = -1;

	if (!key)
		return err->text[0] ? -1 : 0;
	if (signing_begin(&signing, store, key, config->heads, err) == 0 &&
	    store_begin(store, err) == 0) {
		rc = signing_seal(&signing, store, true, err);
		if (rc < 0)
			store_rollback(store);
		else
			rc = store_commit(store, err);
		signing_committed(&signing, rc == 0);
	}
	signing_end(&signing);
	return rc;
}
