#include "transports/snmp_key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/text.h"

enum { MEGABYTE = 1 << 20, BLOCK = 4096 };

static const EVP_MD *
digest_of(const char *auth)
{
	static const struct {
		const char *name;
		const EVP_MD *(*digest)(void);
	} all[] = { { "MD5", EVP_md5 }, { "SHA", EVP_sha1 }, { "SHA-224", EVP_sha224 },
		{ "SHA-256", EVP_sha256 }, { "SHA-384", EVP_sha384 }, { "SHA-512", EVP_sha512 } };

	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (text_is_nocase(text_of(auth), all[i].name))
			return all[i].digest();
	return NULL;
}

size_t
snmp_key(const char *auth, const char *password, uint8_t key[static SNMP_KEY])
{
	const EVP_MD *digest = digest_of(auth);
	size_t n = strlen(password), block = 0;
	EVP_MD_CTX *context;
	char again[BLOCK];
	unsigned size = 0;
	bool good;

	if (!digest || n == 0 || n > BLOCK)
		return 0;
	for (; block + n <= sizeof(again); block += n) /* whole passwords: blocks join */
		memcpy(again + block, password, n);
	context = EVP_MD_CTX_new();
	good = context && EVP_DigestInit_ex(context, digest, NULL);
	for (size_t left = MEGABYTE; good && left > 0; left -= left < block ? left : block)
		good = EVP_DigestUpdate(context, again, left < block ? left : block);
	good = good && EVP_DigestFinal_ex(context, key, &size);
	EVP_MD_CTX_free(context);
	OPENSSL_cleanse(again, sizeof(again));
	return good ? size : 0;
}
