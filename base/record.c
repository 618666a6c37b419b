#include "base/record.h"

#include <string.h>

int
presence_compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct presence));
}

int
session_key_compare(const struct session_key *a, const struct session_key *b)
{
	return memcmp(a, b, sizeof *a);
}

struct text
words_get(const struct words *words, word w)
{
	if (w == 0 || w > words->n)
		return (struct text){ NULL, 0 };
	uint32_t from = words->offsets[w];

	return (struct text){ words->bytes + from, words->offsets[w + 1] - from };
}

uint64_t
text_hash(struct text t)
{
	uint64_t hash = 0xcbf29ce484222325;

	if (t.n == 0)
		return 0;
	for (size_t i = 0; i < t.n; i++)
		hash = (hash ^ (unsigned char)t.s[i]) * 0x100000001b3;
	return hash;
}

/* The value may come from a process that parsed a device's bytes: it is not trusted. */
#define NAME_OF(names, i) ((i) < sizeof(names) / sizeof *(names) ? (names)[i] : "unknown")

void
account_add_lines(struct account *sum, const struct account *a)
{
	sum->lines += a->lines;
	sum->row += a->row;
	sum->noise += a->noise;
	sum->unread += a->unread;
	sum->rows += a->rows;
}

const char *
outcome_name(enum outcome o)
{
	static const char *const names[] = {
		[OUTCOME_COMPLETE] = "complete",
		[OUTCOME_PARTIAL] = "partial",
		[OUTCOME_FAILED] = "failed",
		[OUTCOME_SKIPPED] = "skipped",
	};

	return NAME_OF(names, (unsigned)o);
}

const char *
scope_name(unsigned scope)
{
	static const char *const names[] = {
		[SCOPE_TRANSIT] = "transit",
		[SCOPE_SELF] = "self",
		[SCOPE_HOST] = "host",
	};

	return NAME_OF(names, scope);
}

const char *
initiator_name(unsigned initiator)
{
	static const char *const names[] = {
		[INITIATOR_UNKNOWN] = "unknown",
		[INITIATOR_IN] = "int",
		[INITIATOR_OUT] = "ext",
	};

	return NAME_OF(names, initiator);
}

const char *
topic_name(unsigned topic)
{
	static const char *const names[] = {
		[TOPIC_SESSIONS] = "sessions",
		[TOPIC_NAT] = "nat",
		[TOPIC_SOCKETS] = "sockets",
		[TOPIC_NEIGHBOURS] = "neighbours",
		[TOPIC_STATIONS] = "stations",
		[TOPIC_LOGINS] = "logins",
		[TOPIC_PORTS] = "ports",
		[TOPIC_NETWORKS] = "networks",
		[TOPIC_SYSTEM] = "system",
		[TOPIC_COUNT] = "count",
		[TOPIC_LOAD] = "load",
	};

	return NAME_OF(names, topic);
}

const char *
reason_name(enum reason r)
{
	static const char *const names[] = {
		[REASON_NONE] = "none",
		[REASON_CONNECT] = "connect",
		[REASON_HOST_KEY] = "host-key",
		[REASON_AUTH] = "auth",
		[REASON_CREDENTIAL] = "credential",
		[REASON_PROMPT] = "prompt",
		[REASON_TIMEOUT] = "timeout",
		[REASON_CUT] = "cut",
		[REASON_REFUSED] = "refused",
		[REASON_PLATFORM] = "platform",
		[REASON_UNREAD] = "unread",
		[REASON_TOTAL] = "total",
		[REASON_LIMIT] = "limit",
		[REASON_CRASH] = "crash",
		[REASON_STORE] = "store",
		[REASON_HELD] = "held",
		[REASON_REBOOTED] = "rebooted",
	};

	return NAME_OF(names, (unsigned)r);
}
