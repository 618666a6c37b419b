/* gatebook ledger prove: that a record stands in the ledger, for somebody who has not got it. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/ledger.h"
#include "ledger/proof.h"

static json_t *
hex(const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *b = bytes;
	char *out = mem_alloc(2 * n + 1, 1);
	json_t *j;

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[b[i] >> 4];
		out[2 * i + 1] = digits[b[i] & 15];
	}
	j = json_string(out);
	free(out);
	return j;
}

static int
print(const struct proof *p)
{
	json_t *path = json_array(), *object;
	int rc;

	for (int i = 0; i < p->n_path; i++)
		json_array_append_new(path, hex(p->path[i], 32));
	object = json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:s%}", "seq", (json_int_t)p->seq,
	    "size", (json_int_t)p->size, "record", hex(p->record.s, p->record.n), "before",
	    hex(p->before, 32), "leaf", hex(p->leaf, 32), "path", path, "head", p->note.s,
	    p->note.n);
	rc = object ? json_dumpf(object, stdout, JSON_INDENT(2)) : -1;
	json_decref(object);
	return rc == 0 && puts("") >= 0 && fflush(stdout) == 0 ? 0 : -1;
}

static int
run(struct call *call)
{
	struct error err = { 0 };
	struct arena arena = { 0 };
	struct reader *r = NULL;
	struct proof proof;
	uint64_t seq;
	int rc = -1;

	if (call->n != 1 || !text_number(text_of(call->words[0]), INT64_MAX, &seq))
		error_exit(&err, EXIT_USAGE,
		    "ledger prove takes the number of a record; see: gatebook ledger show");
	else
		r = ledger_reader(call, &err);
	if (r)
		rc = ledger_prove(reader_live(r), seq, &arena, &proof, &err);
	if (rc == 0 && print(&proof) < 0)
		rc = error_set(&err, "the proof could not be written");
	if (r)
		reader_close(r);
	arena_free(&arena);
	return rc < 0 ? cli_fail(&err, EXIT_FAILED) : EXIT_OK;
}

const struct cli_command cli_ledger_prove = {
	.name = "ledger prove",
	.synopsis = "N",
	.summary = "Prove that record N stands in the ledger",
	.text = "Prints a JSON object: the record's bytes, the hash of the record before it, the "
		"path to the Merkle root (RFC 9162) and the signed head. Whoever has the public "
		"key "
		"can check it without the ledger: leaf = SHA-256(00 || before || record), then up "
		"the path. tests/verify_ledger.py does so in a hundred lines.",
	.example = "gatebook ledger prove 4711 > proof.json",
	.run = run,
};
