import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { temporaryFolder } from "../support/config-folder";
import { built } from "../support/programs";

interface Comment {
  id: number;
  body: string;
  user: { type: string };
}

/** GitHub's REST API on loopback, as far as the workflows use it. */
class FakeGitHub {
  readonly comments: Comment[] = [];
  readonly pulls: Record<string, unknown>[] = [];
  readonly requests: string[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const answer = this.answer(
          `${request.method} ${request.url}`,
          request.headers.authorization ?? "",
          chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>),
        );
        response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
        response.end(JSON.stringify(answer ?? { message: "Not Found" }));
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: string, authorization: string, body: Record<string, unknown>): unknown {
    this.requests.push(request);
    if (authorization !== "Bearer secret-token") return undefined;
    const repository = "/repos/example/metadata";
    const page = new RegExp(`^GET ${repository}/issues/7/comments\\?per_page=100&page=(\\d+)$`).exec(request)?.[1];
    if (page !== undefined) return this.comments.slice((Number(page) - 1) * 100, Number(page) * 100);
    if (request === `POST ${repository}/issues/7/comments`) {
      this.comments.push({ id: this.comments.length + 1, body: String(body["body"]), user: { type: "Bot" } });
      return {};
    }
    const id = new RegExp(`^PATCH ${repository}/issues/comments/(\\d+)$`).exec(request)?.[1];
    const existing = this.comments.find((candidate) => candidate.id === Number(id));
    if (existing !== undefined) return Object.assign(existing, { body: body["body"] });
    if (request === `GET ${repository}`) return { default_branch: "main" };
    if (request === `GET ${repository}/pulls?state=open&head=example:record-deployed-dev`) return this.pulls;
    if (request === `POST ${repository}/pulls`) {
      this.pulls.push(body);
      return body;
    }
    return undefined;
  }
}

let github: FakeGitHub;
let url: string;

beforeEach(async () => {
  github = new FakeGitHub();
  url = await github.start();
});
afterEach(() => github.stop());

/** Runs a script as a workflow does. It must not block this process, which answers it. */
async function runScript(script: string, args: readonly string[], token = "secret-token") {
  const child: ChildProcess = spawn(process.execPath, [built(`scripts/${script}`), ...args], {
    env: { ...process.env, GITHUB_API_URL: url, GITHUB_REPOSITORY: "example/metadata", GITHUB_TOKEN: token },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, stderr };
}

function comment(text: string): string {
  const file = path.join(temporaryFolder(), "comment.md");
  writeFileSync(file, `<!-- tenant-metadata: plan -->\n${text}\n`);
  return file;
}

describe("the comment of a pull request", () => {
  test("is written once and then changed in place", async () => {
    github.comments.push({
      id: 1,
      body: "<!-- tenant-metadata: plan -->\nA person's quote of it",
      user: { type: "User" },
    });
    expect(await runScript("comment.ts", ["7", comment("first")])).toEqual({ code: 0, stderr: "" });
    expect(await runScript("comment.ts", ["7", comment("second"), "https://example.com/page"])).toEqual({
      code: 0,
      stderr: "",
    });
    expect(github.comments.map(({ body }) => body)).toEqual([
      "<!-- tenant-metadata: plan -->\nA person's quote of it",
      "<!-- tenant-metadata: plan -->\nsecond\n\n[Open the page with filters and the diagram of the tables](https://example.com/page)\n",
    ]);
  });

  test("is found on the second page of comments", async () => {
    for (let id = 1; id <= 120; id++) {
      const body = id === 110 ? "<!-- tenant-metadata: plan -->\nold" : `talk ${id}`;
      github.comments.push({ id, body, user: { type: "Bot" } });
    }
    await runScript("comment.ts", ["7", comment("new")]);
    expect(github.comments).toHaveLength(120);
    expect(github.comments[109]?.body).toBe("<!-- tenant-metadata: plan -->\nnew\n");
  });

  test("fails with GitHub's answer, and never with the token", async () => {
    const { code, stderr } = await runScript("comment.ts", ["7", comment("first")], "wrong-token");
    expect(code).toBe(1);
    expect(stderr).toBe('GitHub answered 404 to GET issues/7/comments?per_page=100&page=1: {"message":"Not Found"}\n');
    expect((await runScript("comment.ts", ["seven", comment("first")])).stderr).toContain("Usage: npm run ci:comment");
  });
});

describe("the proposal of a record", () => {
  test("is made once", async () => {
    const args = ["record-deployed-dev", "Record what was deployed to dev"];
    expect(await runScript("propose.ts", args)).toEqual({ code: 0, stderr: "" });
    expect(await runScript("propose.ts", args)).toEqual({ code: 0, stderr: "" });
    expect(github.pulls).toEqual([
      expect.objectContaining({ title: "Record what was deployed to dev", head: "record-deployed-dev", base: "main" }),
    ]);
  });

  test("needs its arguments and a token", async () => {
    expect((await runScript("propose.ts", [])).stderr).toContain("Usage: npm run ci:propose");
    expect((await runScript("propose.ts", ["a", "b"], "")).stderr).toBe(
      "GITHUB_TOKEN is not set. In a workflow, pass it in `env`.\n",
    );
  });
});
