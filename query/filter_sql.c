/* The filter as SQL. Lists of addresses and numbers stand in the condition while they are short;
 * longer ones, words and devices are looked up by a function that is given the node. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/filter_tree.h"

enum { INLINE = 16 }; /* ranges in one condition */
static const char pointer_type[] = "filter_node";

static void
filter_test(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	const struct filter_node *node = sqlite3_value_pointer(argv[0], pointer_type);
	enum filter_truth truth = node != NULL ? node_judge_value(node, argv[1]) : FILTER_MISSING;

	(void)argc;
	if (truth != FILTER_MISSING)
		sqlite3_result_int(context, truth == FILTER_TRUE);
}

int
filter_register(sqlite3 *db)
{
	return sqlite3_create_function_v2(
	    db, "filter_test", 2, SQLITE_UTF8, NULL, filter_test, NULL, NULL, NULL);
}

/* --- devices ---------------------------------------------------------------------------------- */

static enum filter_truth
judge_name(const struct filter_node *node, struct text t)
{
	if (node->kind == NODE_KNOWN)
		return t.n > 0 ? FILTER_TRUE : FILTER_FALSE;
	if (t.n == 0)
		return FILTER_MISSING;
	for (size_t i = 0; i < node->n_words; i++)
		if (filter_like(node->words[i], t))
			return FILTER_TRUE;
	return FILTER_FALSE;
}

static bool
wants_devices(const struct filter_node *node)
{
	return (node->kind == NODE_TEST || node->kind == NODE_KNOWN) &&
	       filter_field[node->field].kind == KIND_DEVICE;
}

static int
count_devices(sqlite3 *db, size_t *n)
{
	sqlite3_stmt *st;
	int code = sqlite3_prepare_v2(db, "SELECT count(*) FROM main.device", -1, &st, NULL);

	if (code != SQLITE_OK)
		return code;
	code = sqlite3_step(st);
	*n = (size_t)sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return code == SQLITE_ROW ? SQLITE_OK : code;
}

