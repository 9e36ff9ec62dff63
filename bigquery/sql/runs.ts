import { type DatasetName, RUNS_TABLE } from "../../model/names";
import { quoteTable } from "./quote";

/** Ends of runs: the JSON array in the parameter `finishes`. */
const FINISHES = "UNNEST(JSON_QUERY_ARRAY(@finishes)) AS finish";
/** The runs' partitions, from the parameter `earliest` to `latest`, in microseconds. */
const IN_PARTITIONS =
  "run.start_time BETWEEN TIMESTAMP_MICROS(CAST(@earliest AS INT64)) AND TIMESTAMP_MICROS(CAST(@latest AS INT64))";
const IS_UNFINISHED = "status IN ('PENDING', 'RUNNING')";

/**
 * Writes the ends in the parameter `finishes` into the rows of their runs.
 *
 * @param onlyUnfinished - leaves runs alone that have an end already.
 */
export function finishRuns(dataset: DatasetName, { onlyUnfinished }: { readonly onlyUnfinished: boolean }): string {
  return `UPDATE ${quoteTable(dataset, RUNS_TABLE)} AS run
SET status = JSON_VALUE(finish, '$.status'),
  end_time = TIMESTAMP_MICROS(CAST(JSON_VALUE(finish, '$.endMicros') AS INT64)),
  duration_ms = CAST(JSON_VALUE(finish, '$.durationMs') AS INT64),
  error_message = JSON_VALUE(finish, '$.errorMessage')
FROM ${FINISHES}
WHERE run.pipeline_logging_id = JSON_VALUE(finish, '$.pipelineLoggingId')
  AND ${IN_PARTITIONS}${onlyUnfinished ? ` AND run.${IS_UNFINISHED}` : ""}`;
}

/** Ids, as `id`, of those runs in the parameter `finishes` that have a row. */
export function findFinishedRuns(dataset: DatasetName): string {
  return `SELECT run.pipeline_logging_id AS id FROM ${quoteTable(dataset, RUNS_TABLE)} AS run
WHERE run.pipeline_logging_id IN (SELECT JSON_VALUE(finish, '$.pipelineLoggingId') FROM ${FINISHES})
  AND ${IN_PARTITIONS}`;
}

/** Runs without an end that started between the parameters `from` and `to`, in microseconds; oldest first. */
export function findUnfinishedRuns(dataset: DatasetName): string {
  return `SELECT pipeline_logging_id, pipeline_id, UNIX_MICROS(start_time) AS start_micros, worker_instance
FROM ${quoteTable(dataset, RUNS_TABLE)}
WHERE start_time >= TIMESTAMP_MICROS(CAST(@from AS INT64)) AND start_time < TIMESTAMP_MICROS(CAST(@to AS INT64))
  AND ${IS_UNFINISHED}
ORDER BY start_time`;
}
