/* How fast replies are read. Usage: parse make KIND LINES > FILE; parse run KIND FILE ROUNDS, which
 * prints "NAME SECONDS" for each reader, best of the alternating rounds, after it has made sure
 * that all of them read the same. */
#include <err.h>
#include <libxml/parser.h>

#include "base/arena.h"
#include "base/clock.h"
#include "drivers/reply.h"
#include "tests/bench/parse.h"

enum { CHUNK = 32768 }; /* what an SSH channel gives at a time */

static const struct kind {
	const char *name, *platform, *line;
	make_reply *make;
	hand_read *hand; /* NULL: beside bare libxml2 */
} kinds[] = {
	{ "show-tcp-brief", "cisco_ios", "show tcp brief numeric", make_tcp_brief, hand_tcp_brief },
	{ "show-ip-nat-translations", "cisco_ios", "show ip nat translations", make_nat, hand_nat },
	{ "conntrack", "linux", "conntrack -L -o extended,id", make_conntrack, hand_conntrack },
	{ "ss", "linux", "ss -Htunap", make_ss, hand_ss },
	{ "conntrack-xml", "linux", "conntrack -L -o xml", make_xml, NULL },
};

/* Processor time, as in drivers.c. */
static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- the engine ------------------------------------------------------------------------------- */

struct sum {
	uint64_t sum;
	unsigned rows;
};

static void
take_row(const struct observation *o, void *arg)
{
	struct sum *all = arg;
	const struct counters *c = &o->counters;
	uint64_t sum = o->proto;

	sum = sum * 31 + sum_end(o->near.addr.bytes, o->near.addr.family, o->near.port);
	sum = sum * 31 + sum_end(o->far.addr.bytes, o->far.addr.family, o->far.port);
	sum = sum * 31 + sum_end(o->near_nat.addr.bytes, o->near_nat.addr.family, o->near_nat.port);
	sum = sum * 31 + sum_end(o->far_nat.addr.bytes, o->far_nat.addr.family, o->far_nat.port);
	sum = sum * 31 + c->left + c->age * 7u + c->packets_near * 11 + c->bytes_near * 13 +
	      c->packets_far * 17 + c->bytes_far * 19;
	all->sum += sum_bytes(sum, o->state.s, o->state.n);
	all->rows++;
}

static struct sum
read_engine(const struct program *program, const struct bytes *b)
{
	struct sum sum = { 0 };
	struct reply *reply = reply_new(program, take_row, &sum);

	for (size_t at = 0; at < b->n; at += CHUNK)
		if (reply_feed(reply, b->s + at, b->n - at < CHUNK ? b->n - at : CHUNK) < 0)
			errx(1, "%s", reply_why(reply));
	if (reply_end(reply, true) != OUTCOME_COMPLETE)
		errx(1, "%s", reply_why(reply));
	reply_free(reply);
	return sum;
}

/* --- what bounds it --------------------------------------------------------------------------- */

static unsigned
count_lines(const struct bytes *b)
{
	unsigned lines = 0;

	for (const char *p = b->s, *stop = b->s + b->n; p < stop; p++, lines++) {
		p = memchr(p, '\n', (size_t)(stop - p));
		if (p == NULL)
			break;
	}
	return lines;
}

static unsigned long seen; /* what the bare parser calls: enough to not be optimised away */

static void
on_start(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
    const xmlChar **ns, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
	(void)arg, (void)name, (void)prefix, (void)uri, (void)n_ns, (void)ns;
	(void)n_defaulted, (void)attributes;
	seen += (unsigned)n_attributes;
}

static void
on_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)arg, (void)name, (void)prefix, (void)uri;
	seen++;
}

static void
on_text(void *arg, const xmlChar *text, int n)
{
	(void)arg, (void)text;
	seen += (unsigned)n;
}

