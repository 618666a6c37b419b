/* Foreign JSON: a file, and the values in it. */
#include "inventories/importing.h"

json_t *
import_json(struct importing *i, const char *path)
{
	json_error_t wrong;
	struct text text;
	json_t *root;

	source_begin(&i->l, strcmp(path, "-") == 0 ? "standard input" : path);
	if (!source_bytes(&i->l, path, &text))
		return NULL;
	root = json_loadb(text.s, text.n, JSON_REJECT_DUPLICATES, &wrong);
	free((void *)(uintptr_t)text.s);
	if (!root) {
		char said[160];

		text_escape(text_of(wrong.text), said, sizeof said);
		fault_at(&i->l, wrong.line > 0 ? (unsigned)wrong.line : 1,
		    wrong.column > 0 ? (unsigned)wrong.column : 1, "JSON: %s", said);
	}
	return root;
}

const char *
json_at(struct importing *i, const json_t *object, const char *path)
{
	struct text rest = text_of(path), key;
	char name[LIMIT_NAME];

	while (object && rest.n > 0) {
		if (!text_take_until(&rest, '.', &key)) {
			key = rest;
			rest.n = 0;
		}
		text_copy(key, name, sizeof name);
		object = json_object_get(object, name);
	}
	if (json_is_integer(object))
		return arena_printf(
		    &i->l.config->arena, "%lld", (long long)json_integer_value(object));
	if (!json_is_string(object) || json_string_length(object) == 0)
		return NULL;
	return import_text(
	    i, (struct text){ json_string_value(object), json_string_length(object) });
}
