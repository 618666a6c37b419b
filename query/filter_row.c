/* The filter as a yes or no about one row. The tests hold it against the SQL of filter_sql.c. */
#include <string.h>

#include "query/filter_tree.h"

struct filter_row
filter_row_empty(void)
{
	return (struct filter_row){ .in_port = -1,
		.out_port = -1,
		.in_nat_port = -1,
		.out_nat_port = -1,
		.proto = -1,
		.bytes_out = -1,
		.bytes_in = -1,
		.bytes_total = -1,
		.packets_out = -1,
		.packets_in = -1,
		.polls = -1,
		.start_by = -1,
		.end_from = -1,
		.end_by = -1 };
}

/* One value of a row: an address, a number or a text, whichever its field has. */
struct value {
	bool known;
	struct addr addr;
	int64_t number;
	struct text text;
};

static struct value
of_number(int64_t n)
{
	return (struct value){ .known = n >= 0, .number = n };
}

static struct value
of_text(struct text t)
{
	return (struct value){ .known = t.n > 0, .text = t };
}

static struct value
of_sum(int64_t total, int64_t a, int64_t b)
{
	if (total >= 0 || a < 0 || b < 0)
		return of_number(total);
	return of_number(a > INT64_MAX - b ? INT64_MAX : a + b);
}

static struct value
of_addr(const struct addr *a)
{
	return (struct value){ .known = a->family != 0, .addr = *a };
}

/* A field that each end has. side: INT, EXT, INT_NAT or EXT_NAT. */
static struct value
value_at(const struct filter_row *row, enum field_id field, enum filter_side side)
{
	bool in = side == SIDE_INT || side == SIDE_INT_NAT,
	     nat = side == SIDE_INT_NAT || side == SIDE_EXT_NAT;

	switch (field) {
	case FIELD_HOST:
		return nat ? of_addr(in ? &row->in_nat : &row->out_nat)
			   : of_addr(in ? &row->inside : &row->outside);
	case FIELD_PORT:
		return nat ? of_number(in ? row->in_nat_port : row->out_nat_port)
			   : of_number(in ? row->in_port : row->out_port);
	case FIELD_IFACE: return of_text(in ? row->in_iface : row->out_iface);
	case FIELD_BYTES: return of_number(in ? row->bytes_out : row->bytes_in);
	default: return of_number(in ? row->packets_out : row->packets_in);
	}
}

/* A field of the whole row. */
static struct value
value_of(const struct filter_row *row, enum field_id field)
{
	switch (field) {
	case FIELD_PROTO: return of_number(row->proto == PROTO_NONE ? -1 : row->proto);
	case FIELD_FAMILY: return of_number(row->outside.family == 0 ? -1 : row->outside.family);
	case FIELD_DEVICE: return of_text(row->device);
	case FIELD_SITE: return of_text(row->site);
	case FIELD_PLATFORM: return of_text(row->platform);
	case FIELD_PLACE: return of_text(row->place);
	case FIELD_STATE: return of_text(row->state);
	case FIELD_APP: return of_text(row->app);
	case FIELD_USER: return of_text(row->user);
	case FIELD_BYTES: return of_sum(row->bytes_total, row->bytes_out, row->bytes_in);
	case FIELD_PACKETS: return of_sum(-1, row->packets_out, row->packets_in);
	case FIELD_POLLS: return of_number(row->polls);
	case FIELD_FIRST: return of_number(row->start_by);
	case FIELD_LAST: return of_number(row->end_from);
	case FIELD_END: return of_number(row->end_by);
	case FIELD_DIR: return of_number(row->initiator == 0 ? -1 : row->initiator);
	case FIELD_SCOPE: return of_number(row->scope);
	case FIELD_AGE:
		if (row->start_by < 0 || row->end_from < 0)
			return of_number(-1);
		return of_number(row->end_from > row->start_by ? row->end_from - row->start_by : 0);
	default: return of_number(-1);
	}
}

/* --- comparing -------------------------------------------------------------------------------- */

