import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { RemoteError, UsageError } from "../model/errors";

const run = promisify(execFile);

const FOLDER = __dirname;
const ENVIRONMENT = path.join(FOLDER, ".venv");
const REQUIREMENTS = path.join(FOLDER, "requirements.txt");
/** Written last, so an installation that was interrupted is made again. */
const INSTALLED = path.join(ENVIRONMENT, "installed-requirements.sha256");
const CANDIDATES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"];
const CHECK =
  "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2]); sys.exit(sys.version_info < (3, 11))";

/**
 * Makes the emulator's own Python environment, unless it is there and up to date.
 *
 * @param report - receives a line for each step of the work.
 * @returns path of its interpreter.
 * @throws {@link UsageError} when there is no Python ≥ 3.11 that can make environments.
 * @throws {@link RemoteError} when a package cannot be installed.
 */
export async function ensurePython(report: (line: string) => void): Promise<string> {
  const python = path.join(ENVIRONMENT, "bin", "python");
  const wanted = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex");
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, "utf8") === wanted) return python;

  const base = await findPython();
  report(`Making a Python environment in ${path.relative(process.cwd(), ENVIRONMENT)} with ${base} …`);
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  mkdirSync(ENVIRONMENT, { recursive: true });
  await run(base, ["-m", "venv", ENVIRONMENT]);
  await install(python, report);
  writeFileSync(INSTALLED, wanted);
  report("The emulator is installed.");
  return python;
}

/**
 * The first Python on the path that serves.
 *
 * @throws {@link UsageError} saying what was found instead, and what to install.
 */
export async function findPython(): Promise<string> {
  const found: string[] = [];
  for (const candidate of CANDIDATES) {
    try {
      await run(candidate, ["-c", CHECK]);
      return candidate;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      const reason = stdout.trim() || /No module named '?\w+'?/.exec(stderr)?.[0];
      if (reason !== undefined && reason !== "") found.push(`${candidate} (${reason})`);
    }
  }
  throw new UsageError(
    `The BigQuery emulator needs Python 3.11 or newer with venv, and there is ${found.length === 0 ? "no Python" : `only ${found.join(", ")}`}. ` +
      "Install it (Debian and Ubuntu: apt install python3 python3-venv; macOS: brew install python), or start an emulator " +
      "elsewhere and name it in BIGQUERY_EMULATOR_HOST.",
  );
}

/** Installs exactly the pinned packages; pip checks the hash of each. */
async function install(python: string, report: (line: string) => void): Promise<void> {
  const pip = spawn(
    python,
    ["-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", "--no-input", "-r", REQUIREMENTS],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let errors = "";
  pip.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  let installed = 0;
  pip.stdout.on("data", (chunk: Buffer) => {
    for (const line of chunk.toString().split("\n")) {
      const [, name] = /^Collecting (\S+)/.exec(line) ?? [];
      if (name !== undefined) report(`  ${String(++installed).padStart(2)} ${name.replace(/[<>=!~;].*/, "")}`);
      if (line.startsWith("Installing collected packages")) report("  unpacking …");
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => pip.once("error", reject).once("close", resolve));
  if (code !== 0) {
    throw new RemoteError(
      `pip could not install the emulator:\n${errors.trim()}\nSee that the Python package index can be reached, and run it again.`,
    );
  }
}
