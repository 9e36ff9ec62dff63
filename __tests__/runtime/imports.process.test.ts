import { build } from "esbuild";

test("a pipeline that imports the runtime loads no cdktf", async () => {
  const { metafile } = await build({
    entryPoints: ["runtime/index.ts"],
    bundle: true,
    packages: "external",
    platform: "node",
    metafile: true,
    write: false,
  });
  const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports);
  const packages = [...new Set(imported.filter(({ external }) => external).map(({ path }) => path))];
  expect(packages.filter((name) => !name.startsWith("node:")).sort()).toEqual([
    "@google-cloud/bigquery-storage",
    "@grpc/grpc-js",
    "cockatiel/dist/backoff/ExponentialBackoff",
    "fastest-levenshtein",
    "google-auth-library",
    "jsonc-parser",
    "zod",
  ]);
  expect(Object.keys(metafile.inputs).filter((file) => !/^(runtime|bigquery|model)\//.test(file))).toEqual([]);
});
