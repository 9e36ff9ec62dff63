import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The `@example` of one public class or function. */
export interface Example {
  /** The class or function, e.g. `synthesizeStacks`. */
  readonly name: string;
  /** TypeScript, a whole module. */
  readonly code: string;
}

const DOCUMENTED =
  /\/\*\*(?<comment>(?:(?!\*\/)[^])*)\*\/\s*export declare (?:abstract )?(?:class|function) (?<name>\w+)/g;

/** Every example in the declarations below `folder`. */
export function examplesIn(folder: string): readonly Example[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".d.ts"))
    .sort()
    .flatMap((file) => [...readFileSync(path.join(folder, file), "utf8").matchAll(DOCUMENTED)])
    .flatMap(({ groups: { comment = "", name = "" } = {} }) => {
      const code = /@example\s[\s*]*```ts\n(?<code>[^]*?)```/.exec(comment)?.groups?.["code"];
      return code === undefined ? [] : [{ name, code: code.replaceAll(/^ *\* ?/gm, "") }];
    });
}
