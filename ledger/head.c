#include "ledger/head.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/log.h"
#include "ledger/hash.h"
#include "ledger/key.h"

#define DASH "\xe2\x80\x94 "

enum { SIGNED = 4 + 64, BASE64_HASH = 44, BASE64_SIGNED = 92 };

void
head_origin(const uint8_t first[static 32], char out[static HEAD_ORIGIN])
{
	char hex[65];

	snprintf(out, HEAD_ORIGIN, "gatebook-ledger-%.16s", hash_hex(first, hex));
}

void
head_hash(struct text note, uint8_t hash[static 32])
{
	hash_bytes(note.s, note.n, hash);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void
base64(const void *bytes, size_t n, char *out)
{
	(void)EVP_EncodeBlock((unsigned char *)out, bytes, (int)n);
}

/* The bytes that are signed; returns their number. */
static size_t
body(const struct head *h, char out[static HEAD_NOTE])
{
	char root[BASE64_HASH + 1], before[BASE64_HASH + 1];

	base64(h->root, 32, root);
	base64(h->before, 32, before);
	return (size_t)snprintf(out, HEAD_NOTE,
	    "%s\n%" PRIu64 "\n%s\nhead %" PRIu64 "\ntime %" PRId64 "\nbefore %s\n", h->origin,
	    h->size, root, h->number, h->time_us, before);
}

void
head_sign(const struct head *h, const struct ledger_key *key, char note[static HEAD_NOTE])
{
	size_t n = body(h, note);
	uint8_t tagged[SIGNED];
	char text[BASE64_SIGNED + 1];

	key_id(key->public, h->origin, tagged);
	key_sign(key, note, n, tagged + 4);
	base64(tagged, SIGNED, text);
	(void)snprintf(note + n, HEAD_NOTE - n, "\n" DASH "%s %s\n", h->origin, text);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* A line and its LF. */
static bool
take_line(struct text *cursor, struct text *line)
{
	const char *end = cursor->n ? memchr(cursor->s, '\n', cursor->n) : NULL;

	if (!end)
		return false;
	*line = (struct text){ cursor->s, (size_t)(end - cursor->s) };
	cursor->n -= line->n + 1;
	cursor->s = end + 1;
	return true;
}

static bool
take_number(struct text *cursor, const char *word, uint64_t *value)
{
	struct text line;

	return take_line(cursor, &line) && text_take(&line, word) &&
	       text_number(line, INT64_MAX, value);
}

/* Exactly n bytes; the digits of base64 are canonical. */
static bool
unbase64(struct text t, uint8_t *out, size_t n)
{
	unsigned char decoded[BASE64_SIGNED];
	char again[BASE64_SIGNED + 1];

	if (t.n != (n + 2) / 3 * 4 || t.n > BASE64_SIGNED ||
	    EVP_DecodeBlock(decoded, (const unsigned char *)t.s, (int)t.n) < (int)n)
		return false;
	base64(decoded, n, again);
	memcpy(out, decoded, n);
	return memcmp(again, t.s, t.n) == 0;
}

static bool
take_hash(struct text *cursor, const char *word, uint8_t hash[static 32])
{
	struct text line;

	return take_line(cursor, &line) && text_take(&line, word) && unbase64(line, hash, 32);
}

/* Takes a note apart. What was read is written again and compared, so there is one note for one
 * head. */
static bool
take_apart(struct text note, struct head *h, struct text *text, uint8_t tagged[static SIGNED])
{
	struct text at = note, line;
	char again[HEAD_NOTE];
	uint64_t time_us;

	*h = (struct head){ 0 };
	if (note.n >= HEAD_NOTE || !take_line(&at, &line) || line.n == 0 ||
	    !text_copy(line, h->origin, sizeof(h->origin)) || !take_number(&at, "", &h->size) ||
	    !take_hash(&at, "", h->root) || !take_number(&at, "head ", &h->number) ||
	    !take_number(&at, "time ", &time_us) || !take_hash(&at, "before ", h->before))
		return false;
	h->time_us = (int64_t)time_us;
	*text = (struct text){ note.s, note.n - at.n };
	if (!take_line(&at, &line) || line.n > 0 || !take_line(&at, &line) || at.n > 0 ||
	    !text_take(&line, DASH) || !text_take(&line, h->origin) || !text_take(&line, " ") ||
	    !unbase64(line, tagged, SIGNED))
		return false;
	return body(h, again) == text->n && memcmp(again, text->s, text->n) == 0;
}

bool
head_parse(struct text note, struct head *h)
{
	uint8_t tagged[SIGNED];
	struct text text;

	return take_apart(note, h, &text, tagged);
}

bool
head_next(struct text *cursor, struct text *note)
{
	struct text at = *cursor, line = { 0 };

	while (at.n > 0 && (at.s[0] == '\n' || at.s[0] == '\r'))
		at = (struct text){ at.s + 1, at.n - 1 };
	*cursor = at;
	while (take_line(&at, &line) && !text_starts(line, DASH))
		if ((size_t)(at.s - cursor->s) > HEAD_NOTE)
			return false;
	if (!text_starts(line, DASH))
		return false;
	*note = (struct text){ cursor->s, (size_t)(at.s - cursor->s) };
	*cursor = at;
	return true;
}

/* The key that signed the note; NULL: none of them did, or it is no note. */
static const struct public_key *
signer(struct text note, const struct ledger_keys *keys, struct head *h)
{
	uint8_t tagged[SIGNED], id[4];
	struct text text;

	if (!take_apart(note, h, &text, tagged))
		return NULL;
	for (int i = 0; i < keys->n; i++) {
		key_id(keys->key[i].bytes, h->origin, id);
		if (memcmp(id, tagged, 4) == 0 &&
		    key_verify(&keys->key[i], text.s, text.n, tagged + 4))
			return &keys->key[i];
	}
	return NULL;
}

bool
head_verify(struct text note, const struct ledger_keys *keys, struct head *h)
{
	return signer(note, keys, h) != NULL;
}

void
ledger_keys_name(const struct ledger_keys *keys, struct text note, char name[static KEY_NAME])
{
	struct head h;
	const struct public_key *key = signer(note, keys, &h);
	uint8_t hash[32];
	char text[BASE64_HASH + 1];

	name[0] = '\0';
	if (!key)
		return;
	hash_bytes(key->bytes, 32, hash);
	base64(hash, 32, text);
	(void)snprintf(name, KEY_NAME, "SHA256:%.43s", text);
}
