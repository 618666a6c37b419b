/* gatebook init, inventory list, inventory check: what they print, write and return. */
#include "cli/command.h"
#include "tests/unit/inventories_folder.h"

extern const struct cli_command cli_init, cli_inventory_list, cli_inventory_check;

static char out[8192], talk[8192];

static void
read_back(const char *path, char *into, size_t size)
{
	FILE *in = fopen(path, "r");
	size_t n;

	assert_non_null(in);
	n = fread(into, 1, size - 1, in);
	into[n] = '\0';
	fclose(in);
}

static int
into_file(const char *path, int fd)
{
	int before = dup(fd), file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(before >= 0 && file >= 0);
	dup2(file, fd);
	close(file);
	return before;
}

/* Runs a command in the current folder; what it printed is in `out` and `talk`. */
static int
command(const struct cli_command *c, enum writer_form form, const char *first)
{
	char *words[] = { (char *)(uintptr_t)first, NULL };
	struct call call = { .command = c,
		.dir = ".",
		.form = form,
		.utc = true,
		.n = first ? 1 : 0,
		.words = words };
	int before_out, before_err, code;

	fflush(stdout);
	before_out = into_file("out.txt", 1);
	before_err = into_file("err.txt", 2);
	code = c->run(&call);
	fflush(stdout);
	dup2(before_out, 1);
	dup2(before_err, 2);
	close(before_out);
	close(before_err);
	read_back("out.txt", out, sizeof(out));
	read_back("err.txt", talk, sizeof(talk));
	return code;
}

