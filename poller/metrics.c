#include "poller/metrics.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"

enum { MOST_GUESTS = 8, MOST_REQUEST = 4096, GUEST_MS = 5000 };

/* One who reads the page: says what it wants, gets it, goes. */
struct guest {
	int fd; /* -1: free */
	char request[MOST_REQUEST];
	size_t n;
	char *page;
	size_t sent, size;
	int64_t came_ms;
};

struct metrics {
	int fd;
	struct guest guests[MOST_GUESTS];
};

/* "127.0.0.1:9740", "[::1]:9740" */
static bool
parse(struct text t, struct endpoint *at)
{
	struct text host;
	uint64_t port;
	bool bracket = text_take(&t, "[");

	if (!text_take_until(&t, bracket ? ']' : ':', &host) || (bracket && !text_take(&t, ":")) ||
	    !text_number(t, 65535, &port) || port == 0)
		return false;
	at->port = (uint16_t)port;
	return addr_parse(host, &at->addr);
}

static bool
is_loopback(const struct endpoint *at)
{
	struct addr here = addr_from_ipv4(0x7f000001u), six;

	return addr_parse(text_of("::1"), &six) && (memcmp(&at->addr, &here, sizeof(here)) == 0 ||
						       memcmp(&at->addr, &six, sizeof(six)) == 0);
}

