import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../../..");
const FOLDER = path.join(ROOT, "emulator/ddl");

/** A running emulator whose tables show what ALTER TABLE did. */
export interface LocalBigQuery {
  /** `http://127.0.0.1:…` */
  readonly endpoint: string;
  /** `127.0.0.1:…` */
  readonly grpcAddress: string;
  /** Calls its REST API at a path below `/bigquery/v2/projects`; an answer that is no success is an error. */
  readonly call: (method: string, path: string, body?: object) => Promise<unknown>;
  /** Runs a statement or script and gives its rows, each a list of strings. */
  readonly query: (projectId: string, sql: string) => Promise<readonly (readonly (string | null)[])[]>;
  readonly stop: () => Promise<void>;
}

interface QueryResponse {
  readonly jobComplete?: boolean;
  readonly rows?: readonly { readonly f: readonly { readonly v: string | null }[] }[];
}

/** Installs local-bigquery on first use, starts it on free ports and waits until it answers. */
export async function startLocalBigQuery(): Promise<LocalBigQuery> {
  const python = installed();
  const home = mkdtempSync(path.join(tmpdir(), "local-bigquery-"));
  const [port, grpcPort] = [await freePort(), await freePort()];
  const child = spawn(python, [path.join(FOLDER, "start.py"), home, String(port), String(grpcPort)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await answers(`${endpoint}/bigquery/v2/projects/local/datasets`, child);
  } catch (error) {
    child.kill();
    throw new Error(`local-bigquery did not start:\n${log}`, { cause: error });
  }
  const call = async (method: string, place: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${endpoint}/bigquery/v2/projects${place}`, {
      method,
      // The emulator closes idle connections after five seconds, of which a kept one would hear too late.
      headers: { "content-type": "application/json", connection: "close" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${place}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  return {
    endpoint,
    grpcAddress: `127.0.0.1:${grpcPort}`,
    call,
    query: async (projectId, sql) => {
      const response = (await call("POST", `/${projectId}/queries`, {
        query: sql,
        useLegacySql: false,
        timeoutMs: 300_000,
      })) as QueryResponse;
      if (response.jobComplete === false) throw new Error(`still running:\n${sql}`);
      return (response.rows ?? []).map(({ f }) => f.map(({ v }) => v));
    },
    stop: async () => {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await exited;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Python of a virtual environment with the pinned packages, made once per version of the list. */
function installed(): string {
  const requirements = path.join(FOLDER, "requirements.txt");
  const version = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const cache = path.join(ROOT, "node_modules/.cache/tenant-metadata");
  const folder = path.join(cache, `local-bigquery-${version}`);
  const python = path.join("bin", "python");
  if (existsSync(folder)) return path.join(folder, python);
  mkdirSync(cache, { recursive: true });
  // Made aside and moved when it is whole: an interrupted installation is not taken for one, and two at a time do no harm.
  const building = mkdtempSync(path.join(cache, "building-"));
  try {
    execFileSync(python313(), ["-m", "venv", building], { stdio: "inherit" });
    execFileSync(
      path.join(building, python),
      ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements],
      { stdio: "inherit" },
    );
    renameSync(building, folder);
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return path.join(folder, python);
}

function python313(): string {
  const candidates = [process.env["LOCAL_BIGQUERY_PYTHON"], "python3.14", "python3.13", ...pyenv(), "python3"];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    try {
      execFileSync(candidate, ["-c", "import sys; sys.exit(sys.version_info < (3, 13))"], { stdio: "ignore" });
      return candidate;
    } catch {
      // Not there, or too old: the next one.
    }
  }
  throw new Error("local-bigquery needs Python 3.13. Install it, or name it in LOCAL_BIGQUERY_PYTHON.");
}

/** Interpreters that pyenv has but does not put on the path. */
function pyenv(): readonly string[] {
  const versions = path.join(process.env["PYENV_ROOT"] ?? path.join(homedir(), ".pyenv"), "versions");
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .filter((version) => /^3\.1[3-9]\./.test(version))
    .map((version) => path.join(versions, version, "bin/python"));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`exit code ${child.exitCode}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} did not answer within a minute`);
}
