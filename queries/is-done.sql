-- Is a pipeline done for a date? Its runs whose parameter `date` names that day, newest first; done when one is COMPLETED.
-- @pipeline: pipeline id, for example daily_orders
-- @date: the date in the runs' parameters, for example 2026-01-31
-- @days: days back that are searched (30)
SELECT
  status = 'COMPLETED' AS is_done,
  status,
  start_time,
  end_time,
  pipeline_logging_id,
  error_message
FROM `project.tenant_metadata.pipeline_runs`
WHERE start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL CAST(@days AS INT64) DAY)
  AND pipeline_id = @pipeline
  AND JSON_VALUE(parameters, '$.date') = @date
ORDER BY start_time DESC
