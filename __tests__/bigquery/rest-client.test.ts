import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { GoogleAuth, PassThroughClient } from "google-auth-library";
import { Deadline } from "../../bigquery/deadline";
import { RestClient } from "../../bigquery/rest-client";
import { VirtualClock } from "../support/virtual-clock";

interface Request {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: { readonly requestId?: string; readonly queryParameters?: unknown };
}

/** Answers of a server, in order; the last one is repeated. */
type Answer = { readonly status?: number; readonly body?: object; readonly text?: string; readonly cut?: boolean };

const requests: Request[] = [];
let answers: Answer[] = [];
let server: Server;
let serverUrl: string;
let client: RestClient;
const auth = new GoogleAuth({ authClient: new PassThroughClient() });

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  serverUrl = `http://127.0.0.1:${port}`;
  client = new RestClient(serverUrl, auth);
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  requests.length = 0;
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  requests.push({
    method: request.method,
    url: request.url,
    body: JSON.parse(text === "" ? "{}" : text) as Request["body"],
  });
  const {
    status = 200,
    body = {},
    text: answerText = JSON.stringify(body),
    cut = false,
  } = (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
  if (cut) request.socket.resetAndDestroy();
  else response.writeHead(status, { "content-type": "application/json", connection: "close" }).end(answerText);
}

const failure = (status: number, reason: string, message = reason): Answer => ({
  status,
  body: { error: { code: status, message, errors: [{ reason, message }] } },
});
const rows = (...values: readonly string[]) => ({
  jobComplete: true,
  schema: { fields: [{ name: "a", type: "STRING" }] },
  rows: values.map((v) => ({ f: [{ v }] })),
});

test("a resource that is not there is undefined, one that is there already is not created, and what is gone is not deleted", async () => {
  answers = [failure(404, "notFound")];
  await expect(client.get("/projects/p/datasets/d")).resolves.toBeUndefined();
  await expect(client.delete("/projects/p/datasets/d")).resolves.toBe(false);
  answers = [failure(409, "duplicate")];
  await expect(client.create("/projects/p/datasets", { a: 1 })).resolves.toBe(false);
  answers = [{}];
  await expect(client.create("/projects/p/datasets", { a: 1 })).resolves.toBe(true);
  expect(requests.at(-1)).toEqual({ method: "POST", url: "/bigquery/v2/projects/p/datasets", body: { a: 1 } });
});

test("a refusal is an error with BigQuery's own words, at once", async () => {
  answers = [failure(403, "accessDenied", "Access Denied: Dataset p:d")];
  await expect(client.get("/projects/p/datasets/d")).rejects.toMatchObject({
    name: "RestError",
    kind: "remote",
    status: 403,
    reason: "accessDenied",
    message: "GET /projects/p/datasets/d: Access Denied: Dataset p:d",
  });
  expect(requests).toHaveLength(1);
});

test.each<[string, Answer]>([
  ["503", failure(503, "backendError")],
  ["429", failure(429, "rateLimitExceeded")],
  ["403 with rateLimitExceeded", failure(403, "rateLimitExceeded")],
  [
    "conflicting statements",
    failure(400, "invalidQuery", "Could not serialize access to table p:d.t due to concurrent update"),
  ],
  ["too many statements", failure(400, "resourcesExceeded", "Too many DML statements outstanding against table p:d.t")],
  ["a reset connection", { cut: true }],
  ["an answer that was cut", { text: '{"jobComplete": true, "rows": [{"f"' }],
  ["an answer of somebody between", { text: "<html>Bad gateway</html>" }],
  ["an answer that is no object", { text: "null" }],
])("%s is tried again, as the same request", async (_, first) => {
  answers = [first, first, { body: rows("x") }];
  await expect(client.query("p", "EU", "SELECT 1", { id: "7" })).resolves.toMatchObject({ rows: [{ a: "x" }] });
  expect(requests).toHaveLength(3);
  expect(new Set(requests.map(({ body }) => body.requestId)).size).toBe(1);
  expect(requests[0]?.body.queryParameters).toEqual([
    { name: "id", parameterType: { type: "STRING" }, parameterValue: { value: "7" } },
  ]);
});

test("a query that takes long is waited for, and all its pages are read", async () => {
  const jobReference = { projectId: "p", jobId: "j1", location: "EU" };
  answers = [
    { body: { jobComplete: false, jobReference } },
    { body: { ...rows("1", "2"), jobReference, pageToken: "next" } },
    { body: rows("3") },
  ];
  await expect(client.query("p", "EU", "SELECT 1")).resolves.toEqual({
    rows: [{ a: "1" }, { a: "2" }, { a: "3" }],
    affectedRows: 0,
  });
  expect(requests.map(({ url }) => url)).toEqual([
    "/bigquery/v2/projects/p/queries",
    "/bigquery/v2/projects/p/queries/j1?timeoutMs=30000&location=EU&formatOptions.useInt64Timestamp=true",
    "/bigquery/v2/projects/p/queries/j1?timeoutMs=30000&location=EU&pageToken=next&formatOptions.useInt64Timestamp=true",
  ]);
});

test("a statement says how many rows it changed", async () => {
  answers = [{ body: { jobComplete: true, numDmlAffectedRows: "12" } }];
  await expect(client.query("p", "EU", "UPDATE t SET a = 1 WHERE TRUE")).resolves.toEqual({
    rows: [],
    affectedRows: 12,
  });
});

test("a query that failed although the request worked is an error", async () => {
  answers = [{ body: { jobComplete: true, errors: [{ reason: "notFound", message: "Not found: Table p:d.t" }] } }];
  await expect(client.query("p", "EU", "SELECT 1")).rejects.toMatchObject({
    status: 404,
    message: "The query failed: Not found: Table p:d.t",
  });
});

test("trying again ends with the deadline, and the error says what went wrong last", async () => {
  answers = [failure(503, "backendError", "try later")];
  const failed: unknown = await auth
    .request({ url: serverUrl, retry: false, responseType: "text", fetchImplementation: fetch })
    .catch((error: unknown) => error);
  const clock = new VirtualClock();
  let tries = 0;
  const request = async () => {
    tries++;
    return Promise.reject(failed);
  };
  const query = new RestClient(serverUrl, { request }, clock).query(
    "p",
    "EU",
    "SELECT 1",
    {},
    Deadline.after(clock, 5000),
  );
  await expect(clock.until(query)).rejects.toMatchObject({
    name: "DeadlineError",
    message: "The query did not work within 5000 ms: POST /projects/p/queries: try later",
  });
  expect(tries).toBeGreaterThan(1);
  expect(clock.elapsed()).toBeLessThanOrEqual(5000);
});
