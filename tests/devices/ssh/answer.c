/* Which file answers a command. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/devices/ssh/sshdev.h"

struct text
file_load(const char *path)
{
	FILE *f = fopen(path, "re");
	char *bytes = NULL;
	size_t n = 0, size = 0, got = 0;

	if (!f) {
		(void)fprintf(stderr, "sshdev: cannot read %s\n", path);
		return (struct text){ "", 0 };
	}
	do {
		if (n == size) {
			size = size ? size * 2 : 65536;
			bytes = mem_grow(bytes, size, 1);
		}
		got = fread(bytes + n, 1, size - n, f);
		n += got;
	} while (got > 0);
	(void)fclose(f);
	return (struct text){ bytes, n };
}

/* The file of a command in the replies folder: blanks and other signs become one dash. */
static bool
in_folder(const struct device *d, const char *command, char *path, size_t size)
{
	size_t n = (size_t)snprintf(path, size, "%s/", d->folder), start = n;
	bool dash = false;

	for (; *command && n + 6 < size; command++) {
		bool plain = (*command >= 'a' && *command <= 'z') ||
			     (*command >= 'A' && *command <= 'Z') ||
			     (*command >= '0' && *command <= '9') || *command == '_' ||
			     *command == '.';

		if (plain && dash && n > start)
			path[n++] = '-';
		if (plain)
			path[n++] = *command;
		dash = !plain;
	}
	memcpy(path + n, ".raw", 5);
	return n > start && access(path, R_OK) == 0;
}

struct answer *
answer_find(struct device *d, const char *command)
{
	struct answer *a = NULL;
	char path[1024];

	(void)pthread_mutex_lock(&d->lock);
	for (int i = 0; i < d->n_answers && !a; i++)
		if (strcmp(d->answers[i].command, command) == 0)
			a = &d->answers[i];
	if (!a && d->folder && d->n_answers < MAX_REPLIES &&
	    in_folder(d, command, path, sizeof(path))) {
		a = &d->answers[d->n_answers++];
		a->command = mem_string(command);
		a->files[a->n++] = mem_string(path);
	}
	(void)pthread_mutex_unlock(&d->lock);
	return a;
}

struct text
answer_body(struct device *d, struct answer *a)
{
	unsigned asked = atomic_fetch_add(&a->asked, 1);
	int i = a->n == 0 ? 0 : asked < (unsigned)a->n ? (int)asked : a->n - 1;

	if (a->n == 0)
		return (struct text){ "", 0 };
	(void)pthread_mutex_lock(&d->lock);
	if (!a->bodies[i].s)
		a->bodies[i] = file_load(a->files[i]);
	(void)pthread_mutex_unlock(&d->lock);
	return a->bodies[i];
}
