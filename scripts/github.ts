/** The part of GitHub's REST API that the workflows use, on this repository. */
export class GitHub {
  constructor(
    private readonly options: {
      /** `https://api.github.com`, or that of an Enterprise server. */
      readonly url: string;
      /** `owner/name`. */
      readonly repository: string;
      readonly token: string;
    },
  ) {}

  /**
   * The client for the workflow that this process runs in.
   *
   * @throws an Error that names the variable which is missing.
   */
  static fromEnvironment(env: NodeJS.ProcessEnv): GitHub {
    const need = (name: string): string => {
      const value = env[name];
      if (value === undefined || value === "")
        throw new Error(`${name} is not set. In a workflow, pass it in \`env\`.`);
      return value;
    };
    return new GitHub({
      url: need("GITHUB_API_URL"),
      repository: need("GITHUB_REPOSITORY"),
      token: need("GITHUB_TOKEN"),
    });
  }

  /**
   * Writes a comment to a pull request; one of ours that starts with the same line is changed instead.
   *
   * @see https://docs.github.com/en/rest/issues/comments
   */
  async comment(pullRequest: number, body: string): Promise<void> {
    const [marker] = body.split("\n", 1);
    for (let page = 1; ; page++) {
      const comments = (await this.request(
        "GET",
        `issues/${pullRequest}/comments?per_page=100&page=${page}`,
      )) as readonly { readonly id: number; readonly body?: string; readonly user?: { readonly type?: string } }[];
      const own = comments.find(
        (comment) => comment.user?.type === "Bot" && comment.body?.split(/\r?\n/, 1)[0] === marker,
      );
      if (own !== undefined) {
        await this.request("PATCH", `issues/comments/${own.id}`, { body });
        return;
      }
      if (comments.length < 100) break;
    }
    await this.request("POST", `issues/${pullRequest}/comments`, { body });
  }

  /**
   * Opens a pull request from a branch to the default branch, unless one is open already.
   *
   * @see https://docs.github.com/en/rest/pulls/pulls
   */
  async propose(branch: string, title: string, body: string): Promise<void> {
    const [owner = ""] = this.options.repository.split("/");
    const open = (await this.request("GET", `pulls?state=open&head=${owner}:${branch}`)) as readonly unknown[];
    if (open.length > 0) return;
    const { default_branch: base } = (await this.request("GET", "")) as { readonly default_branch: string };
    await this.request("POST", "pulls", { title, body, head: branch, base });
  }

  private async request(method: string, path: string, body?: object): Promise<unknown> {
    const { url, repository, token } = this.options;
    const response = await fetch([`${url}/repos/${repository}`, path].filter((part) => part !== "").join("/"), {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "user-agent": "tenant-metadata",
        "x-github-api-version": "2022-11-28",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(
        `GitHub answered ${response.status} to ${method} ${path}: ${(await response.text()).slice(0, 500)}`,
      );
    }
    return response.json();
  }
}
