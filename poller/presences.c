#include "poller/presences.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

enum { SEALS = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW };

static int
hex(char c)
{
	const char *digits = "0123456789abcdef", *at;

	at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* 0010.0de0.e289  00:00:5e:00:53:01  0:50:56:c0:0:8  0015b2-a45078: six bytes, or it is none. */
static bool
read_mac(struct text t, char out[static PRESENT_MAC])
{
	uint8_t nibbles[12];
	bool octets = memchr(t.s ? t.s : "", ':', t.n) != NULL;
	unsigned n = 0, group = 0;

	for (size_t i = 0; i <= t.n; i++) {
		int digit = i < t.n ? hex(t.s[i]) : -1;

		if (digit >= 0 && n < sizeof(nibbles)) {
			nibbles[n++] = (uint8_t)digit;
			group++;
			continue;
		}
		if (digit >= 0 || (i < t.n && !strchr(".:-", t.s[i])))
			return false;
		if (octets && group == 1) { /* a zero that was not printed */
			if (n == sizeof(nibbles))
				return false;
			nibbles[n] = nibbles[n - 1];
			nibbles[n++ - 1] = 0;
		}
		group = 0;
	}
	if (n != sizeof(nibbles))
		return false;
	for (unsigned i = 0; i < 6; i++) {
		out[3 * i] = "0123456789abcdef"[nibbles[2 * i]];
		out[3 * i + 1] = "0123456789abcdef"[nibbles[2 * i + 1]];
		out[3 * i + 2] = i < 5 ? ':' : '\0';
	}
	return true;
}

int
presences_new(struct presences *s)
{
	*s = (struct presences){ .fd = memfd_create(
				     "gatebook-presences", MFD_CLOEXEC | MFD_ALLOW_SEALING) };
	return s->fd < 0 ? -1 : 0;
}

enum presence_kind
presence_kind(enum topic topic, const struct observation *o)
{
	if (topic == TOPIC_STATIONS)
		return PRESENT_STATION;
	if (topic == TOPIC_NETWORKS) /* broadcast(3) */
		return addr_is_special(&o->near.addr) || text_is(o->more.kind, "3")
			   ? PRESENT_KINDS
			   : PRESENT_NETWORK;
	if (topic != TOPIC_NEIGHBOURS)
		return PRESENT_KINDS;
	return o->more.remote.n > 0 && o->mac.n == 0 ? PRESENT_LINK : PRESENT_ADDRESS;
}

static bool
has_address(unsigned kind)
{
	return kind == PRESENT_ADDRESS || kind == PRESENT_NETWORK;
}

static struct presence *
add(struct presences *s)
{
	if (s->n == LIMIT_PRESENCES) {
		s->full = true;
		return NULL;
	}
	if (s->n == s->room) {
		s->room = s->room ? 2 * s->room : 256;
		s->list = mem_grow(s->list, s->room, sizeof(*s->list));
	}
	return memset(&s->list[s->n++], 0, sizeof(*s->list));
}

void
presences_read(struct presences *s, enum topic topic, uint8_t kinds, bool whole)
{
	if (kinds == 0)
		kinds = topic == TOPIC_STATIONS   ? 1 << PRESENT_STATION
			: topic == TOPIC_NETWORKS ? 1 << PRESENT_NETWORK
						  : 1 << PRESENT_ADDRESS;
	if (whole)
		s->read |= kinds;
	else
		s->failed |= kinds;
}

void
presences_doubt(struct presences *s)
{
	s->failed |= s->read;
}

unsigned
presences_whole(const struct presences *s)
{
	return s->full ? 0 : s->read & ~(unsigned)s->failed;
}

void
presences_take(struct presences *s, enum topic topic, const struct observation *o)
{
	enum presence_kind kind = presence_kind(topic, o);
	char mac[PRESENT_MAC] = "";
	struct presence *new;

	if (kind == PRESENT_KINDS || (has_address(kind) && o->near.addr.family == 0) ||
	    (kind <= PRESENT_STATION && !read_mac(o->mac, mac)))
		return;
	new = add(s);
	if (!new)
		return;
	new->kind = (uint8_t)kind;
	if (has_address(kind))
		new->addr = o->near.addr;
	memcpy(new->mac, mac, sizeof(mac));
	(void)text_copy(o->near_iface, new->port, sizeof(new->port));
	(void)text_copy(has_address(kind) ? o->place : o->more.vlan, new->vlan, sizeof(new->vlan));
	if (kind == PRESENT_NETWORK)
		(void)text_copy(o->more.network, new->name, sizeof(new->name));
	if (kind == PRESENT_LINK) {
		(void)text_copy(o->more.remote, new->name, sizeof(new->name));
		(void)text_copy(o->more.from, new->far_port, sizeof(new->far_port));
	}
}

static void
sort(struct presences *s)
{
	size_t kept = 0;

	if (s->n > 0)
		qsort(s->list, s->n, sizeof(*s->list), presence_compare);
	for (size_t i = 0; i < s->n; i++)
		if (i == 0 || presence_compare(&s->list[kept - 1], &s->list[i]) != 0)
			s->list[kept++] = s->list[i];
	s->n = kept;
}

int
presences_finish(struct presences *s)
{
	size_t at = 0, bytes;

	sort(s);
	bytes = s->n * sizeof(*s->list);
	while (at < bytes) {
		ssize_t n = write(s->fd, (const char *)s->list + at, bytes - at);

		if (n <= 0)
			break;
		at += (size_t)n;
	}
	return at == bytes && fcntl(s->fd, F_ADD_SEALS, SEALS) == 0 ? s->fd : -1;
}

void
presences_free(struct presences *s)
{
	free(s->list);
	if (s->fd >= 0)
		close(s->fd);
	*s = (struct presences){ .fd = -1 };
}

/* --- the recorder ----------------------------------------------------------------------------- */

static bool
is_text(const char *s, size_t size)
{
	return memchr(s, 0, size) != NULL;
}

static bool
fits(const struct presence *s)
{
	bool addressed = s->addr.family == 4 || s->addr.family == 6;

	return s->kind < PRESENT_KINDS && addressed == has_address(s->kind) &&
	       is_text(s->mac, sizeof(s->mac)) && is_text(s->port, sizeof(s->port)) &&
	       is_text(s->vlan, sizeof(s->vlan)) && is_text(s->name, sizeof(s->name)) &&
	       is_text(s->far_port, sizeof(s->far_port));
}

static bool
are_sorted(const struct presence *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!fits(&list[i]) || (i > 0 && presence_compare(&list[i - 1], &list[i]) >= 0))
			return false;
	return true;
}

const struct presence *
presences_map(int fd, uint64_t n, size_t *bytes)
{
	static const struct presence none;
	struct stat st;
	void *map;

	*bytes = 0;
	if (n > LIMIT_PRESENCES || (fcntl(fd, F_GET_SEALS) & SEALS) != SEALS ||
	    fstat(fd, &st) != 0 || (uint64_t)st.st_size != n * sizeof(struct presence))
		return NULL;
	if (n == 0)
		return &none;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (map == MAP_FAILED)
		return NULL;
	*bytes = (size_t)st.st_size;
	if (are_sorted(map, n))
		return map;
	presences_unmap(map, *bytes);
	return NULL;
}

void
presences_unmap(const struct presence *list, size_t bytes)
{
	if (bytes > 0)
		munmap((void *)(uintptr_t)list, bytes);
}
