/* snmpdev: a scripted SNMP agent at every address of 127/8, on one port. See README.md beside this.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "tests/devices/snmp/snmpdev.h"

enum {
	BATCH = 64,
	HOSTS = 1 << 24 /* addresses of 127/8 */,
	REQUEST = 2048,
	DEAD = 16,
	QUEUE = 16 << 20
};

struct options {
	struct agent agent;
	struct in_addr dead[DEAD];
	unsigned n_dead;
	uint16_t port;
	FILE *visits; /* NULL: nobody counts */
};

/* A datagram, and the address of ours that it came for and goes from. */
struct mail {
	struct sockaddr_in peer;
	struct iovec part;
	union {
		char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
		struct cmsghdr align;
	} control;
	uint8_t request[REQUEST];
	uint8_t *answer; /* DATAGRAM bytes */
};

static int
open_port(struct options *o)
{
	struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons(o->port) };
	socklen_t size = sizeof(where);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1, queue = QUEUE;

	if (bind(fd, (struct sockaddr *)&where, size) != 0 ||
	    getsockname(fd, (struct sockaddr *)&where, &size) != 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) != 0)
		err(1, "port %u", o->port);
	/* A burst of requests must not be lost: that of root may be as long as it likes. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof(queue)) != 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof(queue));
	(void)printf("port %u\nready\n", ntohs(where.sin_port));
	(void)fflush(stdout);
	return fd;
}

static struct in_pktinfo *
own_address(struct msghdr *m)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);

	return c && c->cmsg_type == IP_PKTINFO ? (struct in_pktinfo *)(void *)CMSG_DATA(c) : NULL;
}

static bool
is_dead(const struct options *o, struct in_addr address)
{
	for (unsigned i = 0; i < o->n_dead; i++)
		if (o->dead[i].s_addr == address.s_addr)
			return true;
	return false;
}

static void
prepare(struct mail *mail, struct msghdr *m)
{
	mail->part = (struct iovec){ mail->request, REQUEST };
	*m = (struct msghdr){ .msg_name = &mail->peer,
		.msg_namelen = sizeof(mail->peer),
		.msg_iov = &mail->part,
		.msg_iovlen = 1,
		.msg_control = mail->control.bytes,
		.msg_controllen = sizeof(mail->control.bytes) };
}

/* A poll has a port of its own: a request from another one than the last is a visit. */
static void
count_visit(const struct options *o, struct in_addr address, const struct sockaddr_in *peer)
{
	static in_port_t last[HOSTS];
	in_port_t *known = &last[ntohl(address.s_addr) % HOSTS];
	struct timespec now;

	if (!o->visits || *known == peer->sin_port)
		return;
	*known = peer->sin_port;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)fprintf(o->visits, "%lld.%03ld %s visit %u\n", (long long)now.tv_sec,
	    now.tv_nsec / 1000000, inet_ntoa(address), ntohs(peer->sin_port));
}

/* Makes of the request its answer. False: there is none. */
static bool
answer(const struct options *o, struct mail *mail, struct mmsghdr *m)
{
	struct in_pktinfo *info = own_address(&m->msg_hdr);
	uint8_t *start;
	size_t n;

	if (!info)
		return false;
	count_visit(o, info->ipi_addr, &mail->peer);
	if (is_dead(o, info->ipi_addr))
		return false;
	n = answer_datagram(&o->agent, (const uint8_t *)&info->ipi_addr, mail->request, m->msg_len,
	    mail->answer, &start);
	info->ipi_spec_dst = info->ipi_addr;
	info->ipi_ifindex = 0;
	mail->part = (struct iovec){ start, n };
	return n > 0;
}

static void
serve(const struct options *o, int fd)
{
	static struct mail mails[BATCH];
	struct mmsghdr in[BATCH], out[BATCH];

	for (unsigned i = 0; i < BATCH; i++)
		mails[i].answer = mem_alloc(DATAGRAM, 1);
	for (;;) {
		int n, answers = 0, sent = 0;

		for (unsigned i = 0; i < BATCH; i++)
			prepare(&mails[i], &in[i].msg_hdr);
		n = recvmmsg(fd, in, BATCH, MSG_WAITFORONE, NULL);
		for (int i = 0; i < n; i++)
			if (answer(o, &mails[i], &in[i]))
				out[answers++] = in[i];
		while (sent < answers) {
			int k = sendmmsg(fd, out + sent, (unsigned)(answers - sent), 0);

			sent += k > 0 ? k : 1; /* its peer is gone: the next */
		}
	}
}

static int
usage(void)
{
	(void)fputs(
	    "usage: snmpdev [-s] [-p PORT] [-c COMMUNITY] [-u USER -A PASSWORD -X PASSWORD]\n"
	    "               [-z BYTES] [-d ADDRESS]... [-w FILE] WALK\n",
	    stderr);
	return 2;
}

static bool
read_number(const char *typed, uint64_t most, uint64_t *number)
{
	return text_number(text_of(typed), most, number);
}

int
main(int argc, char **argv)
{
	static struct options o = { .agent = { .community = "public", .largest = 1400 } };
	const char *auth = NULL, *priv = NULL;
	uint64_t number;
	bool stay = false;
	int c;

	while ((c = getopt(argc, argv, "sp:c:u:A:X:z:d:w:")) > 0) {
		if (c == 's')
			stay = true;
		else if (c == 'p' && read_number(optarg, UINT16_MAX, &number))
			o.port = (uint16_t)number;
		else if (c == 'z' && read_number(optarg, DATAGRAM - 1000, &number))
			o.agent.largest = number;
		else if (c == 'd' && o.n_dead < DEAD && inet_aton(optarg, &o.dead[o.n_dead]))
			o.n_dead++;
		else if (c == 'w' && (o.visits = fopen(optarg, "ae")) != NULL)
			(void)setvbuf(o.visits, NULL, _IOLBF, 0);
		else if (c == 'c')
			o.agent.community = optarg;
		else if (c == 'u')
			o.agent.user = optarg;
		else if (c == 'A')
			auth = optarg;
		else if (c == 'X')
			priv = optarg;
		else
			return usage();
	}
	if (optind + 1 != argc || (o.agent.user != NULL) != (auth && priv))
		return usage();
	if (!stay) /* a test that dies takes its devices along */
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	walk_read(&o.agent.walk, argv[optind]);
	if (o.agent.user) {
		key_of(auth, o.agent.auth);
		key_of(priv, o.agent.priv);
	}
	o.agent.began = time(NULL);
	serve(&o, open_port(&o));
}
