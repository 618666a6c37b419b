/* What is handed from room to room. Read this file first.
 *
 *   device --reply--> driver --observation--> normalise --session--> store --> question
 *
 * Plain data: no struct here owns memory. */
#ifndef GATEBOOK_BASE_RECORD_H
#define GATEBOOK_BASE_RECORD_H

#include "base/addr.h"
#include "base/limits.h"

enum scope {
	SCOPE_TRANSIT, /* passes through the device: NAT and firewall tables */
	SCOPE_SELF,    /* ends on the device itself: show tcp brief */
	SCOPE_HOST     /* ends on a polled server: ss, netstat */
};

/* Who sent the first packet. Taken from what the device prints (flags, tuple order), never
 * guessed from ports. In an observation: near or far. In a session: inside or outside. */
enum starter { STARTER_UNKNOWN, STARTER_NEAR, STARTER_FAR };
enum initiator {
	INITIATOR_UNKNOWN,
	INITIATOR_IN, /* the inside host started: the outside end answers */
	INITIATOR_OUT /* the outside host started: the inside end answers */
};

enum topic {
	TOPIC_SESSIONS,
	TOPIC_NAT,
	TOPIC_SOCKETS,
	TOPIC_NEIGHBOURS,
	TOPIC_STATIONS,
	TOPIC_LOGINS,
	TOPIC_PORTS,    /* what the numbers of ports are called */
	TOPIC_NETWORKS, /* addresses of the device itself, with their networks */
	TOPIC_SYSTEM,   /* what the device says of itself: name, software, since when it is up */
	TOPIC_COUNT,    /* how many sessions it has: a number, no row */
	TOPIC_LOAD      /* percent that its processors are busy: a number each, no row */
};

/* Neighbours, stations, logins, ports ...: their rows have particulars, which no session has. */
static inline bool
topic_has_particulars(enum topic topic)
{
	return topic >= TOPIC_NEIGHBOURS && topic < TOPIC_COUNT;
}

/* Counters a device may print. A counter that was not printed is not 0: its bit is missing. */
enum counter {
	HAS_BYTES_NEAR = 1 << 0, /* sent by near (in a session: by the inside host) */
	HAS_BYTES_FAR = 1 << 1,
	HAS_BYTES_TOTAL = 1 << 2, /* both ways in one sum */
	HAS_PACKETS_NEAR = 1 << 3,
	HAS_PACKETS_FAR = 1 << 4,
	HAS_AGE = 1 << 5,  /* seconds since the start */
	HAS_IDLE = 1 << 6, /* seconds since the last packet */
	HAS_LEFT = 1 << 7  /* seconds until the device removes the row */
};

struct counters {
	uint32_t has;             /* enum counter */
	uint32_t age, idle, left; /* seconds; larger values are clamped to UINT32_MAX */
	uint64_t bytes_near, bytes_far, bytes_total, packets_near, packets_far;
};

/* What a neighbour, a station, a login or a record of a log has and no session: the device's own
 * words. */
struct particulars {
	struct text vlan;
	struct text tty, from;            /* of a login: its line, and the host it came from */
	struct text kind, client, remote; /* how an entry was learned; a share and its user's
					     program */
	struct text opens, host;          /* open files of a share's user; a share's host by name */
	struct text network;              /* of an address of the device itself: 10.20.0.0/24 */
	struct text event, nas, task, cmd; /* of an accounting record */
	struct text time;                  /* of a record, seconds since 1970 */
	uint8_t current;                   /* 1: the login that asked */
};

/* One row as the device says it. near/far are the two real ends in the order the driver's
 * documentation gives (drivers/README.md, orientation table); near_nat is near as the far side
 * sees it, far_nat is far as the near side sees it; family 0 where the device prints no mapping.
 * All texts borrow from the reader and are valid only inside the row callback. */
struct observation {
	struct endpoint near, far, near_nat, far_nat;
	struct text near_service, far_service; /* a port printed as a name ("ssh"); else empty */
	uint16_t proto;                        /* IP protocol number or PROTO_NONE ... */
	uint8_t scope;                         /* enum scope */
	uint8_t starter;                       /* enum starter */
	struct text state, app, user;          /* the device's own words */
	struct text place;                     /* VRF, VDOM, zone of conntrack, cluster node ... */
	struct text near_iface, far_iface;
	struct text mac; /* neighbours, stations */
	struct counters counters;
	uint32_t line; /* line of the reply where the row began, from 1 */
	bool nets;     /* a translation of networks: near and near_nat are their first addresses, */
	uint8_t bits;  /* and both prefixes have this length; host parts stay as they are */
	struct particulars more;
};

/* The identity of a session at one device: compared with memcmp, no padding, unused bytes zero. */
struct session_key {
	struct addr inside, outside;
	uint16_t in_port, out_port, proto; /* a missing one is 0; flags of struct session */
	uint8_t scope;
	uint8_t reserved;
	uint64_t place; /* 64-bit FNV-1a of the place text; 0 when there is none */
} __attribute__((packed));

enum session_flag {
	SESSION_IN_PORT = 1 << 0,
	SESSION_OUT_PORT = 1 << 1,
	SESSION_IN_NAT_PORT = 1 << 2,
	SESSION_OUT_NAT_PORT = 1 << 3
};

/* Index into the words of the poll; 0 is the empty word. */
typedef uint32_t word;

