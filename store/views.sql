-- The two views of the live database; the columns are those of store/read.h.
CREATE TEMP VIEW v_session AS
SELECT o.id AS id, d.id AS device, o.scope AS scope, o.proto AS proto,
	o.inside AS inside, o.in_port AS in_port, o.outside AS outside, o.out_port AS out_port,
	(SELECT text FROM main.word WHERE id = o.place) AS place,
	o.in_nat AS in_nat, o.in_nat_port AS in_nat_port,
	o.out_nat AS out_nat, o.out_nat_port AS out_nat_port, o.initiator AS initiator,
	(SELECT text FROM main.word WHERE id = last_word(w.poll, o.id, 'state', o.state)) AS state,
	(SELECT text FROM main.word WHERE id = o.app) AS app,
	(SELECT text FROM main.word WHERE id = o.user) AS user,
	(SELECT text FROM main.word WHERE id = o.in_iface) AS in_iface,
	(SELECT text FROM main.word WHERE id = o.out_iface) AS out_iface,
	o.start_after AS start_after, o.start_by AS start_by,
	max(coalesce(d.asked, 0), last_word(w.poll, o.id, 'seen', o.seen)) AS end_from,
	NULL AS end_by, d.complete - o.before AS polls,
	last_word(w.poll, o.id, 'bytes_out', o.bytes_out) AS bytes_out,
	last_word(w.poll, o.id, 'bytes_in', o.bytes_in) AS bytes_in,
	last_word(w.poll, o.id, 'bytes_total', o.bytes_total) AS bytes_total,
	last_word(w.poll, o.id, 'packets_out', o.packets_out) AS packets_out,
	last_word(w.poll, o.id, 'packets_in', o.packets_in) AS packets_in
FROM main.device d LEFT JOIN main.last_word w ON w.device = d.id
	CROSS JOIN main.open o ON o.id >= d.id << 40 AND o.id < (d.id + 1) << 40
UNION ALL
SELECT c.session, c.session >> 40, c.scope, c.proto, c.inside, c.in_port, c.outside, c.out_port,
	(SELECT text FROM main.word WHERE id = c.place),
	c.in_nat, c.in_nat_port, c.out_nat, c.out_nat_port, c.initiator,
	(SELECT text FROM main.word WHERE id = c.state),
	(SELECT text FROM main.word WHERE id = c.app),
	(SELECT text FROM main.word WHERE id = c.user),
	(SELECT text FROM main.word WHERE id = c.in_iface),
	(SELECT text FROM main.word WHERE id = c.out_iface),
	c.start_after, c.start_by, c.end_from, c.end_by, c.polls,
	c.bytes_out, c.bytes_in, c.bytes_total, c.packets_out, c.packets_in
FROM main.closed c
WHERE c.id >= (SELECT value + 1 FROM main.meta WHERE name = 'sealed_day') << 40
UNION ALL
SELECT l.session, l.session >> 40, l.scope, l.proto, l.inside, l.in_port, l.outside, l.out_port,
	(SELECT text FROM main.word WHERE id = l.place),
	l.in_nat, l.in_nat_port, l.out_nat, l.out_nat_port, l.initiator,
	(SELECT text FROM main.word WHERE id = l.state),
	(SELECT text FROM main.word WHERE id = l.app),
	(SELECT text FROM main.word WHERE id = l.user),
	(SELECT text FROM main.word WHERE id = l.in_iface),
	(SELECT text FROM main.word WHERE id = l.out_iface),
	l.start_after, l.start_by, l.end_from, l.end_by, l.polls,
	l.bytes_out, l.bytes_in, l.bytes_total, l.packets_out, l.packets_in
FROM main.long l;

CREATE TEMP VIEW v_contact AS
SELECT outside, inside, proto,
	CASE initiator WHEN 2 THEN in_port ELSE out_port END AS port,
	initiator, scope, device, place, 1 AS n,
	start_after AS first_after, start_by AS first_by, end_from AS last_from, end_by AS last_by,
	coalesce(bytes_total, bytes_out + bytes_in, bytes_out, bytes_in) AS bytes,
	end_by IS NULL AS open
FROM temp.v_session;
