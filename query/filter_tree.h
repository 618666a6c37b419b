/* What the files of the filter share: the fields, the tree, the words as they are read. */
#ifndef GATEBOOK_QUERY_FILTER_TREE_H
#define GATEBOOK_QUERY_FILTER_TREE_H

#include "base/arena.h"
#include "query/filter.h"

/* What stands behind a field's word, and how it is compared. */
enum field_kind {
	KIND_ADDR,
	KIND_PORT,
	KIND_PROTO,
	KIND_WORD,   /* of the device; * stands for any characters */
	KIND_DEVICE, /* likewise, of a column of table device */
	KIND_COUNT,
	KIND_BYTES,
	KIND_DURATION,
	KIND_TIME,
	KIND_CHOICE /* one of the field's own words */
};

enum filter_side {
	SIDE_ANY, /* none was named: one end or the other; of a sum, both */
	SIDE_INT,
	SIDE_EXT,
	SIDE_INT_NAT,
	SIDE_EXT_NAT,
	SIDE_NAT,
	SIDE_SRC, /* the end that started; missing where nobody knows */
	SIDE_DST,
	SIDES
};

enum field_id {
	FIELD_HOST,
	FIELD_PORT,
	FIELD_PROTO,
	FIELD_FAMILY,
	FIELD_DEVICE,
	FIELD_SITE,
	FIELD_PLATFORM,
	FIELD_PLACE,
	FIELD_IFACE,
	FIELD_STATE,
	FIELD_APP,
	FIELD_USER,
	FIELD_BYTES,
	FIELD_PACKETS,
	FIELD_POLLS,
	FIELD_AGE,
	FIELD_FIRST,
	FIELD_LAST,
	FIELD_END,
	FIELD_DIR,
	FIELD_SCOPE,
	FIELDS
};

/* Where a field stands in a row of v_session: a column without a side, or one of each end. NULL:
 * there is none. */
struct filter_field {
	const char *word, *aliases; /* aliases: words apart by blanks, or "" */
	enum field_kind kind;
	bool contact;       /* the columns are v_contact's too */
	const char *column; /* without a side; NULL: either end */
	const char *in, *out, *in_nat, *out_nat;
	const char *choices; /* of KIND_CHOICE: words apart by blanks, their numbers from 0 */
	const char *values, *help;
};
extern const struct filter_field filter_field[FIELDS];

/* A number from low to high, both inclusive. */
struct filter_span {
	int64_t low, high;
};

/* What one id of table device is to a node. */
struct filter_device {
	int64_t id;
	enum filter_truth truth;
};

enum filter_kind { NODE_AND, NODE_OR, NODE_NOT, NODE_ANY, NODE_KNOWN, NODE_TEST };
struct filter_node {
	enum filter_kind kind;
	struct filter_node *left, *right; /* AND, OR; NOT has left only */
	enum field_id field;              /* KNOWN, TEST */
	enum filter_side side;
	struct target addrs;       /* KIND_ADDR */
	struct filter_span *spans; /* everything that is a number */
	struct text *words;        /* KIND_WORD, KIND_DEVICE */
	size_t n_spans, n_words;
	struct filter_device *devices; /* KIND_DEVICE, by id; NULL before filter_resolve */
	size_t n_devices;
	struct filter_node *next; /* of all nodes */
};

struct filter {
	struct filter_node *root, *nodes;
	struct arena arena; /* nodes, words, spans, devices */
};

/* A word of the text: where it begins and ends in it. */
struct filter_token {
	unsigned at, n;
	int id; /* enum field_id, enum filter_side, or which flag */
};

/* One text being read. */
struct reading {
	const char *text;
	bool utc, failed;
	struct arena *arena;
	struct filter_node *root, *nodes; /* nodes: every one made, the last one first */
	struct filter_token *tokens;
	int *kinds; /* of the grammar, one for each token */
	size_t n, at;
	unsigned n_values, n_tests;
	struct error *err;
};

/* Sets err to the text with a caret at byte `at` and the message; only the first one counts. */
void reading_fail(struct reading *r, unsigned at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

enum { READING_SHOWN = 100 }; /* bytes of the text that an error shows at most */

/* Fills r->tokens and r->kinds. */
void reading_words(struct reading *r);

/* A word of the text, printable and not too long for a sentence. */
const char *reading_shown(const struct reading *r, struct filter_token t, char out[static 64]);

/* What the grammar builds. After a failure they return NULL, and take NULL. */
struct filter_node *node_join(
    struct reading *r, enum filter_kind kind, struct filter_node *left, struct filter_node *right);
struct filter_node *node_flag(struct reading *r, struct filter_token flag);
struct filter_node *node_known(
    struct reading *r, enum filter_side side, struct filter_token field, struct filter_token known);
struct filter_node *node_test(struct reading *r, enum filter_side side, struct filter_token field,
    const struct filter_token *compare, struct filter_token values);

/* Reads the values of a test into the node. */
void node_values(struct reading *r, struct filter_node *node, const struct filter_token *compare,
    struct filter_token values);

/* True if the pattern, in which * stands for any characters, is the text; ASCII case folded. */
bool filter_like(struct text pattern, struct text t);

/* The words of one string apart by blanks: the index of `typed`, ASCII case folded, or -1. */
int filter_word_index(const char *words, struct text typed);

bool filter_has_side(const struct filter_field *f, enum filter_side side);

/* --- the two readings of a node -------------------------------------------------------------- */

enum filter_truth node_judge(const struct filter_node *node, const struct filter_row *row);

/* Of one value that a function of SQL was given: an address, a number or a text. */
enum filter_truth node_judge_value(const struct filter_node *node, sqlite3_value *value);

/* True if the node can be asked of v_contact, with the same rows as of v_session. */
bool node_fits_contact(const struct filter_node *node);

/* The test on outside addresses that every row must pass, the one with the fewest ranges; or NULL.
 */
const struct filter_node *node_seek(const struct filter_node *node);

/* filter_resolve from a table `device` of any connection. Returns an SQLite code. */
int filter_devices(struct filter *f, sqlite3 *db);

/* Adds the function that conditions call to a connection. Returns an SQLite code. */
int filter_register(sqlite3 *db);

/* Writes the node as a condition whose parameters are numbered from *parameter on, which moves
 * behind the last. `done` is left out: the caller asks for it in another way. */
void node_write(const struct filter_node *node, const struct filter_node *done, bool contact,
    int *parameter, FILE *out);

/* Binds the same parameters in the same order. Returns an SQLite code. */
int node_bind(const struct filter_node *node, const struct filter_node *done, int *parameter,
    sqlite3_stmt *st);

#endif
