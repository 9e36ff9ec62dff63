import { tenantAddresses } from "../../model/addresses";
import { loadConfig } from "../../model/load-config";
import { assignStacks } from "../../model/resolve";
import { configFolder, type Files, VALID } from "../support/config-folder";
import { problemsOf } from "../support/config-problems";

const READERS = ["group:readers@example.com"];

/** A tenant that leaves dev in the given step. */
function leaving(step: string, change: object = {}): Files {
  return {
    "offboarding/left.json": {
      displayName: "Left",
      environments: { dev: { step, overrides: { readers: READERS } } },
      ...change,
    },
  };
}

/** A tenant whose name would give the dataset of another one. */
function record(step: string): Files {
  return { "offboarding/acme_x.json": { displayName: "Acme X", environments: { dev: { step } } } };
}

function ids(list: readonly { readonly tenantId: string }[] = []): readonly string[] {
  return list.map(({ tenantId }) => tenantId);
}

function leavingFrom(step: string) {
  const { environments, tenants, offboarded } = loadConfig(configFolder({ ...VALID, ...leaving(step) }));
  const [assignment] = environments.flatMap((environment) => assignStacks(environment, tenants, offboarded));
  return { assignment, tenants: ids(assignment?.tenants), forgotten: ids(assignment?.forgotten) };
}

describe("a tenant that leaves an environment", () => {
  test("is forgotten by its stack", () => {
    const { assignment, tenants, forgotten } = leavingFrom("forget");
    expect([tenants, forgotten]).toEqual([["acme"], ["left"]]);
    expect(
      assignment?.forgotten?.flatMap((tenant) =>
        tenantAddresses(tenant, [{ tableId: "runs" }, { tableId: "api_keys", access: "keyAdmins" }]),
      ),
    ).toEqual([
      "google_bigquery_dataset.left",
      "google_bigquery_table.left__runs",
      "google_bigquery_table.left__api_keys",
      "google_bigquery_table_iam_member.left__runs__reader__group_readers_example_com_12e0a60f",
    ]);
  });

  test("stays in its stack without protection, before it is deleted", () => {
    const { assignment, tenants, forgotten } = leavingFrom("unprotect");
    expect([tenants, forgotten]).toEqual([["acme", "left"], []]);
    expect(assignment?.tenants.map(({ deletionProtection }) => deletionProtection)).toEqual([true, false]);
    expect(assignment?.tenants[1]?.readers).toEqual(READERS);
  });

  test("is gone from its stack when it is deleted", () => {
    const { tenants, forgotten } = leavingFrom("delete");
    expect([tenants, forgotten]).toEqual([["acme"], []]);
  });
});

describe("the record of a leaving tenant", () => {
  test.each<[string, Files]>([
    ["a step that there is not", leaving("drop")],
    ["an environment that there is not", leaving("", { environments: { dve: { step: "forget" } } })],
    ["a broken override", leaving("", { environments: { dev: { step: "forget", overrides: { shard: 3 } } } })],
    [
      "a tenant that exists there all the same",
      { "offboarding/acme.json": { displayName: "Acme", environments: { dev: { step: "forget" } } } },
    ],
  ])("is refused with %s", (_, files) => {
    expect(problemsOf(files)).toMatchSnapshot();
  });

  test("keeps its dataset from being taken by another tenant, until it is deleted", () => {
    const shared: Files = {
      "environments/dev.json": {
        ...(VALID["environments/dev.json"] as object),
        datasetIdTemplate: "{tenantId}_{environment}",
      },
      "environments/dev-x.json": {
        ...(VALID["environments/dev.json"] as object),
        datasetIdTemplate: "{tenantId}_x_dev",
      },
      "tenants/acme.json": { displayName: "Acme", environments: { "dev-x": {} } },
    };
    expect(problemsOf({ ...shared, ...record("forget") })).toContain(
      "The dataset example-dev.acme_x_dev belongs to tenant acme_x in dev already",
    );
    expect(() => loadConfig(configFolder({ ...VALID, ...shared, ...record("delete") }))).not.toThrow();
  });
});
