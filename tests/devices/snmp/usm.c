/* Keys, digests and ciphers of SNMPv3 users: SHA with 96 bits, AES-128. */
#include <err.h>
#include <string.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "tests/devices/snmp/snmpdev.h"

/* A megabyte of the password, again and again (RFC 3414, A.2.2). */
void
key_of(const char *password, uint8_t ku[static KEY])
{
	static uint8_t all[1 << 20];
	size_t n = strlen(password);

	if (n < 8)
		errx(1, "a password has at least 8 characters");
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)password[i % n];
	EVP_Digest(all, sizeof(all), ku, NULL, EVP_sha1(), NULL);
}

void
key_localise(
    const uint8_t ku[static KEY], const uint8_t engine[static ENGINE_ID], uint8_t key[static KEY])
{
	uint8_t all[KEY + ENGINE_ID + KEY];

	memcpy(all, ku, KEY);
	memcpy(all + KEY, engine, ENGINE_ID);
	memcpy(all + KEY + ENGINE_ID, ku, KEY);
	EVP_Digest(all, sizeof(all), key, NULL, EVP_sha1(), NULL);
}

void
message_sign(
    const uint8_t key[static KEY], const uint8_t *message, size_t n, uint8_t tag[static TAG])
{
	uint8_t digest[KEY];

	HMAC(EVP_sha1(), key, KEY, message, n, digest, NULL);
	memcpy(tag, digest, TAG);
}

static void
put_four(uint8_t *at, uint32_t number)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(number >> (24 - 8 * i));
}

void
message_cipher(const uint8_t key[static KEY], bool encrypt, uint32_t boots, uint32_t seconds,
    const uint8_t salt[static 8], uint8_t *bytes, size_t n)
{
	static EVP_CIPHER_CTX *context;
	uint8_t iv[16];
	int done;

	if (!context)
		context = EVP_CIPHER_CTX_new();
	put_four(iv, boots);
	put_four(iv + 4, seconds);
	memcpy(iv + 8, salt, 8);
	if (!EVP_CipherInit_ex(context, EVP_aes_128_cfb128(), NULL, key, iv, encrypt) ||
	    !EVP_CipherUpdate(context, bytes, &done, bytes, (int)n))
		errx(1, "no AES-128 in this libcrypto");
}
