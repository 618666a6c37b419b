/* What the printers of profiles share. Only audit/authz*.c include this file. */
#ifndef GATEBOOK_AUDIT_PROFILE_H
#define GATEBOOK_AUDIT_PROFILE_H

#include "audit/authz.h"
#include "audit/lines.h"

/* The i-th line that polls send, keys and detect's question left out. */
bool profile_line(const struct driver *driver, unsigned i, struct sent_line *out);

/* A regular expression (POSIX extended) that this line alone matches, without anchors; the number
 * of a page becomes [0-9]+. `quote`: also what is to be escaped within double quotes. */
void profile_regex(FILE *out, struct text line);

/* The first word of a line and what is behind it, without blanks. */
struct text profile_word(const char *line, struct text *rest);

/* True for the first line that begins with this word. */
bool profile_first(const struct driver *driver, unsigned i, struct text w);

void print_tac_plus(FILE *out, const struct driver *driver, const char *user);
void print_tac_plus_ng(FILE *out, const struct driver *driver, const char *user);
void print_ise(FILE *out, const struct driver *driver, const char *user);
void print_freeradius(FILE *out, const struct driver *driver, const char *user);
void print_ios_view(FILE *out, const struct driver *driver, const char *user);
void print_nxos_role(FILE *out, const struct driver *driver, const char *user);
void print_xr_taskgroup(FILE *out, const struct driver *driver, const char *user);
void print_junos_class(FILE *out, const struct driver *driver, const char *user);
void print_asa(FILE *out, const struct driver *driver, const char *user);
void print_panos_role(FILE *out, const struct driver *driver, const char *user);
void print_fortios_profile(FILE *out, const struct driver *driver, const char *user);
void print_eos_role(FILE *out, const struct driver *driver, const char *user);
void print_sudoers(FILE *out, const struct driver *driver, const char *user);
void print_forcecommand(FILE *out, const struct driver *driver, const char *user);

#endif
