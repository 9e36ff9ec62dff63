import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { askForTenant } from "../../../cli/commands/tenant/add/ask";
import { environment } from "../../support/resolved";

const CONFIG = {
  tenants: [{ tenantId: "acme", displayName: "Acme", environments: {} }],
  environments: [environment(), environment({ name: "prod", projectId: "example-prod" })],
};

const ENTER = "\r";
const DOWN = "\u001B[B";
const SPACE = " ";

/**
 * A terminal at which someone types, each answer once its question is on the screen. A refused answer is drawn twice, and only
 * then does the prompt read keys again.
 */
function terminal(answers: readonly (readonly [question: string, keys: readonly string[], drawn?: number])[]) {
  const input = new PassThrough();
  // Like a terminal, it stays open when a prompt is done with it.
  const output = Object.assign(new PassThrough(), { end: () => undefined });
  let screen = "";
  let waiting = [...answers];
  output.on("data", (chunk: Buffer) => {
    screen += stripVTControlCharacters(chunk.toString("utf8"));
    const [next] = waiting;
    if (next === undefined || screen.split(next[0]).length <= (next[2] ?? 1)) return;
    waiting = waiting.slice(1);
    screen = "";
    // After the prompt has done drawing: it reads keys one event at a time.
    setImmediate(() => {
      for (const key of next[1]) input.write(key);
    });
  });
  return { context: { input, output }, unanswered: () => waiting.map(([question]) => question) };
}

test("asks for everything that is needed, and again when an answer is wrong", async () => {
  const { context, unanswered } = terminal([
    ["Tenant id", ["acme", ENTER]],
    ["The tenant acme exists already", ["_retail__", ENTER], 2],
    ["Allowed: 2 to 63", ["\u007F", "\u007F", ENTER], 2],
    ["Name for people", ["Acme Retail", ENTER]],
    ["Environments in which the tenant exists", [DOWN, SPACE, ENTER]],
  ]);
  const answers = await askForTenant(
    { tenantId: undefined, displayName: undefined, environments: [] },
    CONFIG,
    context,
  );
  expect(answers).toEqual({ tenantId: "acme_retail", displayName: "Acme Retail", environments: ["prod"] });
  expect(unanswered()).toEqual([]);
});

test("asks for nothing that was given", async () => {
  const { context } = terminal([["Name for people", ["Globex", ENTER]]]);
  const given = { tenantId: "globex", displayName: undefined, environments: ["dev"] };
  expect(await askForTenant(given, CONFIG, context)).toEqual({ ...given, displayName: "Globex" });
});
