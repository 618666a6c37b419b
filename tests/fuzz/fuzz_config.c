/* gatebook.yml and an inventory file from arbitrary bytes: loading never crashes, and either gives
 * a configuration or says at least one fault. The first byte divides the rest between the two
 * files. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inventories/config.h"
#include "tests/fuzz/fuzz.h"

static char dir[] = "/tmp/gatebook-fuzz-config-XXXXXX";
static char settings[64], devices[64];

static void
clean_up(void)
{
	(void)unlink(settings);
	(void)unlink(devices);
	devices[sizeof(dir) - 1 + 12] = '\0';
	(void)rmdir(devices);
	(void)rmdir(dir);
}

static void
prepare(void)
{
	if (mkdtemp(dir) == NULL)
		abort();
	(void)snprintf(settings, sizeof(settings), "%s/gatebook.yml", dir);
	(void)snprintf(devices, sizeof(devices), "%s/inventory.d", dir);
	(void)mkdir(devices, 0700);
	(void)snprintf(devices, sizeof(devices), "%s/inventory.d/a.yml", dir);
	(void)atexit(clean_up);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *said = NULL;
	size_t said_bytes = 0, half;
	struct config *config;
	FILE *faults;

	if (settings[0] == '\0')
		prepare();
	if (n == 0)
		return 0;
	half = (n - 1) * bytes[0] / 255;
	write_file(settings, bytes + 1, half);
	write_file(devices, bytes + 1 + half, n - 1 - half);
	faults = open_memstream(&said, &said_bytes);
	config = config_load(dir, faults);
	(void)fclose(faults);
	assert((config == NULL) == (said_bytes > 0));
	if (config != NULL)
		config_free(config);
	free(said);
	return 0;
}
