/* gatebook-sqlite.so: our functions and views in the plain sqlite3 shell.
 *
 *   $ sqlite3 -readonly DIR/gatebook.db
 *   sqlite> .load /usr/local/lib/gatebook/gatebook-sqlite
 *   sqlite> SELECT ip_text(outside), proto_text(proto), port, bytes FROM v_contact LIMIT 5;
 *
 * Works on gatebook.db and on the file of any sealed day; the columns are those of store/read.h.
 * Open with -readonly: only gatebook writes a store. */
#include <sqlite3ext.h>

#include "store/functions.h"

SQLITE_EXTENSION_INIT1

int sqlite3_extension_init(sqlite3 *db, char **message, const sqlite3_api_routines *api);

__attribute__((visibility("default"))) int
sqlite3_extension_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
	int code;

	SQLITE_EXTENSION_INIT2(api);
	code = functions_register(db, NULL);
	if (code == SQLITE_OK)
		code = functions_views(db, false);
	if (code == SQLITE_OK)
		code = functions_views_sql(db);
	if (code != SQLITE_OK)
		*message = sqlite3_mprintf("gatebook: %s", sqlite3_errmsg(db));
	return code;
}
