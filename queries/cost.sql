-- What pipelines cost: the sum of query_cost_usd and bytes_processed in their steps' metadata, the most expensive first.
-- @days: days back that are searched (30)
SELECT
  run.tenant_id,
  run.pipeline_id,
  COUNT(DISTINCT run.pipeline_logging_id) AS runs,
  ROUND(SUM(CAST(JSON_VALUE(step.metadata, '$.query_cost_usd') AS FLOAT64)), 6) AS cost_usd,
  SUM(CAST(JSON_VALUE(step.metadata, '$.bytes_processed') AS INT64)) AS bytes_processed
FROM `project.tenant_metadata.step_logs` AS step
JOIN `project.tenant_metadata.pipeline_runs` AS run
  ON run.pipeline_logging_id = step.pipeline_logging_id
  -- A day more than the steps: a run starts before its steps do.
  AND run.start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL CAST(@days AS INT64) + 1 DAY)
WHERE step.start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL CAST(@days AS INT64) DAY)
GROUP BY run.tenant_id, run.pipeline_id
HAVING cost_usd IS NOT NULL OR bytes_processed IS NOT NULL
ORDER BY cost_usd DESC, bytes_processed DESC, run.pipeline_id
