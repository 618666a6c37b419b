/* Imports: every kind's example, every bad input's words, and what becomes of IMPORTED.yml. */
#include "inventories/import.h"
#include "tests/unit/inventories_folder.h"

static char examples[4096]; /* the absolute path of inventories/examples */
static char said[8192];     /* rows of the last import, or its faults and its error */

/* Imports, writes the rows into `said`; returns the import (to be freed) or NULL. */
static struct import *
import(const char *kind, const char *source, bool map, bool prune)
{
	static char rules[4200];
	struct import_order order = {
		.kind = kind, .source = source, .map = map ? rules : NULL, .prune = prune
	};
	struct config *c = folder_good();
	struct error err = { 0 };
	char *faults = NULL;
	size_t n = 0, k = 0;
	FILE *out = open_memstream(&faults, &n);
	struct import *import;

	snprintf(rules, sizeof rules, "%s/platforms.map", examples);
	import = import_new(c, &order, out, &err);
	fclose(out);
	said[0] = '\0';
	if (!import)
		snprintf(said, sizeof said, "%s%s\n", faults, err.text);
	for (size_t r = 0; import && r < import->n_rows; r++)
		k += (size_t)snprintf(said + k, sizeof said - k, "%c %s|%s|%s|%s\n",
		    import->rows[r].mark, import->rows[r].name, import->rows[r].platform,
		    import->rows[r].host, import->rows[r].details);
	for (size_t w = 0; import && import->warnings[w]; w++)
		k += (size_t)snprintf(said + k, sizeof said - k, "? %s\n", import->warnings[w]);
	free(faults);
	config_free(c);
	return import;
}

static void
begin(void **folder)
{
	assert_int_equal(folder_enter(folder), 0);
	folder_text("gatebook.yml", "credentials: {ro: {user: gatebook, key: agent}}\n");
}

static void
write_import(const char *kind, const char *source, bool prune)
{
	struct import *i = import(kind, source, false, prune);

	assert_non_null(i);
	assert_int_equal(import_apply(i, ".", stderr, &(struct error){ 0 }), 0);
	import_free(i);
}

/* --- every kind's example --------------------------------------------------------------------- */

struct example {
	const char *kind, *file, *expected;
};

