-- gatebook.db: the live database. PRAGMA user_version = STORE_SCHEMA, application_id "Gtbk".
--
-- Times are seconds since 1970 UTC unless the name says _us. Addresses are INTEGER (IPv4) or a
-- 16-byte BLOB (IPv6). A word is an id of table word; word 0 is the empty text. NULL = the device
-- did not say.

CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- UTC days up to this one are sealed: rows of table closed that belong to them are leftovers.
INSERT INTO meta VALUES ('sealed_day', -1);

CREATE TABLE word (
	id   INTEGER PRIMARY KEY,
	text TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO word VALUES (0, '');

CREATE TABLE device (
	id        INTEGER PRIMARY KEY, -- below 2^23, for ever
	name      TEXT NOT NULL UNIQUE,
	platform  TEXT NOT NULL,
	site      TEXT NOT NULL,
	host      TEXT NOT NULL,
	transport TEXT NOT NULL,
	blind     TEXT NOT NULL,       -- what its driver cannot see
	every     INTEGER NOT NULL,    -- seconds between polls; 0: by hand only
	added     INTEGER NOT NULL,
	complete  INTEGER NOT NULL DEFAULT 0, -- complete polls so far
	asked     INTEGER,                    -- when the last complete one asked
	sessions  INTEGER NOT NULL DEFAULT 0  -- sessions so far: the number of the last one
) STRICT;

-- One visit to one device: struct poll_report, and what the store made of it.
CREATE TABLE poll (
	id          INTEGER PRIMARY KEY,
	device      INTEGER NOT NULL,
	started     INTEGER NOT NULL,
	asked       INTEGER,
	answered    INTEGER,
	ended       INTEGER NOT NULL,
	duration_ms INTEGER NOT NULL,
	outcome     INTEGER NOT NULL, -- 0 complete, 1 partial, 2 failed, 3 skipped
	reason      INTEGER NOT NULL, -- enum reason of base/record.h; 0 none
	sandbox     INTEGER NOT NULL,
	lines       INTEGER NOT NULL, -- lines = line_rows + noise + unread
	line_rows   INTEGER NOT NULL,
	noise       INTEGER NOT NULL,
	unread      INTEGER NOT NULL,
	rows        INTEGER NOT NULL, -- observations
	printed     INTEGER,          -- the total that the device printed
	mismatch    INTEGER NOT NULL,
	refused     INTEGER NOT NULL,
	bytes       INTEGER NOT NULL,
	sessions    INTEGER NOT NULL,
	inside_inside   INTEGER NOT NULL,
	outside_outside INTEGER NOT NULL,
	special     INTEGER NOT NULL,
	own         INTEGER NOT NULL,
	listening   INTEGER NOT NULL,
	copies      INTEGER NOT NULL,
	opened      INTEGER NOT NULL,
	reseen      INTEGER NOT NULL,
	closed      INTEGER NOT NULL,
	why         TEXT NOT NULL,
	evidence    TEXT NOT NULL
) STRICT;
CREATE INDEX poll_device ON poll (device, started);
CREATE INDEX poll_started ON poll (started);

-- The open set of a device: the sessions that were there at its last complete poll, or came since,
-- as one roll (store/roll.h) that is rewritten when anything in it changes.
CREATE TABLE open (
	device   INTEGER PRIMARY KEY,
	n        INTEGER NOT NULL,
	earliest INTEGER NOT NULL, -- start that any of them may have had
	sessions BLOB NOT NULL
) STRICT;

-- Closed, not sealed yet: the roll of what one poll closed. Appended to, read whole, no index. The
-- day is the UTC day of end_by, or the first one not sealed when that one is.
CREATE TABLE closed (
	id       INTEGER PRIMARY KEY, -- day << 40 | n
	device   INTEGER NOT NULL,
	asked    INTEGER NOT NULL,    -- the last complete poll before asked: they were there
	end_by   INTEGER NOT NULL,    -- the poll that closed them had its answer: they were not there
	complete INTEGER NOT NULL,    -- complete polls of the device before that one
	n        INTEGER NOT NULL,
	earliest INTEGER NOT NULL,    -- start that any of them may have had
	sessions BLOB NOT NULL
) STRICT;

-- Closed sessions that may have begun before the day before their day: kept here, so that a
-- question about some days needs the files of those days and of the next one only.
CREATE TABLE long (
	session     INTEGER PRIMARY KEY, -- device << 40 | the device's n-th session, as everywhere
	outside     ANY NOT NULL,
	inside      ANY NOT NULL,
	proto       INTEGER NOT NULL,
	in_port     INTEGER,
	out_port    INTEGER,
	scope       INTEGER NOT NULL,
	initiator   INTEGER NOT NULL,
	place       INTEGER NOT NULL,
	in_nat      ANY,
	in_nat_port INTEGER,
	out_nat     ANY,
	out_nat_port INTEGER,
	app         INTEGER NOT NULL,
	user        INTEGER NOT NULL,
	in_iface    INTEGER NOT NULL,
	out_iface   INTEGER NOT NULL,
	start_after INTEGER,
	start_by    INTEGER NOT NULL,
	end_from    INTEGER NOT NULL,
	end_by      INTEGER NOT NULL,
	polls       INTEGER NOT NULL,
	state       INTEGER NOT NULL,
	bytes_out   INTEGER,
	bytes_in    INTEGER,
	bytes_total INTEGER,
	packets_out INTEGER,
	packets_in  INTEGER
) STRICT;
CREATE INDEX long_outside ON long (outside);
CREATE INDEX long_inside ON long (inside);
CREATE INDEX long_end ON long (end_by);

-- The sealed days: readers trust this list, not the folder. A session of the file may have been
-- there from start_min on and until end_max; each of them may have been there at start_max and at
-- end_min.
CREATE TABLE day (
	day       INTEGER PRIMARY KEY, -- days since 1970
	sessions  INTEGER NOT NULL,
	contacts  INTEGER NOT NULL,
	start_min INTEGER NOT NULL,
	start_max INTEGER NOT NULL,
	end_min   INTEGER NOT NULL,
	end_max   INTEGER NOT NULL,
	bytes     INTEGER NOT NULL,    -- of the file
	sha256    BLOB NOT NULL,       -- of the file
	sealed    INTEGER NOT NULL     -- when
) STRICT;
-- Days whose file is to be removed: out of the list already.
CREATE TABLE dropped (day INTEGER PRIMARY KEY) STRICT;

CREATE TABLE hostkey (
	id         INTEGER PRIMARY KEY,
	device     TEXT NOT NULL, -- by name: a key may be trusted before the first poll
	key        TEXT NOT NULL, -- "type SHA256:..."
	added      INTEGER NOT NULL,
	added_by   TEXT NOT NULL,
	revoked    INTEGER,
	revoked_by TEXT
) STRICT;
CREATE UNIQUE INDEX hostkey_trusted ON hostkey (device, key) WHERE revoked IS NULL;

CREATE TABLE ledger (
	seq     INTEGER PRIMARY KEY,
	time_us INTEGER NOT NULL,
	record  BLOB NOT NULL,
	hash    BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
	BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
	BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
