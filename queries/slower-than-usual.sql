-- Completed runs of the last day that took much longer than the pipeline's median of the 30 days before.
-- @factor: how many times the median counts as slow (1.5)
-- @min_runs: runs that a median needs (5)
WITH recent AS (
  SELECT
    pipeline_id,
    pipeline_logging_id,
    start_time,
    duration_ms,
    start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY) AS is_new
  FROM `project.tenant_metadata.pipeline_runs`
  WHERE start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 31 DAY)
    AND status = 'COMPLETED'
    AND duration_ms IS NOT NULL
), usual AS (
  SELECT DISTINCT
    pipeline_id,
    COUNT(*) OVER (PARTITION BY pipeline_id) AS runs,
    PERCENTILE_CONT(duration_ms, 0.5) OVER (PARTITION BY pipeline_id) AS median_ms
  FROM recent
  WHERE NOT is_new
)
SELECT
  recent.pipeline_id,
  recent.start_time,
  recent.duration_ms,
  usual.median_ms,
  ROUND(recent.duration_ms / NULLIF(usual.median_ms, 0), 2) AS times_median,
  recent.pipeline_logging_id
FROM recent
JOIN usual ON usual.pipeline_id = recent.pipeline_id
WHERE recent.is_new
  AND usual.runs >= CAST(@min_runs AS INT64)
  AND recent.duration_ms > CAST(@factor AS FLOAT64) * usual.median_ms
ORDER BY times_median DESC, recent.start_time
