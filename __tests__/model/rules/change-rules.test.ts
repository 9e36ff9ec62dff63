import { formatProblems } from "../../../model/problems";
import { loadConfig } from "../../../model/load-config";
import { changeProblems } from "../../../model/rules/change-rules";
import { configFolder, type Files, VALID } from "../../support/config-folder";

const NAMED: Files = {
  "tenants/acme.json": { displayName: "Acme", environments: { dev: {} } },
};
const ABSENT: Files = { "tenants/acme.json": undefined };

function standing(name: string): Files {
  if (name === "managed") return NAMED;
  if (name === "absent") return ABSENT;
  return {
    ...ABSENT,
    "offboarding/acme.json": {
      displayName: "Acme",
      environments: { dev: { step: name } },
    },
  };
}

function shards(count: number): Files {
  return { "environments/dev.json": { ...(VALID["environments/dev.json"] as object), shards: count } };
}

function problemsBetween(before: Files, after: Files): string | undefined {
  const [base, now] = [before, after].map((files) => loadConfig(configFolder({ ...VALID, ...files })));
  if (base === undefined || now === undefined) throw new Error("Two configurations were loaded.");
  const problems = changeProblems(base, now);
  return problems.length === 0 ? undefined : formatProblems(problems);
}

describe("a change of the configuration", () => {
  test.each([
    ["absent", "managed"],
    ["managed", "managed"],
    ["managed", "forget"],
    ["managed", "unprotect"],
    ["unprotect", "managed"],
    ["unprotect", "forget"],
    ["unprotect", "delete"],
    ["forget", "forget"],
    ["forget", "absent"],
    ["delete", "delete"],
    ["delete", "absent"],
    ["delete", "managed"],
  ])("may take a tenant from %s to %s", (before, after) => {
    expect(problemsBetween(standing(before), standing(after))).toBeUndefined();
  });

  test.each([
    ["managed", "absent"],
    ["managed", "delete"],
    ["unprotect", "absent"],
    ["forget", "managed"],
    ["forget", "unprotect"],
    ["forget", "delete"],
    ["delete", "forget"],
  ])("must not take a tenant from %s to %s", (before, after) => {
    expect(problemsBetween(standing(before), standing(after))).toMatchSnapshot();
  });

  test("may let a tenant vanish from an emulator, where nothing is kept", () => {
    const emulator: Files = {
      "environments/dev.json": {
        ...(VALID["environments/dev.json"] as object),
        endpoint: "http://127.0.0.1:9050",
      },
    };
    expect(problemsBetween({ ...emulator, ...NAMED }, { ...emulator, ...ABSENT })).toBeUndefined();
  });

  test("must not move a tenant to another stack", () => {
    expect(problemsBetween(shards(1), shards(2))).toMatchInlineSnapshot(`
      "1 problem in the configuration:

      tenants/acme.json environments.dev
        The tenant moves between states, and Terraform does that by destroying its tables in one and creating empty ones in the other
        received: "metadata-dev-001"
        allowed:  "metadata-dev"
        fix:      Leave \`shards\` of the environment and \`shard\` of the tenant as they were deployed"
    `);
    const placed = (shard: number): Files => ({
      ...shards(2),
      "tenants/acme.json": {
        displayName: "Acme",
        environments: { dev: { shard } },
      },
    });
    expect(problemsBetween(placed(0), placed(1))).toContain("The tenant moves between states");
    expect(problemsBetween(placed(1), placed(1))).toBeUndefined();
  });
});
