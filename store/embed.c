#include "store/schema.h"

/* The bytes of a file of this folder and a NUL, as the array `name`. */
#define EMBED(name, file)                                                                          \
	__asm__(".pushsection .rodata\n"                                                           \
		".global " #name "\n.hidden " #name "\n" #name ":\n"                               \
		".incbin \"store/" file "\"\n"                                                     \
		".byte 0\n"                                                                        \
		".popsection\n")

EMBED(schema_live, "schema.sql");
EMBED(schema_identity, "identity.sql");
EMBED(schema_holds, "holds.sql");
EMBED(schema_heads, "heads.sql");
EMBED(schema_every, "every.sql");
EMBED(schema_day, "schema_day.sql");
EMBED(schema_views, "views.sql");
EMBED(schema_views_day, "views_day.sql");
EMBED(schema_views_sql, "views_sql.sql");
