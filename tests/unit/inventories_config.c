/* Configurations that are good, and what they mean; files that are no configuration. */
#include <openssl/evp.h>

#include "tests/unit/inventories_folder.h"

#define ACCOUNT "credentials: {ro: {user: gatebook, key: agent}}\n"

static bool
inside(const struct prefix_set *set, const char *address)
{
	struct addr a;

	assert_true(addr_parse(text_of(address), &a));
	return prefix_set_holds(set, &a);
}

static void
an_empty_file_is_the_defaults(void **state)
{
	const char *dir = *state;
	struct config *c;
	char store[200];

	folder_text("gatebook.yml", "");
	c = folder_good();
	snprintf(store, sizeof store, "%s/store", dir);
	assert_string_equal(c->dir, dir);
	assert_string_equal(c->store, store);
	assert_int_equal(c->jobs, LIMIT_JOBS);
	assert_int_equal(c->logins_per_second, LIMIT_LOGINS_PER_SECOND);
	assert_int_equal(c->poll_timeout, LIMIT_POLL_S);
	assert_int_equal(c->silence, LIMIT_SILENCE_MS / 1000);
	assert_int_equal(c->connect, LIMIT_CONNECT_MS / 1000);
	assert_int_equal(c->sandbox, 2);
	assert_int_equal(c->keep_days, 0);
	assert_false(c->keep_inside);
	assert_false(c->keep_outside);
	assert_int_equal(c->n_devices, 0);
	assert_int_equal(c->n_credentials, 0);
	assert_true(inside(&c->internal, "172.31.0.1"));
	assert_true(inside(&c->internal, "100.64.0.1"));
	assert_true(inside(&c->internal, "fd00::1"));
	assert_false(inside(&c->internal, "192.0.2.1"));
	config_free(c);
}

static void
comments_and_empty_values_are_fine(void **state)
{
	(void)state;
	folder_text("gatebook.yml", "---\n# nothing yet\nlimits:\ncredentials: {}\n...\n");
	folder_text("inventory.d/a.yml", "# nothing\n");
	folder_text("inventory.d/b.yml", "defaults:\ndevices:\n");
	config_free(folder_good());
}

static void
settings_have_their_values(void **state)
{
	const char *dir = *state;
	const struct credential *cred;
	struct config *c;
	char path[200];

	folder_text("gatebook.yml",
	    "store: ./db\n"
	    "internal: [192.0.2.0/24, private, '!10.9.0.0/16', 2001:db8::/32]\n"
	    "keep: {inside: true, outside: yes}\n"
	    "credentials:\n"
	    "  two: {user: u2, key: 'agent:/run/agent.sock'}\n"
	    "  one: {user: 'u 1', password: file:secret/pw, key: systemd:key, passphrase: env:P}\n"
	    "limits: {jobs: 7, logins_per_second: 2, connect: 3s, silence: 2m, poll_timeout: 1h}\n"
	    "retention: {sessions: 400d}\n"
	    "sandbox: warn\n");
	c = folder_good();
	snprintf(path, sizeof path, "%s/db", dir);
	assert_string_equal(c->store, path);
	assert_true(inside(&c->internal, "192.0.2.7"));
	assert_true(inside(&c->internal, "10.8.0.1"));
	assert_false(inside(&c->internal, "10.9.0.1"));
	assert_true(inside(&c->internal, "2001:db8::1"));
	assert_true(c->keep_inside && c->keep_outside);
	assert_int_equal(c->jobs, 7);
	assert_int_equal(c->logins_per_second, 2);
	assert_int_equal(c->connect, 3);
	assert_int_equal(c->silence, 120);
	assert_int_equal(c->poll_timeout, 3600);
	assert_int_equal(c->keep_days, 400);
	assert_int_equal(c->sandbox, 1);
	assert_int_equal(c->n_credentials, 2);
	cred = &c->credentials[0];
	snprintf(path, sizeof path, "file:%s/secret/pw", dir);
	assert_string_equal(cred->name, "one");
	assert_string_equal(cred->user, "u 1");
	assert_string_equal(cred->password, path);
	assert_string_equal(cred->key, "systemd:key");
	assert_string_equal(cred->passphrase, "env:P");
	assert_null(cred->agent);
	assert_string_equal(cred->file, "gatebook.yml");
	assert_int_equal(cred->line, 6);
	assert_string_equal(c->credentials[1].agent, "/run/agent.sock");
	config_free(c);
}

