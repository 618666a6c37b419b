-- Schema 4: signed heads of the ledger (ledger/head.h). The records 1..size are under it; the peaks are its
-- Merkle tree, so that the next one need not read the ledger again (nobody believes them: the note is signed).
CREATE TABLE head (
	size  INTEGER PRIMARY KEY,
	note  TEXT NOT NULL,
	peaks BLOB NOT NULL
) STRICT;
CREATE TRIGGER head_no_update BEFORE UPDATE ON head
	BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER head_no_delete BEFORE DELETE ON head
	BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;

-- The files of the configuration as the ledger last said: a change is a record.
CREATE TABLE config_file (
	path   TEXT PRIMARY KEY,
	sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
