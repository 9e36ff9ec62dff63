-- The ten slowest steps of the last day.
SELECT
  pl.pipeline_id,
  sl.step_name,
  sl.duration_ms,
  sl.rows_processed
FROM `project.tenant_metadata.step_logs` sl
JOIN `project.tenant_metadata.pipeline_runs` pl
  ON sl.pipeline_logging_id = pl.pipeline_logging_id
WHERE sl.start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)
  AND sl.status = 'COMPLETED'
ORDER BY sl.duration_ms DESC
LIMIT 10
