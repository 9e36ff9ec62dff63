/** A query of the tables' documentation, with a title. */
export interface ExampleQuery {
  readonly title: string;
  readonly sql: string;
}

/** As they are documented, for `project.tenant_metadata`. */
const DOCUMENTED: readonly ExampleQuery[] = [
  {
    title: "Failed runs of the last seven days",
    sql: `SELECT
  pipeline_id,
  status,
  start_time,
  duration_ms,
  parameters
FROM \`project.tenant_metadata.pipeline_runs\`
WHERE start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)
  AND status = 'FAILED'
ORDER BY start_time DESC`,
  },
  {
    title: "The slowest steps of the last day",
    sql: `SELECT
  pl.pipeline_id,
  sl.step_name,
  sl.duration_ms,
  sl.rows_processed
FROM \`project.tenant_metadata.step_logs\` sl
JOIN \`project.tenant_metadata.pipeline_runs\` pl
  ON sl.pipeline_logging_id = pl.pipeline_logging_id
WHERE sl.start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)
  AND sl.status = 'COMPLETED'
ORDER BY sl.duration_ms DESC
LIMIT 10`,
  },
  {
    title: "Data quality failures of today",
    sql: `SELECT
  target_table,
  overall_status,
  expectations_passed,
  expectations_failed,
  executed_at
FROM \`project.tenant_metadata.dq_results\`
WHERE ingestion_date = CURRENT_DATE()
  AND overall_status = 'FAIL'
ORDER BY executed_at DESC`,
  },
];

/**
 * The documented queries over a tenant's dataset; nothing else in them is changed.
 *
 * @param dataset - e.g. `my-project.acme_metadata`.
 */
export function exampleQueries(dataset: string): readonly ExampleQuery[] {
  return DOCUMENTED.map(({ title, sql }) => ({ title, sql: sql.replaceAll("project.tenant_metadata", dataset) }));
}
