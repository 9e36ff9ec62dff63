import { build, type Metafile } from "esbuild";

let inputs: Metafile["inputs"];
beforeAll(async () => {
  const { metafile } = await build({
    entryPoints: ["runtime/index.ts"],
    bundle: true,
    packages: "external",
    platform: "node",
    metafile: true,
    write: false,
  });
  inputs = metafile.inputs;
});

/** Packages that some of our files import, in order. */
function packagesOf(files: readonly string[], isMeant: (kind: string) => boolean): readonly string[] {
  const imported = files.flatMap((file) => inputs[file]?.imports ?? []);
  const packages = imported.filter(({ external, kind }) => external === true && isMeant(kind)).map(({ path }) => path);
  return [...new Set(packages)].filter((name) => !name.startsWith("node:")).sort();
}

test("a pipeline that imports the runtime loads no cdktf", () => {
  expect(packagesOf(Object.keys(inputs), () => true)).toEqual([
    "@google-cloud/bigquery-storage",
    "@grpc/grpc-js",
    "cockatiel/dist/backoff/ExponentialBackoff",
    "fastest-levenshtein",
    "google-auth-library",
    "jsonc-parser",
    "zod",
  ]);
  expect(Object.keys(inputs).filter((file) => !/^(runtime|bigquery|model)\//.test(file))).toEqual([]);
});

const isAtOnce = (kind: string) => kind === "import-statement";

test("importing the runtime alone loads neither zod nor a client of BigQuery", () => {
  const atOnce = new Set(["runtime/index.ts"]);
  for (const file of atOnce) {
    for (const { path, kind, external } of inputs[file]?.imports ?? []) {
      if (isAtOnce(kind) && external !== true) atOnce.add(path);
    }
  }
  expect(atOnce.size).toBeGreaterThan(50);
  expect(packagesOf([...atOnce], isAtOnce)).toEqual([
    "cockatiel/dist/backoff/ExponentialBackoff",
    "fastest-levenshtein",
  ]);
});
