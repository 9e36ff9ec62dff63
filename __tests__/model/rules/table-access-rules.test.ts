import { loadConfig } from "../../../model/load-config";
import { tableGrants } from "../../../model/grants";
import { configFolder, VALID } from "../../support/config-folder";
import { problemsOf } from "../../support/config-problems";
import { fullTenant } from "../../support/resolved";

const KEYS = { schema: { fields: [{ name: "api_key_id", type: "STRING", mode: "REQUIRED" }] } };
const SECRET = { ...KEYS, access: "keyAdmins" };

test.each([
  ["api_keys itself", { "metadata/schemas/api_keys.json": KEYS }],
  ["api_keys, said on purpose", { "metadata/schemas/api_keys.json": { ...KEYS, access: "tenant" } }],
  ["a version of api_keys", { "metadata/schemas/api_keys_v2.json": KEYS }],
  [
    "a version of another table of key admins",
    { "metadata/schemas/tokens.json": SECRET, "metadata/schemas/tokens_v3.json": KEYS },
  ],
  [
    "a table whose next version is for key admins",
    { "metadata/schemas/tokens.json": KEYS, "metadata/schemas/tokens_v2.json": SECRET },
  ],
])("%s is not for readers and writers", (_, files) => {
  expect(problemsOf(files)).toMatch(/and readers and writers would get access to it[^]*"access": "keyAdmins"/);
});

test("access decides who gets a grant, whatever the table is called", () => {
  const { definitions } = loadConfig(
    configFolder({ ...VALID, "metadata/schemas/api_keys.json": SECRET, "metadata/schemas/tokens.json": SECRET }),
  );
  const grants = definitions.map((table) => [
    table.tableId,
    tableGrants(fullTenant(), table).map(({ access }) => access),
  ]);
  expect(Object.fromEntries(grants)).toEqual({
    api_keys: ["key_admin"],
    runs: ["reader", "writer"],
    tokens: ["key_admin"],
  });
});
