-- Schema 2: who was where. Intervals by the rule of sessions: a row opens with the first poll that shows
-- it, and is closed by the first complete reading of its kind that does not.
CREATE TABLE presence (
	id          INTEGER PRIMARY KEY,
	device      INTEGER NOT NULL,
	kind        INTEGER NOT NULL, -- 0 an address has a MAC, 1 a MAC is behind a port, 2 a device is,
	                              -- 3 the device itself has the address, in the network `name`
	addr        ANY,
	mac         TEXT NOT NULL,
	port        TEXT NOT NULL,
	vlan        TEXT NOT NULL,    -- of an address its VRF
	name        TEXT NOT NULL,
	far_port    TEXT NOT NULL,
	start_after INTEGER,
	start_by    INTEGER NOT NULL,
	end_from    INTEGER,          -- of an open one: presence_read.asked, or start_by
	end_by      INTEGER
) STRICT;
CREATE INDEX presence_addr ON presence (addr) WHERE addr IS NOT NULL;
CREATE INDEX presence_mac ON presence (mac, kind);
CREATE INDEX presence_port ON presence (device, port, kind);
CREATE INDEX presence_open ON presence (device, kind) WHERE end_by IS NULL;
CREATE INDEX presence_closed ON presence (end_by) WHERE end_by IS NOT NULL;

-- The last complete reading of a kind at a device.
CREATE TABLE presence_read (
	device INTEGER NOT NULL,
	kind   INTEGER NOT NULL,
	asked  INTEGER NOT NULL,
	PRIMARY KEY (device, kind)
) STRICT, WITHOUT ROWID;
