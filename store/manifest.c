#include "store/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "store/internal.h"

#define FIRST "# gatebook backup 1 made "
#define LAST  "# whole "

/* --- names ------------------------------------------------------------------------------------ */

static bool
take_hex(struct text *t, size_t digits, struct text *hex)
{
	if (t->n < digits)
		return false;
	for (size_t i = 0; i < digits; i++)
		if (!strchr("0123456789abcdef", t->s[i]) || t->s[i] == '\0')
			return false;
	*hex = (struct text){ t->s, digits };
	t->s += digits;
	t->n -= digits;
	return true;
}

bool
manifest_is_live(struct text name)
{
	struct text hex;

	return text_take(&name, "live-") && take_hex(&name, 16, &hex) && text_is(name, ".db");
}

bool
manifest_is_day(struct text name)
{
	static const char form[] = "0000-00-00.db";

	if (name.n != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (form[i] == '0' ? name.s[i] < '0' || name.s[i] > '9' : name.s[i] != form[i])
			return false;
	return true;
}

static bool
is_file(struct text name)
{
	return manifest_is_live(name) || (text_take(&name, "days/") && manifest_is_day(name));
}

static void
put_hex(const uint8_t *bytes, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

void
manifest_live_name(const uint8_t sha256[static 32], char name[static MANIFEST_NAME])
{
	char hex[17];

	put_hex(sha256, 8, hex);
	(void)snprintf(name, MANIFEST_NAME, "live-%s.db", hex);
}

/* --- the list --------------------------------------------------------------------------------- */

void
manifest_add(struct manifest *m, const char *name, const uint8_t sha256[static 32])
{
	struct manifest_file *f;

	if ((m->n & (m->n - 1)) == 0)
		m->files = mem_grow(m->files, m->n ? 2 * m->n : 1, sizeof(*m->files));
	f = &m->files[m->n++];
	(void)text_copy(text_of(name), f->name, sizeof(f->name));
	memcpy(f->sha256, sha256, 32);
}

const struct manifest_file *
manifest_find(const struct manifest *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->files[i].name, name) == 0)
			return &m->files[i];
	return NULL;
}

void
manifest_free(struct manifest *m)
{
	free(m->files);
	*m = (struct manifest){ 0 };
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool
take_hash(struct text *t, uint8_t out[static 32])
{
	struct text hex, digits;
	uint64_t byte;

	if (!take_hex(t, 64, &hex))
		return false;
	for (int i = 0; i < 32; i++) {
		digits = (struct text){ hex.s + 2 * i, 2 };
		if (!text_take_hex(&digits, 255, &byte))
			return false;
		out[i] = (uint8_t)byte;
	}
	return true;
}

static bool
take_file(struct text *t, struct manifest *m)
{
	struct text line = *t, name;
	uint8_t sha256[32];
	char text[MANIFEST_NAME];

	if (!take_hash(&line, sha256) || !text_take(&line, "  ") ||
	    !text_take_until(&line, '\n', &name) || !is_file(name))
		return false;
	(void)text_copy(name, text, sizeof(text));
	/* The live database stands first, then the days, each later than the one before it. */
	if (manifest_is_live(name) != (m->n == 0) ||
	    (m->n > 1 && strcmp(m->files[m->n - 1].name, text) >= 0))
		return false;
	manifest_add(m, text, sha256);
	*t = line;
	return true;
}

bool
manifest_parse(struct text t, struct manifest *m)
{
	const char *begin = t.s;
	uint8_t whole[32], hash[32];
	uint64_t made;

	*m = (struct manifest){ 0 };
	if (!text_take(&t, FIRST) || !text_take_number(&t, INT64_MAX, &made) ||
	    !text_take(&t, " of ") || !take_hash(&t, m->store) || !text_take_char(&t, '\n'))
		return false;
	m->made = (int64_t)made;
	while (take_file(&t, m))
		;
	SHA256((const uint8_t *)begin, (size_t)(t.s - begin), hash);
	return text_take(&t, LAST) && take_hash(&t, whole) && text_is(t, "\n") &&
	       memcmp(whole, hash, 32) == 0;
}

int
manifest_read(const char *dir, struct manifest *m, struct error *err)
{
	char path[4200];
	FILE *in;
	char *bytes;
	size_t n;
	int rc = 1;

	*m = (struct manifest){ 0 };
	(void)snprintf(path, sizeof(path), "%s/SHA256SUMS", dir);
	in = fopen(path, "re");
	if (!in && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (!in)
		return error_set(err, "cannot read %s: %s", path, strerror(errno));
	bytes = mem_alloc(LIMIT_CONFIG + 1, 1);
	n = fread(bytes, 1, LIMIT_CONFIG + 1, in);
	if (ferror(in))
		rc = error_set(err, "cannot read %s: %s", path, strerror(errno));
	else if (n > LIMIT_CONFIG || !manifest_parse((struct text){ bytes, n }, m))
		rc = error_exit(err, EXIT_FALSE,
		    "%s is not as a backup wrote it: damaged, or of something else", path);
	(void)fclose(in);
	free(bytes);
	if (rc < 0)
		manifest_free(m);
	return rc;
}

/* --- writing ---------------------------------------------------------------------------------- */

static char *
compose(const struct manifest *m)
{
	char *text = NULL, hex[65];
	size_t size = 0;
	uint8_t hash[32];
	FILE *out = open_memstream(&text, &size);

	put_hex(m->store, 32, hex);
	(void)fprintf(out, FIRST "%" PRId64 " of %s\n", m->made, hex);
	for (size_t i = 0; i < m->n; i++) {
		put_hex(m->files[i].sha256, 32, hex);
		(void)fprintf(out, "%s  %s\n", hex, m->files[i].name);
	}
	(void)fflush(out);
	SHA256((const uint8_t *)text, size, hash);
	put_hex(hash, 32, hex);
	(void)fprintf(out, LAST "%s\n", hex);
	(void)fclose(out);
	return text;
}

int
manifest_write(const char *dir, const struct manifest *m, struct error *err)
{
	char path[4200], temporary[4210], *text = compose(m);
	size_t n = strlen(text);
	int fd, rc = 0;

	(void)snprintf(path, sizeof(path), "%s/SHA256SUMS", dir);
	(void)snprintf(temporary, sizeof(temporary), "%s.tmp", path);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, n) != (ssize_t)n || fsync(fd) != 0)
		rc = error_set(err, "cannot write %s: %s", temporary, strerror(errno));
	if (fd >= 0)
		close(fd);
	free(text);
	if (rc == 0 && rename(temporary, path) != 0)
		rc = error_set(err, "cannot rename %s: %s", temporary, strerror(errno));
	return rc < 0 ? -1 : folder_sync(dir, err);
}
