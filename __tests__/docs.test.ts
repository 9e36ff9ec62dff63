import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { PROJECT } from "./support/run";

const PAGES = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  ...readdirSync(path.join(PROJECT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => path.join("docs", file)),
];

function read(page: string): string {
  return readFileSync(path.join(PROJECT, page), "utf8");
}

/** Anchors of a page's headings, as GitHub makes them. */
function anchors(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test.each(PAGES)("every link and picture of %s leads somewhere", (page) => {
  const broken = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(
    ([link, file = "", anchor]) => {
      const target = file === "" ? page : path.join(path.dirname(page), file);
      if (!existsSync(path.join(PROJECT, target))) return [link];
      return anchor === undefined || anchors(target).includes(anchor) ? [] : [link];
    },
  );
  expect(broken).toEqual([]);
});

test("every decision is listed with its title, date and status", () => {
  const folder = path.join(PROJECT, "docs", "decisions");
  const records = readdirSync(folder).filter((file) => /^\d{4}-/.test(file));
  const listed = [
    ...read("docs/decisions/README.md").matchAll(/^\| \[(\d{4})\]\((\S+)\) +\| (.+?) +\| (\S+) +\| (.+?) +\|$/gm),
  ];
  expect(listed.map(([, number, file, title, date]) => ({ file, heading: `# ${number} ${title}`, date }))).toEqual(
    records.map((file) => {
      const [heading = "", , dated = ""] = readFileSync(path.join(folder, file), "utf8").split("\n");
      return { file, heading: heading.replaceAll("`", ""), date: dated.slice(0, 10) };
    }),
  );
  const statuses = listed.map(([, , , , , status]) => status);
  expect(
    statuses.filter((status) => !/^(in force|in part replaced by \d{4}|replaced by \d{4})/.test(status ?? "")),
  ).toEqual([]);
});

test("every test that the guarantees name is there", () => {
  const { guaranteedTests } = require("./support/guarantees.js") as {
    guaranteedTests: () => readonly {
      readonly name: string;
      readonly title: string;
      readonly files: readonly string[];
    }[];
  };
  const tests = guaranteedTests();
  expect(tests.length).toBeGreaterThan(50);
  expect(tests.filter(({ files, title }) => !files.some((file) => readFileSync(file, "utf8").includes(title)))).toEqual(
    [],
  );
});