static const struct example all[] = {
	{ "ansible", "ansible.json",
	    "+ core-s1|arista_eos|192.0.2.12|tags=berlin\n"
	    "+ edge-fw1|cisco_asa|192.0.2.11|tags=berlin,edge port=2222 (map line 6: ^edge-fw)\n"
	    "+ edge-r1|cisco_ios|192.0.2.10|tags=berlin,edge (map line 7: ^edge-r)\n"
	    "! lab-t1|||skipped: its variables hold a template ('{{'), which only a playbook "
	    "resolves\n"
	    "+ web-1|linux|192.0.2.80|tags=servers (map line 9: ^servers$)\n" },
	{ "ansible-file", "ansible.ini",
	    "+ edge-fw1|cisco_asa|192.0.2.11|tags=berlin,edge port=2222 (map line 6: ^edge-fw)\n"
	    "+ edge-r1|cisco_ios|192.0.2.10|tags=berlin,edge (map line 7: ^edge-r)\n"
	    "+ lonely|vyos|192.0.2.90|\n"
	    "+ sw01.example.net|arista_eos|sw01.example.net|tags=access,berlin\n"
	    "+ sw02.example.net|arista_eos|sw02.example.net|tags=access,berlin\n"
	    "+ sw03.example.net|arista_eos|sw03.example.net|tags=access,berlin\n" },
	{ "ansible-file", "ansible.yml",
	    "+ edge-fw1|cisco_asa|192.0.2.11|tags=berlin,edge port=2222 (map line 6: ^edge-fw)\n"
	    "+ edge-r1|cisco_ios|192.0.2.10|tags=berlin,edge (map line 7: ^edge-r)\n"
	    "+ lonely|vyos|192.0.2.90|\n"
	    "+ sw01.example.net|arista_eos|sw01.example.net|tags=access,berlin\n"
	    "+ sw02.example.net|arista_eos|sw02.example.net|tags=access,berlin\n"
	    "+ sw03.example.net|arista_eos|sw03.example.net|tags=access,berlin\n" },
	{ "netbox", "netbox.json",
	    "+ edge-fw1|cisco_asa|192.0.2.2|site=berlin tags=edge,internet (down in the source: "
	    "disabled) (map line 6: ^edge-fw)\n"
	    "+ edge-r1|cisco_ios|192.0.2.1|site=berlin tags=edge,internet (map line 4: "
	    "^(ios-?xe|cat9k))\n"
	    "! lab-sw9|||skipped: platform \"foo-1-2\" not mapped; add a line to platforms.map or "
	    "write the device in inventory.d/\n" },
	{ "nautobot", "nautobot.json",
	    "+ leaf-1|arista_eos|192.0.2.1|site=Ham-burg tags=Leaf,x\n"
	    "+ leaf-2|arista_eos|2001:db8::2|site=Ham-burg tags=Leaf,x (down in the source: "
	    "disabled)\n" },
	{ "librenms", "librenms.json",
	    "+ old|juniper_junos|192.0.2.88|(down in the source: disabled)\n"
	    "+ sw1.example.net|cisco_ios|192.0.2.7|site=Berlin-Haus-1 tags=network\n" },
	{ "oxidized", "oxidized.json", "+ r1|cisco_ios|192.0.2.1|tags=edge\n" },
	{ "rancid", "rancid.router.db",
	    "+ core-s1.example.net|arista_eos|core-s1.example.net|\n"
	    "+ edge-fw1.example.net|cisco_asa|edge-fw1.example.net|(map line 6: ^edge-fw)\n"
	    "+ edge-r1.example.net|cisco_ios|edge-r1.example.net|(map line 7: ^edge-r)\n"
	    "! junk.example.net|||skipped: platform \"unknown-box\" not mapped; add a line to "
	    "platforms.map or write the device in inventory.d/\n"
	    "+ old-r9.example.net|juniper_junos|old-r9.example.net|(down in the source: disabled)"
	    "\n" },
	{ "oxidized", "oxidized.router.db",
	    "+ edge-fw1|cisco_asa|192.0.2.11|(map line 6: ^edge-fw)\n"
	    "+ edge-r1|cisco_ios|192.0.2.10|(map line 7: ^edge-r)\n"
	    "? 3 lines have more columns than name, ip, model and group (accounts?): those were "
	    "not "
	    "read\n" },
	{ "oxidized", "oxidized.yml",
	    "+ edge-fw1|cisco_asa|192.0.2.11|tags=berlin (map line 6: ^edge-fw)\n"
	    "+ edge-r1|cisco_ios|192.0.2.10|tags=berlin (map line 7: ^edge-r)\n"
	    "? 2 lines have more columns than name, ip, model and group (accounts?): those were "
	    "not "
	    "read\n" },
	{ "nornir", "nornir",
	    "+ bare|linux|192.0.2.13|\n"
	    "+ core-s1|arista_eos|192.0.2.12|site=cellar tags=berlin\n"
	    "+ edge-fw1|cisco_asa|192.0.2.11|tags=edge,internet port=2222 (map line 6: ^edge-fw)\n"
	    "+ edge-r1|cisco_ios|192.0.2.10|site=berlin tags=berlin,edge,internet (map line 7: "
	    "^edge-r)\n" },
	{ "suzieq", "suzieq.yml",
	    "+ 192.0.2.10|cisco_ios|192.0.2.10|site=berlin\n"
	    "+ 192.0.2.12|arista_eos|192.0.2.12|site=berlin port=2023\n"
	    "! 192.0.2.13|||skipped: it is polled over REST, not over ssh\n"
	    "+ 192.0.2.40|juniper_junos|192.0.2.40|site=hamburg\n"
	    "? namespace rest has its devices from netbox: gatebook inventory import netbox "
	    "...\n" },
	{ "ssh-config", "ssh_config",
	    "+ edge-r1|cisco_ios|edge-r1.example.net|(map line 7: ^edge-r)\n"
	    "+ edge-r2|cisco_ios|edge-r2.example.net|(map line 7: ^edge-r)\n"
	    "+ fw-ham|linux|192.0.2.11|port=2222 (map line 8: ^fw-)\n"
	    "! github.example.com|||skipped: the source says no platform; add a line (name ...) to "
	    "platforms.map or write the device in inventory.d/\n" },
	{ "csv", "devices.csv",
	    "+ core-old|arista_eos|192.0.2.12|site=berlin (down in the source: disabled) (\"core, "
	    "old\" in the source)\n"
	    "+ edge-fw1|cisco_asa|192.0.2.11|site=berlin tags=edge port=2222 (map line 6: "
	    "^edge-fw)\n"
	    "+ edge-r1|cisco_ios|192.0.2.10|site=berlin tags=edge,internet (map line 7: ^edge-r)\n"
	    "+ pa-1|paloalto_panos|192.0.2.13|site=hamburg tags=edge,internet (map line 5: ^PA-)\n"
	    "? column 'owner' is not read\n" },
};

