/* The inputs: replies of made-up rows, the same ones in every run. */
#include <stdarg.h>

#include "base/arena.h"
#include "tests/bench/parse.h"

static uint64_t state;

static uint32_t
below(uint32_t n)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(state >> 33) % n;
}

static void __attribute__((format(printf, 2, 3))) put(struct bytes *b, const char *format, ...)
{
	va_list args;

	if (b->capacity - b->n < 1024)
		b->s = mem_grow(b->s, b->capacity = b->capacity * 2 + 65536, 1);
	va_start(args, format);
	b->n += (size_t)vsnprintf(b->s + b->n, b->capacity - b->n, format, args);
	va_end(args);
}

static const char *
inside(void)
{
	static char text[4][24];
	static unsigned next;
	char *out = text[next++ % 4];

	snprintf(out, 24, "10.%u.%u.%u", below(250), below(250), 1 + below(250));
	return out;
}

static const char *
outside(void)
{
	static char text[4][24];
	static unsigned next;
	static const char *const nets[] = { "192.0.2", "198.51.100", "203.0.113" };
	char *out = text[next++ % 4];

	snprintf(out, 24, "%s.%u", nets[below(3)], below(256));
	return out;
}

void
make_tcp_brief(struct bytes *b, unsigned n)
{
	static const char *const states[] = { "ESTAB", "ESTAB", "TIMEWAIT", "FINWAIT2",
		"CLOSEWAIT" };
	char near[32], far[32];

	put(b, "TCB       Local Address               Foreign Address             (state)\n");
	for (unsigned i = 0; i < n; i++) {
		snprintf(near, sizeof near, "%s.%u", inside(), below(65536));
		snprintf(far, sizeof far, "%s.%u", outside(), 1 + below(65535));
		put(b, "%012llX  %-26s %-27s %s\n", 0x7F8300000000ULL + i * 0x11ULL, near, far,
		    states[below(5)]);
	}
	b->lines = n + 1;
}

void
make_nat(struct bytes *b, unsigned n)
{
	char global[32], local[32], far[32];

	put(b, "Pro  Inside global         Inside local          Outside local         Outside "
	       "global\n");
	for (unsigned i = 0; i < n; i++) {
		snprintf(global, sizeof global, "%s:%u", outside(), below(65536));
		snprintf(local, sizeof local, "%s:%u", inside(), below(65536));
		snprintf(far, sizeof far, "%s:%u", outside(), 1 + below(65535));
		put(b, "%s  %-21s %-21s %-21s %s\n", below(3) ? "tcp" : "udp", global, local, far,
		    far);
	}
	put(b, "Total number of translations: %u\n", n);
	b->lines = n + 2;
}

void
make_conntrack(struct bytes *b, unsigned n)
{
	static const char *const states[] = { "ESTABLISHED", "ESTABLISHED", "TIME_WAIT", "SYN_SENT",
		"CLOSE" };

	for (unsigned i = 0; i < n; i++) {
		bool tcp = below(3) != 0;
		const char *src = inside(), *dst = outside(), *nat = outside();
		unsigned sport = below(65536), dport = below(65536);

		put(b, "ipv4     2 %s %u %u %s%ssrc=%s dst=%s sport=%u dport=%u ",
		    tcp ? "tcp     " : "udp     ", tcp ? 6 : 17, below(432000),
		    tcp ? states[below(5)] : "", tcp ? " " : "", src, dst, sport, dport);
		put(b, "packets=%u bytes=%u src=%s dst=%s sport=%u dport=%u packets=%u bytes=%u ",
		    below(999), below(999999), dst, nat, dport, sport, below(999), below(9999999));
		put(b, "[ASSURED] mark=0 delta-time=%u use=1 id=%u\n", below(86400),
		    below(2147483647));
	}
	b->lines = n;
}

void
make_ss(struct bytes *b, unsigned n)
{
	static const char *const states[] = { "ESTAB", "ESTAB", "TIME-WAIT", "CLOSE-WAIT",
		"FIN-WAIT-1" };
	char near[32], far[32];

	for (unsigned i = 0; i < n; i++) {
		snprintf(near, sizeof near, "%s:%u", inside(), below(65536));
		snprintf(far, sizeof far, "%s:%u", outside(), 1 + below(65535));
		put(b, "tcp   %-10s %u      %u      %22s %22s users:((\"worker\",pid=%u,fd=%u))\n",
		    states[below(5)], below(2), below(100), near, far, below(32768), below(1000));
	}
	b->lines = n;
}

static void
put_meta(struct bytes *b, const char *direction, const char *src, const char *dst, unsigned sport,
    unsigned dport)
{
	put(b,
	    "<meta direction=\"%s\"><layer3 protonum=\"2\" protoname=\"ipv4\"><src>%s</src>"
	    "<dst>%s</dst></layer3>",
	    direction, src, dst);
	put(b,
	    "<layer4 protonum=\"6\" protoname=\"tcp\"><sport>%u</sport><dport>%u</dport></layer4>",
	    sport, dport);
	put(b, "<counters><packets>%u</packets><bytes>%u</bytes></counters></meta>", below(999),
	    below(9999999));
}

void
make_xml(struct bytes *b, unsigned n)
{
	put(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<conntrack>\n");
	for (unsigned i = 0; i < n; i++) {
		const char *src = inside(), *dst = outside(), *nat = outside();
		unsigned sport = below(65536), dport = below(65536);

		put(b, "<flow>");
		put_meta(b, "original", src, dst, sport, dport);
		put_meta(b, "reply", dst, nat, dport, sport);
		put(b,
		    "<meta "
		    "direction=\"independent\"><state>ESTABLISHED</state><timeout>%u</timeout>"
		    "<mark>0</mark><use>1</use><id>%u</id><assured/><deltatime>%u</deltatime>"
		    "</meta></flow>\n",
		    below(432000), below(2147483647), below(86400));
	}
	put(b, "</conntrack>\n");
	b->lines = n + 3;
}