static int
listen_at(const struct endpoint *at, struct error *err, const char *address)
{
	struct sockaddr_in four = { .sin_family = AF_INET,
		.sin_port = htons(at->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
		.sin6_port = htons(at->port),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	bool is_six = at->addr.family == 6;
	int fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1;

	if (fd >= 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 ||
	    bind(fd, is_six ? (struct sockaddr *)&six : (struct sockaddr *)&four,
		is_six ? sizeof(six) : sizeof(four)) != 0 ||
	    listen(fd, MOST_GUESTS) != 0) {
		error_set(err, "cannot listen at %s for metrics: %s", address, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

struct metrics *
metrics_open(const char *address, struct error *err)
{
	struct endpoint at = { 0 };
	struct metrics *m;
	int fd;

	if (!parse(text_of(address), &at) || !is_loopback(&at)) {
		error_exit(err, EXIT_USAGE,
		    "metrics: '%s' is no loopback address with a port, like 127.0.0.1:9740",
		    address);
		return NULL;
	}
	fd = listen_at(&at, err, address);
	if (fd < 0)
		return NULL;
	m = mem_alloc(1, sizeof(*m));
	m->fd = fd;
	for (int i = 0; i < MOST_GUESTS; i++)
		m->guests[i].fd = -1;
	return m;
}

static void
leave(struct guest *g)
{
	if (g->fd >= 0)
		close(g->fd);
	free(g->page);
	*g = (struct guest){ .fd = -1 };
}

void
metrics_close(struct metrics *m)
{
	if (!m)
		return;
	for (int i = 0; i < MOST_GUESTS; i++)
		leave(&m->guests[i]);
	close(m->fd);
	free(m);
}

/* --- the page --------------------------------------------------------------------------------- */

static void
head(FILE *out, const char *name, const char *type, const char *help)
{
	(void)fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* One sample of a device; its name holds letters, digits, '.', '_' and '-' only. */
static void
each(FILE *out, const struct plan *p, const char *name, const char *type, const char *help,
    bool (*value)(const struct entry *e, double *v))
{
	double v;

	head(out, name, type, help);
	for (size_t i = 0; i < plan_count(p); i++) {
		const struct entry *e = plan_at(p, i);

		if (value(e, &v))
			(void)fprintf(out, "%s{device=\"%s\",site=\"%s\"} %.15g\n", name,
			    e->device->name, e->device->site, v);
	}
}

static bool
duration(const struct entry *e, double *v)
{
	*v = e->last ? e->last->duration_ms / 1000.0 : 0;
	return e->last != NULL;
}

static bool
last_success(const struct entry *e, double *v)
{
	*v = (double)e->succeeded;
	return e->succeeded > 0;
}

static bool
sessions(const struct entry *e, double *v)
{
	*v = e->last ? (double)e->last->sessions : 0;
	return e->last && e->last->outcome <= OUTCOME_PARTIAL;
}

static bool
unread(const struct entry *e, double *v)
{
	*v = (double)e->unread;
	return true;
}

static bool
refused(const struct entry *e, double *v)
{
	*v = (double)e->refused;
	return true;
}

static bool
key_changed(const struct entry *e, double *v)
{
	*v = e->hold == HOLD_HOST_KEY;
	return true;
}

static bool
in_a_row(const struct entry *e, double *v)
{
	*v = e->failures;
	return true;
}

static void
put_polls(FILE *out, const struct plan *p)
{
	head(out, "gatebook_polls_total", "counter", "Polls by their outcome.");
	for (size_t i = 0; i < plan_count(p); i++) {
		const struct entry *e = plan_at(p, i);

		for (int o = OUTCOME_COMPLETE; o <= OUTCOME_SKIPPED; o++)
			(void)fprintf(out,
			    "gatebook_polls_total{device=\"%s\",site=\"%s\",result=\"%s\"} %" PRIu64
			    "\n",
			    e->device->name, e->device->site, outcome_name((enum outcome)o),
			    e->polls[o]);
	}
}

static void
put_daemon(FILE *out, const struct plan *p, int64_t started)
{
	size_t held = 0;
	enum hold_on on;

	for (size_t i = 0; i < plan_count(p); i++)
		held += plan_held(p, plan_at(p, i), &on) != HOLD_NONE;
	head(out, "gatebook_build_info", "gauge", "The version that runs.");
	(void)fprintf(out, "gatebook_build_info{version=\"%s\"} 1\n", GATEBOOK_VERSION);
	head(out, "gatebook_start_time_seconds", "gauge", "When the daemon was started.");
	(void)fprintf(out, "gatebook_start_time_seconds %" PRId64 "\n", started);
	head(out, "gatebook_devices", "gauge", "Devices on a schedule.");
	(void)fprintf(out, "gatebook_devices %zu\n", plan_count(p));
	head(out, "gatebook_devices_held", "gauge", "Devices that are held and not polled.");
	(void)fprintf(out, "gatebook_devices_held %zu\n", held);
	head(out, "gatebook_polls_in_flight", "gauge", "Polls that run now.");
	(void)fprintf(out, "gatebook_polls_in_flight %zu\n", plan_in_flight(p));
}

static void
put_disk(FILE *out, const struct disk *d)
{
	head(out, "gatebook_store_free_bytes", "gauge",
	    "Free on the disk of the store; below limits.disk no poll is started.");
	(void)fprintf(out, "gatebook_store_free_bytes %" PRIu64 "\n", d->free_bytes);
	head(out, "gatebook_store_bytes", "gauge", "Size of the store.");
	(void)fprintf(out, "gatebook_store_bytes %" PRIu64 "\n", d->store_bytes);
}

char *
metrics_page(const struct plan *p, const struct disk *d, int64_t started)
{
	char *page = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&page, &size);

	put_daemon(out, p, started);
	put_disk(out, d);
	put_polls(out, p);
	each(out, p, "gatebook_poll_duration_seconds", "gauge", "How long the last poll took.",
	    duration);
	each(out, p, "gatebook_poll_last_success_timestamp_seconds", "gauge",
	    "When the last poll that was complete or partial ended.", last_success);
	each(out, p, "gatebook_poll_failures_in_a_row", "gauge",
	    "Polls since the last one that got something.", in_a_row);
	each(out, p, "gatebook_sessions", "gauge", "Sessions that the last poll saw.", sessions);
	each(out, p, "gatebook_lines_unread_total", "counter",
	    "Lines of replies that no pattern knows.", unread);
	each(out, p, "gatebook_login_failures_total", "counter", "Logins that were refused.",
	    refused);
	each(out, p, "gatebook_hostkey_mismatch", "gauge",
	    "1: the device shows a key that is not trusted, and is not contacted.", key_changed);
	(void)fclose(out);
	return page;
}

/* --- HTTP ------------------------------------------------------------------------------------- */

static void
answer(struct guest *g, const struct plan *p, const struct disk *d, int64_t started)
{
	struct text first, rest = { g->request, g->n };
	bool good = text_take_line(&rest, &first) && (text_starts(first, "GET /metrics ") ||
							 text_starts(first, "GET /metrics HTTP/"));
	char *page = good ? metrics_page(p, d, started)
			  : mem_string("only GET /metrics is answered\n");
	FILE *out = open_memstream(&g->page, &g->size);

	(void)fprintf(out,
	    "HTTP/1.0 %s\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
	    "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
	    good ? "200 OK" : "404 Not Found", strlen(page), page);
	(void)fclose(out);
	free(page);
}

/* False when the guest is to go. */
static bool
listen_to(struct guest *g, const struct plan *p, const struct disk *d, int64_t started)
{
	ssize_t n = recv(g->fd, g->request + g->n, sizeof(g->request) - g->n, MSG_DONTWAIT);
	struct text said;

	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	if (n == 0)
		return false;
	g->n += (size_t)n;
	said = (struct text){ g->request, g->n };
	if (text_contains(said, "\r\n\r\n") || text_contains(said, "\n\n"))
		answer(g, p, d, started);
	return g->page || g->n < sizeof(g->request);
}

static bool
send_page(struct guest *g)
{
	ssize_t n = send(g->fd, g->page + g->sent, g->size - g->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	g->sent += (size_t)n;
	return g->sent < g->size;
}

static void
welcome(struct metrics *m)
{
	int fd = accept4(m->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	for (int i = 0; fd >= 0 && i < MOST_GUESTS; i++) {
		if (m->guests[i].fd >= 0)
			continue;
		m->guests[i].fd = fd;
		m->guests[i].came_ms = clock_mono_ms();
		return;
	}
	if (fd >= 0)
		close(fd);
}

nfds_t
metrics_watch(const struct metrics *m, struct pollfd *watch, nfds_t room)
{
	nfds_t n = 0;

	if (!m || room <= MOST_GUESTS)
		return 0;
	watch[n++] = (struct pollfd){ .fd = m->fd, .events = POLLIN };
	for (int i = 0; i < MOST_GUESTS; i++)
		watch[n++] = (struct pollfd){ .fd = m->guests[i].fd,
			.events = m->guests[i].page ? POLLOUT : POLLIN };
	return n;
}

nfds_t
metrics_turn(struct metrics *m, const struct pollfd *watch, nfds_t n, const struct plan *p,
    const struct disk *d, int64_t started)
{
	int64_t now = clock_mono_ms();

	if (!m || n <= MOST_GUESTS)
		return 0;
	for (int i = 0; i < MOST_GUESTS; i++) {
		struct guest *g = &m->guests[i];
		bool stays = true;

		if (g->fd < 0)
			continue;
		if (watch[i + 1].revents && g->page)
			stays = send_page(g);
		else if (watch[i + 1].revents)
			stays = listen_to(g, p, d, started);
		if (!stays || now - g->came_ms > GUEST_MS)
			leave(g);
	}
	if (watch[0].revents)
		welcome(m);
	return MOST_GUESTS + 1;
}