static void
reads_every_example(void **state)
{
	char path[8192];
	void *folder = NULL;

	(void)state;
	for (size_t n = 0; n < sizeof all / sizeof all[0]; n++) {
		struct import *i;

		begin(&folder);
		snprintf(path, sizeof path, "%s/%s", examples, all[n].file);
		i = import(all[n].kind, path, true, false);
		assert_string_equal(said, all[n].expected);
		assert_non_null(i);
		/* What is written loads without a fault, and a second import finds nothing new. */
		assert_int_equal(import_apply(i, ".", stderr, &(struct error){ 0 }), 0);
		assert_int_equal(access("inventory.d/.IMPORTED.yml.new", F_OK), -1);
		import_free(i);
		i = import(all[n].kind, path, true, false);
		assert_non_null(i);
		assert_int_equal(i->new, 0);
		assert_int_equal(i->changed, 0);
		assert_true(i->same > 0);
		import_free(i);
		assert_int_equal(folder_leave(&folder), 0);
	}
}

/* --- every bad input's words ------------------------------------------------------------------ */

struct bad {
	const char *kind, *file, *text, *expected;
};

#define K "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NOTHING(kind, file)                                                                        \
	kind ":"                                                                                   \
	     "PATH/" file ": nothing was imported\n"

static const struct bad bad[] = {
	{ "netboks", "x", "", "no inventory kind 'netboks' (did you mean 'netbox'?)\n" },
	{ "rancid", "missing", NULL,
	    "missing:1:1: cannot be read: No such file or directory\n"
	    "rancid:missing: nothing was imported\n" },
	{ "rancid", "db", "r1;cisco\n",
	    "db:1:1: a line of router.db is name;type;state\n" NOTHING("rancid", "db") },
	{ "rancid", "db", "# nothing\n", "rancid:PATH/db lists no device: nothing was changed\n" },
	{ "rancid", "db", "r1;ios;up\nr\x80;ios;up\n",
	    "db:2:2: not UTF-8 (byte 0x80): save the file as UTF-8\n" NOTHING("rancid", "db") },
	{ "csv", "x.csv", "host,owner\n192.0.2.1\n",
	    "x.csv:2:1: 1 fields where the header has 2\n" NOTHING("csv", "x.csv") },
	{ "csv", "x.csv", "platform\nios\n",
	    "x.csv:1:1: no column 'name': the first line names the columns: name, host, platform, "
	    "site, port, tags\n" NOTHING("csv", "x.csv") },
	{ "csv", "x.csv", "name,port\nr1,99999\n",
	    "x.csv:2:1: a port is a number from 1 to 65535\n" NOTHING("csv", "x.csv") },
	{ "csv", "x.csv", "name,hostname\nr1,r2\n",
	    "x.csv:1:1: two columns say the name: 'name' and 'hostname'\n" NOTHING(
		"csv", "x.csv") },
	{ "csv", "x.csv", "name\nr1" K K K K K K K K K K K K K K K K K "\n",
	    "x.csv:2:1: a field is longer than 1024 bytes\n" NOTHING("csv", "x.csv") },
	{ "csv", "x.csv", "name\n\"r1\n",
	    "x.csv:2:1: a quote is not closed\n" NOTHING("csv", "x.csv") },
	{ "oxidized", "x.db", ":ios\n",
	    "x.db:1:1: a line without a name\n" NOTHING("oxidized", "x.db") },
	{ "oxidized", "c.yml", "source: {default: http, http: {url: x}}\n",
	    "c.yml:1:1: its source is no csv: give the URL of an http source in the place of this "
	    "file\n" NOTHING("oxidized", "c.yml") },
	{ "oxidized", "c.yml", "source: {csv: {file: x, map: {model: 1}}}\n",
	    "c.yml:1:30: 'map' does not say which column is the name\n" NOTHING(
		"oxidized", "c.yml") },
	{ "ansible", "x.json", "{\"all\": [\n",
	    "x.json:2:1: JSON: ']' expected near end of file\n" NOTHING("ansible", "x.json") },
	{ "ansible", "x.json", "{\"all\": {}}",
	    "that is no output of 'ansible-inventory --list': it has no _meta.hostvars\n" },
	{ "ansible", "x.json",
	    "{\"_meta\": {\"hostvars\": {\"h\": {}}}, \"a\": {\"children\": [\"b\"], \"hosts\": "
	    "[\"h\"]}, \"b\": {\"children\": [\"a\"]}}",
	    "its groups hold each other, or are more than 64 deep\n" },
	{ "ansible-file", "x.ini", "[a]\nr1 ansible_host={{ net }}.1\n",
	    "x.ini:2:17: '{{' is for Ansible to resolve: ansible-inventory -i x.ini --list | "
	    "gatebook inventory import ansible -\n" NOTHING("ansible-file", "x.ini") },
	{ "ansible-file", "x.yml", "all:\n  vars:\n    a: !vault x\n",
	    "x.yml:3:8: '!vault' is for Ansible to resolve: ansible-inventory -i x.yml --list | "
	    "gatebook inventory import ansible -\n" NOTHING("ansible-file", "x.yml") },
	{ "ansible-file", "x.json", "{}",
	    "JSON is for: gatebook inventory import ansible x.json\n" },
	{ "ansible-file", "x.ini", "[a:sons]\n[b\nr1 what\nsw[1:99999]\n[c:vars]\nx\n",
	    "x.ini:1:1: a section is [group], [group:children] or [group:vars]\n"
	    "x.ini:2:1: a section without ']'\n"
	    "x.ini:3:1: behind a host stand variables: name=value\n"
	    "x.ini:4:1: a range is [01:20], [a:f] or [1:9:2], and has at most 10000 hosts\n"
	    "x.ini:6:1: a variable is name=value\n" NOTHING("ansible-file", "x.ini") },
	{ "ansible-file", "x.yml", "all: {hosts: [r1], sons: {}}\n",
	    "x.yml:1:14: 'hosts' wants a map, not a list\n"
	    "x.yml:1:20: a group has hosts, vars and children\n" NOTHING("ansible-file", "x.yml") },
	{ "nornir", "hosts.yaml", "- r1\n",
	    "hosts.yaml:1:1: 'the file' wants a map, not a list\n" NOTHING(
		"nornir", "hosts.yaml") },
	{ "suzieq", "s.yml", "hosts: []\n",
	    "s.yml:1:1: no 'namespaces:': is that an inventory of SuzieQ 0.16 or newer?\n" NOTHING(
		"suzieq", "s.yml") },
	{ "suzieq", "s.yml", "namespaces: [{name: a, source: b}]\n",
	    "s.yml:1:14: a namespace needs 'name', and a 'source' of 'sources:'\n" NOTHING(
		"suzieq", "s.yml") },
	{ "netbox", "x.json", "{\"count\": 2, \"next\": \"https://n/\", \"results\": [{}]}",
	    "x.json is one page of several: save it with a limit that holds all\n" },
	{ "netbox", "x.json", "{\"count\": 2, \"results\": [{}]}",
	    "x.json: only 1 of 2 devices came: try again\n" },
	{ "librenms", "x.json", "{}", "x.json: answered no list of devices\n" },
	{ "netbox", "https://u:p@netbox.example.net", NULL,
	    "a password in a URL stays in histories and logs: leave it out, and give a reference: "
	    "--token file:PATH\n" },
	{ "netbox", "netbox.example.net", NULL,
	    "netbox.example.net: https:// and http:// are understood\n" },
};

