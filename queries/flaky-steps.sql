-- Steps that sometimes fail and sometimes work, the least reliable first.
-- @days: days back that are searched (30)
SELECT
  run.pipeline_id,
  step.step_name,
  COUNTIF(step.status = 'FAILED') AS failed,
  COUNTIF(step.status = 'COMPLETED') AS completed,
  ROUND(COUNTIF(step.status = 'FAILED') / COUNT(*), 3) AS failure_rate,
  MAX(IF(step.status = 'FAILED', step.start_time, NULL)) AS last_failure
FROM `project.tenant_metadata.step_logs` AS step
JOIN `project.tenant_metadata.pipeline_runs` AS run
  ON run.pipeline_logging_id = step.pipeline_logging_id
  -- A day more than the steps: a run starts before its steps do.
  AND run.start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL CAST(@days AS INT64) + 1 DAY)
WHERE step.start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL CAST(@days AS INT64) DAY)
  AND step.status IN ('COMPLETED', 'FAILED')
GROUP BY run.pipeline_id, step.step_name
HAVING failed > 0 AND completed > 0
ORDER BY failure_rate DESC, run.pipeline_id, step.step_name
