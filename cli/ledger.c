#include "cli/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "base/arena.h"
#include "base/clock.h"
#include "cli/question.h"
#include "query/range.h"

struct reader *
ledger_reader(const struct call *call, struct error *err)
{
	char *dir = store_dir(call->dir, err);
	struct reader *r = dir ? reader_open(dir, 0, err) : NULL;

	free(dir);
	return r;
}

char *
ledger_file(const char *path, size_t *n, struct error *err)
{
	FILE *f = fopen(path, "re");
	char *bytes = mem_alloc(LIMIT_CONFIG + 1, 1);

	*n = f ? fread(bytes, 1, LIMIT_CONFIG + 1, f) : 0;
	if (!f || ferror(f))
		error_exit(err, EXIT_USAGE, "%s: cannot be read: %s", path, strerror(errno));
	else if (*n > LIMIT_CONFIG)
		error_exit(err, EXIT_USAGE, "%s: larger than %d bytes", path, LIMIT_CONFIG);
	if (f)
		fclose(f);
	if (!err->text[0])
		return bytes;
	free(bytes);
	return NULL;
}

struct ledger_keys *
ledger_public(const struct call *call, struct error *err)
{
	const char *path = call_value(call, "key");
	char own[4200], *pem;
	struct ledger_keys *keys;
	size_t n;

	if (!path) {
		(void)snprintf(own, sizeof(own), "%s/secrets/ledger.key.pub", call->dir);
		path = own;
		if (access(path, F_OK) != 0) {
			error_exit(err, EXIT_USAGE,
			    "%s is not there: give the public key that you were handed with "
			    "--key PUB, or make one: gatebook ledger key",
			    path);
			return NULL;
		}
	}
	pem = ledger_file(path, &n, err);
	if (!pem)
		return NULL;
	keys = ledger_keys_read((struct text){ pem, n }, err);
	free(pem);
	if (!keys) {
		error_prefix(err, "%s", path);
		err->exit = EXIT_USAGE;
	}
	return keys;
}

/* --- making a key ----------------------------------------------------------------------------- */

