/* Functions we do not call: included by every file through the compiler's command line. Using one
 * is a compile error that names it. Why: unbounded copies (strcpy ...), silent cuts (strncpy),
 * hidden state (strtok, localtime ...), no error report (atoi), locale (scanf family). */
#ifndef GATEBOOK_BASE_BANNED_H
#define GATEBOOK_BASE_BANNED_H
#ifndef __cplusplus
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What the C library wraps in a macro cannot be poisoned before the macro is gone. */
#undef alloca
#undef sprintf
#undef vsprintf
#undef strncpy
#undef strncat

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok strtok_r
#pragma GCC poison sscanf scanf fscanf vsscanf atoi atol atoll atof
#pragma GCC poison localtime gmtime ctime asctime system popen tmpnam tempnam mktemp alloca

/* OpenSSL names a parameter so: the call is banned, not the word. */
int rand(void) __attribute__((unavailable("banned: use getrandom")));
#endif
#endif
