/* What the files of reconcile share. Nobody else includes it. */
#ifndef GATEBOOK_AUDIT_BOOK_H
#define GATEBOOK_AUDIT_BOOK_H

#include "audit/canon.h"
#include "audit/reconcile.h"
#include "audit/table.h"
#include "base/arena.h"

enum { BOOK_FEEDS = 5, BOOK_NONE = UINT32_MAX };

/* A line of ours. */
struct ours {
	int64_t from_us, to_us; /* it reached the device in between */
	uint64_t seq, visit;    /* its intent; that of its login */
	uint32_t device, line;
	uint16_t taken; /* a bit for each feed and class that has a record of it */
	bool accounted;
};

/* A record of our account. */
struct theirs {
	int64_t time_us;
	uint64_t number; /* line of the file */
	uint32_t device, line, file;
	uint32_t user, from, task, command; /* words */
	uint32_t of;                        /* the line of ours it is about, or BOOK_NONE */
	uint8_t feed, class;
	bool cut;   /* CANON_CUT bytes or more */
	bool named; /* has a user */
	enum match match;
	const char *why;
};

/* A distinct command that we sent: as typed, and canonical. */
struct known_line {
	const char *typed, *canonical;
	size_t n;
};

/* Somebody's latest discovery, for chains. */
struct walker {
	int64_t at_us[16];
	uint32_t command[16], finding[16];
	unsigned n;
};

struct book_entry {
	struct reconcile_device shown;
	const struct device *inventory; /* NULL: only the ledger knows it */
	bool sessions_seen;             /* a login or logout of our account is in a log */
};

struct reconcile {
	const struct config *config;
	struct reconcile_rules rules;
	int64_t now_us, from_us, to_us;
	struct arena arena;
	struct table words;    /* every text that is kept, once */
	const char **texts;    /* by number */
	struct table aliases;  /* name or address -> device */
	struct table accounts; /* our user names */
	struct table sources;  /* our addresses */
	struct table lines;    /* canonical line -> known_line */
	struct table verdicts; /* canonical command of others -> is discovery, bounded */
	struct table walkers;  /* device, user, source */
	struct book_entry *devices;
	size_t n_devices;
	struct known_line *known;
	size_t n_known;
	struct ours *ours;
	size_t n_ours, room_ours;
	struct theirs *theirs;
	size_t n_theirs, room_theirs;
	struct walker *walker;
	size_t n_walkers;
	const char **files;
	const struct driver *feeds[BOOK_FEEDS];
	size_t n_files, n_feeds;
	struct finding *findings;
	size_t n_findings, room_findings;
	struct reconcile_device *shown;
	size_t n_shown;
	uint64_t count[MATCH_KINDS], records;
	/* the log that is being read */
	uint32_t file, file_device;
	uint8_t feed;
};

/* A kept copy of the text, by number; BOOK_NONE is "". */
uint32_t book_word(struct reconcile *r, struct text t);
const char *book_text(const struct reconcile *r, uint32_t w);
/* A device by name; another name for it; a line as it is sent; a text that is in a set. */
#define BOOK_LOGIN  "\001login"
#define BOOK_LOGOUT "\001logout"
uint32_t book_device(struct reconcile *r, const char *name);
void book_alias(struct reconcile *r, const char *name, uint32_t device);
uint32_t book_line(struct reconcile *r, const char *typed);
void book_mark(struct reconcile *r, struct table *t, struct text key);

struct finding *book_find(struct reconcile *r, enum match match);

/* assign.c: gives each of theirs its match and each of ours its marks. */
void book_assign(struct reconcile *r);

/* others.c: a record of somebody else. */
void book_other(struct reconcile *r, const struct aaa_record *record, int64_t time_us,
    uint32_t device, struct text canonical);

#endif
