/* Other tools' inventories from arbitrary bytes: an import either is whole or says what is wrong,
 * and what it would write loads without a fault. The first byte says of which kind they are, and
 * under which ending. */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inventories/import.h"
#include "tests/fuzz/fuzz.h"

static char dir[] = "/tmp/gatebook-fuzz-import-XXXXXX";
static int home, here; /* libFuzzer's paths are relative, and so are ours */

static void
clean_up(void)
{
	static const char *const names[] = { "x.json", "x.yml", "x", "map", "hosts.yaml",
		"gatebook.yml", "inventory.d/IMPORTED.yml", "inventory.d/.IMPORTED.yml.new" };

	if (fchdir(here) != 0)
		return;
	for (size_t n = 0; n < sizeof names / sizeof names[0]; n++)
		(void)unlink(names[n]);
	(void)rmdir("inventory.d");
	(void)rmdir(dir);
}

static void
prepare(void)
{
	static const char settings[] = "credentials: {ro: {user: u, key: agent}}\n";
	static const char map[] = "name . linux\n";

	umask(022);
	home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	here = mkdtemp(dir) ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (home < 0 || here < 0 || fchdir(here) != 0)
		abort();
	write_file("gatebook.yml", (const uint8_t *)settings, sizeof settings - 1);
	write_file("map", (const uint8_t *)map, sizeof map - 1);
	(void)atexit(clean_up);
}

static void
apply(const struct import *import)
{
	struct error err = { 0 };

	if (import_apply(import, ".", stderr, &err) != 0)
		abort();
	(void)unlink("inventory.d/IMPORTED.yml");
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const names[] = { "x.json", "x.yml", "x" };
	struct import_order order = { .map = "map" };
	struct error err = { 0 };
	struct config *config;
	struct import *import;
	FILE *faults;

	if (n == 0)
		return 0;
	if (here == 0)
		prepare();
	if (fchdir(here) != 0)
		abort();
	order.kind = import_kinds[bytes[0] / 3 % 11]->name;
	order.source = strcmp(order.kind, "nornir") == 0 ? "hosts.yaml" : names[bytes[0] % 3];
	write_file(order.source, bytes + 1, n - 1);
	config = config_load(".", stderr);
	faults = fopen("/dev/null", "we");
	if (config == NULL || faults == NULL)
		abort();
	import = import_new(config, &order, faults, &err);
	(void)fclose(faults);
	assert((import == NULL) == (err.text[0] != '\0'));
	if (import != NULL && import->new > 0)
		apply(import);
	import_free(import);
	config_free(config);
	if (fchdir(home) != 0)
		abort();
	return 0;
}
