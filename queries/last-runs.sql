-- The last run of each pipeline, and how it ended.
-- @days: days back that are searched (30)
SELECT
  pipeline_id,
  status,
  start_time,
  end_time,
  duration_ms,
  trigger_by,
  error_message
FROM `project.tenant_metadata.pipeline_runs`
WHERE start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL CAST(@days AS INT64) DAY)
QUALIFY ROW_NUMBER() OVER (PARTITION BY pipeline_id ORDER BY start_time DESC, pipeline_logging_id) = 1
ORDER BY pipeline_id
