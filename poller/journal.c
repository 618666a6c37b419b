#include "poller/journal.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

static struct journal_line *lines; /* number n at n % LIMIT_JOURNAL */
static uint64_t last;

static void
keep(const char *text)
{
	struct journal_line *line = &lines[++last % LIMIT_JOURNAL];

	free(line->text);
	*line = (struct journal_line){
		.number = last, .at = clock_now(), .text = mem_string(text)
	};
}

void
journal_open(void)
{
	lines = mem_alloc(LIMIT_JOURNAL, sizeof(*lines));
	last = 0;
	log_tap(keep);
}

void
journal_close(void)
{
	log_tap(NULL);
	for (int i = 0; lines && i < LIMIT_JOURNAL; i++)
		free(lines[i].text);
	free(lines);
	lines = NULL;
}

uint64_t
journal_last(void)
{
	return last;
}

const struct journal_line *
journal_line(uint64_t number)
{
	const struct journal_line *line = &lines[number % LIMIT_JOURNAL];

	return number > 0 && line->number == number ? line : NULL;
}
