/* Opening, closing and the transaction: everything else of the writing side stands between them. */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "store/internal.h"
#include "store/schema.h"
#include "store/sql.h"

static const char *const statements[ST_COUNT] = {
	[ST_DEVICE_FIND] = "SELECT id, platform = ?2 AND site = ?3 AND host = ?4 AND transport = "
			   "?5 AND "
			   "blind = ?6 AND every = ?7 FROM device WHERE name = ?1",
	[ST_DEVICE_INSERT] = "INSERT INTO device (name, platform, site, host, transport, blind, "
			     "every, "
			     "added) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[ST_DEVICE_UPDATE] = "UPDATE device SET platform = ?2, site = ?3, host = ?4, transport = "
			     "?5, "
			     "blind = ?6, every = ?7 WHERE name = ?1",
	[ST_DEVICE_STATE] = "SELECT complete, asked, sessions FROM device WHERE id = ?1",
	[ST_DEVICE_POLLED] = "UPDATE device SET complete = ?2, asked = ?3, sessions = ?4 WHERE id "
			     "= ?1",
	[ST_POLL_INSERT] =
	    "INSERT INTO poll VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
	    "?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, "
	    "?27, ?28, ?29, ?30, (SELECT every FROM device WHERE id = ?1))",
	[ST_POLL_LAST] = "SELECT started, asked FROM poll WHERE device = ?1 "
			 "ORDER BY started DESC, id DESC LIMIT 1",
	[ST_OPEN_READ] = "SELECT sessions FROM open WHERE device = ?1",
	[ST_OPEN_WRITE] = "REPLACE INTO open VALUES (?1, ?2, ?3, ?4)",
	[ST_CLOSED_INSERT] = "INSERT INTO closed VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[ST_LONG_INSERT] = "INSERT INTO long VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
			   "?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, "
			   "?26, ?27, ?28)",
	[ST_WORD_INSERT] = "INSERT INTO word VALUES (?1, ?2)",
	[ST_LEDGER_LAST] = "SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1",
	[ST_LEDGER_PUT] = "INSERT INTO ledger VALUES (?1, ?2, ?3, ?4)",
	[ST_LEDGER_HASHES] = "SELECT hash FROM ledger WHERE seq > ?1 ORDER BY seq",
	[ST_CONFIG_FILE] = "INSERT INTO config_file VALUES (?1, ?2) ON CONFLICT DO UPDATE "
			   "SET sha256 = ?2 WHERE sha256 <> ?2",
	[ST_HEAD_PUT] = "INSERT INTO head VALUES (?1, ?2, ?3)",
	[ST_HEAD_LAST] = "SELECT size, note, peaks FROM head ORDER BY size DESC LIMIT 1",
	[ST_PRESENCE_OPEN] = "SELECT id, addr, mac, port, vlan, name, far_port FROM presence "
			     "WHERE device = ?1 AND kind = ?2 AND end_by IS NULL",
	[ST_PRESENCE_INSERT] = "INSERT INTO presence VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
			       "?9, ?10, "
			       "NULL, NULL)",
	[ST_PRESENCE_CLOSE] = "UPDATE presence SET end_by = ?3, end_from = "
			      "CASE WHEN ?2 > ifnull(start_after, -1) THEN ?2 ELSE start_by END "
			      "WHERE id = ?1",
	[ST_PRESENCE_READ_READ] = "SELECT asked FROM presence_read WHERE device = ?1 AND kind = ?2",
	[ST_PRESENCE_READ_WRITE] = "REPLACE INTO presence_read VALUES (?1, ?2, ?3)",
	[ST_HOLD] = "INSERT INTO hold (on_what, name, reason, why, since, held_by) VALUES (?1, ?2, "
		    "?3, "
		    "?4, ?5, ?6) ON CONFLICT DO NOTHING",
	[ST_RELEASE] = "UPDATE hold SET released = ?3, released_by = ?4 WHERE on_what = ?1 AND "
		       "name = "
		       "?2 AND released IS NULL",
	[ST_HOSTKEY_TRUST] = "INSERT INTO hostkey (device, key, added, added_by) VALUES (?1, ?2, "
			     "?3, ?4) "
			     "ON CONFLICT DO NOTHING",
	[ST_HOSTKEY_REVOKE] = "UPDATE hostkey SET revoked = ?3, revoked_by = ?4 "
			      "WHERE device = ?1 AND (?2 IS NULL OR key = ?2) AND revoked IS NULL",
};