static int
write_new(const char *path, const char *bytes, mode_t mode, struct error *err)
{
	size_t n = strlen(bytes);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	bool good = fd >= 0 && write(fd, bytes, n) == (ssize_t)n && fsync(fd) == 0;

	if (!good)
		error_set(err,
		    errno == EEXIST
			? "%s is there already and is not overwritten: heads signed with it need "
			  "its public key (%s)"
			: "%s: cannot be written: %s",
		    path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return good ? 0 : -1;
}

int
ledger_key_make(const char *path, struct error *err)
{
	struct ledger_key *key = ledger_key_new(err);
	char public_path[4200], *private, *public;
	int rc;

	if (!key)
		return -1;
	(void)snprintf(public_path, sizeof(public_path), "%s.pub", path);
	private = ledger_key_private(key);
	public = ledger_key_public(key);
	rc = write_new(path, private, 0600, err);
	if (rc == 0)
		rc = write_new(public_path, public, 0644, err);
	OPENSSL_cleanse(private, strlen(private));
	free(private);
	free(public);
	ledger_key_free(key);
	return rc;
}

/* --- which records ---------------------------------------------------------------------------- */

const struct option_row ledger_filters[] = {
	{ "device", 0, "NAME", "only records about this device" },
	{ "kind", 0, "A,B", "only these kinds: intent, result, poll, start, hostkey ..." },
	{ "user", 0, "TEXT", "only records of this user here, or this account there" },
	{ NULL },
};

static int
read_kinds(const char *typed, unsigned *kinds, struct error *err)
{
	struct text rest = text_of(typed), one;
	const char *names[LEDGER_KINDS + 1] = { NULL }, *near;
	char shown[100];
	int k;

	for (k = 0; k < LEDGER_KINDS; k++)
		names[k] = ledger_kind_name((enum ledger_kind)k);
	while (rest.n > 0) {
		if (!text_take_until(&rest, ',', &one)) {
			one = rest;
			rest.n = 0;
		}
		for (k = 0; k < LEDGER_KINDS && !text_is_nocase(one, names[k]); k++)
			;
		if (k < LEDGER_KINDS) {
			*kinds |= 1u << k;
			continue;
		}
		text_copy(one, shown, sizeof(shown));
		near = text_nearest(shown, names);
		text_escape(one, shown, sizeof(shown));
		return error_exit(err, EXIT_USAGE, "--kind: no kind '%s'%s%s%s", shown,
		    near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
	}
	return 0;
}

int
ledger_filter_read(const struct call *call, bool all, struct ledger_filter *f, struct error *err)
{
	struct range_words words = { call->last, call->since, call->until, call->range, call->at,
		call->utc };
	const char *kind = call_value(call, "kind");
	struct range range;

	*f = (struct ledger_filter){ .device = call_value(call, "device"),
		.user = call_value(call, "user"),
		.from_us = INT64_MIN,
		.to_us = INT64_MAX,
		.kinds = kind ? 0 : ~0u };
	if (call->n > 0)
		return error_exit(err, EXIT_USAGE,
		    "'%s': records are picked by --device, --kind, "
		    "--user and a time",
		    call->words[0]);
	if (kind && read_kinds(kind, &f->kinds, err) < 0)
		return -1;
	if (all && !call->last && !call->since && !call->until && !call->range && !call->at)
		return 0;
	if (range_parse(&words, &range, err) < 0)
		return -1;
	f->from_us = range.from * 1000000;
	f->to_us = range.to * 1000000 + 999999;
	return 0;
}

bool
ledger_filter_passes(const struct ledger_filter *f, const struct ledger_event *e)
{
	return (f->kinds >> e->kind & 1) && (!f->device || strcmp(f->device, e->device) == 0) &&
	       (!f->user || text_contains(text_of(e->who), f->user) ||
		   strcmp(f->user, e->account) == 0);
}

enum {
	C_SEQ,
	C_TIME,
	C_MICRO,
	C_KIND,
	C_DEVICE,
	C_ACCOUNT,
	C_ADDRESS,
	C_WHAT,
	C_RESULT,
	C_REFERS,
	C_DETAIL,
	C_WHO,
	C_HASH
};

const struct column ledger_columns[] = {
	[C_SEQ] = { "seq", "RECORD", CELL_NUMBER, .right = true },
	[C_TIME] = { "time", "TIME", CELL_TIME },
	[C_MICRO] = { "time_us", NULL, CELL_NUMBER },
	[C_KIND] = { "kind", "KIND", CELL_TEXT },
	[C_DEVICE] = { "device", "DEVICE", CELL_TEXT },
	[C_ACCOUNT] = { "account", "ACCOUNT", CELL_TEXT },
	[C_ADDRESS] = { "address", "ADDRESS", CELL_TEXT, .wide = true },
	[C_WHAT] = { "what", "WHAT", CELL_TEXT },
	[C_RESULT] = { "result", "RESULT", CELL_TEXT },
	[C_REFERS] = { "refers", "ANSWERS", CELL_NUMBER, .right = true },
	[C_DETAIL] = { "detail", "DETAIL", CELL_TEXT, .wide = true },
	[C_WHO] = { "who", "WHO", CELL_TEXT, .wide = true },
	[C_HASH] = { "hash", "HASH", CELL_TEXT, .wide = true },
	{ NULL },
};

void
ledger_put(struct writer *w, const struct ledger_row *row)
{
	const struct ledger_event *e = &row->event;
	char hex[65];

	for (int i = 0; i < 32; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", row->hash[i]);
	writer_number(w, C_SEQ, row->seq);
	writer_time(w, C_TIME, e->time_us / 1000000);
	writer_number(w, C_MICRO, (uint64_t)e->time_us);
	writer_text(w, C_KIND, text_of(ledger_kind_name(e->kind)));
	writer_word(w, C_DEVICE, e->device);
	writer_word(w, C_ACCOUNT, e->account);
	writer_word(w, C_ADDRESS, e->address);
	writer_word(w, C_WHAT, e->what);
	writer_word(w, C_RESULT, row->unknown ? "unknown" : e->result);
	if (e->refers)
		writer_number(w, C_REFERS, e->refers);
	writer_word(w, C_DETAIL, e->detail);
	writer_word(w, C_WHO, e->who);
	writer_text(w, C_HASH, text_of(hex));
	writer_row(w);
}
