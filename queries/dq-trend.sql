-- Data quality by table and day: checks, expectations, and the share of expectations that passed. Newest day first.
-- @days: days back that are searched (30)
SELECT
  ingestion_date,
  target_table,
  COUNT(*) AS checks,
  COUNTIF(overall_status = 'FAIL') AS failed_checks,
  SUM(expectations_passed) AS passed,
  SUM(expectations_failed) AS failed,
  ROUND(SUM(expectations_passed) / NULLIF(SUM(expectations_passed + expectations_failed), 0), 3) AS pass_rate
FROM `project.tenant_metadata.dq_results`
WHERE ingestion_date >= DATE_SUB(CURRENT_DATE(), INTERVAL CAST(@days AS INT64) DAY)
GROUP BY ingestion_date, target_table
ORDER BY ingestion_date DESC, target_table