/* "PATH" in what is expected stands for the folder. */
static const char *
placed(const char *expected, const char *path)
{
	static char out[8192];
	const char *at;
	size_t n = 0;

	for (; (at = strstr(expected, "PATH/")) != NULL; expected = at + 4)
		n += (size_t)snprintf(
		    out + n, sizeof out - n, "%.*s%s", (int)(at - expected), expected, path);
	snprintf(out + n, sizeof out - n, "%s", expected);
	return out;
}

static void
says_what_is_wrong(void **state)
{
	void *folder = NULL;

	(void)state;
	for (size_t n = 0; n < sizeof bad / sizeof bad[0]; n++) {
		struct import *i;
		char *path;

		begin(&folder);
		path = realpath(".", NULL);
		if (bad[n].text)
			folder_text(bad[n].file, bad[n].text);
		i = import(bad[n].kind, bad[n].file, false, false);
		assert_string_equal(said, strstr(bad[n].expected, "--token file:PATH")
					      ? bad[n].expected
					      : placed(bad[n].expected, path));
		assert_null(i);
		free(path);
		assert_int_equal(folder_leave(&folder), 0);
	}
}

/* What is wrong with one device says so in its line, and the others are taken. */
static void
skips_what_it_cannot_take(void **state)
{
	void *folder = NULL;
	struct import *i;

	(void)state;
	begin(&folder);
	folder_text("inventory.d/a.yml",
	    "devices: [{name: mine, host: 192.0.2.1, platform: linux, credential: ro}]\n");
	folder_text("x.csv", "id,name,host,platform,via\n"
			     "1,mine,192.0.2.2,linux,\n"
			     "2,r1,192.0.2.256,linux,\n"
			     "3,r2,192.0.2.3,radius,\n"
			     "4,r3,192.0.2.4,nosuch,\n"
			     "5,,,linux,\n"
			     "6,twice,192.0.2.6,linux,\n"
			     "7,twice,192.0.2.7,linux,\n"
			     "6,again,192.0.2.8,linux,\n");
	i = import("csv", "x.csv", false, false);
	assert_string_equal(said,
	    "! 5|||skipped: it has no name\n"
	    "! again|||skipped: another device of the source has that id\n"
	    "! mine|||skipped: a device of that name is written by hand at inventory.d/a.yml:1\n"
	    "! r1|||skipped: host '192.0.2.256': not an address: four numbers of 0 to 255 without "
	    "leading zeros\n"
	    "! r2|||skipped: platform radius lists no sessions to poll\n"
	    "! r3|||skipped: platform \"nosuch\" not mapped; add a line to platforms.map or write "
	    "the device in inventory.d/\n"
	    "! twice|||skipped: another device of the source has that name\n"
	    "+ twice|linux|192.0.2.6|\n");
	assert_int_equal(i->skipped, 7);
	import_free(i);
	assert_int_equal(folder_leave(&folder), 0);
}

