/* A password of SNMPv3 as a key. */
#ifndef GATEBOOK_TRANSPORTS_SNMP_KEY_H
#define GATEBOOK_TRANSPORTS_SNMP_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SNMP_KEY = 64 }; /* bytes of the longest, of SHA-512 */

/* Ku (RFC 3414, A.2): the digest of a megabyte of the password. `auth` is one of MD5, SHA, SHA-224,
 * SHA-256, SHA-384, SHA-512 (RFC 7860), upper and lower case alike. Returns the bytes of the key;
 * 0: no such protocol, or libcrypto does not have it.
 *
 * net-snmp's own feeds the digest 64 bytes at a time and takes four times as long, which would be
 * more than all the rest of a poll. */
size_t snmp_key(const char *auth, const char *password, uint8_t key[static SNMP_KEY]);

#endif