static void
retention_can_be_forever(void **state)
{
	struct config *c;

	(void)state;
	folder_text("gatebook.yml", "retention: {sessions: forever}\n");
	c = folder_good();
	assert_int_equal(c->keep_days, 0);
	config_free(c);
}

static void
a_list_of_prefixes_replaces_the_default(void **state)
{
	struct config *c;

	(void)state;
	folder_text("gatebook.yml", "internal: [192.0.2.0/24]\n");
	c = folder_good();
	assert_true(inside(&c->internal, "192.0.2.7"));
	assert_false(inside(&c->internal, "10.0.0.1"));
	config_free(c);
}

static void
the_agent_is_the_sessions_unless_said(void **state)
{
	struct config *c;

	(void)state;
	folder_text("gatebook.yml", ACCOUNT);
	setenv("SSH_AUTH_SOCK", "/run/user/agent", 1);
	c = folder_good();
	assert_string_equal(c->credentials[0].key, "agent:");
	assert_string_equal(c->credentials[0].agent, "/run/user/agent");
	config_free(c);
	unsetenv("SSH_AUTH_SOCK");
	c = folder_good();
	assert_string_equal(c->credentials[0].agent, "");
	config_free(c);
}

static void
devices_have_their_values(void **state)
{
	const struct device *d;
	struct config *c;

	(void)state;
	folder_text("gatebook.yml", ACCOUNT "limits: {poll_timeout: 90s}\n");
	folder_text("inventory.d/b.yml",
	    "devices:\n"
	    "  - name: edge-r1\n"
	    "    host: 2001:db8::7\n"
	    "    platform: IOS\n"
	    "    credential: ro\n"
	    "    site: ber\n"
	    "    tags: [edge, internet]\n"
	    "    port: 2222\n"
	    "    algorithms: sha1-kex\n"
	    "    commands: [show tcp brief]\n"
	    "    internal: [198.51.100.0/24]\n"
	    "    every: 5m\n"
	    "    timeout: 1m\n"
	    "    enabled: false\n"
	    "  - {name: no, host: r2.example.net, platform: linux, credential: ro}\n");
	c = folder_good();
	assert_int_equal(c->n_devices, 2);
	d = &c->devices[0];
	assert_string_equal(d->name, "edge-r1");
	assert_string_equal(d->host, "2001:db8::7");
	assert_ptr_equal(d->driver, driver_find("cisco_ios"));
	assert_ptr_equal(d->credential, &c->credentials[0]);
	assert_string_equal(d->site, "ber");
	assert_string_equal(d->tags[0], "edge");
	assert_string_equal(d->tags[1], "internet");
	assert_null(d->tags[2]);
	assert_int_equal(d->port, 2222);
	assert_string_equal(d->transport, "ssh");
	assert_string_equal(d->algorithms, "sha1-kex");
	assert_string_equal(d->commands[0], "show tcp brief");
	assert_null(d->commands[1]);
	assert_true(inside(d->internal, "198.51.100.1"));
	assert_int_equal(d->every, 300);
	assert_int_equal(d->timeout, 60);
	assert_true(d->disabled);
	assert_string_equal(d->file, "inventory.d/b.yml");
	assert_int_equal(d->line, 2);
	d = &c->devices[1];
	assert_string_equal(d->name, "no"); /* and not false */
	assert_string_equal(d->site, "");
	assert_null(d->tags[0]);
	assert_null(d->commands);
	assert_null(d->internal);
	assert_int_equal(d->port, 22);
	assert_int_equal(d->every, 0);
	assert_int_equal(d->timeout, 90);
	assert_string_equal(d->algorithms, "modern");
	assert_false(d->disabled);
	config_free(c);
}

