import { cpSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { COMMENT_MARKER } from "../cli/report/plan/plan-markdown";
import { temporaryFolder } from "./support/config-folder";
import { PROJECT } from "./support/run";
import { runBuilt } from "./support/run-built";
import { run } from "./support/run-program";
import { planChanges, planJson, type Stack } from "./support/terraform-plan";

const DOC = readFileSync(path.join(PROJECT, "docs", "onboarding.md"), "utf8");

function synth(configDir: string): ReadonlyMap<string, Stack> {
  const outdir = temporaryFolder();
  const { status, stderr } = runBuilt("main.ts", [], { METADATA_CONFIG_DIR: configDir, CDKTF_OUTDIR: outdir });
  if (status !== 0) throw new Error(stderr);
  const stacks = path.join(outdir, "stacks");
  return new Map(
    readdirSync(stacks).map((name) => [
      name,
      JSON.parse(readFileSync(path.join(stacks, name, "cdk.tf.json"), "utf8")) as Stack,
    ]),
  );
}

test("the onboarding page shows the command's real output and the comment as it really looks", async () => {
  const configs = path.join(realpathSync(temporaryFolder()), "configs");
  cpSync(path.join(PROJECT, "configs"), configs, { recursive: true });
  const before = synth(configs);

  const command = /^\$ npm run -s tenant-metadata -- (tenant add .*?[^\\])$/ms.exec(DOC)?.[1] ?? "";
  const args = [...command.replaceAll("\\\n", " ").matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? "",
  );
  const { stdout } = await run(args, configs);
  expect(DOC).toContain(stdout.replaceAll("<configs>", "configs"));

  const folder = temporaryFolder();
  const plans = [...synth(configs)].flatMap(([name, stack]) => {
    const changes = planChanges(before.get(name) ?? {}, stack);
    if (changes.every(({ change }) => change.actions.join() === "no-op")) return [];
    const file = path.join(folder, `${name}.json`);
    writeFileSync(file, planJson(changes));
    return [file];
  });
  const comment = await run(["plan", "summary", ...plans, "--markdown"], configs);
  const [, shown = ""] = /<!-- the comment -->\n(.*?)<!-- end of the comment -->/s.exec(DOC) ?? [];
  const deeper = comment.stdout.replace(`${COMMENT_MARKER}\n`, "").replaceAll(/^(#+ )/gm, "##$1");
  expect(plain(shown)).toBe(plain(deeper));
});

/** Without what a formatter of Markdown changes: the width of a table's columns, and blank lines. */
function plain(markdown: string): string {
  return markdown
    .replaceAll(/-{3,}/g, "---")
    .replaceAll(/ +/g, " ")
    .replaceAll(/\n{2,}/g, "\n")
    .trim();
}
