-- Hours since each pipeline last succeeded, the stalest first; empty where it never did in the days searched.
-- @days: days back that are searched (30)
SELECT
  pipeline_id,
  MAX(IF(status = 'COMPLETED', end_time, NULL)) AS last_success,
  ROUND(TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), MAX(IF(status = 'COMPLETED', end_time, NULL)), MINUTE) / 60, 1)
    AS hours_since_success,
  MAX(start_time) AS last_start
FROM `project.tenant_metadata.pipeline_runs`
WHERE start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL CAST(@days AS INT64) DAY)
GROUP BY pipeline_id
ORDER BY last_success, pipeline_id