static char
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool
filter_like(struct text pattern, struct text t)
{
	size_t p = 0, i = 0, star = SIZE_MAX, from = 0;

	while (i < t.n) {
		if (p < pattern.n && pattern.s[p] == '*') {
			star = p++;
			from = i;
		} else if (p < pattern.n && fold(pattern.s[p]) == fold(t.s[i])) {
			p++;
			i++;
		} else if (star != SIZE_MAX) { /* the star takes one more */
			p = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.s[p] == '*')
		p++;
	return p == pattern.n;
}

static enum filter_truth
test_value(const struct filter_node *node, const struct value *v)
{
	bool found = false;

	if (!v->known)
		return FILTER_MISSING;
	switch (filter_field[node->field].kind) {
	case KIND_ADDR: found = target_holds(&node->addrs, &v->addr); break;
	case KIND_WORD:
	case KIND_DEVICE:
		for (size_t i = 0; !found && i < node->n_words; i++)
			found = filter_like(node->words[i], v->text);
		break;
	default:
		for (size_t i = 0; !found && i < node->n_spans; i++)
			found = v->number >= node->spans[i].low && v->number <= node->spans[i].high;
	}
	return found ? FILTER_TRUE : FILTER_FALSE;
}

static enum filter_truth
judge_end(const struct filter_node *node, const struct filter_row *row, enum filter_side side)
{
	struct value v = value_at(row, node->field, side);

	if (node->kind == NODE_KNOWN)
		return v.known ? FILTER_TRUE : FILTER_FALSE;
	return test_value(node, &v);
}

static enum filter_truth
either(enum filter_truth a, enum filter_truth b)
{
	if (a == FILTER_TRUE || b == FILTER_TRUE)
		return FILTER_TRUE;
	return a == FILTER_MISSING || b == FILTER_MISSING ? FILTER_MISSING : FILTER_FALSE;
}

static enum filter_truth
opposite(enum filter_truth t)
{
	return t == FILTER_MISSING ? t : t == FILTER_TRUE ? FILTER_FALSE : FILTER_TRUE;
}

static enum filter_truth
judge_test(const struct filter_node *node, const struct filter_row *row)
{
	const struct filter_field *f = &filter_field[node->field];
	enum filter_side start = row->initiator == INITIATOR_IN ? SIDE_INT : SIDE_EXT;
	struct value v;

	switch (node->side) {
	case SIDE_ANY:
		if (f->column == NULL)
			return either(
			    judge_end(node, row, SIDE_INT), judge_end(node, row, SIDE_EXT));
		v = value_of(row, node->field);
		if (node->kind == NODE_KNOWN)
			return v.known ? FILTER_TRUE : FILTER_FALSE;
		return test_value(node, &v);
	case SIDE_NAT:
		return either(
		    judge_end(node, row, SIDE_INT_NAT), judge_end(node, row, SIDE_EXT_NAT));
	case SIDE_SRC:
	case SIDE_DST:
		if (row->initiator == INITIATOR_UNKNOWN)
			return node->kind == NODE_KNOWN ? FILTER_FALSE : FILTER_MISSING;
		if (node->side == SIDE_DST)
			start = start == SIDE_INT ? SIDE_EXT : SIDE_INT;
		return judge_end(node, row, start);
	default: return judge_end(node, row, node->side);
	}
}

enum filter_truth
node_judge(const struct filter_node *node, const struct filter_row *row)
{
	switch (node->kind) {
	case NODE_OR: return either(node_judge(node->left, row), node_judge(node->right, row));
	case NODE_AND:
		return opposite(either(
		    opposite(node_judge(node->left, row)), opposite(node_judge(node->right, row))));
	case NODE_NOT: return opposite(node_judge(node->left, row));
	case NODE_ANY: return FILTER_TRUE;
	default: return judge_test(node, row);
	}
}

enum filter_truth
filter_judge(const struct filter *f, const struct filter_row *row)
{
	return node_judge(f->root, row);
}

/* --- for SQL ---------------------------------------------------------------------------------- */

static enum filter_truth
judge_device(const struct filter_node *node, int64_t id)
{
	size_t low = 0, high = node->n_devices;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (node->devices[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < node->n_devices && node->devices[low].id == id ? node->devices[low].truth
								    : FILTER_MISSING;
}

enum filter_truth
node_judge_value(const struct filter_node *node, sqlite3_value *value)
{
	struct value v = { .known = true };
	int type = sqlite3_value_type(value);

	if (type == SQLITE_NULL)
		return FILTER_MISSING;
	switch (filter_field[node->field].kind) {
	case KIND_DEVICE: return judge_device(node, sqlite3_value_int64(value));
	case KIND_WORD:
		v.text.s = (const char *)sqlite3_value_text(value);
		v.text.n = (size_t)sqlite3_value_bytes(value);
		break;
	case KIND_ADDR:
		if (type == SQLITE_INTEGER) {
			v.addr = addr_from_ipv4((uint32_t)sqlite3_value_int64(value));
		} else if (type == SQLITE_BLOB && sqlite3_value_bytes(value) == 16) {
			v.addr.family = 6;
			memcpy(v.addr.bytes, sqlite3_value_blob(value), 16);
		}
		break;
	default: v.number = sqlite3_value_int64(value);
	}
	return test_value(node, &v);
}
