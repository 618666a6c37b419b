/* The rows of one poll, in a memfd: written by the poll, read by the recorder, never copied. */
#ifndef GATEBOOK_POLLER_ROWS_H
#define GATEBOOK_POLLER_ROWS_H

#include "base/record.h"

struct rows {
	int fd;              /* memfd of struct session */
	struct session *row; /* its mapping, `room` rows long */
	size_t n, room;
	bool full; /* over LIMIT_REPLY_LINES rows or LIMIT_WORDS words: the poll is partial */
	struct word_table *words;
};

/* Both memfds are made here, before the sandbox closes. Returns 0 or -1. */
int rows_new(struct rows *rows);
void rows_free(struct rows *rows);                /* closes the memfds too */
word rows_word(struct rows *rows, struct text t); /* the word's number; cut at LIMIT_WORD bytes */
void rows_add(struct rows *rows, const struct session *s);

/* Sorts by key and folds rows with the same key into one: the one with more counters stays, and
 * takes from the other what it does not say (NAT, state, the other way's bytes). Who started stays
 * only while no two disagree. *copies is raised by the number folded. The scratch memory lies
 * behind the rows in the memfd. */
void rows_sort(struct rows *rows, uint64_t *copies);

/* Writes the words into a second memfd and cuts the first to size: fds[0] rows, fds[1] words. */
int rows_finish(struct rows *rows, int fds[2]);

/* The recorder's side: maps what arrived. Every size, order and offset is checked: -1 if anything
 * does not fit. The mappings live until rows_unmap. */
struct rows_view {
	const struct session *row;
	size_t n, row_bytes, word_bytes;
	struct words words;
	const void *word_map;
};
int rows_map(struct rows_view *view, const int fds[2], uint64_t n);
void rows_unmap(struct rows_view *view);

#endif
