import * as fc from "fast-check";
import { systemClock } from "../../../bigquery/clock";
import { RestClient } from "../../../bigquery/rest-client";
import { TenantQueries } from "../../../bigquery/tenant-queries";
import type { ResolvedTenant } from "../../../model/resolve";
import { DmlQueue } from "../../../runtime/runs/dml-queue";
import { MAX_ERROR_MESSAGE_LENGTH } from "../../../runtime/runs/error-message";
import { RunFinisher } from "../../../runtime/runs/run-finisher";
import { type RunFinish, RunUpdate } from "../../../runtime/runs/run-update";
import { failStaleRuns } from "../../../runtime/runs/stale-runs";

/** @see https://cloud.google.com/bigquery/quotas#query_jobs */
const MAX_REQUEST_BYTES = 10_000_000;
const TENANT = { projectId: "p", datasetId: "d", location: "EU" } as ResolvedTenant;

interface Query {
  readonly query: string;
  readonly queryParameters: readonly { readonly name: string; readonly parameterValue: { readonly value: string } }[];
}

/** A service that finishes all runs it is told of, and notes how large each request is and which runs are in it. */
function service(stale: readonly (readonly string[])[] = []) {
  const sizes: number[] = [];
  const finished: string[] = [];
  const rest = new RestClient("http://127.0.0.1:1", {
    request: (async ({ data }: { data: Query }) => {
      sizes.push(Buffer.byteLength(JSON.stringify(data)));
      if (data.query.startsWith("SELECT")) {
        const names = ["pipeline_logging_id", "pipeline_id", "start_micros", "worker_instance"];
        const schema = { fields: names.map((name) => ({ name })) };
        const rows = stale.map((values) => ({ f: values.map((v) => ({ v })) }));
        return { data: JSON.stringify({ jobComplete: true, schema, rows }) };
      }
      const parameter = data.queryParameters.find(({ name }) => name === "finishes");
      const finishes = JSON.parse(parameter?.parameterValue.value ?? "[]") as readonly RunFinish[];
      finished.push(...finishes.map(({ pipelineLoggingId }) => pipelineLoggingId));
      return { data: JSON.stringify({ jobComplete: true, numDmlAffectedRows: String(finishes.length) }) };
    }) as never,
  });
  const queries = new TenantQueries(rest, TENANT);
  return { sizes, finished, queries, update: new RunUpdate(queries, new DmlQueue()) };
}

const finish = (id: number, errorMessage: string): RunFinish => ({
  pipelineLoggingId: `run-${id}`,
  startMicros: 1,
  status: "FAILED",
  endMicros: 2,
  durationMs: 1,
  errorMessage,
});

test("no statement that finishes runs is larger than BigQuery takes, whatever their messages hold", async () => {
  /** Characters that take the most bytes: three in UTF-8, or seven as an escape within an escape. */
  const character = fc.constantFrom("a", "\u8a9e", "\u0001", '"', "\\", "\u{1F600}");
  await fc.assert(
    fc.asyncProperty(
      fc.array(character, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 900 }),
      async (characters, count) => {
        const { sizes, finished, update } = service();
        const finisher = new RunFinisher(update, systemClock, 60_000);
        const message = characters.join("").repeat(MAX_ERROR_MESSAGE_LENGTH).slice(0, MAX_ERROR_MESSAGE_LENGTH);
        await Promise.all(Array.from({ length: count }, async (_, id) => finisher.finish(finish(id, message))));
        expect(Math.max(...sizes)).toBeLessThan(MAX_REQUEST_BYTES);
        expect(finished).toEqual(Array.from({ length: count }, (_, id) => `run-${id}`));
      },
    ),
    { numRuns: 4 },
  );
});

test("stale runs are marked some hundred at a time", async () => {
  const stale = Array.from({ length: 30_000 }, (_, id) => [`run-${id}`, "orders", "1", "worker"]);
  const { sizes, finished, queries, update } = service(stale);
  const options = { olderThanMs: 1, withinMs: 10 };
  await expect(failStaleRuns(queries, systemClock, update, options)).resolves.toHaveLength(30_000);
  expect(finished).toHaveLength(30_000);
  expect(Math.max(...sizes)).toBeLessThan(MAX_REQUEST_BYTES);
  expect(sizes).toHaveLength(1 + 60);
});