static void
devices_without_a_login(void **state)
{
	const char *dir = *state;
	struct config *c;
	char path[200];

	folder_text("gatebook.yml", ACCOUNT);
	folder_text("inventory.d/a.yml",
	    "defaults: {platform: linux, credential: ro}\n"
	    "devices:\n"
	    "  - {name: here, transport: local}\n"
	    "  - {name: old, transport: replay, replay: ./recorded}\n");
	c = folder_good();
	snprintf(path, sizeof path, "%s/recorded", dir);
	assert_string_equal(c->devices[0].host, "localhost");
	assert_null(c->devices[0].credential);
	assert_int_equal(c->devices[0].port, 0);
	assert_string_equal(c->devices[1].replay, path);
	assert_string_equal(c->devices[1].host, "old");
	config_free(c);
}

static void
defaults_hold_for_their_file_and_can_be_overridden(void **state)
{
	struct config *c;

	(void)state;
	folder_text("gatebook.yml", ACCOUNT);
	folder_text("inventory.d/a.yml",
	    "devices:\n"
	    "  - {name: r1, host: 192.0.2.1}\n"
	    "  - {name: r2, host: 192.0.2.2, site: ham, every: off, enabled: true}\n"
	    "defaults: {platform: linux, credential: ro, site: ber, every: 1h, enabled: false}\n");
	folder_text("inventory.d/b.yaml",
	    "devices: [{name: r3, host: 192.0.2.3, platform: linux, credential: ro}]\n");
	c = folder_good();
	assert_int_equal(c->n_devices, 3);
	assert_string_equal(c->devices[0].site, "ber");
	assert_int_equal(c->devices[0].every, 3600);
	assert_true(c->devices[0].disabled);
	assert_string_equal(c->devices[1].site, "ham");
	assert_int_equal(c->devices[1].every, 0);
	assert_false(c->devices[1].disabled);
	assert_string_equal(c->devices[2].site, "");
	config_free(c);
}

static void
dos_line_ends_and_a_byte_order_mark_are_fine(void **state)
{
	struct config *c;

	(void)state;
	folder_text(
	    "gatebook.yml", "\xEF\xBB\xBFlimits:\r\n  jobs: 4\r\nkeep:\r\n  inside: yes\r\n");
	c = folder_good();
	assert_int_equal(c->jobs, 4);
	assert_true(c->keep_inside);
	config_free(c);
}

static void
aliases_are_fine(void **state)
{
	struct config *c;

	(void)state;
	folder_text("gatebook.yml", ACCOUNT);
	folder_text("inventory.d/a.yml",
	    "defaults: {platform: &os linux, credential: ro, tags: &t [edge, isp]}\n"
	    "devices: [{name: r1, host: 192.0.2.1, platform: *os, tags: *t}]\n");
	c = folder_good();
	assert_string_equal(c->devices[0].tags[1], "isp");
	config_free(c);
}

/* cat gatebook.yml inventory.d/a.yml | sha256sum */
static void
the_checksum_is_that_of_the_files(void **state)
{
	static const char text[] = "store: x\n# a\n";
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hex[65];
	struct config *c;

	(void)state;
	folder_text("gatebook.yml", "store: x\n");
	folder_text("inventory.d/a.yml", "# a\n");
	folder_text("inventory.d/.hidden.yml", "devices: 1\n");
	folder_text("inventory.d/a.yml~", "devices: 1\n");
	c = folder_good();
	EVP_Digest(text, sizeof text - 1, digest, NULL, EVP_sha256(), NULL);
	for (int i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(c->sha256, hex);
	config_free(c);
}

/* --- files that are no configuration ---------------------------------------------------------- */

static void
a_missing_file_names_init(void **state)
{
	char *faults = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&faults, &n);

	(void)state;
	folder_bad("gatebook.yml:1:1: no such file: 'gatebook init .' writes one\n");
	assert_null(config_load("gone//", out));
	fclose(out);
	assert_string_equal(
	    faults, "gone/gatebook.yml:1:1: no such file: 'gatebook init gone/' writes one\n");
	free(faults);
}

