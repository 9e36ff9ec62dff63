-- Share of failed runs by pipeline and week (weeks begin on Monday, UTC), newest week first.
-- @weeks: weeks back that are searched (8)
SELECT
  -- DATE_TRUNC(…, WEEK(MONDAY)), spelled so that emulators compute it too.
  DATE_SUB(DATE(start_time), INTERVAL MOD(EXTRACT(DAYOFWEEK FROM start_time) + 5, 7) DAY) AS week,
  pipeline_id,
  COUNT(*) AS ended,
  COUNTIF(status = 'FAILED') AS failed,
  ROUND(COUNTIF(status = 'FAILED') / COUNT(*), 3) AS failure_rate
FROM `project.tenant_metadata.pipeline_runs`
WHERE start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL CAST(@weeks AS INT64) * 7 DAY)
  AND status IN ('COMPLETED', 'FAILED')
GROUP BY week, pipeline_id
ORDER BY week DESC, failure_rate DESC, pipeline_id
