#include "store/sqlite.h"

#include <string.h>

#include "base/addr.h"
#include "store/functions.h"
#include "store/packed.h"
#include "store/roll_table.h"
#include "store/schema.h"

/* ip_text(x): "192.0.2.1" or "2001:db8::1" of an address as the store keeps it; NULL for anything
 * else. */
static void
ip_text(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	int type = sqlite3_value_type(argv[0]);
	struct addr a = { 0 };
	char text[ADDR_TEXT];

	(void)argc;
	if (type == SQLITE_INTEGER && sqlite3_value_int64(argv[0]) >= 0 &&
	    sqlite3_value_int64(argv[0]) <= UINT32_MAX) {
		a = addr_from_ipv4((uint32_t)sqlite3_value_int64(argv[0]));
	} else if (type == SQLITE_BLOB && sqlite3_value_bytes(argv[0]) == 16) {
		a.family = 6;
		memcpy(a.bytes, sqlite3_value_blob(argv[0]), 16);
	} else {
		return;
	}
	sqlite3_result_text(context, addr_format(&a, text), -1, SQLITE_TRANSIENT);
}

/* ip_value('192.0.2.1'): the address as the store keeps it; NULL when the text is not one. */
static void
ip_value(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	const char *text = (const char *)sqlite3_value_text(argv[0]);
	struct addr a;

	(void)argc;
	if (!text || !addr_parse(text_of(text), &a))
		return;
	if (a.family == 4)
		sqlite3_result_int64(context, addr_ipv4(&a));
	else
		sqlite3_result_blob(context, a.bytes, 16, SQLITE_TRANSIENT);
}

/* proto_text(6): "tcp". */
static void
proto_text(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	int64_t proto = sqlite3_value_int64(argv[0]);

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_INTEGER && proto >= 0 && proto <= UINT16_MAX)
		sqlite3_result_text(context, proto_name((unsigned)proto), -1, SQLITE_TRANSIENT);
}

/* asked_until(): the last second of the question; what began later need not be looked at. */
static void
asked_until(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	const int64_t *until = sqlite3_user_data(context);

	(void)argc, (void)argv;
	sqlite3_result_int64(context, until ? *until : INT64_MAX);
}

int
functions_register(sqlite3 *db, int64_t *until)
{
	static const struct {
		const char *name;
		void (*call)(sqlite3_context *, int, sqlite3_value **);
	} functions[] = { { "ip_text", ip_text }, { "ip_value", ip_value },
		{ "proto_text", proto_text } };
	const int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS;

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		int code = sqlite3_create_function_v2(db, functions[i].name, 1,
		    flags | SQLITE_DETERMINISTIC, NULL, functions[i].call, NULL, NULL, NULL);
		if (code != SQLITE_OK)
			return code;
	}
	if (sqlite3_create_function_v2(
		db, "asked_until", 0, flags, until, asked_until, NULL, NULL, NULL) != SQLITE_OK ||
	    roll_register(db) != SQLITE_OK)
		return SQLITE_NOMEM;
	return packed_register(db);
}

static int
application_id(sqlite3 *db, int *id)
{
	sqlite3_stmt *st;
	int code = sqlite3_prepare_v2(db, "PRAGMA main.application_id", -1, &st, NULL);

	*id = 0;
	if (code != SQLITE_OK)
		return code;
	if (sqlite3_step(st) == SQLITE_ROW)
		*id = sqlite3_column_int(st, 0);
	return sqlite3_finalize(st);
}

/* What a sealed day holds of the time before it: few contacts, found by an index of their own. */
static const char all_contacts[] = "CREATE TEMP VIEW asked_contact AS SELECT * FROM main.contact";
static const char
    early_contacts[] = "CREATE TEMP VIEW asked_contact AS "
		       "SELECT * FROM main.contact INDEXED BY contact_early WHERE early = 1";

int
functions_views(sqlite3 *db, bool early)
{
	int id;
	int code = application_id(db, &id);

	if (code != SQLITE_OK)
		return code;
	if (id == SCHEMA_LIVE_ID)
		return sqlite3_exec(db, schema_views, NULL, NULL, NULL);
	if (id != SCHEMA_DAY_ID)
		return SQLITE_OK;
	code = sqlite3_exec(db, early ? early_contacts : all_contacts, NULL, NULL, NULL);
	return code == SQLITE_OK ? sqlite3_exec(db, schema_views_day, NULL, NULL, NULL) : code;
}

int
functions_views_sql(sqlite3 *db)
{
	int id;
	int code = application_id(db, &id);

	return code == SQLITE_OK && id == SCHEMA_LIVE_ID
		   ? sqlite3_exec(db, schema_views_sql, NULL, NULL, NULL)
		   : code;
}