/* In the order of ids, as judge_device wants them. */
static int
read_devices(struct filter *f, sqlite3 *db, size_t n)
{
	sqlite3_stmt *st;
	int code = sqlite3_prepare_v2(db,
	    "SELECT id, name, site, platform FROM main.device ORDER BY id LIMIT ?1", -1, &st, NULL);

	if (code != SQLITE_OK)
		return code;
	sqlite3_bind_int64(st, 1, (int64_t)n);
	while ((code = sqlite3_step(st)) == SQLITE_ROW)
		for (struct filter_node *node = f->nodes; node != NULL; node = node->next) {
			int column = 1 + (int)node->field - FIELD_DEVICE;

			if (!wants_devices(node))
				continue;
			node->devices[node->n_devices++] = (struct filter_device){
				sqlite3_column_int64(st, 0),
				judge_name(
				    node, text_of((const char *)sqlite3_column_text(st, column)))
			};
		}
	sqlite3_finalize(st);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

int
filter_devices(struct filter *f, sqlite3 *db)
{
	bool wanted = false;
	size_t n = 0;
	int code;

	for (struct filter_node *node = f->nodes; node != NULL; node = node->next)
		wanted |= wants_devices(node);
	if (!wanted)
		return SQLITE_OK;
	code = count_devices(db, &n);
	if (code != SQLITE_OK)
		return code;
	for (struct filter_node *node = f->nodes; node != NULL; node = node->next) {
		if (!wants_devices(node))
			continue;
		node->n_devices = 0;
		node->devices = arena_alloc(&f->arena, (n + 1) * sizeof(*node->devices));
	}
	return read_devices(f, db, n);
}

int
filter_resolve(struct filter *f, struct reader *r, struct error *err)
{
	if (filter_devices(f, reader_live(r)) == SQLITE_OK)
		return 0;
	return error_exit(
	    err, EXIT_FAILED, "cannot read the devices: %s", sqlite3_errmsg(reader_live(r)));
}

/* --- the condition ---------------------------------------------------------------------------- */

bool
node_fits_contact(const struct filter_node *node)
{
	const struct filter_field *f;

	switch (node->kind) {
	case NODE_AND:
	case NODE_OR: return node_fits_contact(node->left) && node_fits_contact(node->right);
	case NODE_NOT: return node_fits_contact(node->left);
	case NODE_ANY: return true;
	default: break;
	}
	f = &filter_field[node->field];
	if (node->field == FIELD_PORT) /* the port of the end that answered */
		return node->side == SIDE_DST;
	return f->contact && node->side != SIDE_NAT && node->side != SIDE_INT_NAT &&
	       node->side != SIDE_EXT_NAT;
}

const struct filter_node *
node_seek(const struct filter_node *node)
{
	const struct filter_node *a, *b;

	if (node->kind == NODE_TEST && node->field == FIELD_HOST && node->side == SIDE_EXT)
		return node;
	if (node->kind != NODE_AND)
		return NULL;
	a = node_seek(node->left);
	b = node_seek(node->right);
	return a == NULL || (b != NULL && b->addrs.n < a->addrs.n) ? b : a;
}

/* The SQL expressions that a node's test is about: one, or two of which one must do. */
static int
expressions(const struct filter_node *node, bool contact, char out[2][200])
{
	const struct filter_field *f = &filter_field[node->field];
	bool out_started = node->side == SIDE_DST;
	const char *one = NULL, *other = NULL;

	switch (node->side) {
	case SIDE_ANY:
		one = f->column != NULL ? f->column : f->in;
		other = f->column != NULL ? NULL : f->out;
		break;
	case SIDE_INT: one = f->in; break;
	case SIDE_EXT: one = f->out; break;
	case SIDE_INT_NAT: one = f->in_nat; break;
	case SIDE_EXT_NAT: one = f->out_nat; break;
	case SIDE_NAT:
		one = f->in_nat;
		other = f->out_nat;
		break;
	default:
		if (contact && node->field == FIELD_PORT)
			snprintf(out[0], 200, "CASE WHEN initiator <> 0 THEN port END");
		else
			snprintf(out[0], 200, "CASE initiator WHEN 1 THEN %s WHEN 2 THEN %s END",
			    out_started ? f->out : f->in, out_started ? f->in : f->out);
		return 1;
	}
	snprintf(out[0], 200, "%s", one);
	if (other == NULL)
		return 1;
	snprintf(out[1], 200, "%s", other);
	return 2;
}

static bool
is_inline(const struct filter_node *node)
{
	enum field_kind kind = filter_field[node->field].kind;

	return kind != KIND_WORD && kind != KIND_DEVICE && node->addrs.n <= INLINE &&
	       node->n_spans <= INLINE;
}

/* How many parameters the test has. */
static int
parameters(const struct filter_node *node)
{
	if (wants_devices(node))
		return 1;
	if (node->kind == NODE_KNOWN)
		return 0;
	return is_inline(node) ? 2 * (int)(node->addrs.n + node->n_spans) : 1;
}

static void
write_test(const struct filter_node *node, bool contact, int parameter, FILE *out)
{
	size_t n = node->addrs.n + node->n_spans;
	char expression[2][200];
	int count = expressions(node, contact, expression);

	fputc('(', out);
	for (int k = 0; k < count; k++) {
		if (k > 0)
			fputs(" OR ", out);
		if (wants_devices(node))
			fprintf(out, "filter_test(?%d, %s)", parameter, expression[k]);
		else if (node->kind == NODE_KNOWN)
			fprintf(out, "(%s) IS NOT NULL", expression[k]);
		else if (!is_inline(node))
			fprintf(out, "filter_test(?%d, %s)", parameter, expression[k]);
		for (size_t i = 0; node->kind == NODE_TEST && is_inline(node) && i < n; i++)
			fprintf(out, "%s(%s) BETWEEN ?%d AND ?%d", i > 0 ? " OR " : "",
			    expression[k], parameter + 2 * (int)i, parameter + 2 * (int)i + 1);
	}
	fputc(')', out);
}

void
node_write(const struct filter_node *node, const struct filter_node *done, bool contact,
    int *parameter, FILE *out)
{
	if (node == done || node->kind == NODE_ANY) {
		fputc('1', out);
		return;
	}
	switch (node->kind) {
	case NODE_NOT:
		fputs("NOT ", out);
		node_write(node->left, done, contact, parameter, out);
		return;
	case NODE_AND:
	case NODE_OR:
		fputc('(', out);
		node_write(node->left, done, contact, parameter, out);
		fputs(node->kind == NODE_AND ? " AND " : " OR ", out);
		node_write(node->right, done, contact, parameter, out);
		fputc(')', out);
		return;
	default: write_test(node, contact, *parameter, out); *parameter += parameters(node);
	}
}

static int
bind_test(const struct filter_node *node, int parameter, sqlite3_stmt *st)
{
	int code = SQLITE_OK;

	if (wants_devices(node) || !is_inline(node))
		return sqlite3_bind_pointer(
		    st, parameter, (void *)(uintptr_t)node, pointer_type, NULL);
	for (size_t i = 0; code == SQLITE_OK && i < node->n_spans; i++, parameter += 2) {
		code = sqlite3_bind_int64(st, parameter, node->spans[i].low);
		if (code == SQLITE_OK)
			code = sqlite3_bind_int64(st, parameter + 1, node->spans[i].high);
	}
	return code == SQLITE_OK ? target_bind(&node->addrs, 0, node->addrs.n, st, parameter)
				 : code;
}

int
node_bind(const struct filter_node *node, const struct filter_node *done, int *parameter,
    sqlite3_stmt *st)
{
	int code, n;

	if (node == done || node->kind == NODE_ANY)
		return SQLITE_OK;
	if (node->kind == NODE_NOT)
		return node_bind(node->left, done, parameter, st);
	if (node->kind == NODE_AND || node->kind == NODE_OR) {
		code = node_bind(node->left, done, parameter, st);
		return code == SQLITE_OK ? node_bind(node->right, done, parameter, st) : code;
	}
	n = parameters(node);
	code = n > 0 ? bind_test(node, *parameter, st) : SQLITE_OK;
	*parameter += n;
	return code;
}
