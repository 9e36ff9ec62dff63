import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../../support/config-folder";
import { built } from "../../support/programs";
import { PROJECT } from "../../support/run";
import { run } from "../../support/run-program";

test("completion works in a real bash", async () => {
  const folder = temporaryFolder();
  const command = path.join(folder, "tenant-metadata");
  writeFileSync(command, `#!/bin/sh\nexec node "${built("cli/main.ts")}" "$@"\n`);
  chmodSync(command, 0o755);
  writeFileSync(path.join(folder, "script"), (await run(["completion", "bash"])).stdout);
  const press = `
    source ./script
    COMP_WORDS=(tenant-metadata tenant show so); COMP_CWORD=3
    COMP_LINE="\${COMP_WORDS[*]}"; COMP_POINT=\${#COMP_LINE}
    _tenant-metadata_completion
    echo "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", press], {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${folder}${path.delimiter}${process.env["PATH"] ?? ""}`,
      METADATA_CONFIG_DIR: path.join(PROJECT, "configs"),
    },
  });
  expect({ stdout, stderr }).toEqual({ stdout: "soylent\n", stderr: "" });
});
