/* Reads one configuration file into libyaml's document tree. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "inventories/loading.h"

struct bytes {
	char *s;
	size_t n;
};

static size_t
most_bytes(const struct loading *l)
{
	return l->most_bytes ? l->most_bytes : LIMIT_CONFIG;
}

void
source_begin(struct loading *l, const char *name)
{
	if (l->n_files == l->files_room) {
		l->files_room = l->files_room ? l->files_room * 2 : 8;
		l->files = mem_grow(l->files, l->files_room, sizeof *l->files);
	}
	l->file_name = arena_string(&l->config->arena, text_of(name));
	l->files[l->n_files] = arena_string(&l->arena, text_of(name));
	l->file = l->n_files++;
	l->visits = 0;
}

static bool
check_mode(struct loading *l, const struct stat *st)
{
	size_t most = most_bytes(l);

	if (!S_ISREG(st->st_mode))
		fault_at(l, 1, 1, "not a regular file");
	/* The configuration names programs that we run (exec:) and what is sent where. */
	else if (st->st_mode & S_IWOTH)
		fault_at(l, 1, 1, "anybody may write to it: chmod o-w");
	else if ((size_t)st->st_size > most)
		fault_at(l, 1, 1, "longer than %zu MiB: split it into several files", most >> 20);
	else
		return true;
	return false;
}

static bool
read_all(struct loading *l, int fd, size_t size, struct bytes *out)
{
	ssize_t got = 1;

	out->s = mem_alloc(size + 1, 1);
	while (out->n <= size && got > 0) {
		got = read(fd, out->s + out->n, size + 1 - out->n);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			out->n += (size_t)got;
	}
	if (got < 0)
		fault_at(l, 1, 1, "cannot be read: %s", strerror(errno));
	else if (out->n != size)
		fault_at(l, 1, 1, "changed while it was read: try again");
	return got >= 0 && out->n == size;
}

/* Standard input, whose size nobody knows before its end. */
static bool
read_input(struct loading *l, struct bytes *out)
{
	size_t room = 0, most = most_bytes(l);
	ssize_t got = 1;

	while (got > 0 && out->n <= most) {
		if (out->n == room) {
			room = room ? room * 2 : 65536;
			out->s = mem_grow(out->s, room, 1);
		}
		got = read(STDIN_FILENO, out->s + out->n, room - out->n);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			out->n += (size_t)got;
	}
	if (got < 0)
		fault_at(l, 1, 1, "cannot be read: %s", strerror(errno));
	else if (got > 0)
		fault_at(l, 1, 1, "longer than %zu MiB", most >> 20);
	if (got != 0)
		free(out->s);
	return got == 0;
}

