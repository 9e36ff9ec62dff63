-- Runs that started lately, newest first.
-- @status: only runs of this status: PENDING, RUNNING, COMPLETED, FAILED (*)
-- @pipeline: only runs of this pipeline (*)
-- @minutes: minutes back that are searched (1440)
SELECT
  pipeline_id,
  status,
  start_time,
  end_time,
  duration_ms,
  trigger_type,
  trigger_by,
  error_message,
  pipeline_logging_id
FROM `project.tenant_metadata.pipeline_runs`
WHERE start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL CAST(@minutes AS INT64) MINUTE)
  AND (@status = '*' OR status = @status)
  AND (@pipeline = '*' OR pipeline_id = @pipeline)
ORDER BY start_time DESC
