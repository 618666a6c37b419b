-- days/YYYY-MM-DD.db: the sessions that ended on one UTC day, by contact. Built once, never
-- changed. PRAGMA user_version = STORE_SCHEMA, application_id "Gtbd". Nothing in it refers to
-- another file.

CREATE TABLE seal (
	day   INTEGER PRIMARY KEY, -- days since 1970
	start INTEGER NOT NULL     -- its first second; packed times count from there
) STRICT;

CREATE TABLE device (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL
) STRICT;

-- Where a contact was seen, and how its sessions are packed.
CREATE TABLE vantage (
	id        INTEGER PRIMARY KEY,
	device    INTEGER NOT NULL,
	place     TEXT NOT NULL,
	scope     INTEGER NOT NULL,
	initiator INTEGER NOT NULL,
	first     INTEGER NOT NULL, -- the lowest session number in it
	gap       INTEGER NOT NULL  -- seconds that usually lie between two bounds
) STRICT;

-- What many sessions have in common.
CREATE TABLE attribute (
	id        INTEGER PRIMARY KEY,
	state     TEXT NOT NULL,
	app       TEXT NOT NULL,
	user      TEXT NOT NULL,
	in_iface  TEXT NOT NULL,
	out_iface TEXT NOT NULL,
	in_nat    ANY,
	out_nat   ANY
) STRICT;

CREATE TABLE contact (
	outside  ANY NOT NULL,
	inside   ANY NOT NULL,
	proto    INTEGER NOT NULL,
	port     INTEGER NOT NULL, -- of the end that answered, else of the outside; -1: none printed
	vantage  INTEGER NOT NULL,
	early    INTEGER NOT NULL, -- 1: a session of it was there before the day began
	sessions BLOB NOT NULL,    -- store/pack.h
	PRIMARY KEY (outside, inside, proto, port, vantage)
) STRICT, WITHOUT ROWID;
