/* Signed heads of the ledger: a text that anybody can keep, and that fixes every record before it.
 *
 * A head is a signed note as transparency logs exchange it (C2SP signed-note, tlog-checkpoint):
 *
 *   gatebook-ledger-6f1c0d2a9b3e4455   origin: the first 16 digits of the first record's hash
 *   1204332                            records under this head
 *   fK2...=                            base64 of the Merkle root over their hashes
 *   head 1210                          number of this head, from 1
 *   time 1795579200000001              when it was made, microseconds since 1970
 *   before 3Xk...=                     base64 of SHA-256 of the head before it (zeros: none)
 *                                      an empty line
 *   - gatebook-ledger-... AbC...=      (a dash U+2014) base64 of key id and Ed25519 signature
 *
 * The signature is over the bytes before the empty line. A head that is signed by a known key, and
 * whose root is that of the records, proves them. */
#ifndef GATEBOOK_LEDGER_HEAD_H
#define GATEBOOK_LEDGER_HEAD_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

enum {
	HEAD_ORIGIN = 33,   /* bytes of an origin with its NUL */
	HEAD_NOTE = 640,    /* bytes of a note with its NUL */
	HEAD_EVERY = 1000,  /* records: one at each multiple of it, whatever the time */
	HEAD_SECONDS = 300, /* no record waits longer for a head while a writer runs */
	HEAD_KEYS = 16      /* public keys of one file */
};

struct head {
	char origin[HEAD_ORIGIN];
	uint64_t size, number;
	int64_t time_us;
	uint8_t root[32], before[32];
};

/* "gatebook-ledger-..." of the first record's hash. */
void head_origin(const uint8_t first[static 32], char out[static HEAD_ORIGIN]);
void head_hash(struct text note, uint8_t hash[static 32]); /* what the next one calls `before` */

/* Reads a note that head_sign wrote: every byte is checked. False: it is not one. */
bool head_parse(struct text note, struct head *h);

/* Takes the next note of a file that holds one after the other; blank lines between them do not
 * count. False at the end, or when what follows is no note (then cursor->n > 0). */
bool head_next(struct text *cursor, struct text *note);

/* --- keys ------------------------------------------------------------------------------------- */

struct ledger_key;  /* the private one, that signs */
struct ledger_keys; /* public ones, each of which is believed */

struct ledger_key *ledger_key_new(struct error *err);
/* From PEM (PKCS #8), as ledger_key_private wrote it, or `openssl genpkey -algorithm ed25519`. */
struct ledger_key *ledger_key_read(struct text pem, struct error *err);
void ledger_key_free(struct ledger_key *key);

/* PEM, malloc'd. The private one is a secret: secret_wipe or OPENSSL_cleanse it. */
char *ledger_key_private(const struct ledger_key *key);
char *ledger_key_public(const struct ledger_key *key);

/* Signs; note gets a NUL. */
void head_sign(const struct head *h, const struct ledger_key *key, char note[static HEAD_NOTE]);

/* One or more public keys in PEM. NULL with err: none, more than HEAD_KEYS, not Ed25519. */
struct ledger_keys *ledger_keys_read(struct text pem, struct error *err);
void ledger_keys_free(struct ledger_keys *keys);

/* True: the note reads, and one of the keys signed it; *h is filled. */
bool head_verify(struct text note, const struct ledger_keys *keys, struct head *h);

/* "SHA256:" and 43 digits of base64 over the key that signed, for people to compare; "" if none. */
enum { KEY_NAME = 52 };
void ledger_keys_name(const struct ledger_keys *keys, struct text note, char name[static KEY_NAME]);

#endif
