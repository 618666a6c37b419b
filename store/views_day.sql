-- The same two views over the file of a sealed day. asked_contact stands before them: all contacts, or
-- for a question about the time before that day the early ones (store/functions.c).
CREATE TEMP VIEW v_session AS
SELECT s.device << 40 | s.number AS id, s.device AS device, s.scope AS scope, c.proto AS proto,
	c.inside AS inside, CASE s.initiator WHEN 2 THEN nullif(c.port, -1) ELSE s.other END AS in_port,
	c.outside AS outside, CASE s.initiator WHEN 2 THEN s.other ELSE nullif(c.port, -1) END AS out_port,
	s.place AS place, a.in_nat AS in_nat, s.in_nat_port AS in_nat_port,
	a.out_nat AS out_nat, s.out_nat_port AS out_nat_port, s.initiator AS initiator,
	a.state AS state, a.app AS app, a.user AS user, a.in_iface AS in_iface, a.out_iface AS out_iface,
	s.start_after AS start_after, s.start_by AS start_by, s.end_from AS end_from, s.end_by AS end_by,
	s.polls AS polls, s.bytes_out AS bytes_out, s.bytes_in AS bytes_in,
	s.bytes_total AS bytes_total, s.packets_out AS packets_out, s.packets_in AS packets_in
FROM temp.asked_contact c CROSS JOIN packed_sessions(c.sessions, c.vantage) s
	LEFT JOIN main.attribute a ON a.id = s.attribute;

CREATE TEMP VIEW v_contact AS
SELECT c.outside AS outside, c.inside AS inside, c.proto AS proto, nullif(c.port, -1) AS port,
	s.initiator AS initiator, s.scope AS scope, s.device AS device, s.place AS place, s.n AS n,
	s.first_after AS first_after, s.first_by AS first_by, s.last_from AS last_from,
	s.last_by AS last_by, s.bytes AS bytes, 0 AS open
FROM temp.asked_contact c CROSS JOIN packed_summary(c.sessions, c.vantage) s;