/* The same row as we say it: one inside host, one outside address. Counters: near = inside. */
struct session {
	struct session_key key;
	struct addr in_nat, out_nat; /* family 0: none printed */
	uint16_t in_nat_port, out_nat_port;
	uint8_t initiator; /* enum initiator */
	uint8_t flags;     /* enum session_flag */
	word state, place, app, user, in_iface, out_iface;
	uint32_t line;
	uint32_t command; /* index of the command in the poll, from 0 */
	struct counters counters;
};

/* Who was seen where at a poll: an address with its MAC, a MAC behind a port, a device behind a
 * port, an address of the polled device itself. Every field is part of what it is: presences are
 * compared with memcmp, unused bytes are zero. */
enum presence_kind {
	PRESENT_ADDRESS,
	PRESENT_STATION,
	PRESENT_LINK,
	PRESENT_NETWORK,
	PRESENT_KINDS
};
enum { PRESENT_MAC = 18, PRESENT_WORD = 64 };
struct presence {
	uint8_t kind;
	struct addr addr;            /* PRESENT_ADDRESS, PRESENT_NETWORK */
	char mac[PRESENT_MAC];       /* "00:00:5e:00:53:01" of PRESENT_ADDRESS and _STATION */
	char port[PRESENT_WORD];     /* the interface */
	char vlan[PRESENT_WORD];     /* or the VRF of an address */
	char name[PRESENT_WORD];     /* PRESENT_LINK: what the device there calls itself;
					PRESENT_NETWORK: 10.20.0.0/24, or nothing */
	char far_port[PRESENT_WORD]; /* PRESENT_LINK: and its port */
};

int presence_compare(const void *a, const void *b); /* of struct presence, for qsort */
int session_key_compare(const struct session_key *a, const struct session_key *b);

/* The distinct strings of one poll, interned: words 1..n in order; offsets[i] .. offsets[i+1] in
 * bytes. Word 0 is empty. */
struct words {
	const char *bytes;
	const uint32_t *offsets; /* n + 2 entries; offsets[0] = offsets[1] = 0 */
	uint32_t n;
};
struct text words_get(const struct words *words, word w); /* empty for a word out of range */

/* 64-bit FNV-1a, 0 for the empty text. */
uint64_t text_hash(struct text t);

/* How a reply was read. row + noise + unread = lines. */
struct account {
	uint64_t lines, row, noise, unread;
	uint64_t rows;    /* observations given (a record may span lines) */
	uint64_t printed; /* the total the device printed */
	bool has_printed;
	bool mismatch; /* fewer rows than the device printed */
	bool refused;  /* the device answered with an error instead of a table */
};
void account_add_lines(struct account *sum, const struct account *a); /* the five counts */

enum outcome {
	OUTCOME_COMPLETE, /* every reply whole and read without a line left over */
	OUTCOME_PARTIAL,  /* something was read, something is missing: opens, never closes */
	OUTCOME_FAILED,   /* nothing can be said about the device's sessions */
	OUTCOME_SKIPPED   /* not tried, on purpose */
};
const char *outcome_name(enum outcome o);
const char *scope_name(unsigned scope);         /* "transit", "self", "host" */
const char *initiator_name(unsigned initiator); /* "unknown", "int", "ext" */
const char *topic_name(unsigned topic);

/* Why a poll is not complete: one word for programs; the sentence stands beside it. */
enum reason {
	REASON_NONE,
	REASON_CONNECT,    /* no TCP connection, or key exchange failed */
	REASON_HOST_KEY,   /* unknown or changed host key: nothing was offered */
	REASON_AUTH,       /* login refused; never retried */
	REASON_CREDENTIAL, /* our side: the secret could not be read */
	REASON_PROMPT,     /* logged in, no prompt came */
	REASON_TIMEOUT,    /* silence, or over the deadline */
	REASON_CUT,        /* connection ended in the middle of a reply */
	REASON_REFUSED,    /* the device refused every form of a command */
	REASON_PLATFORM,   /* the device is not what the inventory says */
	REASON_UNREAD,     /* lines that no pattern knows */
	REASON_TOTAL,      /* fewer rows than the device's own total */
	REASON_LIMIT,      /* over a bound of base/limits.h */
	REASON_CRASH,      /* the poll process died */
	REASON_STORE,      /* the result could not be written */
	REASON_HELD,       /* skipped: on hold, too soon, not asked for */
	REASON_REBOOTED    /* the device began anew while it was read */
};
const char *reason_name(enum reason r);

enum { POLL_WHY = 320, POLL_EVIDENCE = 2048 };

/* One visit to one device, as it ends. Times are seconds since 1970. */
struct poll_report {
	int64_t started;  /* first packet, or the moment it was decided not to send one */
	int64_t asked;    /* the first session command was sent (rounded down); 0 if none was */
	int64_t answered; /* the last reply had ended (rounded up); 0 if none did */
	int64_t ended;
	uint32_t duration_ms;
	uint8_t outcome; /* enum outcome */
	uint8_t reason;  /* enum reason */
	uint8_t sandbox; /* 0 off, 1 seccomp, 2 seccomp and landlock */
	uint8_t reserved;
	struct account account;                           /* summed over the commands */
	uint64_t bytes;                                   /* bytes received in replies */
	uint64_t sessions;                                /* rows handed over */
	uint64_t inside_inside, outside_outside, special; /* rows without one inside and one outside
							     end */
	uint64_t own;                                     /* the poller's own login, left out */
	uint64_t listening;                               /* rows without a peer */
	uint64_t copies;              /* rows that repeated another (HA, both NAT sides) */
	char why[POLL_WHY];           /* printable, one sentence */
	char evidence[POLL_EVIDENCE]; /* the first unread lines, printable, LF between them */
};

#endif
