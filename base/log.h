/* One line per event on stderr, "gatebook: level: message key=value ...", in one write, control
 * bytes as blanks. Secrets have no way in: there is no call that takes one. Device text must be
 * passed through text_escape first. */
#ifndef GATEBOOK_BASE_LOG_H
#define GATEBOOK_BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

void log_set_level(enum log_level least); /* default LOG_WARNING */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Gives every line that is written, without its newline, to `tap` too; NULL: no more. */
void log_tap(void (*tap)(const char *line));

/* Logs and exits with EXIT_FAILED (1): for what nobody can go on without. */
void log_fatal(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
