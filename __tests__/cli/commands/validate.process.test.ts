import path from "node:path";
import { configFolder, VALID } from "../../support/config-folder";
import { GitRepository } from "../../support/git-repository";
import { run } from "../../support/run-program";

describe("validate --base", () => {
  test("refuses a tenant file that simply vanishes", async () => {
    const folder = configFolder(VALID);
    const repository = new GitRepository(folder);
    repository.commit();
    repository.write({ "tenants/acme.json": undefined });
    expect((await run(["validate"], folder)).code).toBe(0);
    expect(await run(["validate", "--base", "HEAD"], folder)).toMatchSnapshot();
  });

  test("takes a base without configuration for nothing to lose", async () => {
    const folder = configFolder({ "README.md": "" });
    const repository = new GitRepository(folder);
    repository.commit();
    const configs = Object.fromEntries(Object.entries(VALID).map(([file, content]) => [`configs/${file}`, content]));
    repository.write(configs);
    expect((await run(["validate", "--base", "HEAD"], path.join(folder, "configs"))).code).toBe(0);
  });

  test("says so when the base is not valid, or not there", async () => {
    const folder = configFolder({ ...VALID, "tenants/acme.json": "{" });
    const repository = new GitRepository(folder);
    repository.commit();
    repository.write(VALID);
    expect((await run(["validate", "--base", "HEAD"], folder)).stderr).toContain(
      "The configuration of HEAD cannot be compared with; name the last commit where it was valid.",
    );
    expect((await run(["validate", "--base", "nowhere"], folder)).code).toBe(1);
  });
});
