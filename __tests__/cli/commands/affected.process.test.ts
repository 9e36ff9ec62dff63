import { mkdirSync, realpathSync, symlinkSync } from "node:fs";
import path from "node:path";
import { affected } from "../../../cli/commands/affected/affected";
import { configFolder, type Files, VALID } from "../../support/config-folder";
import { GitRepository } from "../../support/git-repository";
import { built } from "../../support/programs";
import { run } from "../../support/run-program";

/** The project's own program. */
const OURS = `node "${built("main.ts")}"`;

/** A program of someone's own, which makes a stack for each tenant and leaves METADATA_STACKS alone. */
const OWN = `
const { readdirSync, readFileSync, mkdirSync, writeFileSync } = require("node:fs");
const { greeting } = require("./greeting.cjs");
const folder = process.env.METADATA_CONFIG_DIR + "/tenants/";
for (const file of readdirSync(folder)) {
  const stack = process.env.CDKTF_OUTDIR + "/stacks/" + file.replace(".json", "");
  mkdirSync(stack, { recursive: true });
  writeFileSync(stack + "/cdk.tf.json", greeting + readFileSync(folder + file, "utf8"));
}
`;

const TENANTS: Files = {
  "configs/environments/dev.json": VALID["environments/dev.json"],
  "configs/environments/prod.json": {
    ...(VALID["environments/dev.json"] as object),
    projectId: "example-prod",
    shards: 2,
  },
  "configs/metadata/schemas/runs.json": VALID["metadata/schemas/runs.json"],
  "configs/tenants/acme.json": { displayName: "Acme", environments: { dev: {}, prod: { shard: 0 } } },
  "configs/tenants/globex.json": { displayName: "Globex", environments: { prod: { shard: 1 } } },
  "README.md": "Readme\n",
};

function own(greeting: string): Files {
  return { "own.cjs": OWN, "greeting.cjs": `exports.greeting = ${JSON.stringify(greeting)};\n` };
}

function project(app: string, files: Files = {}): GitRepository {
  const repository = new GitRepository(
    realpathSync(
      configFolder({ ...TENANTS, "cdktf.json": { app, context: {} }, ".gitignore": "node_modules\n", ...files }),
    ),
  );
  repository.commit();
  return repository;
}

async function affectedIn({ folder }: GitRepository, base = "HEAD", configDir = path.join(folder, "configs")) {
  const reported: string[] = [];
  const found = await affected({ configDir, project: folder, base, report: (text) => reported.push(text) });
  return { ...found, reported: reported.join("\n") };
}

describe("affected, when only the configuration differs", () => {
  test("names no stack when nothing differs, and runs nothing", async () => {
    const repository = project("exit 1");
    const { base, stacks, environments, reported } = await affectedIn(repository);
    expect([base, stacks, environments]).toEqual([repository.git("rev-parse", "HEAD"), [], {}]);
    expect(reported).toBe("");
  });

  test("names the one stack of a new tenant, committed or not", async () => {
    const repository = project(OURS);
    repository.write({ "configs/tenants/new.json": { displayName: "New", environments: { prod: { shard: 1 } } } });
    expect(await affectedIn(repository)).toMatchObject({
      stacks: ["metadata-prod-001"],
      added: [],
      removed: [],
      environments: { prod: ["metadata-prod-001"] },
    });
    repository.commit();
    expect((await affectedIn(repository, "HEAD~1")).stacks).toEqual(["metadata-prod-001"]);
    expect((await affectedIn(repository, "HEAD")).stacks).toEqual([]);
  });

  test("names all stacks for a change of the schema, except where nothing reaches the output", async () => {
    const repository = project(OURS);
    const runs = VALID["metadata/schemas/runs.json"] as { schema: { fields: object[] } };
    const schema = (column: object): Files => ({
      "configs/metadata/schemas/runs.json": { ...runs, schema: { fields: [...runs.schema.fields, column] } },
    });
    repository.write(schema({ name: "note", type: "STRING" }));
    // The stacks of dev and prod hold tables; the input of all three differs.
    expect((await affectedIn(repository)).stacks).toEqual(["metadata-dev", "metadata-prod-000", "metadata-prod-001"]);
    repository.commit();
    repository.write(schema({ name: "note", type: "STRING", allowedValues: ["a"] }));
    expect((await affectedIn(repository)).stacks).toEqual([]);
  });

  test("tells stacks that come and go", async () => {
    const repository = project(OURS);
    repository.write({
      "configs/environments/test.json": VALID["environments/dev.json"],
      "configs/environments/dev.json": undefined,
      "configs/tenants/acme.json": { displayName: "Acme", environments: { prod: { shard: 0 } } },
    });
    expect(await affectedIn(repository)).toMatchObject({
      stacks: ["metadata-dev", "metadata-test"],
      added: ["metadata-test"],
      removed: ["metadata-dev"],
      environments: { test: ["metadata-test"] },
    });
  });

  test("counts a file that git ignores, which synth reads too", async () => {
    const repository = project(OURS, { ".gitignore": "node_modules\nconfigs/tenants/new.json\n" });
    repository.write({ "configs/tenants/new.json": { displayName: "New", environments: { dev: {} } } });
    expect((await affectedIn(repository)).stacks).toEqual(["metadata-dev"]);
  });

  test("refuses a link, as synth does", async () => {
    const repository = project(OURS);
    symlinkSync("acme.json", path.join(repository.folder, "configs", "tenants", "new.json"));
    await expect(affectedIn(repository)).rejects.toThrow("tenants/new.json\n  This is a symbolic link");
  });

  test("reads a configuration that has a repository of its own", async () => {
    const elsewhere = new GitRepository(realpathSync(configFolder(VALID)));
    elsewhere.commit();
    elsewhere.write({ "tenants/acme.json": { displayName: "Acme Corporation", environments: { dev: {} } } });
    const { stacks } = await affectedIn(project(OURS), "HEAD", elsewhere.folder);
    expect(stacks).toEqual(["metadata-dev"]);
  });
});

