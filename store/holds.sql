-- Schema 3: what is not to be polled until somebody releases it.
CREATE TABLE hold (
	id          INTEGER PRIMARY KEY,
	on_what     TEXT NOT NULL, -- device, credential, platform, all
	name        TEXT NOT NULL, -- '' of all
	reason      TEXT NOT NULL, -- engineer, authentication, host key, breaker
	why         TEXT NOT NULL,
	since       INTEGER NOT NULL,
	held_by     TEXT NOT NULL,
	released    INTEGER,
	released_by TEXT
) STRICT;
CREATE UNIQUE INDEX hold_open ON hold (on_what, name) WHERE released IS NULL;
