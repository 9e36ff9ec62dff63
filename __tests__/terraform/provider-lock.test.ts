import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { configFolder } from "../support/config-folder";
import { PROJECT } from "../support/run";

const PLATFORM = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
const MIRRORED = `mirror/registry.terraform.io/hashicorp/google/6.50.0/${PLATFORM}/terraform-provider-google_v6.50.0`;
const STACK = { terraform: { required_providers: { google: { source: "google", version: "6.50.0" } } } };

/** A project with one stack, and a mirror with a provider in place of the registry. `init` reads its hash and does not run it. */
function project() {
  const folder = realpathSync(
    configFolder({
      "stacks/metadata-dev/cdk.tf.json": STACK,
      "package.json": { scripts: { synth: "mkdir -p cdktf.out && cp -r stacks cdktf.out/" } },
      [MIRRORED]: "the provider",
      terraformrc: "",
    }),
  );
  const mirror = path.join(folder, "mirror");
  writeFileSync(
    path.join(folder, "terraformrc"),
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  cpSync(path.join(PROJECT, "scripts", "ci"), path.join(folder, "scripts", "ci"), { recursive: true });
  chmodSync(path.join(folder, MIRRORED), 0o755);
  const run = (program: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, TF_CLI_CONFIG_FILE: path.join(folder, "terraformrc"), CHECKPOINT_DISABLE: "1" },
    });
    return { status, output: stdout + stderr };
  };
  return {
    run,
    plan: () => run("scripts/ci/plan.sh", "plans", "metadata-dev").output,
    replaceProvider: () => writeFileSync(path.join(folder, MIRRORED), "another program"),
    /** As docs/ci-cd.md says, with the mirror in place of the registry. */
    commitLock: () => {
      const made = run(
        "terraform",
        "-chdir=stacks/metadata-dev",
        "providers",
        "lock",
        `-fs-mirror=${mirror}`,
        `-platform=${PLATFORM}`,
      );
      expect(made).toMatchObject({ status: 0 });
      mkdirSync(path.join(folder, "provider-locks"));
      cpSync(
        path.join(folder, "stacks", "metadata-dev", ".terraform.lock.hcl"),
        path.join(folder, "provider-locks", "google-6.50.0.hcl"),
      );
      expect(run("rm", "stacks/metadata-dev/.terraform.lock.hcl").status).toBe(0);
    },
  };
}

const INITIALIZED = "Terraform has been successfully initialized!";

test("with a committed lock file no provider but that one is used", () => {
  const { commitLock, plan, replaceProvider } = project();
  commitLock();
  expect(plan()).toContain(INITIALIZED);
  replaceProvider();
  const output = plan();
  expect(output).toContain("Failed to install provider");
  expect(output).not.toContain(INITIALIZED);
});

test("without one Terraform takes what the registry serves, which is why there should be one", () => {
  const { plan, replaceProvider } = project();
  replaceProvider();
  expect(plan()).toContain(INITIALIZED);
});
