import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Sources } from "./rules";

/** Reads the sources that the command is made of, and what else could use them. */
export function readSources(root: string): Sources {
  const files = ["main.ts", "cli", "bench", "scripts"].flatMap((entry) =>
    entry.endsWith(".ts")
      ? [entry]
      : readdirSync(path.join(root, entry), { recursive: true, encoding: "utf8" })
          .filter((file) => file.endsWith(".ts"))
          .map((file) => `${entry}/${file.split(path.sep).join("/")}`),
  );
  return new Map(files.sort().map((file) => [file, readFileSync(path.join(root, file), "utf8")]));
}
