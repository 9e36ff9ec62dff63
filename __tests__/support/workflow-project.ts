import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "./config-folder";
import { PROJECT } from "./run";

interface Planned {
  readonly resource_changes?: readonly { readonly address: string; readonly change: { readonly actions: string[] } }[];
}

/** A project with the workflows' scripts, whose `npm run synth` gives the stacks that the test wrote. */
export class WorkflowProject {
  readonly folder = temporaryFolder();

  constructor() {
    cpSync(path.join(PROJECT, "scripts", "ci"), path.join(this.folder, "scripts", "ci"), { recursive: true });
    const synth = "mkdir -p cdktf.out && cp -r stacks cdktf.out/";
    // The command itself, from where its packages are.
    const command = [path.join(PROJECT, "node_modules", ".bin", "tsx"), path.join(PROJECT, "cli", "main.ts")];
    const scripts = { synth, "tenant-metadata": command.map((part) => JSON.stringify(part)).join(" ") };
    writeFileSync(path.join(this.folder, "package.json"), JSON.stringify({ scripts }));
  }

  stack(name: string, terraform: object): void {
    const folder = path.join(this.folder, "stacks", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "cdk.tf.json"), JSON.stringify(terraform));
  }

  script(name: string, ...args: readonly string[]) {
    const { status, stdout, stderr } = spawnSync(path.join(this.folder, "scripts", "ci", name), args, {
      cwd: this.folder,
      encoding: "utf8",
      env: { ...process.env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" },
    });
    return { status, output: stdout + stderr };
  }

  /** As {@link script}, while this process goes on: for a script that calls a server of the test. */
  async scriptBeside(name: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    const child = spawn(path.join(this.folder, "scripts", "ci", name), args, {
      cwd: this.folder,
      env: { ...process.env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1", ...env },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
    const [status] = (await once(child, "close")) as [number | null];
    return { status, output };
  }

  /** Addresses in the state of a stack. */
  state(stack: string): readonly string[] {
    const file = path.join(this.folder, "cdktf.out", "stacks", stack, "terraform.tfstate");
    if (!existsSync(file)) return [];
    const { resources } = JSON.parse(readFileSync(file, "utf8")) as { resources: { type: string; name: string }[] };
    return resources.map(({ type, name }) => `${type}.${name}`).sort();
  }

  planned(stack: string): Readonly<Record<string, string>> {
    const plan = JSON.parse(readFileSync(path.join(this.folder, "plans", `${stack}.json`), "utf8")) as Planned;
    return Object.fromEntries(
      (plan.resource_changes ?? []).map(({ address, change }) => [address, change.actions.join()]),
    );
  }
}
