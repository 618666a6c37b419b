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
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok strtok_r
#pragma GCC poison sscanf scanf fscanf vsscanf atoi atol atoll atof
#pragma GCC poison localtime gmtime ctime asctime system popen tmpnam tempnam mktemp rand alloca
#endif
#endif
