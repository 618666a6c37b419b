/* What platform a candidate is: platforms.map, ordered, the first rule that fits, and the table of
 * other tools' names. Never guessed: what neither knows is not mapped.
 *
 *     slug  ^nxos            cisco_nxos
 *     model ^PA-             paloalto_panos
 *     name  ^web[0-9]        linux
 *     tag   ^servers$        linux
 *     skip  ^(ups|pdu|ping)
 *
 * `slug` is for names that the table does not know: a loose expression (^ios) must not turn what is
 * exactly known (iosxr) into something else. `model`, `name`, `tag` and `skip` say more than a name
 * of a platform can, and come first: RANCID calls an ASA "cisco". */
#include <ctype.h>
#include <regex.h>

#include "inventories/importing.h"

enum rule_of { RULE_SLUG, RULE_MODEL, RULE_NAME, RULE_TAG, RULE_SKIP };
static const char *const rule_words[] = { "slug", "model", "name", "tag", "skip", NULL };

struct rule {
	enum rule_of of;
	regex_t expression;
	const char *text;
	const struct driver *driver;
	unsigned line;
};

struct platform_map {
	struct rule *rules;
	size_t n;
};

static unsigned
column_of(struct text line, struct text at)
{
	return (unsigned)(at.s - line.s) + 1;
}

static void
read_expression(struct importing *i, struct platform_map *map, struct rule rule, struct text line,
    struct text t)
{
	char why[128];
	int rc;

	rule.text = import_text(i, t);
	rc = regcomp(&rule.expression, rule.text, REG_EXTENDED | REG_ICASE | REG_NOSUB);
	if (rc != 0) {
		regerror(rc, &rule.expression, why, sizeof why);
		fault_at(&i->l, rule.line, column_of(line, t), "no regular expression: %s", why);
		return;
	}
	map->rules[map->n++] = rule;
}

static bool
read_driver(struct importing *i, struct rule *rule, struct text line, struct text t)
{
	char shown[LOADING_SHOWN + 8], name[LIMIT_NAME + 1];
	const char *near;

	text_copy(t, name, sizeof name);
	rule->driver = driver_find(name);
	if (rule->driver)
		return true;
	near = driver_nearest(name);
	fault_shown(t, shown);
	if (near)
		fault_at(&i->l, rule->line, column_of(line, t),
		    "unknown platform '%s' (did you mean %s?)", shown, near);
	else
		fault_at(&i->l, rule->line, column_of(line, t),
		    "unknown platform '%s': 'gatebook driver list' shows them", shown);
	return false;
}

static void
read_rule(struct importing *i, struct platform_map *map, struct text line, unsigned number)
{
	struct text rest = line, first, expression, platform = { NULL, 0 };
	struct rule rule = { .line = number };
	char shown[LOADING_SHOWN + 8];

	text_skip_blanks(&rest);
	if (rest.n == 0 || rest.s[0] == '#')
		return;
	text_take_word(&rest, &first);
	while (rule_words[rule.of] && !text_is(first, rule_words[rule.of]))
		rule.of++;
	if (!rule_words[rule.of]) {
		fault_at(&i->l, number, column_of(line, first),
		    "'%s' begins no rule: slug, model, name, tag or skip",
		    fault_shown(first, shown));
		return;
	}
	text_skip_blanks(&rest);
	if (!text_take_word(&rest, &expression)) {
		fault_at(&i->l, number, column_of(line, first), "a rule without an expression");
		return;
	}
	text_skip_blanks(&rest);
	text_take_word(&rest, &platform);
	text_skip_blanks(&rest);
	if (rest.n > 0 && rest.s[0] != '#')
		fault_at(&i->l, number, column_of(line, rest),
		    "more than a rule has: write blanks of an expression as [[:blank:]]");
	else if (rule.of == RULE_SKIP && platform.n > 0 && platform.s[0] != '#')
		fault_at(
		    &i->l, number, column_of(line, platform), "skip has no platform behind it");
	else if (rule.of != RULE_SKIP && platform.n == 0)
		fault_at(&i->l, number, column_of(line, first), "a rule without a platform");
	else if (rule.of == RULE_SKIP || read_driver(i, &rule, line, platform))
		read_expression(i, map, rule, line, expression);
}

struct platform_map *
platform_map_new(struct importing *i, const char *path)
{
	struct platform_map *map = mem_alloc(1, sizeof *map);
	struct text all, rest, line;
	unsigned number = 0;

	if (!path)
		return map;
	map->rules = mem_alloc(LIMIT_IMPORT_RULES, sizeof *map->rules);
	source_begin(&i->l, path);
	if (source_bytes(&i->l, path, &all)) {
		rest = all;
		while (rest.n > 0 && text_take_line(&rest, &line)) {
			number++;
			if (map->n == LIMIT_IMPORT_RULES) {
				fault_at(
				    &i->l, number, 1, "more than %d rules", LIMIT_IMPORT_RULES);
				break;
			}
			read_rule(i, map, line, number);
		}
		free((void *)(uintptr_t)all.s);
	}
	if (i->l.n_faults == 0)
		return map;
	platform_map_free(map);
	return NULL;
}

void
platform_map_free(struct platform_map *map)
{
	if (!map)
		return;
	for (size_t n = 0; n < map->n; n++)
		regfree(&map->rules[n].expression);
	free(map->rules);
	free(map);
}

/* "cisco.ios.ios" is a name of the table; of another collection the last part may be. */
static const struct driver *
in_table(const char *slug)
{
	const struct driver *driver = slug ? driver_find(slug) : NULL;
	const char *dot = slug ? strrchr(slug, '.') : NULL;

	return driver || !dot ? driver : driver_find(dot + 1);
}

static bool
fits(const struct rule *rule, const char *text)
{
	return text && regexec(&rule->expression, text, 0, NULL, 0) == 0;
}

static bool
applies(const struct rule *rule, const struct candidate *c, bool known)
{
	switch (rule->of) {
	case RULE_SLUG: return !known && fits(rule, c->platform);
	case RULE_SKIP: return fits(rule, c->platform);
	case RULE_MODEL: return fits(rule, c->model);
	case RULE_NAME: return fits(rule, c->name);
	case RULE_TAG:
		for (size_t t = 0; t < c->n_tags; t++)
			if (fits(rule, c->tags[t]))
				return true;
		return false;
	}
	return false;
}

struct platform_verdict
platform_find(const struct platform_map *map, const struct candidate *c)
{
	const struct driver *known = in_table(c->platform);

	for (size_t n = 0; n < map->n; n++) {
		const struct rule *rule = &map->rules[n];

		if (applies(rule, c, known != NULL))
			return (struct platform_verdict){ rule->driver, rule->of == RULE_SKIP,
				rule->line, rule->text };
	}
	return (struct platform_verdict){ .driver = known };
}
