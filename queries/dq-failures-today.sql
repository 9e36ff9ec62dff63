-- Data quality checks that failed today (UTC), newest first.
SELECT
  target_table,
  overall_status,
  expectations_passed,
  expectations_failed,
  executed_at
FROM `project.tenant_metadata.dq_results`
WHERE ingestion_date = CURRENT_DATE()
  AND overall_status = 'FAIL'
ORDER BY executed_at DESC
