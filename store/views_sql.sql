-- What people who write SQL ask beside v_session and v_contact: `gatebook sql` and the sqlite3 shell. No question
-- of ours does, and to make a view costs 0.3 ms: they are made where they are asked for.
CREATE TEMP VIEW v_host AS
SELECT inside, count(DISTINCT outside) AS peers, count(*) AS sessions, min(start_by) AS first_by,
	max(end_from) AS last_from, max(end_by IS NULL) AS open
FROM temp.v_session GROUP BY inside;

CREATE TEMP VIEW v_device AS
SELECT id, name, platform, site, host, transport, blind AS cannot_see, every, added,
	asked AS last_complete
FROM main.device;

CREATE TEMP VIEW v_poll AS
SELECT p.id AS id, d.name AS device, p.started AS started, p.ended AS ended, p.duration_ms AS duration_ms,
	CASE p.outcome WHEN 0 THEN 'complete' WHEN 1 THEN 'partial' WHEN 2 THEN 'failed' ELSE 'skipped' END
	AS outcome, p.sessions AS sessions, p.opened AS opened, p.closed AS closed, p.lines AS lines,
	p.unread AS unread, p.bytes AS bytes, p.why AS why
FROM main.poll p JOIN main.device d ON d.id = p.device;

-- Times longer than an interval and a half without a complete poll; until is NULL while it lasts.
CREATE TEMP VIEW v_gap AS
SELECT device, since, until, ifnull(until, CAST(strftime('%s', 'now') AS INTEGER)) - since AS seconds FROM (
	SELECT d.name AS device, p.asked AS since,
		lead(p.asked) OVER (PARTITION BY p.device ORDER BY p.started) AS until,
		ifnull(lead(p.every) OVER (PARTITION BY p.device ORDER BY p.started), d.every) AS every
	FROM main.poll p JOIN main.device d ON d.id = p.device
	WHERE p.outcome = 0 AND d.every > 0)
WHERE ifnull(until, CAST(strftime('%s', 'now') AS INTEGER)) - since > every * 3 / 2;
