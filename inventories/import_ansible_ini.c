/* Ansible's INI: [group], [group:children], [group:vars], hosts with variables, ranges. */
#include "inventories/importing.h"

enum section { SECTION_HOSTS, SECTION_CHILDREN, SECTION_VARS };

struct ini {
	struct ansible *a;
	struct ansible_group *group;
	enum section section;
	const char *variables[64][2]; /* of the line at hand */
	size_t n;
	unsigned line;
};

static void
fault(struct ini *ini, const char *why)
{
	fault_at(&ansible_import(ini->a)->l, ini->line, 1, "%s", why);
}

static void
begin_section(struct ini *ini, struct text t)
{
	static const char *const words[] = { "", "children", "vars" };
	struct text name, kind = { "", 0 };

	text_take_char(&t, '[');
	if (!text_take_until(&t, ']', &name)) {
		fault(ini, "a section without ']'");
		return;
	}
	if (memchr(name.s, ':', name.n)) {
		struct text whole = name;

		text_take_until(&whole, ':', &name);
		kind = whole;
	}
	for (int s = 0; s < 3; s++)
		if (text_is(kind, words[s])) {
			ini->section = (enum section)s;
			ini->group = ansible_group(
			    ini->a, import_text(ansible_import(ini->a), text_trim(name)));
			return;
		}
	fault(ini, "a section is [group], [group:children] or [group:vars]");
}

/* A word as a shell reads it: quotes join, '#' begins a comment. Returns false at the end. */
static bool
take_shell_word(struct ini *ini, struct text *t, const char **got)
{
	char *out = mem_alloc(t->n + 1, 1), quote = 0;
	size_t n = 0;
	bool any = false;

	text_skip_blanks(t);
	while (t->n > 0 && (quote || (t->s[0] != ' ' && t->s[0] != '\t'))) {
		char c = t->s[0];

		if (!any && !quote && c == '#')
			break;
		*t = (struct text){ t->s + 1, t->n - 1 };
		any = true;
		if (c == quote)
			quote = 0;
		else if (!quote && (c == '"' || c == '\''))
			quote = c;
		else
			out[n++] = c;
	}
	if (quote)
		fault(ini, "a quote is not closed");
	*got = import_text(ansible_import(ini->a), (struct text){ out, n });
	free(out);
	return any;
}

static void
each_host(struct ansible *a, const char *name, void *arg)
{
	struct ini *ini = arg;
	struct text t = text_of(name), host;
	struct ansible_host *h;
	struct addr address;

	/* name:port, but not an IPv6 address. */
	if (!addr_parse(t, &address) && text_take_until(&t, ':', &host)) {
		h = ansible_host(a, import_text(ansible_import(a), host));
		ansible_host_set(a, h, "ansible_port", import_text(ansible_import(a), t));
	} else {
		h = ansible_host(a, name);
	}
	ansible_member(a, ini->group, h);
	for (size_t n = 0; n < ini->n; n++)
		ansible_host_set(a, h, ini->variables[n][0], ini->variables[n][1]);
}

static void
read_host(struct ini *ini, struct text t)
{
	const char *pattern, *got;

	ini->n = 0;
	if (!take_shell_word(ini, &t, &pattern))
		return;
	while (take_shell_word(ini, &t, &got)) {
		struct text rest = text_of(got), name;

		if (!text_take_until(&rest, '=', &name)) {
			fault(ini, "behind a host stand variables: name=value");
			return;
		}
		if (ini->n == sizeof ini->variables / sizeof ini->variables[0]) {
			fault(ini, "more than 64 variables in one line");
			return;
		}
		ini->variables[ini->n][0] = import_text(ansible_import(ini->a), name);
		ini->variables[ini->n++][1] = rest.s;
	}
	ansible_pattern(ini->a, text_of(pattern), ini->line, each_host, ini);
}