static unsigned
mode(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
init_writes_what_loads(void **state)
{
	struct config *c;

	(void)state;
	assert_int_equal(command(&cli_init, WRITE_TABLE, "book"), EXIT_OK);
	assert_string_equal(out, "wrote book/gatebook.yml, book/inventory.d/example.yml\nnext:\n"
				 "  cd book\n"
				 "  $EDITOR gatebook.yml inventory.d/example.yml\n"
				 "  gatebook inventory check\n"
				 "  gatebook hostkey scan\n");
	assert_string_equal(talk, "");
	assert_int_equal(mode("book"), 0700);
	assert_int_equal(mode("book/inventory.d"), 0700);
	assert_int_equal(mode("book/secrets"), 0700);
	assert_int_equal(mode("book/gatebook.yml"), 0600);
	assert_int_equal(mode("book/inventory.d/example.yml"), 0600);
	c = config_load("book", stdout);
	assert_non_null(c);
	assert_int_equal(c->n_devices, 1);
	assert_string_equal(c->devices[0].name, "edge-r1");
	assert_int_equal(c->jobs, LIMIT_JOBS);
	assert_int_equal(c->silence, LIMIT_SILENCE_MS / 1000);
	assert_int_equal(c->poll_timeout, LIMIT_POLL_S);
	assert_int_equal(c->logins_per_second, LIMIT_LOGINS_PER_SECOND);
	config_free(c);
}

/* "# section:", a line of its own. */
static bool
is_section(const char *line)
{
	size_t n = 2;

	while (line[0] == '#' && line[1] == ' ' && line[n] >= 'a' && line[n] <= 'z')
		n++;
	return n > 2 && line[n] == ':' && line[n + 1] == '\n';
}

/* "# section:", "# - x" and "#   key: x" become configuration; sentences stay what they are. */
static void
uncomment(const char *path)
{
	static char text[8192];

	read_back(path, text, sizeof(text));
	for (char *line = text; line; line = strchr(line, '\n')) {
		line += line == text ? 0 : 1;
		if (strncmp(line, "# - ", 4) == 0 ||
		    (strncmp(line, "#   ", 4) == 0 && line[4] >= 'a' && line[4] <= 'z'))
			*line = ' ';
		else if (is_section(line))
			/* two bytes to the left, blanks behind it */
			for (; *line != '\n'; line++)
				line[0] = line[2] == '\n' || line[1] == '\n' ? ' ' : line[2];
	}
	folder_text(path, text);
}

static void
what_init_comments_out_loads_too(void **state)
{
	struct config *c;

	(void)state;
	assert_int_equal(command(&cli_init, WRITE_TABLE, NULL), EXIT_OK);
	assert_null(strstr(out, "  cd "));
	uncomment("gatebook.yml");
	uncomment("inventory.d/example.yml");
	c = folder_good();
	assert_int_equal(c->n_devices, 2);
	assert_string_equal(c->devices[1].transport, "local");
	assert_non_null(c->credentials[0].key);
	config_free(c);
}

static void
init_overwrites_nothing(void **state)
{
	char text[100];

	(void)state;
	folder_text("gatebook.yml", "store: mine\n");
	assert_int_equal(command(&cli_init, WRITE_TABLE, NULL), EXIT_FAILED);
	assert_string_equal(talk, "gatebook: ./gatebook.yml exists and is not overwritten: "
				  "gatebook init DIR writes elsewhere\n");
	read_back("gatebook.yml", text, sizeof(text));
	assert_string_equal(text, "store: mine\n");
	assert_int_equal(access("secrets", F_OK), -1);
	assert_int_equal(unlink("gatebook.yml"), 0);
	folder_text("inventory.d/example.yml", "# mine\n");
	assert_int_equal(command(&cli_init, WRITE_TABLE, NULL), EXIT_FAILED);
	assert_int_equal(access("gatebook.yml", F_OK), -1);
	assert_int_equal(command(&cli_init, WRITE_TABLE, "no/such"), EXIT_FAILED);
	assert_string_equal(talk, "gatebook: no/such: cannot be made: No such file or directory\n");
}

static void
two_devices(void)
{
	folder_text("gatebook.yml", "credentials: {ro: {user: gatebook, password: file:s/pw}}\n");
	folder_text("inventory.d/a.yml",
	    "defaults: {credential: ro, every: 5m}\n"
	    "devices:\n"
	    "  - {name: r1, host: 192.0.2.1, platform: cisco_ios, tags: [edge, isp], site: ber}\n"
	    "  - {name: here, platform: linux, transport: local, every: off, enabled: false}\n");
}

static void
list_shows_every_device(void **state)
{
	(void)state;
	two_devices();
	assert_int_equal(command(&cli_inventory_list, WRITE_CSV, NULL), EXIT_OK);
	assert_string_equal(out,
	    "device,platform,host,port,transport,site,tags,credential,every_s,enabled,timeout_s,"
	    "algorithms,commands,defined,source,source_id,source_state,via\r\n"
	    "here,linux,localhost,,local,,,,0,false,180,,,inventory.d/a.yml:4,,,,\r\n"
	    "r1,cisco_ios,192.0.2.1,22,ssh,ber,\"edge,isp\",ro,300,true,180,modern,,"
	    "inventory.d/a.yml:3,,,,\r\n");
	assert_int_equal(command(&cli_inventory_list, WRITE_TABLE, "@edge"), EXIT_OK);
	assert_string_equal(out,
	    "DEVICE  PLATFORM   HOST       PORT  TRANSPORT  SITE  TAGS      CREDENTIAL  EVERY  "
	    "ENABLED\n"
	    "r1      cisco_ios  192.0.2.1    22  ssh        ber   edge,isp  ro             5m  "
	    "yes\n");
	assert_int_equal(command(&cli_inventory_list, WRITE_TABLE, "r2"), EXIT_USAGE);
	assert_string_equal(talk, "gatebook: no device 'r2' (did you mean 'r1'?)\n");
}

static void
without_devices_there_is_a_hint(void **state)
{
	(void)state;
	folder_text("gatebook.yml", "");
	assert_int_equal(command(&cli_inventory_list, WRITE_JSON, NULL), EXIT_OK);
	assert_string_equal(talk, "no devices: add one to ./inventory.d/*.yml\n");
	assert_int_equal(command(&cli_inventory_check, WRITE_JSON, NULL), EXIT_OK);
	assert_string_equal(talk, "no devices: add one to ./inventory.d/*.yml\n");
}

static void
check_says_all_faults(void **state)
{
	(void)state;
	folder_text("gatebook.yml", "stroe: x\nsandbox: on\n");
	assert_int_equal(command(&cli_inventory_check, WRITE_TABLE, NULL), EXIT_USAGE);
	assert_string_equal(out, "");
	assert_string_equal(talk,
	    "gatebook.yml:1:1: unknown key 'stroe' (did you mean 'store'?)\n"
	    "gatebook.yml:2:10: 'sandbox' cannot be 'on': one of off, warn, enforce\n");
}

static void
check_looks_at_the_secret_and_does_not_read_it(void **state)
{
	const char *dir = *state;
	char expected[1000];

	two_devices();
	assert_int_equal(command(&cli_inventory_check, WRITE_NDJSON, NULL), EXIT_USAGE);
	snprintf(expected, sizeof(expected),
	    "{\"device\":\"r1\",\"platform\":\"cisco_ios\",\"transport\":\"ssh\","
	    "\"address\":\"192.0.2.1\",\"credential\":\"ro\",\"state\":\"not ready\",\"problems\":"
	    "[\"password: %s/s/pw: no such file: (umask 077; cat > %s/s/pw) writes it\"]}\n",
	    dir, dir);
	assert_string_equal(out, expected);
	assert_string_equal(talk,
	    "1 device: 0 ready, 1 not ready\n"
	    "next: mend what is said above, then: gatebook inventory check\n");
	assert_int_equal(mkdir("s", 0700), 0);
	folder_text("s/pw", ""); /* empty: only reading could tell */
	assert_int_equal(chmod("s/pw", 0600), 0);
	assert_int_equal(command(&cli_inventory_check, WRITE_TABLE, "@all"), EXIT_OK);
	assert_string_equal(out,
	    "DEVICE  PLATFORM   TRANSPORT  ADDRESS    CREDENTIAL  STATE  PROBLEM\n"
	    "r1      cisco_ios  ssh        192.0.2.1  ro          ready  -\n");
	assert_string_equal(talk, "1 device: 1 ready, 0 not ready\nnext: gatebook hostkey scan\n");
	assert_int_equal(command(&cli_inventory_check, WRITE_TABLE, "here"), EXIT_OK);
	assert_string_equal(talk, "1 device: 1 ready, 0 not ready\nnext: gatebook poll\n");
}

static void
check_resolves_hosts_and_finds_recordings(void **state)
{
	(void)state;
	two_devices();
	folder_text("inventory.d/a.yml",
	    "devices:\n"
	    "  - {name: r1, host: r1.invalid, platform: linux, credential: ro}\n"
	    "  - {name: r2, platform: linux, transport: replay, replay: /nowhere/x}\n");
	assert_int_equal(command(&cli_inventory_check, WRITE_CSV, NULL), EXIT_USAGE);
	assert_non_null(strstr(out, "host r1.invalid cannot be resolved: "));
	assert_non_null(strstr(out, "replay: /nowhere/x: No such file or directory"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_enter, folder_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(init_writes_what_loads),
		TEST(what_init_comments_out_loads_too),
		TEST(init_overwrites_nothing),
		TEST(list_shows_every_device),
		TEST(without_devices_there_is_a_hint),
		TEST(check_says_all_faults),
		TEST(check_looks_at_the_secret_and_does_not_read_it),
		TEST(check_resolves_hosts_and_finds_recordings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