static bool
slurp(struct loading *l, const char *path, struct bytes *out)
{
	/* O_NONBLOCK: a FIFO of that name must not hold us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	bool good;

	if (fd < 0 || fstat(fd, &st) != 0) {
		fault_at(l, 1, 1, "cannot be read: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	good = check_mode(l, &st) && read_all(l, fd, (size_t)st.st_size, out);
	close(fd);
	return good;
}

/* Length of the UTF-8 character at s, 0 when it is none. Overlong forms, surrogates and what lies
 * above U+10FFFF are none. */
static size_t
utf8_length(const unsigned char *s, size_t n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
	uint32_t c;

	if (length == 1)
		return 1;
	if (length == 0 || length > n || s[0] > 0xF4)
		return 0;
	c = s[0] & (0xFFU >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3F);
	}
	if (c < least[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 0;
	return length;
}

/* libyaml gives a byte offset and no line for a bad byte: find them first. */
static bool
is_text(struct loading *l, const struct bytes *b)
{
	unsigned line = 1, column = 1;

	for (size_t i = 0; i < b->n;) {
		const unsigned char *s = (const unsigned char *)b->s + i;
		size_t length = utf8_length(s, b->n - i);

		if (length == 0) {
			fault_at(l, line, column, "not UTF-8 (byte 0x%02X): save the file as UTF-8",
			    s[0]);
			return false;
		}
		if ((s[0] < 0x20 && s[0] != '\n' && s[0] != '\r' && s[0] != '\t') || s[0] == 0x7F) {
			fault_at(
			    l, line, column, "a control character (byte 0x%02X): remove it", s[0]);
			return false;
		}
		column++;
		if (s[0] == '\n') {
			line++;
			column = 1;
		}
		i += length;
	}
	return true;
}

/* The indentation of a line holds a tab: its column, else 0. */
static unsigned
tab_column(const struct bytes *b, size_t line)
{
	struct text cursor = { b->s, b->n }, found = { NULL, 0 };

	for (size_t i = 0; i <= line; i++)
		if (!text_take_line(&cursor, &found))
			return 0;
	for (unsigned i = 0; i < found.n && (found.s[i] == ' ' || found.s[i] == '\t'); i++)
		if (found.s[i] == '\t')
			return i + 1;
	return 0;
}

/* What libyaml says, and what it mostly means. */
static const char *
hint(const char *problem)
{
	static const struct {
		const char *problem, *hint;
	} hints[] = {
		{ "mapping values are not allowed",
		    "a text with ': ' in it needs quotes, or the indentation is off" },
		{ "did not find expected key", "check the indentation and the brackets" },
		{ "did not find expected '-'", "check the indentation" },
		{ "did not find expected ','", "a bracket is not closed, or a comma is missing" },
		{ "could not find expected ':'", "a key needs ': ' behind it" },
		{ "cannot start any token", "put the text into quotes" },
		{ "found undefined alias", "a text that begins with '*' needs quotes" },
		{ "found unexpected ':'", "put the text into quotes" },
		{ "unexpected end of stream", "a quote is not closed" },
	};

	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
		if (strstr(problem, hints[i].problem))
			return hints[i].hint;
	return NULL;
}

static void
syntax_fault(struct loading *l, const yaml_parser_t *p, const struct bytes *b)
{
	const char *problem = p->problem ? p->problem : "not YAML";
	unsigned line = (unsigned)p->problem_mark.line + 1;
	unsigned column = (unsigned)p->problem_mark.column + 1;
	unsigned tab = tab_column(b, p->problem_mark.line);
	const char *mend = hint(problem);

	if (p->error == YAML_MEMORY_ERROR)
		fault_at(l, 1, 1, "out of memory");
	else if (p->error == YAML_READER_ERROR)
		fault_at(l, 1, 1, "%s (at byte %zu)", problem, p->problem_offset);
	else if (tab)
		fault_at(l, line, tab, "a tab in the indentation: YAML wants blanks");
	else if (mend)
		fault_at(l, line, column, "YAML: %s (%s)", problem, mend);
	else
		fault_at(l, line, column, "YAML: %s", problem);
}

static bool
only_one(struct loading *l, yaml_parser_t *parser, const struct bytes *b)
{
	yaml_document_t next;
	yaml_node_t *root;

	if (!yaml_parser_load(parser, &next)) {
		syntax_fault(l, parser, b);
		return false;
	}
	root = yaml_document_get_root_node(&next);
	if (root)
		fault_node(l, root, "a second document in one file: put it into a file of its own");
	yaml_document_delete(&next);
	return !root;
}

static bool
parse(struct loading *l, const struct bytes *b,
    void (*read)(struct loading *l, const yaml_node_t *root))
{
	yaml_parser_t parser;
	yaml_document_t document;
	bool good;

	if (!yaml_parser_initialize(&parser))
		log_fatal("out of memory");
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)b->s, b->n);
	good = yaml_parser_load(&parser, &document);
	if (!good) {
		syntax_fault(l, &parser, b);
	} else {
		yaml_node_t *root = yaml_document_get_root_node(&document);
		size_t nodes = (size_t)(document.nodes.top - document.nodes.start);

		l->document = &document;
		l->most_visits = nodes * 16 + 10000;
		if (l->most_visits > LOADING_VISITS)
			l->most_visits = LOADING_VISITS;
		good = !root || only_one(l, &parser, b);
		if (good)
			read(l, root);
		l->document = NULL;
		yaml_document_delete(&document);
	}
	yaml_parser_delete(&parser);
	return good;
}

/* Which bytes were read, for the ledger. */
static void
keep_hash(struct loading *l, const char *bytes, size_t n)
{
	struct config *c = l->config;
	const char *name = l->files[l->file];
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct config_file *file;
	unsigned size = 0;

	c->files = mem_grow(c->files, c->n_files + 1, sizeof(*c->files));
	file = &c->files[c->n_files++];
	file->path = arena_printf(&c->arena, "%s/%s", c->dir, name + strlen(l->dir));
	(void)EVP_Digest(bytes, n, digest, &size, EVP_sha256(), NULL);
	for (unsigned i = 0; i < size && i < 32; i++)
		snprintf(file->sha256 + 2 * (size_t)i, 3, "%02x", digest[i]);
}

bool
source_bytes(struct loading *l, const char *path, struct text *text)
{
	struct bytes b = { NULL, 0 };
	bool good = strcmp(path, "-") == 0 ? read_input(l, &b) : slurp(l, path, &b);

	if (good) {
		size_t bom;

		EVP_DigestUpdate(l->hash, b.s, b.n);
		keep_hash(l, b.s, b.n);
		/* What Windows editors put before a text. */
		bom = b.n >= 3 && memcmp(b.s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
		memmove(b.s, b.s + bom, b.n -= bom);
		good = is_text(l, &b);
	}
	if (!good)
		free(b.s);
	else
		*text = (struct text){ b.s, b.n };
	return good;
}

bool
source_read(
    struct loading *l, const char *path, void (*read)(struct loading *l, const yaml_node_t *root))
{
	struct text text;
	bool good = source_bytes(l, path, &text);

	if (good) {
		good = parse(l, &(struct bytes){ (char *)(uintptr_t)text.s, text.n }, read);
		free((void *)(uintptr_t)text.s);
	}
	return good;
}
