import path from "node:path";
import { complete } from "../../../cli/commands/completion/complete";
import { createProgram } from "../../../cli/program";
import { PROJECT } from "../../support/run";
import { run } from "../../support/run-program";

const program = createProgram({
  configDir: "configs",
  print: () => undefined,
  report: () => undefined,
  now: () => new Date(),
  exitWith: () => undefined,
  interactive: false,
  colors: false,
});

function names(...words: readonly string[]): readonly string[] {
  return complete(program, words, path.join(PROJECT, "configs")).map(({ name }) => name);
}

describe("completion", () => {
  test("offers commands, without the one that shells call", () => {
    expect(names("")).toEqual(expect.arrayContaining(["validate", "tenant", "affected", "plan", "completion"]));
    expect(names("completion-")).toEqual([]);
    expect(names("tenant", "")).toEqual(["add", "list", "show", "offboard", "help"]);
  });

  test("offers options, environments, tenants and choices where they belong", () => {
    expect(names("tenant", "list", "--")).toEqual(["--environment", "--json", "--help"]);
    expect(names("tenant", "add", "x", "--environment", "")).toEqual(["dev", "local", "prod", "staging"]);
    expect(names("tenant", "show", "a")).toEqual(["acme_retail"]);
    expect(names("tenant", "offboard", "--environment", "dev", "in")).toEqual(["initech"]);
    expect(names("tenant", "add", "a")).toEqual([]);
    expect(names("completion", "")).toEqual(["bash", "zsh", "fish", "pwsh"]);
  });

  test("leaves files, and what no one can know, to the shell", () => {
    expect(names("plan", "check", "")).toEqual([]);
    expect(names("tenant", "add", "--display-name", "A")).toEqual([]);
    expect(complete(program, ["tenant", "show", ""], "nowhere")).toEqual([]);
  });

  test.each(["bash", "zsh", "fish", "pwsh"])("has a script for %s", async (shell) => {
    const { code, stdout } = await run(["completion", shell]);
    expect(code).toBe(0);
    expect(stdout).toContain("###-begin-tenant-metadata-completion-###");
  });

  test("refuses another shell", async () => {
    expect((await run(["completion", "tcsh"])).stderr).toContain("Allowed choices are bash, zsh, fish, pwsh");
  });
});
