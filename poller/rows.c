#include "poller/rows.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

enum {
	ROOM_AT_FIRST = 8192, /* untouched pages cost nothing */
	BUCKETS = LIMIT_WORDS * 2,
	/* Behind the rows lies the sorter's scratch: two numbers for each row. */
	ROW_ROOM = sizeof(struct session) + 2 * sizeof(uint32_t),
	/* What the recorder has checked must stay so: nobody can write or resize a sealed memfd. */
	SEALS = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW
};

struct word_table {
	int fd;
	char *bytes;
	uint32_t *offsets; /* as in struct words */
	uint32_t n, byte_room, offset_room;
	uint32_t *buckets; /* word numbers by hash, 0 is free */
};

static bool
map_room(struct rows *rows, size_t room)
{
	void *map;

	if (ftruncate(rows->fd, (off_t)(room * ROW_ROOM)) != 0)
		return false;
	if (rows->row)
		map = mremap(rows->row, rows->room * ROW_ROOM, room * ROW_ROOM, MREMAP_MAYMOVE);
	else
		map = mmap(NULL, room * ROW_ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, rows->fd, 0);
	if (map == MAP_FAILED)
		return false;
	/* A process that carries bytes for this poll must not hold what is to be sealed. */
	if (!rows->row && madvise(map, room * ROW_ROOM, MADV_DONTFORK) != 0)
		return false;
	rows->row = map;
	rows->room = room;
	return true;
}

