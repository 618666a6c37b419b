-- The two views of the live database; the columns are those of store/read.h. asked_until() is the end
-- of the time that reader_parts was asked for: rolls that began later are not even opened. What a poll
-- saw it saw while it ran, before its answer bounds the start: hence the day, longer than any poll.
CREATE TEMP VIEW v_session AS
SELECT d.id << 40 | s.number AS id, d.id AS device, s.scope AS scope, s.proto AS proto,
	s.inside AS inside, s.in_port AS in_port, s.outside AS outside, s.out_port AS out_port,
	(SELECT text FROM main.word WHERE id = s.place) AS place,
	s.in_nat AS in_nat, s.in_nat_port AS in_nat_port, s.out_nat AS out_nat,
	s.out_nat_port AS out_nat_port, s.initiator AS initiator,
	(SELECT text FROM main.word WHERE id = s.state) AS state,
	(SELECT text FROM main.word WHERE id = s.app) AS app,
	(SELECT text FROM main.word WHERE id = s.user) AS user,
	(SELECT text FROM main.word WHERE id = s.in_iface) AS in_iface,
	(SELECT text FROM main.word WHERE id = s.out_iface) AS out_iface,
	s.start_after AS start_after, s.start_by AS start_by,
	max(ifnull(d.asked, 0), s.seen) AS end_from, NULL AS end_by, d.complete - s.before AS polls,
	s.bytes_out AS bytes_out, s.bytes_in AS bytes_in, s.bytes_total AS bytes_total,
	s.packets_out AS packets_out, s.packets_in AS packets_in
FROM main.device d CROSS JOIN main.open o ON o.device = d.id AND o.earliest - 86400 <= asked_until()
	CROSS JOIN roll_sessions(o.sessions) s
UNION ALL
SELECT c.device << 40 | s.number AS id, c.device AS device, s.scope AS scope, s.proto AS proto,
	s.inside AS inside, s.in_port AS in_port, s.outside AS outside, s.out_port AS out_port,
	(SELECT text FROM main.word WHERE id = s.place) AS place,
	s.in_nat AS in_nat, s.in_nat_port AS in_nat_port, s.out_nat AS out_nat,
	s.out_nat_port AS out_nat_port, s.initiator AS initiator,
	(SELECT text FROM main.word WHERE id = s.state) AS state,
	(SELECT text FROM main.word WHERE id = s.app) AS app,
	(SELECT text FROM main.word WHERE id = s.user) AS user,
	(SELECT text FROM main.word WHERE id = s.in_iface) AS in_iface,
	(SELECT text FROM main.word WHERE id = s.out_iface) AS out_iface,
	s.start_after AS start_after, s.start_by AS start_by,
	max(c.asked, s.seen) AS end_from, c.end_by AS end_by, c.complete - s.before AS polls,
	s.bytes_out AS bytes_out, s.bytes_in AS bytes_in, s.bytes_total AS bytes_total,
	s.packets_out AS packets_out, s.packets_in AS packets_in
FROM main.closed c CROSS JOIN roll_sessions(c.sessions) s
WHERE c.id >= (SELECT value + 1 FROM main.meta WHERE name = 'sealed_day') << 40
	AND c.earliest - 86400 <= asked_until()
UNION ALL
SELECT l.session AS id, l.session >> 40 AS device, l.scope AS scope, l.proto AS proto,
	l.inside AS inside, l.in_port AS in_port, l.outside AS outside, l.out_port AS out_port,
	(SELECT text FROM main.word WHERE id = l.place) AS place,
	l.in_nat AS in_nat, l.in_nat_port AS in_nat_port, l.out_nat AS out_nat,
	l.out_nat_port AS out_nat_port, l.initiator AS initiator,
	(SELECT text FROM main.word WHERE id = l.state) AS state,
	(SELECT text FROM main.word WHERE id = l.app) AS app,
	(SELECT text FROM main.word WHERE id = l.user) AS user,
	(SELECT text FROM main.word WHERE id = l.in_iface) AS in_iface,
	(SELECT text FROM main.word WHERE id = l.out_iface) AS out_iface,
	l.start_after AS start_after, l.start_by AS start_by,
	l.end_from AS end_from, l.end_by AS end_by, l.polls AS polls,
	l.bytes_out AS bytes_out, l.bytes_in AS bytes_in, l.bytes_total AS bytes_total,
	l.packets_out AS packets_out, l.packets_in AS packets_in
FROM main.long l;

CREATE TEMP VIEW v_contact AS
SELECT outside, inside, proto,
	CASE initiator WHEN 2 THEN in_port ELSE out_port END AS port,
	initiator, scope, device, place, 1 AS n,
	start_after AS first_after, start_by AS first_by, end_from AS last_from, end_by AS last_by,
	coalesce(bytes_total, bytes_out + bytes_in, bytes_out, bytes_in) AS bytes,
	end_by IS NULL AS open
FROM temp.v_session;
