/* The distinct texts of the store (states, places, applications ...) and their ids, in memory. */
#ifndef GATEBOOK_STORE_WORDS_H
#define GATEBOOK_STORE_WORDS_H

#include <sqlite3.h>

#include "base/error.h"
#include "base/text.h"

/* Zero-initialised is empty; owns its memory until lexicon_free. */
struct lexicon {
	struct lexicon_word *words; /* by id, from 0 */
	size_t n, capacity;
	size_t saved;    /* words that are committed */
	uint32_t *slots; /* open addressing by hash; 0 = free, else id + 1 */
	size_t n_slots;
};

int lexicon_load(struct lexicon *l, sqlite3 *db, struct error *err);

/* The id of t, which is inserted into table word when it is new; `insert` is a statement
 * (id, text). Returns -1 with err. */
int64_t lexicon_id(struct lexicon *l, struct text t, sqlite3_stmt *insert, struct error *err);

struct text lexicon_text(const struct lexicon *l, int64_t id); /* empty for an unknown id */
uint64_t lexicon_hash(const struct lexicon *l, int64_t id);    /* text_hash of it */
void lexicon_commit(struct lexicon *l);
void lexicon_rollback(struct lexicon *l); /* forgets what was not committed */
void lexicon_free(struct lexicon *l);

#endif