static void
read_variable(struct ini *ini, struct text t)
{
	struct importing *i = ansible_import(ini->a);
	struct text name;

	if (!text_take_until(&t, '=', &name)) {
		fault(ini, "a variable is name=value");
		return;
	}
	t = text_trim(t);
	if (t.n >= 2 && (t.s[0] == '"' || t.s[0] == '\'') && t.s[t.n - 1] == t.s[0])
		t = (struct text){ t.s + 1, t.n - 2 };
	ansible_group_set(ini->a, ini->group, import_text(i, text_trim(name)), import_text(i, t));
}

static void
line(struct importing *i, struct text line, unsigned number, void *arg)
{
	struct text t = text_trim(line), name;
	struct ini *ini = arg;

	ini->line = number;
	if (t.s[0] == ';')
		return;
	if (t.s[0] == '[') {
		begin_section(ini, t);
	} else if (ini->section == SECTION_CHILDREN) {
		text_take_word(&t, &name);
		ansible_child(ini->a, ini->group, ansible_group(ini->a, import_text(i, name)));
	} else if (ini->section == SECTION_VARS) {
		read_variable(ini, t);
	} else {
		read_host(ini, t);
	}
}

void
ansible_read_ini(struct ansible *a, const char *path)
{
	struct ini ini = { .a = a, .group = ansible_group(a, "ungrouped") };

	import_lines(ansible_import(a), path, line, &ini);
}

/* --- ranges ----------------------------------------------------------------------------------- */

struct range {
	uint64_t from, to, step;
	int width; /* digits with leading zeros, 0: as they are; -1: letters */
};

static bool
read_range(struct text t, struct range *r)
{
	struct text parts[3];
	size_t n = import_split(t, ':', parts, 3);

	*r = (struct range){ .step = 1 };
	if (n < 2 || (n == 3 && (!text_number(parts[2], LIMIT_IMPORT_RANGE, &r->step) || !r->step)))
		return false;
	if (parts[0].n == 1 && parts[1].n == 1 && (parts[0].s[0] | 32) >= 'a' &&
	    (parts[0].s[0] | 32) <= 'z') {
		r->width = -1;
		r->from = (unsigned char)parts[0].s[0];
		r->to = (unsigned char)parts[1].s[0];
	} else {
		if (!text_number(parts[0], UINT32_MAX, &r->from) ||
		    !text_number(parts[1], UINT32_MAX, &r->to))
			return false;
		r->width = parts[0].s[0] == '0' ? (int)parts[0].n : 0;
	}
	return r->from <= r->to && (r->to - r->from) / r->step < LIMIT_IMPORT_RANGE;
}

void
ansible_pattern(struct ansible *a, struct text pattern, unsigned line,
    void (*each)(struct ansible *a, const char *name, void *arg), void *arg)
{
	struct importing *i = ansible_import(a);
	struct text rest = pattern, before, inside;
	struct range r;

	/* Brackets without a colon in them are an IPv6 address with a port. */
	if (!text_take_until(&rest, '[', &before) || !text_take_until(&rest, ']', &inside)) {
		each(a, import_text(i, pattern), arg);
		return;
	}
	if (!read_range(inside, &r) || i->l.n_faults > 0) {
		fault_at(&i->l, line, 1,
		    "a range is [01:20], [a:f] or [1:9:2], and has at most %d hosts",
		    LIMIT_IMPORT_RANGE);
		return;
	}
	for (uint64_t k = r.from; k <= r.to && import_good(i); k += r.step) {
		char *name = r.width < 0 ? arena_printf(&i->l.config->arena, "%.*s%c%.*s",
					       (int)before.n, before.s, (int)k, (int)rest.n, rest.s)
					 : arena_printf(&i->l.config->arena, "%.*s%0*llu%.*s",
					       (int)before.n, before.s, r.width,
					       (unsigned long long)k, (int)rest.n, rest.s);

		ansible_pattern(a, text_of(name), line, each, arg);
	}
}
