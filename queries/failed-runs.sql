-- Failed runs of the last seven days, newest first.
SELECT
  pipeline_id,
  status,
  start_time,
  duration_ms,
  parameters
FROM `project.tenant_metadata.pipeline_runs`
WHERE start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)
  AND status = 'FAILED'
ORDER BY start_time DESC
