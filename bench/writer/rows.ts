import { randomUUID } from "node:crypto";
import type { StepLogsRow } from "../../runtime/row-types.generated";

/** Rows like those of a real pipeline: ids, names, two timestamps, counts, and a small JSON value. */
export function stepRows(count: number): readonly StepLogsRow[] {
  const runId = randomUUID();
  const start = Date.now();
  return Array.from({ length: count }, (_, index) => ({
    step_logging_id: randomUUID(),
    pipeline_logging_id: runId,
    step_name: `load_orders_${index % 40}`,
    step_type: "bigquery_to_bigquery",
    step_index: index % 40,
    status: "COMPLETED",
    start_time: new Date(start + index),
    end_time: new Date(start + index + 1500),
    duration_ms: 1500,
    rows_processed: 10_000 + index,
    metadata: { destination_table: "warehouse.orders", bytes_processed: 12_345_678, query_cost_usd: 0.05 },
  }));
}
