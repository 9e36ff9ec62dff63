import path from "node:path";
import { configFolder, VALID } from "../../support/config-folder";
import { daysAhead } from "../../support/days";
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

  test("fails for what needs an allowance, and passes with one", async () => {
    const folder = configFolder(VALID);
    const repository = new GitRepository(folder);
    repository.commit();
    const dev = { ...(VALID["environments/dev.json"] as object), declareConstraints: true };
    repository.write({ "environments/dev.json": dev });
    const { code, stderr } = await run(["validate", "--base", "HEAD"], folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining("constraints-trusted  dev/*/*") as string]);
    repository.write({
      "allowances/keys.json": {
        code: "constraints-trusted",
        environment: "dev",
        tenant: "*",
        table: "*",
        reason: "Every key was counted",
        expires: daysAhead(7),
      },
    });
    expect((await run(["validate", "--base", "HEAD"], folder)).code).toBe(0);
  });

  test("a step of leaving is not taken before the one before it is deployed", async () => {
    const folder = configFolder(VALID);
    const repository = new GitRepository(folder);
    repository.commit();
    repository.git("tag", "deployed/dev");
    repository.write({
      "tenants/acme.json": undefined,
      "offboarding/acme.json": { displayName: "Acme", environments: { dev: { step: "forget" } } },
    });
    repository.commit();
    repository.write({ "offboarding/acme.json": undefined });
    expect(await run(["validate", "--base", "HEAD"], folder)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("The step before, forget, is not deployed") as string,
    });
    repository.git("tag", "--force", "deployed/dev");
    expect((await run(["validate", "--base", "HEAD"], folder)).code).toBe(0);
  });

  test("says so when the base is not valid, or not there", async () => {
    const folder = configFolder({ ...VALID, "tenants/acme.json": "{" });
    const repository = new GitRepository(folder);
    repository.commit();
    repository.write(VALID);
    expect((await run(["validate", "--base", "HEAD"], folder)).stderr).toContain(
      "The configuration of HEAD is not valid. What could be read of it is compared.",
    );
    expect((await run(["validate", "--base", "nowhere"], folder)).code).toBe(1);
  });
});