static void
read_bare_xml(const struct bytes *b)
{
	xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text };
	xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
	int rc = 0;

	for (size_t at = 0; at < b->n && rc == 0; at += CHUNK)
		rc = xmlParseChunk(
		    parser, b->s + at, (int)(b->n - at < CHUNK ? b->n - at : CHUNK), 0);
	if (rc != 0 || xmlParseChunk(parser, NULL, 0, 1) != 0 || seen == 0)
		errx(1, "libxml2 refuses the input");
	xmlFreeParserCtxt(parser);
}

/* --- rounds ----------------------------------------------------------------------------------- */

static void
keep_best(double *best, double since)
{
	double took = now() - since;

	if (*best == 0 || took < *best)
		*best = took;
}

/* Once, before anything is measured: all readers see the same rows. */
static unsigned
compare(const struct kind *kind, const struct program *program, const struct bytes *b)
{
	struct sum engine = read_engine(program, b);
	unsigned rows = 0;
	uint64_t sum;

	if (kind->hand == NULL)
		return engine.rows;
	sum = kind->hand(b->s, b->n, &rows);
	if (sum != engine.sum || rows != engine.rows || rows == 0)
		errx(1, "%s: by hand %u rows %#llx, by the engine %u rows %#llx", kind->name, rows,
		    (unsigned long long)sum, engine.rows, (unsigned long long)engine.sum);
	return rows;
}

static void
run(const struct kind *kind, const struct bytes *b, unsigned rounds)
{
	const struct driver *driver = driver_find(kind->platform);
	const struct command *command = driver_command(driver, text_of(kind->line));
	struct program *program = program_compile(driver, command, NULL);
	double bound = 0, hand = 0, engine = 0, since;
	unsigned rows = compare(kind, program, b), ignored;

	for (unsigned i = 0; i < rounds; i++) {
		since = now();
		if (kind->hand == NULL)
			read_bare_xml(b);
		else if (count_lines(b) != b->lines)
			errx(1, "%u lines were expected", b->lines);
		keep_best(&bound, since);
		since = now();
		if (kind->hand != NULL && kind->hand(b->s, b->n, &ignored) == 0)
			errx(1, "not read by hand");
		keep_best(&hand, since);
		since = now();
		(void)read_engine(program, b);
		keep_best(&engine, since);
	}
	printf("rows %u\nbytes %zu\n%s %.6f\n", rows, b->n, kind->hand ? "memchr" : "sax", bound);
	if (kind->hand != NULL)
		printf("hand %.6f\n", hand);
	printf("engine %.6f\n", engine);
	program_free(program);
}

static void
load(const char *path, struct bytes *b)
{
	FILE *file = fopen(path, "re");
	size_t got;

	if (file == NULL)
		err(1, "%s", path);
	do {
		b->s = mem_grow(b->s, b->capacity = b->capacity * 2 + 65536, 1);
		got = fread(b->s + b->n, 1, b->capacity - b->n, file);
		b->n += got;
	} while (b->n == b->capacity);
	fclose(file);
	b->lines = count_lines(b);
}

static unsigned
to_number(const char *digits)
{
	uint64_t n;

	if (!text_number(text_of(digits), 100000000, &n) || n == 0)
		errx(2, "%s: a number is wanted", digits);
	return (unsigned)n;
}

int
main(int argc, char **argv)
{
	struct bytes b = { 0 };

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (argc < 4 || strcmp(argv[2], kinds[i].name) != 0)
			continue;
		if (strcmp(argv[1], "make") == 0) {
			kinds[i].make(&b, to_number(argv[3]));
			return fwrite(b.s, 1, b.n, stdout) == b.n && fflush(stdout) == 0 ? 0 : 1;
		}
		if (argc == 5) {
			load(argv[3], &b);
			run(&kinds[i], &b, to_number(argv[4]));
			free(b.s);
			return 0;
		}
	}
	errx(2, "usage: parse make KIND LINES | parse run KIND FILE ROUNDS");
}
