import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { v1 } from "@google-cloud/bigquery-storage";
import { GoogleAuth, OAuth2Client } from "google-auth-library";
import { connectWith } from "../../bigquery/connection";
import { RestClient } from "../../bigquery/rest-client";
import { loadConfig } from "../../model/load-config";
import { MetadataWriteError } from "../../runtime/errors";
import { runtimeContext } from "../../runtime/logger/context";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import { ScriptedService } from "./delivery/scripted-service";
import { everythingIn } from "../support/everything-in";
import { VirtualClock } from "../support/virtual-clock";

const TENANT = "acme_retail";
/** Stands for what nobody may read in an error: parameters, rows, keys, hashes, tokens. */
const SECRET = "s3cr3t";

let server: Server;
let url = "";
/** What the REST API answers with. */
let answer: { readonly status: number; readonly text: string };

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(answer.status).end(answer.text));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function setUp(newWriteClient: () => v1.BigQueryWriteClient) {
  const clock = new VirtualClock();
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: `${SECRET}-token`, expiry_date: Date.now() + 3_600_000 });
  const rest = new RestClient(url, new GoogleAuth({ authClient }), clock);
  const context = runtimeContext({ config: loadConfig("configs"), environment: "local", environmentVariables: {} });
  const logger = new MetadataLogger(
    { ...context, connection: connectWith("local", { clock, rest, newWriteClient }) },
    TENANT,
    { onFailure: "throw", delivery: { retry: { deadlineMs: 2000 } } },
  );
  return { clock, logger };
}

async function errorOf(work: Promise<unknown>, clock: VirtualClock): Promise<Error> {
  const error: unknown = await clock.until(
    work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
  );
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

/** A client whose calls fail as Google's do, with the request in the error. */
const failingClient = (code: number) =>
  ({
    initialize: async () => undefined,
    createWriteStream: async (request: object) =>
      Promise.reject(
        Object.assign(new Error("failed"), {
          code,
          config: { headers: { authorization: `Bearer ${SECRET}` }, data: request },
          metadata: { internalRepr: new Map([["authorization", [`Bearer ${SECRET}`]]]) },
        }),
      ),
  }) as unknown as v1.BigQueryWriteClient;

const row = {
  step_logging_id: "step-1",
  pipeline_logging_id: "run-1",
  step_name: `${SECRET}-name`,
  step_type: "api_call",
  step_index: 0,
  status: "COMPLETED" as const,
  start_time: new Date(),
  metadata: { password: SECRET },
};

test.each<[string, () => v1.BigQueryWriteClient, typeof answer]>([
  ["a stream that is refused", () => failingClient(7), { status: 200, text: "{}" }],
  ["a stream that fails for a while", () => failingClient(14), { status: 200, text: "{}" }],
  [
    "a table that cannot be created",
    () => failingClient(5),
    { status: 403, text: '{"error":{"message":"Access Denied"}}' },
  ],
  ["an answer that is cut", () => failingClient(5), { status: 200, text: '{"schema": {' }],
  [
    "an append that is refused",
    () =>
      new ScriptedService(
        Array.from({ length: 9 }, () => ({ kind: "answer", code: 3, counted: 0, stored: 0 }) as const),
      ).client,
    { status: 200, text: '{"creationTime": "0"}' },
  ],
  [
    "an append of which nobody knows",
    () => new ScriptedService([{ kind: "answer", code: 3, counted: 1, stored: 0 }]).client,
    { status: 500, text: "broken" },
  ],
])("an error holds neither rows nor tokens, however deep one looks: %s", async (_, newWriteClient, given) => {
  answer = given;
  const { clock, logger } = setUp(newWriteClient);
  const error = await errorOf(logger.insert("step_logs", [row]), clock);
  expect(error).toBeInstanceOf(MetadataWriteError);
  expect(everythingIn(error)).not.toContain(SECRET);
  expect(everythingIn((error as MetadataWriteError).undelivered.map(({ cause }) => cause))).not.toContain(SECRET);
  // The rows are there for whoever asks for them.
  expect(everythingIn((error as MetadataWriteError).undelivered)).toContain(SECRET);
  await clock.until(logger.close());
});

test.each<[string, typeof answer]>([
  ["refused", { status: 400, text: '{"error":{"message":"invalid query","errors":[{"reason":"invalidQuery"}]}}' }],
  ["failing for a while", { status: 503, text: "" }],
  ["answered by somebody between", { status: 200, text: "<html>" }],
])("an error of a statement holds no parameter: %s", async (_, given) => {
  answer = given;
  const { clock, logger } = setUp(() => failingClient(14));
  const work = logger.change("api_keys", "UPDATE t SET a = @hash WHERE TRUE", { hash: `${SECRET}-hash` });
  const error = await errorOf(work, clock);
  expect(everythingIn(error)).not.toContain(SECRET);
  await clock.until(logger.close());
});
