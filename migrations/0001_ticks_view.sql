-- Unpacks the stored ticks, so that a person can ask with plain SQL:
--   SELECT region, avg(latency_ms) FROM ticks WHERE monitor_id = 'mon_…' GROUP BY region;
-- The packed form is described in worker/ticks/format.ts.
CREATE VIEW ticks AS
SELECT
  m.id AS monitor_id,
  CAST(t.key AS INTEGER) AS monitor,
  b.cohort,
  b.region,
  b.lane,
  b.slot AS scheduled_at,
  b.slot + (t.value ->> 4) AS started_at,
  CASE t.value ->> 0 WHEN 0 THEN 'up' WHEN 1 THEN 'degraded' WHEN 2 THEN 'down' ELSE 'unknown' END AS outcome,
  t.value ->> 1 AS reason,
  t.value ->> 2 AS status,
  t.value ->> 3 AS latency_ms,
  t.value ->> 5 AS data_centre
FROM tick_batches AS b, json_each(b.ticks) AS t
LEFT JOIN monitors AS m ON m.number = CAST(t.key AS INTEGER);