/* A jump host is a device too, wherever in the source it stands. */
static void
finds_jump_hosts(void **state)
{
	void *folder = NULL;
	struct config *c;

	(void)state;
	begin(&folder);
	folder_text("x.ini", "[all:vars]\nansible_network_os=linux\n[net]\n"
			     "r1 ansible_ssh_common_args='-o ProxyJump=me@zz:2222'\n"
			     "r2 ansible_ssh_common_args='-J nobody'\n"
			     "r3 ansible_ssh_common_args=\"-o ProxyCommand='ssh -W %h:%p x'\"\n"
			     "zz\n");
	write_import("ansible-file", "x.ini", false);
	assert_string_equal(said,
	    "+ r1|linux|r1|tags=net via=zz\n"
	    "! r2|||skipped: it is reached through nobody, which is no device: write it in "
	    "inventory.d/\n"
	    "! r3|||skipped: it is reached through a ProxyCommand, which is no device: write it in "
	    "inventory.d/\n"
	    "+ zz|linux|zz|tags=net\n");
	c = folder_good();
	assert_ptr_equal(c->devices[0].via, &c->devices[1]);
	config_free(c);
	assert_int_equal(folder_leave(&folder), 0);
}

static void
map_faults(void **state)
{
	struct import_order order = { .kind = "csv", .source = "x.csv", .map = "map" };
	struct error err = { 0 };
	struct config *c;
	void *folder = NULL;
	char *faults = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&faults, &n);

	(void)state;
	begin(&folder);
	folder_text("x.csv", "name\nr1\n");
	folder_text("map", "slog x linux\nslug (  linux\nslug x linus\nskip x linux\nslug\nslug "
			   "x\nname x linux y\n");
	c = folder_good();
	assert_null(import_new(c, &order, out, &err));
	fclose(out);
	assert_string_equal(faults,
	    "map:1:1: 'slog' begins no rule: slug, model, name, tag or skip\n"
	    "map:2:6: no regular expression: Unmatched ( or \\(\n"
	    "map:3:8: unknown platform 'linus' (did you mean 'linux'?)\n"
	    "map:4:8: skip has no platform behind it\n"
	    "map:5:1: a rule without an expression\n"
	    "map:6:1: a rule without a platform\n"
	    "map:7:14: more than a rule has: write blanks of an expression as [[:blank:]]\n");
	free(faults);
	config_free(c);
	assert_int_equal(folder_leave(&folder), 0);
}

