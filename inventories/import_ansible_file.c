/* Ansible's plain files, INI or YAML, when nothing in them asks for Ansible itself. */
#include <sys/stat.h>

#include "inventories/importing.h"

/* Templates and vaults are Ansible's to resolve. */
static void
refuse(struct importing *i, struct text line, unsigned number, void *arg)
{
	struct text t = text_trim(line);

	(void)arg;
	if (t.n == 0 || t.s[0] == ';')
		return;
	for (size_t n = 0; n + 1 < line.n; n++) {
		struct text at = { line.s + n, line.n - n };

		if (!text_starts(at, "{{") && !text_starts(at, "!vault"))
			continue;
		fault_at(&i->l, number, (unsigned)n + 1,
		    "'%s' is for Ansible to resolve: ansible-inventory -i %s --list | gatebook "
		    "inventory import ansible -",
		    at.s[0] == '!' ? "!vault" : "{{", i->order->source);
		return;
	}
}

/* Variables of files beside the inventory are not in it. */
static void
warn_beside(struct importing *i)
{
	static const char *const folders[] = { "group_vars", "host_vars" };
	const char *slash = strrchr(i->order->source, '/');
	int n = slash ? (int)(slash - i->order->source) + 1 : 0;

	for (size_t f = 0; f < 2; f++) {
		struct stat st;

		if (stat(arena_printf(
			     &i->l.config->arena, "%.*s%s", n, i->order->source, folders[f]),
			&st) == 0)
			import_warn(i,
			    "%s/ beside it is not read: ansible-inventory -i %s --list | gatebook "
			    "inventory import ansible - reads all",
			    folders[f], i->order->source);
	}
}

static void
read_source(struct importing *i)
{
	const char *source = i->order->source, *dot = strrchr(source, '.');
	bool yaml = dot && (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0);
	struct ansible *a = ansible_new(i);

	if (strcmp(source, "-") == 0)
		error_exit(&i->err, EXIT_USAGE,
		    "ansible-file reads a file by its name; standard input is for: gatebook "
		    "inventory "
		    "import ansible -");
	else if (dot && strcmp(dot, ".json") == 0)
		error_exit(&i->err, EXIT_USAGE, "JSON is for: gatebook inventory import ansible %s",
		    source);
	if (import_good(i))
		import_lines(i, source, refuse, NULL);
	if (import_good(i)) {
		warn_beside(i);
		if (yaml)
			ansible_read_yaml(a, source);
		else
			ansible_read_ini(a, source);
	}
	ansible_end(a);
}

const struct import_kind import_ansible_file = { "ansible-file",
	"a plain inventory of Ansible, INI or YAML, without templates and vaults", read_source };
