import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { built } from "../support/programs";

/** Looks for Python on a path that holds node and the given scripts alone. */
async function findPython(scripts: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "path-"));
  try {
    symlinkSync(process.execPath, path.join(folder, "node"));
    for (const [name, lines] of Object.entries(scripts)) {
      writeFileSync(path.join(folder, name), `#!/bin/sh\n${lines}\n`);
      chmodSync(path.join(folder, name), 0o755);
    }
    const program = `require(${JSON.stringify(built("emulator/python.ts"))}).findPython().then(console.log, (e) => console.log(e.message))`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--eval", program], {
      env: { PATH: folder },
    });
    return stdout.trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const REMEDY =
  "Install it (Debian and Ubuntu: apt install python3 python3-venv; macOS: brew install python), or start an emulator elsewhere and " +
  "name it in BIGQUERY_EMULATOR_HOST.";

test("without Python the message says what is missing and how to get it", async () => {
  await expect(findPython({})).resolves.toBe(
    `The BigQuery emulator needs Python 3.11 or newer with venv, and there is no Python. ${REMEDY}`,
  );
});

test("with an old Python, or one that cannot make environments, the message names it", async () => {
  const scripts = {
    python3: "echo 3.9; exit 1",
    python: "echo \"ModuleNotFoundError: No module named 'ensurepip'\" >&2; exit 1",
  };
  await expect(findPython(scripts)).resolves.toBe(
    "The BigQuery emulator needs Python 3.11 or newer with venv, and there is only python3 (3.9), python (No module named 'ensurepip'). " +
      REMEDY,
  );
});

test("a newer Python is taken where python3 is old", async () => {
  await expect(findPython({ python3: "echo 3.9; exit 1", "python3.12": "echo 3.12" })).resolves.toBe("python3.12");
});
