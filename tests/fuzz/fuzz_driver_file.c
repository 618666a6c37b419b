/* Any file as a driver: it loads, or one line says file, line and reason. */
#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "drivers/driver.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const struct driver *driver;
	struct error err = { 0 };
	char path[40];
	int fd = memfd_create("driver", MFD_CLOEXEC);

	assert(fd >= 0);
	for (size_t at = 0; at < n;) {
		ssize_t w = write(fd, bytes + at, n - at);

		assert(w > 0);
		at += (size_t)w;
	}
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	driver = driver_file_load(path, &err);
	if (driver != NULL) {
		assert(driver->name[0] != '\0' && driver->commands[0].send != NULL);
		assert(driver_may_send(driver, driver->commands[0].send));
		if (command_page(driver->commands, 100, path, sizeof path))
			assert(command_is_page(driver->commands, path));
	} else {
		assert(strncmp(err.text, path, strlen(path)) == 0 && err.exit == EXIT_USAGE);
		assert(strchr(err.text, '\n') == NULL);
	}
	driver_file_free(driver);
	close(fd);
	return 0;
}
