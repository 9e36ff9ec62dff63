import { findActiveKeys, recordKeyUses, revokeKey } from "../../../bigquery/sql/api-keys";
import { countRecent, deleteRecent, findIds } from "../../../bigquery/sql/rows";
import { findFinishedRuns, findUnfinishedRuns, finishRuns } from "../../../bigquery/sql/runs";

const DATASET = { projectId: "example-dev", datasetId: "acme_metadata" };
const RUNS = "`example-dev.acme_metadata.pipeline_runs`";
const KEYS = "`example-dev.acme_metadata.api_keys`";
const FINISHES = "UNNEST(JSON_QUERY_ARRAY(@finishes)) AS finish";
const PARTITIONS =
  "run.start_time BETWEEN TIMESTAMP_MICROS(CAST(@earliest AS INT64)) AND TIMESTAMP_MICROS(CAST(@latest AS INT64))";
const END =
  `UPDATE ${RUNS} AS run SET status = JSON_VALUE(finish, '$.status'), ` +
  "end_time = TIMESTAMP_MICROS(CAST(JSON_VALUE(finish, '$.endMicros') AS INT64)), " +
  "duration_ms = CAST(JSON_VALUE(finish, '$.durationMs') AS INT64), " +
  `error_message = JSON_VALUE(finish, '$.errorMessage') FROM ${FINISHES} ` +
  `WHERE run.pipeline_logging_id = JSON_VALUE(finish, '$.pipelineLoggingId') AND ${PARTITIONS}`;
const ORDERS = { tableId: "orders", column: "order" };
const BY_DATE = { ...ORDERS, partition: { name: "date", type: "DATE" } };
const FROM_ORDERS = "FROM `example-dev.acme_metadata.orders` WHERE `order`";
const IN_IDS = "IN (SELECT JSON_VALUE(id) FROM UNNEST(JSON_QUERY_ARRAY(@ids)) AS id)";
const RECENT = "`date` >= CAST(TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY) AS DATE)";

test.each([
  ["every end", finishRuns(DATASET, { onlyUnfinished: false }), END],
  [
    "an end where there is none",
    finishRuns(DATASET, { onlyUnfinished: true }),
    `${END} AND run.status IN ('PENDING', 'RUNNING')`,
  ],
  [
    "runs with a row",
    findFinishedRuns(DATASET),
    `SELECT run.pipeline_logging_id AS id FROM ${RUNS} AS run WHERE run.pipeline_logging_id IN ` +
      `(SELECT JSON_VALUE(finish, '$.pipelineLoggingId') FROM ${FINISHES}) AND ${PARTITIONS}`,
  ],
  [
    "runs without an end",
    findUnfinishedRuns(DATASET),
    "SELECT pipeline_logging_id, pipeline_id, UNIX_MICROS(start_time) AS start_micros, worker_instance " +
      `FROM ${RUNS} WHERE start_time >= TIMESTAMP_MICROS(CAST(@from AS INT64)) ` +
      "AND start_time < TIMESTAMP_MICROS(CAST(@to AS INT64)) AND status IN ('PENDING', 'RUNNING') ORDER BY start_time",
  ],
  [
    "a revoked key",
    revokeKey(DATASET),
    `UPDATE ${KEYS} SET is_active = FALSE WHERE api_key_id = @id AND tenant_id = @tenant`,
  ],
  [
    "uses of keys",
    recordKeyUses(DATASET),
    `UPDATE ${KEYS} AS api_key SET last_used_at = TIMESTAMP_MICROS(CAST(JSON_VALUE(used, '$.micros') AS INT64)) ` +
      "FROM UNNEST(JSON_QUERY_ARRAY(@uses)) AS used WHERE api_key.api_key_id = JSON_VALUE(used, '$.id')",
  ],
  [
    "active keys",
    findActiveKeys(DATASET),
    `SELECT api_key_id, api_key_hash, UNIX_MICROS(expires_at) AS expires_micros FROM ${KEYS} WHERE tenant_id = @tenant AND is_active`,
  ],
  ["ids in a whole table", findIds(DATASET, ORDERS), `SELECT DISTINCT \`order\` AS id ${FROM_ORDERS} ${IN_IDS}`],
  [
    "ids in their partitions",
    findIds(DATASET, BY_DATE),
    `SELECT DISTINCT \`order\` AS id ${FROM_ORDERS} ${IN_IDS} AND \`date\` BETWEEN ` +
      "CAST(TIMESTAMP_MICROS(CAST(@earliest AS INT64)) AS DATE) AND CAST(TIMESTAMP_MICROS(CAST(@latest AS INT64)) AS DATE)",
  ],
  ["a probe in a whole table", countRecent(DATASET, ORDERS), `SELECT COUNT(*) AS found ${FROM_ORDERS} = @id`],
  [
    "a probe of the last day",
    countRecent(DATASET, BY_DATE),
    `SELECT COUNT(*) AS found ${FROM_ORDERS} = @id AND ${RECENT}`,
  ],
  ["the probe's end", deleteRecent(DATASET, BY_DATE), `DELETE ${FROM_ORDERS} = @id AND ${RECENT}`],
])("%s", (_, statement, expected) => {
  expect(statement.replaceAll(/\s+/g, " ")).toBe(expected);
});