static void
files_of_another_kind(void **state)
{
	(void)state;
	folder_text("gatebook.yml", "");
	assert_int_equal(mkfifo("inventory.d/fifo.yml", 0600), 0);
	assert_int_equal(mkdir("inventory.d/folder.yml", 0700), 0);
	assert_int_equal(symlink("nowhere", "inventory.d/link.yml"), 0);
	folder_text("inventory.d/open.yml", "");
	assert_int_equal(chmod("inventory.d/open.yml", 0666), 0);
	folder_bad("inventory.d/fifo.yml:1:1: not a regular file\n"
		   "inventory.d/folder.yml:1:1: not a regular file\n"
		   "inventory.d/link.yml:1:1: cannot be read: No such file or directory\n"
		   "inventory.d/open.yml:1:1: anybody may write to it: chmod o-w\n");
	assert_int_equal(unlink("inventory.d/fifo.yml"), 0);
}

static void
a_folder_that_is_none(void **state)
{
	(void)state;
	folder_text("gatebook.yml", "");
	assert_int_equal(rmdir("inventory.d"), 0);
	config_free(folder_good());
	folder_text("inventory.d", "");
	folder_bad("inventory.d:1:1: cannot be read: Not a directory\n");
	assert_int_equal(unlink("inventory.d"), 0);
	assert_int_equal(mkdir("inventory.d", 0700), 0);
}

static void
a_file_too_long(void **state)
{
	(void)state;
	folder_text("gatebook.yml", "");
	assert_int_equal(truncate("gatebook.yml", LIMIT_CONFIG + 1), 0);
	folder_bad("gatebook.yml:1:1: longer than 16 MiB: split it into several files\n");
}

/* Ten lines whose aliases stand for 50,000^2 names. */
static void
aliases_that_repeat_too_much(void **state)
{
	FILE *out = fopen("inventory.d/a.yml", "w");

	(void)state;
	folder_text("gatebook.yml", ACCOUNT);
	assert_non_null(out);
	fputs("defaults: {platform: linux, credential: ro, tags: &t [", out);
	for (int i = 0; i < 50000; i++)
		fputs("a,", out);
	fputs("a]}\ndevices:\n- &d {name: r, host: r, tags: *t}\n", out);
	for (int i = 0; i < 50000; i++)
		fputs("- *d\n", out);
	fclose(out);
	folder_bad(
	    "inventory.d/a.yml:1:51: aliases (*name) repeat too much: the rest of this file "
	    "is not read\n"
	    "inventory.d/a.yml:3:13: device 'r' is already defined at inventory.d/a.yml:3\n");
}

static void
only_so_many_faults_are_shown(void **state)
{
	FILE *out = fopen("gatebook.yml", "w");
	char *faults = NULL, *line;
	unsigned lines = 0;

	(void)state;
	assert_non_null(out);
	for (int i = 0; i < 1500; i++)
		fprintf(out, "unknown%d: 1\n", i);
	fclose(out);
	assert_null(folder_load(&faults));
	for (line = faults; (line = strchr(line, '\n')) != NULL; line++)
		lines++;
	assert_int_equal(lines, 1001);
	assert_non_null(strstr(faults, "\n500 more faults are not shown\n"));
	free(faults);
}

static void
durations_are_written_as_they_are_read(void **state)
{
	char out[CONFIG_DURATION];

	(void)state;
	assert_string_equal(config_duration(0, out), "off");
	assert_string_equal(config_duration(90, out), "90s");
	assert_string_equal(config_duration(300, out), "5m");
	assert_string_equal(config_duration(86400, out), "1d");
	assert_string_equal(config_duration(UINT32_MAX, out), "4294967295s");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_enter, folder_leave)

static const struct device *
device(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->n_devices; i++)
		if (strcmp(c->devices[i].name, name) == 0)
			return &c->devices[i];
	fail_msg("no device %s", name);
	return NULL;
}