describe("affected, when something else differs", () => {
  test("names no stack for a README", async () => {
    const repository = project("node own.cjs", own("hello"));
    repository.write({ "README.md": "Other\n" });
    const { stacks, reported } = await affectedIn(repository);
    expect(stacks).toEqual([]);
    expect(reported).toContain("synthesizing both sides in full");
  });

  test("names every stack that a changed program writes otherwise", async () => {
    const repository = project("node own.cjs", own("hello"));
    repository.write(own("good evening"));
    expect((await affectedIn(repository)).stacks).toEqual(["acme", "globex"]);
  });

  test("counts a file that is not tracked yet", async () => {
    const repository = project("node own.cjs", own("hello"));
    repository.write({
      "greeting.cjs": 'module.exports = require("./other.cjs");\n',
      "other.cjs": 'exports.greeting = "hello";\n',
    });
    expect((await affectedIn(repository)).stacks).toEqual([]);
  });

  test("uses the installed packages on both sides, but never another side's cache", async () => {
    const repository = project("node own.cjs", {
      ...own("hello"),
      "own.cjs": `require("a-package");\nif (require("node:fs").existsSync("node_modules/.cache")) process.exit(3);\n${OWN}`,
    });
    repository.write({ "node_modules/a-package/index.js": "", "README.md": "Other\n" });
    mkdirSync(path.join(repository.folder, "node_modules", ".bin"));
    symlinkSync("../a-package/index.js", path.join(repository.folder, "node_modules", ".bin", "a-package"));
    expect((await affectedIn(repository)).stacks).toEqual([]);
  });
});

describe("affected, when the base cannot be synthesized", () => {
  const all = ["metadata-dev", "metadata-prod-000", "metadata-prod-001"];

  test("counts everything as changed for a broken configuration", async () => {
    const repository = project(OURS, { "configs/tenants/globex.json": "{" });
    repository.write(TENANTS);
    const { stacks, added, reported } = await affectedIn(repository);
    expect([stacks, added]).toEqual([all, all]);
    expect(reported).toContain("The base cannot be synthesized, so everything counts as changed.");
  });

  test.each([
    ["one file that cannot be read", { "configs/environments/staging.json": "{" }, ["metadata-staging"]],
    [
      "a record of how many shards it had",
      {
        "configs/environments/staging.json": "{",
        "configs/deployed/staging.json": { shards: 2, recreate: {} },
      },
      ["metadata-staging-000", "metadata-staging-001"],
    ],
    [
      "a key that is not known",
      { "configs/environments/staging.json": { ...(VALID["environments/dev.json"] as object), shards: 2, later: 1 } },
      ["metadata-staging-000", "metadata-staging-001"],
    ],
  ])("names the stacks of an environment that is gone, by %s", async (_, files: Files, lost) => {
    const repository = project(OURS, files);
    repository.write(Object.fromEntries(Object.keys(files).map((file) => [file, undefined])));
    const { stacks, removed, added } = await affectedIn(repository);
    expect([stacks, removed, added]).toEqual([[...all, ...lost], lost, all]);
    // The program differs too: both sides are synthesized in full.
    repository.write({ "README.md": "Another\n" });
    expect((await affectedIn(repository)).removed).toEqual(lost);
  });

  test("counts everything as changed for a program that fails", async () => {
    const repository = project("echo out of order >&2; exit 4");
    repository.write({ "cdktf.json": { app: OURS } });
    const { stacks, reported } = await affectedIn(repository);
    expect(stacks).toEqual(all);
    expect(reported).toContain("out of order");
  });

  test("counts everything as changed for a commit that holds nothing", async () => {
    const repository = project(OURS);
    const tree = repository.git("hash-object", "-w", "-t", "tree", "--stdin", "--literally");
    const empty = repository.git("commit-tree", tree, "-m", "empty");
    const { stacks, reported } = await affectedIn(repository, empty);
    expect(stacks).toEqual(all);
    expect(reported).toContain("It has no cdktf.json.");
  });
});

describe("the command", () => {
  test("says what it needs", async () => {
    expect((await run(["affected"])).stderr).toContain("required option '--base <git ref>' not specified");
    const { code, stdout, stderr } = await run(["affected", "--base", "no-such-ref"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      'There is no commit "no-such-ref" here. Name a branch, tag or commit; when it is on the remote only, run `git fetch origin` (in CI, check out with fetch-depth 0).\n',
    );
  });

  test("fails with the program's own message when the working tree cannot be synthesized", async () => {
    const repository = project("echo cannot >&2; exit 5");
    repository.write({ "configs/tenants/new.json": { displayName: "New", environments: { dev: {} } } });
    await expect(affectedIn(repository)).rejects.toThrow("failed (5):\ncannot");
  });

  test("needs a CDKTF project", async () => {
    const { folder } = project(OURS, { "cdktf.json": undefined });
    await expect(
      affected({ configDir: path.join(folder, "configs"), project: folder, base: "HEAD", report: () => undefined }),
    ).rejects.toThrow("Run the command in the folder of the CDKTF project.");
  });
});
