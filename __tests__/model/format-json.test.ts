import { spawnSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { formatJson } from "../../model/format-json";
import { temporaryFolder } from "../support/config-folder";
import { PROJECT } from "../support/run";

test("puts short lists on one line and long ones on several", () => {
  const members = ["group:data-engineers@example.com", "group:auditors@example.com", "user:someone@example.com"];
  expect(formatJson({ none: {}, empty: [], short: ["a", "b"], long: [...members, ...members], left: undefined }))
    .toMatchInlineSnapshot(`
    "{
      "none": {},
      "empty": [],
      "short": ["a", "b"],
      "long": [
        "group:data-engineers@example.com",
        "group:auditors@example.com",
        "user:someone@example.com",
        "group:data-engineers@example.com",
        "group:auditors@example.com",
        "user:someone@example.com"
      ]
    }
    "
  `);
});

test("parses back equal", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      expect(JSON.parse(formatJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("needs no change by the repository's formatter, at every length about the limit", () => {
  const folder = temporaryFolder();
  cpSync(path.join(PROJECT, ".oxfmtrc.json"), path.join(folder, ".oxfmtrc.json"));
  for (let length = 60; length < 110; length++) {
    const value = {
      displayName: 'Köln "Süd"',
      readers: ["group:a@example.com", "x".repeat(length)],
      labels: { a: "b" },
    };
    writeFileSync(path.join(folder, `${length}.json`), formatJson({ environments: { dev: value }, last: value }));
  }
  const oxfmt = path.join(PROJECT, "node_modules", ".bin", "oxfmt");
  const { status, stdout, stderr } = spawnSync(oxfmt, ["--check"], { cwd: folder, encoding: "utf8" });
  expect({ status, problems: status === 0 ? "" : stdout + stderr }).toEqual({ status: 0, problems: "" });
});
