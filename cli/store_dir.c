/* Where the store is, without loading the inventory. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#include "base/arena.h"
#include "cli/question.h"

static char *
join(const char *dir, const char *name)
{
	size_t size = strlen(dir) + strlen(name) + 2;
	char *path = mem_alloc(size, 1);

	snprintf(path, size, "%s/%s", dir, name);
	return path;
}

/* The scalar behind a key of the top mapping, or NULL. */
static const char *
top_scalar(yaml_document_t *document, const char *key)
{
	yaml_node_t *root = yaml_document_get_root_node(document);

	if (root == NULL || root->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *p = root->data.mapping.pairs.start; p < root->data.mapping.pairs.top;
	     p++) {
		yaml_node_t *k = yaml_document_get_node(document, p->key),
			    *v = yaml_document_get_node(document, p->value);

		if (k->type == YAML_SCALAR_NODE && v->type == YAML_SCALAR_NODE &&
		    strcmp((const char *)k->data.scalar.value, key) == 0)
			return (const char *)v->data.scalar.value;
	}
	return NULL;
}

static char *
read_key(FILE *in, const char *path, const char *dir, struct error *err)
{
	yaml_document_t document;
	yaml_parser_t parser;
	const char *value;
	char *store = NULL;

	if (!yaml_parser_initialize(&parser)) {
		error_set(err, "out of memory while reading %s", path);
		return NULL;
	}
	yaml_parser_set_input_file(&parser, in);
	if (!yaml_parser_load(&parser, &document)) {
		error_exit(err, EXIT_USAGE, "%s:%zu:%zu: %s", path, parser.problem_mark.line + 1,
		    parser.problem_mark.column + 1, parser.problem ? parser.problem : "no YAML");
		yaml_parser_delete(&parser);
		return NULL;
	}
	value = top_scalar(&document, "store");
	while (value != NULL && value[0] == '.' && value[1] == '/')
		value += 2;
	if (value == NULL)
		store = join(dir, "store");
	else
		store = value[0] == '/' ? mem_string(value) : join(dir, value);
	yaml_document_delete(&document);
	yaml_parser_delete(&parser);
	return store;
}

static bool
is_store(const char *dir)
{
	char *path = join(dir, "gatebook.db");
	bool found = access(path, F_OK) == 0;

	free(path);
	return found;
}

char *
store_folder(const char *dir, struct error *err)
{
	char *path = join(dir, "gatebook.yml"), *store = NULL;
	FILE *in = fopen(path, "re");

	if (in != NULL) {
		store = read_key(in, path, dir, err);
		fclose(in);
	} else if (errno != ENOENT) {
		error_exit(err, errno == EACCES ? EXIT_AUTH : EXIT_FAILED, "%s: %s", path,
		    strerror(errno));
	} else if (is_store(dir)) {
		store = mem_string(dir);
	} else {
		error_exit(err, EXIT_USAGE,
		    "no gatebook.yml and no store in %s. Say where: gatebook -C DIR ..., or begin: "
		    "gatebook init",
		    dir);
	}
	free(path);
	return store;
}

char *
store_dir(const char *dir, struct error *err)
{
	char *store = store_folder(dir, err);

	if (store == NULL || is_store(store))
		return store;
	error_exit(err, EXIT_FAILED,
	    "no book in %s yet: the first poll writes it. Type: gatebook poll", store);
	free(store);
	return NULL;
}