/* The checkpoint is this connection's own, after a commit, every 32 MB of log: no other connection
 * ever writes or checkpoints. */
static const char *const pragmas = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;"
				   "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
				   "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
				   "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8192;"
				   "PRAGMA journal_size_limit = 67108864; PRAGMA foreign_keys = ON";

static int
use_wal(sqlite3 *db, struct error *err)
{
	sqlite3_stmt *st;
	int keep = 1;
	bool wal;

	if (sql_prepare(db, "PRAGMA journal_mode = WAL", &st, err) < 0)
		return -1;
	wal = sqlite3_step(st) == SQLITE_ROW &&
	      strcmp((const char *)sqlite3_column_text(st, 0), "wal") == 0;
	sqlite3_finalize(st);
	if (!wal)
		return sql_failed(db, "use a write-ahead log for", err);
	/* A reader without write permission needs the log and its index to exist. */
	sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
	return 0;
}

/* Creates an empty file with a private mode: SQLite gives the log and its index the same one. */
static int
create_private(const char *path, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 && errno != EEXIST)
		return error_set(err, "cannot create %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return 0;
}

static int
open_database(struct store *s, bool create, struct error *err)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/gatebook.db", s->dir);
	if (create && create_private(path, err) < 0)
		return -1;
	if (sqlite3_open_v2(path, &s->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK)
		return sql_failed(s->db, "open", err);
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (sql_run(s->db, pragmas, "open", err) < 0 ||
	    schema_migrate(s->db, schema_steps, STORE_SCHEMA, err) < 0 || use_wal(s->db, err) < 0)
		return -1;
	for (int i = 0; i < ST_COUNT; i++) {
		if (sql_prepare(s->db, statements[i], &s->statements[i], err) < 0)
			return -1;
	}
	if (sql_number(s->db, "SELECT value FROM meta WHERE name = 'sealed_day'", -1,
		&s->sealed_day, err) < 0)
		return -1;
	s->closed_days = s->sealed_day;
	return 0;
}

struct store *
store_open(const char *dir, bool create, struct error *err)
{
	struct store *s = mem_alloc(1, sizeof(*s));

	s->dir = mem_string(dir);
	s->lock = -1;
	if (folder_prepare(dir, create, err) == 0 && (s->lock = folder_lock(dir, err)) >= 0 &&
	    open_database(s, create, err) == 0 && seal_repair(s, err) == 0 &&
	    lexicon_load(&s->words, s->db, err) == 0)
		return s;
	store_close(s);
	return NULL;
}

void
store_close(struct store *s)
{
	if (!s)
		return;
	seal_abandon(s);
	store_rollback(s);
	for (int i = 0; i < ST_COUNT; i++)
		sqlite3_finalize(s->statements[i]);
	if (s->db)
		sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_close(s->db);
	lexicon_free(&s->words);
	if (s->lock >= 0)
		close(s->lock);
	free(s->dir);
	free(s);
}

int
store_result(struct store *s, int result)
{
	if (result < 0)
		s->broken = true;
	return result;
}

int
store_writing(struct store *s, struct error *err)
{
	if (!s->writing)
		return error_set(err, "the store %s: writing outside a transaction", s->dir);
	if (s->broken)
		return error_set(
		    err, "the store %s: an earlier write of this transaction failed", s->dir);
	return 0;
}

int
store_begin(struct store *s, struct error *err)
{
	if (s->writing)
		return error_set(err, "the store %s: a transaction is open already", s->dir);
	if (sql_run(s->db, "BEGIN IMMEDIATE", "write", err) < 0)
		return -1;
	s->writing = true;
	s->broken = false;
	return 0;
}

int
store_commit(struct store *s, struct error *err)
{
	if (store_writing(s, err) < 0 || sql_run(s->db, "COMMIT", "commit to", err) < 0) {
		store_rollback(s);
		return -1;
	}
	s->writing = false;
	lexicon_commit(&s->words);
	return 0;
}

void
store_rollback(struct store *s)
{
	if (!s->writing)
		return;
	/* Fails when SQLite rolled back by itself (full disk): the same result. */
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->writing = false;
	lexicon_rollback(&s->words);
}
