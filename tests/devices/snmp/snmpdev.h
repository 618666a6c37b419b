/* A scripted SNMP agent: one recorded walk, served to whoever asks, by v2c and v3. */
#ifndef GATEBOOK_TESTS_DEVICES_SNMP_SNMPDEV_H
#define GATEBOOK_TESTS_DEVICES_SNMP_SNMPDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OID_MOST = 128, KEY = 20, TAG = 12, ENGINE_ID = 9, DATAGRAM = 65507 };

/* ASN.1 and SNMP tags (RFC 3416, RFC 3412). */
enum {
	T_INTEGER = 0x02,
	T_OCTETS = 0x04,
	T_NULL = 0x05,
	T_OID = 0x06,
	T_SEQUENCE = 0x30,
	T_ADDRESS = 0x40,
	T_COUNTER = 0x41,
	T_NO_OBJECT = 0x80,
	T_END_OF_VIEW = 0x82,
	T_GET = 0xa0,
	T_GETNEXT = 0xa1,
	T_RESPONSE = 0xa2,
	T_GETBULK = 0xa5,
	T_REPORT = 0xa8
};

/* --- BER: read forwards, written backwards, so that every length is known when its head is due. */

struct in {
	const uint8_t *at, *end;
};

struct out {
	uint8_t *start, *at;
	bool full;
};

bool in_take(struct in *in, uint8_t tag, struct in *inside); /* one value with this tag */
bool in_number(struct in *in, int64_t *number);
bool in_oid(struct in *in, uint32_t oid[static OID_MOST], unsigned *n);

void out_bytes(struct out *out, const void *bytes, size_t n);
void out_head(struct out *out, uint8_t tag, const uint8_t *end); /* of what was written since */
void out_number(struct out *out, uint8_t tag, uint64_t number);
void out_oid(struct out *out, const uint32_t *oid, unsigned n);
void out_octets(struct out *out, const void *bytes, size_t n);

/* --- the walk --------------------------------------------------------------------------------- */

struct varbind {
	uint32_t *oid;
	unsigned n;
	uint8_t *bytes; /* encoded, name and value */
	size_t size;
};

struct walk {
	struct varbind *list; /* sorted */
	size_t n;
};

/* Reads snmprec lines, OID|TAG|VALUE with an x behind the tag of a value in hex. Ends the program
 * at a line that is none. */
void walk_read(struct walk *walk, const char *path);
/* The first one behind the name; walk->n: none. */
size_t walk_behind(const struct walk *walk, const uint32_t *oid, unsigned n);

/* --- the agent -------------------------------------------------------------------------------- */

/* What all addresses share. */
struct agent {
	struct walk walk;
	const char *community;
	const char *user;             /* NULL: no v3 */
	uint8_t auth[KEY], priv[KEY]; /* Ku of SHA (RFC 3414, A.2.2) */
	size_t largest;               /* bytes of an answer */
	int64_t began;                /* seconds; engine time counts from here */
};

void key_of(const char *password, uint8_t ku[static KEY]);
void key_localise(
    const uint8_t ku[static KEY], const uint8_t engine[static ENGINE_ID], uint8_t key[static KEY]);
void message_sign(
    const uint8_t key[static KEY], const uint8_t *message, size_t n, uint8_t tag[static TAG]);
/* AES-128 in CFB (RFC 3826), in place. */
void message_cipher(const uint8_t key[static KEY], bool encrypt, uint32_t boots, uint32_t seconds,
    const uint8_t salt[static 8], uint8_t *bytes, size_t n);

/* Answers a datagram that came for `address` (four bytes). Returns the bytes of the answer, which
 * begin at *answer within the room; 0: it is met with silence. The datagram is decrypted in place.
 */
size_t answer_datagram(const struct agent *agent, const uint8_t address[static 4],
    uint8_t *datagram, size_t n, uint8_t room[static DATAGRAM], uint8_t **answer);

#endif