/* --- IMPORTED.yml ----------------------------------------------------------------------------- */

static char *
slurp(const char *path)
{
	FILE *f = fopen(path, "re");
	static char text[8192];
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static void
keeps_what_people_added(void **state)
{
	void *folder = NULL;
	char *path;
	char expected[8192];

	(void)state;
	begin(&folder);
	path = realpath(".", NULL);
	folder_text("inventory.d/IMPORTED.yml", "defaults: {every: 5m, tags: [x]}\n"
						"devices:\n"
						"  - name: r1\n"
						"    host: 192.0.2.9\n"
						"    platform: linux\n"
						"    credential: ro\n"
						"    source: other:place\n"
						"    enabled: false\n"
						"    internal: [10.0.0.0/8, \"!10.9.0.0/16\"]\n");
	folder_text(
	    "a.csv", "id,name,host,platform,port\n7,b,192.0.2.1,eos,22\n8,a 1,::1,ios,2222\n");
	write_import("csv", "a.csv", false);
	snprintf(expected, sizeof expected,
	    "# Devices of other inventories, written by 'gatebook inventory import'. The next "
	    "import\n"
	    "# writes it anew: 'defaults' and keys of yours (every, commands, ...) stay, comments "
	    "do "
	    "not.\n"
	    "defaults: {every: 5m, tags: [x]}\n"
	    "devices:\n"
	    "  - name: a-1\n"
	    "    host: \"::1\"\n"
	    "    port: 2222\n"
	    "    platform: cisco_ios\n"
	    "    credential: ro\n"
	    "    source: csv:%s/a.csv\n"
	    "    source_id: 8\n"
	    "  - name: b\n"
	    "    host: 192.0.2.1\n"
	    "    platform: arista_eos\n"
	    "    credential: ro\n"
	    "    source: csv:%s/a.csv\n"
	    "    source_id: 7\n"
	    "  - name: r1\n"
	    "    host: 192.0.2.9\n"
	    "    platform: linux\n"
	    "    credential: ro\n"
	    "    source: other:place\n"
	    "    source_id: r1\n"
	    "    enabled: false\n"
	    "    internal: [10.0.0.0/8, \"!10.9.0.0/16\"]\n",
	    path, path);
	assert_string_equal(slurp("inventory.d/IMPORTED.yml"), expected);
	free(path);
	assert_int_equal(folder_leave(&folder), 0);
}

static void
follows_the_source(void **state)
{
	void *folder = NULL;
	struct config *c;

	(void)state;
	begin(&folder);
	folder_text("a.csv",
	    "id,name,host,platform,site\n1,a,192.0.2.1,ios,x\n2,b,192.0.2.2,ios,x\n"
	    "3,c,192.0.2.3,ios,x\n");
	write_import("csv", "a.csv", false);
	/* Renamed, gone, mapped to nothing, replaced by one with another id. */
	folder_text(
	    "a.csv", "id,name,host,platform,site\n1,aa,192.0.2.1,eos,y\n9,c,192.0.2.33,ios,x\n");
	import_free(import("csv", "a.csv", false, false));
	assert_string_equal(said,
	    "~ aa|arista_eos|192.0.2.1|name was a, platform was cisco_ios, site was x\n"
	    "~ c|cisco_ios|192.0.2.33|host was 192.0.2.3\n");
	write_import("csv", "a.csv", true);
	c = folder_good();
	assert_int_equal(c->n_devices, 3);
	assert_string_equal(c->devices[1].name, "b");
	assert_true(c->devices[1].disabled);
	assert_string_equal(c->devices[1].source_state, "left");
	assert_false(c->devices[0].disabled);
	config_free(c);
	/* One that was imported and is not mapped any more stays as it was. */
	folder_text("a.csv",
	    "id,name,host,platform,site\n1,aa,192.0.2.1,odd,y\n2,b,192.0.2.2,ios,x\n"
	    "9,c,192.0.2.33,ios,x\n");
	write_import("csv", "a.csv", true);
	assert_string_equal(said,
	    "! aa|||skipped: platform \"odd\" not mapped; add a line to platforms.map or write the "
	    "device in inventory.d/; its entry stays as it was\n"
	    "~ b|cisco_ios|192.0.2.2|back in the source\n");
	c = folder_good();
	assert_false(c->devices[0].disabled);
	assert_false(c->devices[1].disabled);
	config_free(c);
	/* The same name from another source. */
	folder_text("b.csv", "name,platform\nc,ios\n");
	import_free(import("csv", "b.csv", false, false));
	assert_non_null(
	    strstr(said, "! c|||skipped: a device of that name was imported from csv:"));
	assert_int_equal(folder_leave(&folder), 0);
}

/* Two imports at the same time: the second one to write has not seen what the first one wrote. */
static void
loses_nothing(void **state)
{
	struct error err = { 0 };
	void *folder = NULL;
	struct import *first;

	(void)state;
	begin(&folder);
	folder_text("a.csv", "name,platform\na,ios\n");
	folder_text("b.csv", "name,platform\nb,ios\n");
	first = import("csv", "a.csv", false, false);
	write_import("csv", "b.csv", false);
	assert_int_equal(import_apply(first, ".", stderr, &err), -1);
	assert_non_null(strstr(err.text, "was changed meanwhile: import again"));
	assert_null(strstr(slurp("inventory.d/IMPORTED.yml"), "name: a"));
	import_free(first);
	assert_int_equal(folder_leave(&folder), 0);
}

static void
asks_for_the_account(void **state)
{
	void *folder = NULL;

	(void)state;
	begin(&folder);
	folder_text("gatebook.yml",
	    "credentials: {ro: {user: gatebook, key: agent}, rx: {user: x, key: "
	    "agent}}\n");
	folder_text("a.csv", "name,platform,user\na,ios,x\nb,ios,\n");
	import_free(import("csv", "a.csv", false, false));
	assert_string_equal(said, "+ a|cisco_ios|a|\n"
				  "! b|||skipped: which account is it for? --credential NAME names "
				  "one of gatebook.yml\n");
	assert_int_equal(folder_leave(&folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(reads_every_example),
		cmocka_unit_test(says_what_is_wrong), cmocka_unit_test(skips_what_it_cannot_take),
		cmocka_unit_test(finds_jump_hosts), cmocka_unit_test(map_faults),
		cmocka_unit_test(keeps_what_people_added), cmocka_unit_test(follows_the_source),
		cmocka_unit_test(loses_nothing), cmocka_unit_test(asks_for_the_account) };
	char *path = realpath("inventories/examples", NULL);

	if (!path)
		return 1;
	snprintf(examples, sizeof examples, "%s", path);
	free(path);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
