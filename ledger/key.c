#include "ledger/key.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>

#include "base/arena.h"
#include "base/log.h"
#include "ledger/hash.h"

static bool
raw_public(EVP_PKEY *pkey, uint8_t out[static 32])
{
	size_t n = 32;

	return EVP_PKEY_id(pkey) == EVP_PKEY_ED25519 &&
	       EVP_PKEY_get_raw_public_key(pkey, out, &n) == 1 && n == 32;
}

static struct ledger_key *
wrap(EVP_PKEY *pkey, struct error *err)
{
	struct ledger_key *key = mem_alloc(1, sizeof(*key));

	key->pkey = pkey;
	if (raw_public(pkey, key->public))
		return key;
	ledger_key_free(key);
	error_set(err, "this is no Ed25519 key: `gatebook ledger key` makes one");
	return NULL;
}

struct ledger_key *
ledger_key_new(struct error *err)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	if (pkey)
		return wrap(pkey, err);
	error_set(err, "this OpenSSL makes no Ed25519 key");
	return NULL;
}

/* A key file is never asked for a passphrase. */
static int
no_passphrase(char *buffer, int size, int writing, void *arg)
{
	(void)buffer, (void)size, (void)writing, (void)arg;
	return 0;
}

struct ledger_key *
ledger_key_read(struct text pem, struct error *err)
{
	BIO *bio = BIO_new_mem_buf(pem.s, (int)pem.n);
	EVP_PKEY *pkey = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;

	BIO_free(bio);
	if (pkey)
		return wrap(pkey, err);
	error_set(err, "no private key in PEM: `gatebook ledger key` writes one");
	return NULL;
}

void
ledger_key_free(struct ledger_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

static char *
take_pem(BIO *bio, int ok)
{
	char *bytes = NULL, *copy;
	long n = bio ? BIO_get_mem_data(bio, &bytes) : 0;

	if (ok != 1 || n <= 0)
		log_fatal("OpenSSL cannot write a key");
	copy = mem_alloc((size_t)n + 1, 1);
	memcpy(copy, bytes, (size_t)n);
	OPENSSL_cleanse(bytes, (size_t)n);
	BIO_free(bio);
	return copy;
}

char *
ledger_key_private(const struct ledger_key *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int ok = bio ? PEM_write_bio_PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL) : 0;

	return take_pem(bio, ok);
}

char *
ledger_key_public(const struct ledger_key *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int ok = bio ? PEM_write_bio_PUBKEY(bio, key->pkey) : 0;

	return take_pem(bio, ok);
}

static int
refuse_keys(struct ledger_keys *keys, struct error *err)
{
	ledger_keys_free(keys);
	return error_set(err,
	    "no public Ed25519 keys in PEM (-----BEGIN PUBLIC KEY-----), 1 to %d of them",
	    HEAD_KEYS);
}

struct ledger_keys *
ledger_keys_read(struct text pem, struct error *err)
{
	struct ledger_keys *keys = mem_alloc(1, sizeof(*keys));
	BIO *bio = BIO_new_mem_buf(pem.s, (int)pem.n);
	EVP_PKEY *pkey;

	while (bio && (pkey = PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL))) {
		if (keys->n == HEAD_KEYS || !raw_public(pkey, keys->key[keys->n].bytes)) {
			EVP_PKEY_free(pkey);
			keys->n = 0;
			break;
		}
		keys->key[keys->n++].pkey = pkey;
	}
	BIO_free(bio);
	if (keys->n > 0)
		return keys;
	refuse_keys(keys, err);
	return NULL;
}

void
ledger_keys_free(struct ledger_keys *keys)
{
	if (!keys)
		return;
	for (int i = 0; i < HEAD_KEYS; i++)
		EVP_PKEY_free(keys->key[i].pkey);
	free(keys);
}

void
key_id(const uint8_t public[static 32], const char *name, uint8_t id[static 4])
{
	uint8_t bytes[HEAD_ORIGIN + 34], hash[32];
	size_t n = strlen(name);

	memcpy(bytes, name, n);
	bytes[n++] = '\n';
	bytes[n++] = 1;
	memcpy(bytes + n, public, 32);
	hash_bytes(bytes, n + 32, hash);
	memcpy(id, hash, 4);
}

void
key_sign(const struct ledger_key *key, const void *bytes, size_t n, uint8_t signature[static 64])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t size = 64;

	if (!context || EVP_DigestSignInit(context, NULL, NULL, NULL, key->pkey) != 1 ||
	    EVP_DigestSign(context, signature, &size, bytes, n) != 1)
		log_fatal("OpenSSL cannot sign a head of the ledger");
	EVP_MD_CTX_free(context);
}

bool
key_verify(
    const struct public_key *key, const void *bytes, size_t n, const uint8_t signature[static 64])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->pkey) == 1 &&
		    EVP_DigestVerify(context, signature, 64, bytes, n) == 1;

	EVP_MD_CTX_free(context);
	return good;
}
