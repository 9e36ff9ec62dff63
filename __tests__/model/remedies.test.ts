import type { Files } from "../support/config-folder";
import { acme, dev, problemsOf, runs } from "../support/config-problems";

describe("a key that has nothing to say", () => {
  test.each<[string, Files]>([
    ["kmsKeyName", dev({ kmsKeyName: null })],
    ["partitionExpirationDays", dev({ partitionExpirationDays: null })],
    ["labels", dev({ labels: null })],
    ["readers", acme({ readers: null })],
    ["deletionProtection", dev({ deletionProtection: null })],
    ["prefix", dev({ backend: { type: "gcs", bucket: "example-state", prefix: null } })],
    ["description", runs({ description: null })],
    ["clustering", runs({ clustering: null })],
    ["clustering", runs({ clustering: {} })],
    ["timePartitioning", runs({ timePartitioning: {} })],
    ["tableConstraints", runs({ tableConstraints: {} })],
    ["primaryKey", runs({ tableConstraints: { primaryKey: {} } })],
    ["foreignKeys", runs({ tableConstraints: { foreignKeys: [] } })],
    ["mode", runs({ schema: { fields: [{ name: "a", type: "STRING", mode: null }] } })],
    ["mode", runs({ schema: { fields: [{ name: "a", type: "STRING", mode: "" }] } })],
    ["fields", runs({ schema: { fields: [{ name: "a", type: "RECORD", fields: [] }] } })],
    ["policyTags", runs({ schema: { fields: [{ name: "a", type: "STRING", policyTags: {} }] } })],
    ["policyTags", runs({ schema: { fields: [{ name: "a", type: "STRING", policyTags: null }] } })],
    ["allowedValues", runs({ schema: { fields: [{ name: "a", type: "STRING", allowedValues: [] }] } })],
    [
      "defaultValueExpression",
      runs({ schema: { fields: [{ name: "a", type: "STRING", defaultValueExpression: "" }] } }),
    ],
  ])("is to be left out where it may be: %s", (key, files) => {
    expect(problemsOf(files)).toMatch(new RegExp(`[Ll]eave \`${key}\` out`));
  });

  test.each<Files>([dev({ projectId: null }), runs({ clustering: { fields: null } })])(
    "needs a value where it may not",
    (files) => {
      expect(problemsOf(files)).toContain("Give it a value");
    },
  );

  test("is named once more where there is no way around it", () => {
    expect(problemsOf(dev({ backend: {} }))).not.toContain("out");
    expect(problemsOf(dev({ location: "" }))).not.toContain("Leave");
  });
});

test("what is very long is cut, and very many problems are told in one go", () => {
  const long = "x".repeat(100_000);
  expect(
    problemsOf(dev({ [long]: 1, projectId: long, readers: [long], endpoint: long, location: long })).length,
  ).toBeLessThan(5000);
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, null]));
  expect(problemsOf(dev(many))).toContain("20000 problems");
});
