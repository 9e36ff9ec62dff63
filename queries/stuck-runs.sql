-- Runs that started some hours ago and have not ended: their process may have died. Oldest first.
-- @hours: hours since the start after which a run counts as stuck (6)
-- @days: days back that are searched (30)
SELECT
  pipeline_id,
  status,
  start_time,
  TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), start_time, MINUTE) AS minutes_running,
  worker_instance,
  pipeline_logging_id
FROM `project.tenant_metadata.pipeline_runs`
WHERE start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL CAST(@days AS INT64) DAY)
  AND start_time < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL CAST(@hours AS INT64) HOUR)
  AND status IN ('PENDING', 'RUNNING')
ORDER BY start_time