int
rows_new(struct rows *rows)
{
	struct word_table *words = mem_alloc(1, sizeof(*words));

	*rows = (struct rows){ .words = words };
	rows->fd = memfd_create("gatebook-rows", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	words->fd = memfd_create("gatebook-words", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	words->offset_room = 64;
	words->offsets = mem_alloc(words->offset_room, sizeof(uint32_t));
	words->byte_room = 1024;
	words->bytes = mem_alloc(words->byte_room, 1);
	words->buckets = mem_alloc(BUCKETS, sizeof(uint32_t));
	if (rows->fd < 0 || words->fd < 0 || !map_room(rows, ROOM_AT_FIRST))
		return -1;
	return 0;
}

void
rows_free(struct rows *rows)
{
	struct word_table *words = rows->words;

	if (rows->row)
		munmap(rows->row, rows->room * ROW_ROOM);
	close(rows->fd);
	close(words->fd);
	free(words->offsets);
	free(words->bytes);
	free(words->buckets);
	free(words);
	*rows = (struct rows){ .fd = -1 };
}

static word
add_word(struct word_table *w, struct text t)
{
	uint32_t end = w->offsets[w->n + 1];

	if (w->n + 3 > w->offset_room) {
		w->offset_room *= 2;
		w->offsets = mem_grow(w->offsets, w->offset_room, sizeof(uint32_t));
	}
	while (end + t.n > w->byte_room) {
		w->byte_room *= 2;
		w->bytes = mem_grow(w->bytes, w->byte_room, 1);
	}
	memcpy(w->bytes + end, t.s, t.n);
	w->n++;
	w->offsets[w->n + 1] = end + (uint32_t)t.n;
	return w->n;
}

word
rows_word(struct rows *rows, struct text t)
{
	struct word_table *w = rows->words;
	uint64_t at;

	if (t.n == 0)
		return 0;
	if (t.n > LIMIT_WORD)
		t.n = LIMIT_WORD;
	for (at = text_hash(t) % BUCKETS; w->buckets[at]; at = (at + 1) % BUCKETS) {
		word known = w->buckets[at];
		struct text k = { w->bytes + w->offsets[known],
			w->offsets[known + 1] - w->offsets[known] };

		if (text_equal(k, t))
			return known;
	}
	if (w->n >= LIMIT_WORDS - 1) {
		rows->full = true;
		return 0;
	}
	return w->buckets[at] = add_word(w, t);
}

void
rows_add(struct rows *rows, const struct session *s)
{
	if (rows->full)
		return;
	if (rows->n == rows->room &&
	    (rows->n >= LIMIT_REPLY_LINES || !map_room(rows, rows->room * 2))) {
		rows->full = true;
		return;
	}
	rows->row[rows->n++] = *s;
}

/* Sorts row numbers bottom-up: linear passes, no recursion, no memory but the two arrays. */
static uint32_t *
merge_sort(const struct session *row, uint32_t *from, uint32_t *to, size_t n)
{
	for (size_t width = 1; width < n; width *= 2) {
		uint32_t *swap = from;

		for (size_t low = 0; low < n; low += 2 * width) {
			size_t middle = low + width < n ? low + width : n;
			size_t high = low + 2 * width < n ? low + 2 * width : n;
			size_t a = low, b = middle;

			for (size_t out = low; out < high; out++) {
				bool left = b >= high ||
					    (a < middle && session_key_compare(&row[from[a]].key,
							       &row[from[b]].key) <= 0);

				to[out] = left ? from[a++] : from[b++];
			}
		}
		from = to;
		to = swap;
	}
	return from;
}

/* Puts row[order[i]] at i, following each cycle of the permutation once. */
static void
permute(struct session *row, uint32_t *order, size_t n)
{
	for (size_t start = 0; start < n; start++) {
		struct session first = row[start];
		size_t at = start;

		if (order[start] == start)
			continue;
		while (order[at] != start) {
			size_t next = order[at];

			row[at] = row[next];
			order[at] = (uint32_t)at;
			at = next;
		}
		row[at] = first;
		order[at] = (uint32_t)at;
	}
}

/* Of two rows of one session the one with more counters says more; of two with as many, the one
 * that counted more: the unit of a pair that does not forward lags behind, or counts nothing. */
static bool
says_more(const struct counters *a, const struct counters *b)
{
	int more = __builtin_popcount(a->has) - __builtin_popcount(b->has);

	if (more != 0)
		return more > 0;
	if (a->bytes_near + a->bytes_far + a->bytes_total !=
	    b->bytes_near + b->bytes_far + b->bytes_total)
		return a->bytes_near + a->bytes_far + a->bytes_total >
		       b->bytes_near + b->bytes_far + b->bytes_total;
	return a->packets_near + a->packets_far > b->packets_near + b->packets_far;
}

/* A row for each direction: each counts its own way. Times stay those of one row. */
static void
fill_counters(struct counters *to, const struct counters *from)
{
	const uint32_t volumes = HAS_BYTES_NEAR | HAS_BYTES_FAR | HAS_BYTES_TOTAL |
				 HAS_PACKETS_NEAR | HAS_PACKETS_FAR;
	uint32_t take = from->has & ~to->has & volumes;

	if (take & HAS_BYTES_NEAR)
		to->bytes_near = from->bytes_near;
	if (take & HAS_BYTES_FAR)
		to->bytes_far = from->bytes_far;
	if (take & HAS_BYTES_TOTAL)
		to->bytes_total = from->bytes_total;
	if (take & HAS_PACKETS_NEAR)
		to->packets_near = from->packets_near;
	if (take & HAS_PACKETS_FAR)
		to->packets_far = from->packets_far;
	to->has |= take;
}

/* No mapping, or one to itself: the table of the side that does not translate. */
static bool
is_untranslated(const struct addr *nat, const struct addr *real)
{
	return nat->family == 0 || addr_equal(nat, real);
}

static void
take_flag(struct session *to, const struct session *from, enum session_flag flag)
{
	to->flags = (uint8_t)((to->flags & ~(unsigned)flag) | (from->flags & (unsigned)flag));
}

static void
fill_nat(struct session *to, const struct session *from)
{
	if (is_untranslated(&to->in_nat, &to->key.inside) && from->in_nat.family != 0) {
		to->in_nat = from->in_nat;
		to->in_nat_port = from->in_nat_port;
		take_flag(to, from, SESSION_IN_NAT_PORT);
	}
	if (is_untranslated(&to->out_nat, &to->key.outside) && from->out_nat.family != 0) {
		to->out_nat = from->out_nat;
		to->out_nat_port = from->out_nat_port;
		take_flag(to, from, SESSION_OUT_NAT_PORT);
	}
}

static void
fill_word(word *to, word from)
{
	if (*to == 0)
		*to = from;
}

/* Puts into `to` what only `from`, another row of the same session, says. */
static void
fill_copy(struct session *to, const struct session *from)
{
	fill_counters(&to->counters, &from->counters);
	fill_nat(to, from);
	fill_word(&to->state, from->state);
	fill_word(&to->place, from->place);
	fill_word(&to->app, from->app);
	fill_word(&to->user, from->user);
	fill_word(&to->in_iface, from->in_iface);
	fill_word(&to->out_iface, from->out_iface);
}

/* Who started, when two rows were asked: one of them knows, or they agree, or nobody knows. */
static uint8_t
agree(uint8_t a, uint8_t b, bool *disputed)
{
	if (a != INITIATOR_UNKNOWN && b != INITIATOR_UNKNOWN)
		*disputed |= a != b;
	if (*disputed)
		return INITIATOR_UNKNOWN;
	return a != INITIATOR_UNKNOWN ? a : b;
}

static void
fold_copies(struct rows *rows, uint64_t *copies)
{
	bool disputed = false;
	size_t kept = 0;

	for (size_t i = 1; i < rows->n; i++) {
		struct session *last = &rows->row[kept], *next = &rows->row[i];
		struct session less = *next;
		uint8_t initiator;

		if (session_key_compare(&last->key, &next->key) != 0) {
			rows->row[++kept] = *next;
			disputed = false;
			continue;
		}
		(*copies)++;
		initiator = agree(last->initiator, next->initiator, &disputed);
		if (says_more(&next->counters, &last->counters)) {
			less = *last;
			*last = *next;
		}
		fill_copy(last, &less);
		last->initiator = initiator;
	}
	if (rows->n > 0)
		rows->n = kept + 1;
}

void
rows_sort(struct rows *rows, uint64_t *copies)
{
	uint32_t *order = (uint32_t *)(void *)(rows->row + rows->room);
	bool sorted = true;

	for (size_t i = 1; i < rows->n && sorted; i++)
		sorted = session_key_compare(&rows->row[i - 1].key, &rows->row[i].key) <= 0;
	if (!sorted) {
		for (size_t i = 0; i < rows->n; i++)
			order[i] = (uint32_t)i;
		permute(
		    rows->row, merge_sort(rows->row, order, order + rows->room, rows->n), rows->n);
	}
	fold_copies(rows, copies);
}

static bool
write_all(int fd, const void *bytes, size_t n)
{
	while (n > 0) {
		ssize_t wrote = write(fd, bytes, n);

		if (wrote <= 0)
			return false;
		bytes = (const char *)bytes + wrote;
		n -= (size_t)wrote;
	}
	return true;
}

int
rows_finish(struct rows *rows, int fds[2])
{
	struct word_table *w = rows->words;

	munmap(rows->row, rows->room * ROW_ROOM);
	rows->row = NULL;
	if (ftruncate(rows->fd, (off_t)(rows->n * sizeof(struct session))) != 0 ||
	    !write_all(w->fd, &w->n, sizeof(w->n)) ||
	    !write_all(w->fd, w->offsets, (w->n + 2) * sizeof(uint32_t)) ||
	    !write_all(w->fd, w->bytes, w->offsets[w->n + 1]) ||
	    fcntl(rows->fd, F_ADD_SEALS, SEALS) != 0 || fcntl(w->fd, F_ADD_SEALS, SEALS) != 0)
		return -1;
	fds[0] = rows->fd;
	fds[1] = w->fd;
	return 0;
}

static const void *
map_whole(int fd, size_t *size)
{
	struct stat st;
	void *map;

	if (fcntl(fd, F_GET_SEALS) < 0 || (fcntl(fd, F_GET_SEALS) & SEALS) != SEALS ||
	    fstat(fd, &st) != 0 || st.st_size < 0)
		return NULL;
	*size = (size_t)st.st_size;
	if (*size == 0)
		return "";
	map = mmap(NULL, *size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	return map == MAP_FAILED ? NULL : map;
}

static bool
words_fit(struct words *w, const uint32_t *map, size_t size)
{
	size_t head;

	if (size < sizeof(uint32_t) || map[0] >= LIMIT_WORDS)
		return false;
	w->n = map[0];
	head = (w->n + 3) * sizeof(uint32_t);
	if (size < head || map[1] != 0 || map[2] != 0)
		return false;
	w->offsets = map + 1;
	w->bytes = (const char *)map + head;
	for (uint32_t i = 1; i <= w->n; i++)
		if (w->offsets[i + 1] < w->offsets[i] || w->offsets[i + 1] > size - head)
			return false;
	return true;
}

static bool
rows_fit(const struct rows_view *view)
{
	for (size_t i = 0; i < view->n; i++) {
		const struct session *s = &view->row[i];

		if (i > 0 && session_key_compare(&s[-1].key, &s->key) >= 0)
			return false;
		if (s->state > view->words.n || s->place > view->words.n ||
		    s->app > view->words.n || s->user > view->words.n ||
		    s->in_iface > view->words.n || s->out_iface > view->words.n ||
		    s->key.scope > SCOPE_HOST || s->initiator > INITIATOR_OUT)
			return false;
	}
	return true;
}

int
rows_map(struct rows_view *view, const int fds[2], uint64_t n)
{
	*view = (struct rows_view){ 0 };
	view->row = map_whole(fds[0], &view->row_bytes);
	view->word_map = map_whole(fds[1], &view->word_bytes);
	if (view->row && view->word_map && n <= LIMIT_REPLY_LINES &&
	    view->row_bytes == n * sizeof(struct session) &&
	    words_fit(&view->words, view->word_map, view->word_bytes)) {
		view->n = n;
		if (rows_fit(view))
			return 0;
	}
	rows_unmap(view);
	return -1;
}

void
rows_unmap(struct rows_view *view)
{
	if (view->row && view->row_bytes > 0)
		munmap((void *)(uintptr_t)view->row, view->row_bytes);
	if (view->word_map && view->word_bytes > 0)
		munmap((void *)(uintptr_t)view->word_map, view->word_bytes);
	*view = (struct rows_view){ 0 };
}
