import { App, DataResource, LocalBackend, TerraformStack, Testing } from "cdktf";
import { ForgottenResources } from "../../constructs/forgotten-resources";
import { WorkflowProject as Project } from "../support/workflow-project";

/** Resources by name; `terraform_data` is built into Terraform, so that no registry is needed. */
type Resources = Readonly<Record<string, { readonly input: unknown }>>;

/** A stack that forgets addresses by means of the construct. */
class ForgettingStack extends TerraformStack {
  readonly backend = new LocalBackend(this, { path: "terraform.tfstate" });
  readonly globex = new DataResource(this, "globex");
  readonly forgotten: ForgottenResources;

  constructor(addresses: readonly string[]) {
    super(Testing.stubVersion(new App({ stackTraces: false })), "metadata-dev");
    this.globex.addOverride("input", 1);
    this.forgotten = new ForgottenResources(this, "forgotten", addresses);
  }
}

function data(resources: Resources): object {
  return { resource: { terraform_data: resources } };
}

describe("plan.sh and apply.sh with a real Terraform", () => {
  test("apply the plans that were checked, the canary first", () => {
    const project = new Project();
    for (const name of ["metadata-prod-000", "metadata-prod-001"]) project.stack(name, data({ acme: { input: 1 } }));
    const stacks = "metadata-prod-000 metadata-prod-001";
    expect(project.script("plan.sh", "plans", stacks)).toMatchObject({ status: 0 });
    expect(project.planned("metadata-prod-001")).toEqual({ "terraform_data.acme": "create" });
    const applied = project.script("apply.sh", stacks);
    expect(applied.status).toBe(0);
    expect(applied.output.indexOf("No changes")).toBeLessThan(applied.output.indexOf("Apply metadata-prod-001"));
    expect(project.state("metadata-prod-000")).toEqual(["terraform_data.acme"]);
    expect(project.state("metadata-prod-001")).toEqual(["terraform_data.acme"]);
  });

  test("stop after a canary that does not settle", () => {
    const project = new Project();
    project.stack("canary", data({ acme: { input: "${timestamp()}" } }));
    project.stack("other", data({ acme: { input: 1 } }));
    project.script("plan.sh", "plans", "canary other");
    const applied = project.script("apply.sh", "canary other");
    expect(applied.status).toBe(1);
    expect(applied.output).toContain("canary still has changes after it was applied, so no other stack is.");
    expect(project.state("other")).toEqual([]);
  });

  test("refuse a plan whose state has moved on", () => {
    const project = new Project();
    project.stack("metadata-dev", data({ acme: { input: 1 } }));
    project.script("plan.sh", "plans", "metadata-dev");
    expect(project.script("apply.sh", "metadata-dev").status).toBe(0);
    const again = project.script("apply.sh", "metadata-dev");
    expect([again.status, again.output]).toEqual([1, expect.stringContaining("Saved plan is stale")]);
  });

  test("fail, and leave the error in the output, when a stack cannot be planned", () => {
    const project = new Project();
    project.stack("metadata-dev", data({ acme: { input: "${local.nothing}" } }));
    const { status, output } = project.script("plan.sh", "plans", "metadata-dev");
    expect([status, output]).toEqual([1, expect.stringContaining("Reference to undeclared local value")]);
  });
});

describe("a forgotten tenant with a real Terraform", () => {
  test("leaves the state and is not destroyed; the blocks may stay, and name what never was", () => {
    const project = new Project();
    project.stack("metadata-dev", data({ acme: { input: 1 }, acme__runs: { input: 2 }, globex: { input: 1 } }));
    project.script("plan.sh", "plans", "metadata-dev");
    project.script("apply.sh", "metadata-dev");
    expect(project.state("metadata-dev")).toHaveLength(3);

    const addresses = ["acme", "acme__runs", "acme__never_there"].map((name) => `terraform_data.${name}`);
    project.stack("metadata-dev", JSON.parse(Testing.synth(new ForgettingStack(addresses))) as object);
    expect(project.script("plan.sh", "plans", "metadata-dev").output).toContain("0 to destroy");
    expect(project.planned("metadata-dev")).toEqual({
      "terraform_data.acme": "forget",
      "terraform_data.acme__runs": "forget",
      "terraform_data.globex": "no-op",
    });
    expect(project.script("apply.sh", "metadata-dev").status).toBe(0);
    expect(project.state("metadata-dev")).toEqual(["terraform_data.globex"]);
    expect(project.script("plan.sh", "plans", "metadata-dev").output).toContain("No changes");
  });

  test("would be destroyed if it simply vanished, which is why validate refuses that", () => {
    const project = new Project();
    project.stack("metadata-dev", data({ acme: { input: 1 }, globex: { input: 1 } }));
    project.script("plan.sh", "plans", "metadata-dev");
    project.script("apply.sh", "metadata-dev");
    project.stack("metadata-dev", data({ globex: { input: 1 } }));
    project.script("plan.sh", "plans", "metadata-dev");
    expect(project.planned("metadata-dev")).toMatchObject({ "terraform_data.acme": "delete" });
  });
});