static void
schedules_choose_their_devices(void **state)
{
	const struct device *d;
	struct config *c;

	(void)state;
	folder_text("gatebook.yml",
	    ACCOUNT "zone: Europe/Berlin\n"
		    "schedules:\n"
		    "  fast: {every: 5m, on: '@edge', jitter: 30s, priority: 9}\n"
		    "  tables: {every: 15m, topics: [neighbours], on: ['@cisco_ios', sw1]}\n"
		    "  follows: {every: 5m, on: r1, adaptive: {least: 1m, most: 30m}}\n"
		    "  nightly: {cron: 17 3 * * *, on: sw1, window: Mon-Fri, zone: UTC}\n"
		    "blackouts:\n"
		    "  - {name: freeze, from: 2026-12-20, to: 2027-01-04 06:00, on: '@edge'}\n"
		    "  - {name: backup, window: Sun 02:00-04:00}\n");
	folder_text("inventory.d/a.yml",
	    "defaults: {credential: ro}\n"
	    "devices:\n"
	    "  - {name: r1, host: 192.0.2.1, platform: cisco_ios, tags: [edge]}\n"
	    "  - {name: sw1, host: 192.0.2.1, platform: cisco_nxos}\n"
	    "  - {name: own, host: 192.0.2.1, platform: cisco_nxos, every: 10m, identity: true}\n"
	    "  - {name: idle, host: 192.0.2.1, platform: cisco_nxos}\n");
	c = folder_good();
	d = device(c, "r1");
	assert_string_equal(d->timetables[0]->name, "fast");
	assert_int_equal(d->timetables[0]->jitter, 30);
	assert_int_equal(d->timetables[0]->priority, 9);
	assert_string_equal(d->timetables[1]->name, "tables");
	assert_int_equal(d->timetables[1]->jitter, 90);
	assert_false(d->timetables[1]->sessions);
	assert_true(d->timetables[1]->neighbours);
	assert_int_equal(d->timetables[2]->least, 60);
	assert_int_equal(d->timetables[2]->most, 1800);
	assert_int_equal(d->timetables[2]->jitter, 6);
	assert_null(d->timetables[3]);
	assert_int_equal(d->every, 300);
	d = device(c, "sw1");
	assert_string_equal(d->timetables[1]->name, "nightly");
	assert_string_equal(d->timetables[1]->zone->name, "UTC");
	assert_int_equal(d->every, 86400);
	d = device(c, "own");
	assert_int_equal(d->timetables[0]->every, 600);
	assert_true(d->timetables[0]->neighbours);
	assert_string_equal(d->timetables[0]->zone->name, "Europe/Berlin");
	assert_null(device(c, "idle")->timetables);
	assert_int_equal(c->n_blackouts, 2);
	/* Midnight of Berlin. */
	assert_int_equal(c->blackouts[0].from, 1797721200);
	assert_string_equal(c->blackouts[0].devices[0]->name, "r1");
	assert_null(c->blackouts[0].devices[1]);
	assert_string_equal(c->blackouts[1].devices[3]->name, "sw1");
	config_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_file_is_the_defaults),
		TEST(comments_and_empty_values_are_fine),
		TEST(settings_have_their_values),
		TEST(retention_can_be_forever),
		TEST(a_list_of_prefixes_replaces_the_default),
		TEST(the_agent_is_the_sessions_unless_said),
		TEST(devices_have_their_values),
		TEST(devices_without_a_login),
		TEST(schedules_choose_their_devices),
		TEST(defaults_hold_for_their_file_and_can_be_overridden),
		TEST(dos_line_ends_and_a_byte_order_mark_are_fine),
		TEST(aliases_are_fine),
		TEST(the_checksum_is_that_of_the_files),
		TEST(a_missing_file_names_init),
		TEST(files_of_another_kind),
		TEST(a_folder_that_is_none),
		TEST(a_file_too_long),
		TEST(aliases_that_repeat_too_much),
		TEST(only_so_many_faults_are_shown),
		TEST(durations_are_written_as_they_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
