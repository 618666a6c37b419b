/* What the filter language shares with tcpdump means the same: against libpcap's offline filter, on
 * packets made for it. The packet that starts a session goes from source to destination. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <pcap/pcap.h>

#include "tests/unit/filter_rows.h"

struct packet {
	uint8_t bytes[64];
	unsigned n;
	struct filter_row row;
};

static void
put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* IP header and the ports of TCP or UDP behind it, as DLT_RAW has them. */
static void
write_packet(struct packet *p, const struct addr *from, const struct addr *to, unsigned from_port,
    unsigned to_port)
{
	unsigned header = from->family == 4 ? 20 : 40;

	memset(p->bytes, 0, sizeof(p->bytes));
	p->n = header + 20;
	if (from->family == 4) {
		p->bytes[0] = 0x45;
		put16(p->bytes + 2, p->n);
		p->bytes[9] = (uint8_t)p->row.proto;
		memcpy(p->bytes + 12, from->bytes, 4);
		memcpy(p->bytes + 16, to->bytes, 4);
	} else {
		p->bytes[0] = 0x60;
		put16(p->bytes + 4, 20);
		p->bytes[6] = (uint8_t)p->row.proto;
		memcpy(p->bytes + 8, from->bytes, 16);
		memcpy(p->bytes + 24, to->bytes, 16);
	}
	put16(p->bytes + header, from_port);
	put16(p->bytes + header + 2, to_port);
}

static void
make_packet(struct chance *c, struct packet *p)
{
	struct addr in, out;
	int in_port, out_port;

	do {
		in = rows_addr(c, false);
		out = rows_addr(c, false);
	} while (in.family != out.family);
	do {
		in_port = rows_port(c);
		out_port = rows_port(c);
	} while (in_port < 0 || out_port < 0); /* a packet has both */
	p->row = filter_row_empty();
	p->row.proto = chance(c, 2) ? PROTO_TCP : PROTO_UDP;
	p->row.inside = in;
	p->row.outside = out;
	p->row.in_port = in_port;
	p->row.out_port = out_port;
	p->row.initiator = chance(c, 2) ? INITIATOR_IN : INITIATOR_OUT;
	if (p->row.initiator == INITIATOR_IN)
		write_packet(p, &in, &out, (unsigned)in_port, (unsigned)out_port);
	else
		write_packet(p, &out, &in, (unsigned)out_port, (unsigned)in_port);
}

/* One condition in both languages; they differ in the word for a range of ports only. */
static void
put_test(struct chance *c, FILE *ours, FILE *theirs)
{
	static const char *const sides[] = { "", "", "src ", "dst " };
	static const char *const tests[][2] = { { "host 10.1.2.3", NULL },
		{ "host 203.0.113.9", NULL }, { "host 2001:db8::7", NULL },
		{ "net 10.1.2.0/24", NULL }, { "net 203.0.113.0/26", NULL },
		{ "net 2001:db8::/48", NULL }, { "port 443", NULL }, { "port 53", NULL },
		{ "port 0", NULL }, { "port 8000-8100", "portrange 8000-8100" } };
	static const char *const bare[][2] = { { "tcp", NULL }, { "udp", NULL }, { "ipv4", "ip" },
		{ "ipv6", "ip6" }, { "proto 6", "(ip proto 6 or ip6 proto 6)" } };
	bool alone = chance(c, 5) == 0;
	const char *side = alone ? "" : ONE_OF(c, sides);
	const char *const *one = alone ? ONE_OF(c, bare) : ONE_OF(c, tests);

	fprintf(ours, "%s%s", side, one[0]);
	fprintf(theirs, "%s%s", side, one[1] != NULL ? one[1] : one[0]);
}

static void
put_filter(struct chance *c, int depth, FILE *ours, FILE *theirs)
{
	int n = 2 + (int)chance(c, 2);
	const char *with = chance(c, 2) ? " and " : " or ";

	if (chance(c, 4) == 0) {
		fputs("not ", ours);
		fputs("not ", theirs);
	}
	if (depth == 0) {
		put_test(c, ours, theirs);
		return;
	}
	fputs("(", ours);
	fputs("(", theirs);
	for (int i = 0; i < n; i++) {
		fputs(i > 0 ? with : "", ours);
		fputs(i > 0 ? with : "", theirs);
		put_filter(c, depth - 1, ours, theirs);
	}
	fputs(")", ours);
	fputs(")", theirs);
}

static void
compare(pcap_t *pcap, const struct packet *packets, size_t n, const char *ours, const char *theirs,
    size_t *hits)
{
	struct error err = { 0 };
	struct filter *f = filter_parse(ours, true, &err);
	struct bpf_program program; /* not optimized: with many `or` its optimizer goes wrong */

	if (f == NULL)
		fail_msg("%s", err.text);
	if (pcap_compile(pcap, &program, theirs, 0, PCAP_NETMASK_UNKNOWN) != 0) {
		/* libpcap refuses what it finds to be never true */
		if (strstr(pcap_geterr(pcap), "rejects all packets") == NULL)
			fail_msg("%s: %s", theirs, pcap_geterr(pcap));
		for (size_t i = 0; i < n; i++)
			assert_int_not_equal(filter_judge(f, &packets[i].row), FILTER_TRUE);
		filter_free(f);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct pcap_pkthdr head = { .caplen = packets[i].n, .len = packets[i].n };
		bool want = pcap_offline_filter(&program, &head, packets[i].bytes) != 0;
		enum filter_truth truth = filter_judge(f, &packets[i].row);

		if (truth == FILTER_MISSING || (truth == FILTER_TRUE) != want)
			fail_msg("packet %zu: libpcap %d, we %d: %s", i, want, (int)truth, ours);
		*hits += want;
	}
	pcap_freecode(&program);
	filter_free(f);
}

static void
test_libpcap(void **state)
{
	enum { PACKETS = 100, FILTERS = 10000 };
	static struct packet packets[PACKETS];
	struct chance c = { 20261125 };
	pcap_t *pcap = pcap_open_dead(DLT_RAW, 65535);
	size_t hits = 0;

	(void)state;
	for (int i = 0; i < PACKETS; i++)
		make_packet(&c, &packets[i]);
	for (int k = 0; k < FILTERS; k++) {
		char *ours = NULL, *theirs = NULL;
		size_t n = 0, m = 0;
		FILE *a = open_memstream(&ours, &n), *b = open_memstream(&theirs, &m);

		put_filter(&c, (int)chance(&c, 4), a, b);
		fclose(a);
		fclose(b);
		compare(pcap, packets, PACKETS, ours, theirs, &hits);
		free(ours);
		free(theirs);
	}
	assert_true(hits > 50000);
	pcap_close(pcap);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_libpcap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
