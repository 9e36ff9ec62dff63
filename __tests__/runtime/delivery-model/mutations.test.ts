import { readFileSync } from "node:fs";
import path from "node:path";
import { PROJECT } from "../../support/run";
import { MUTATIONS } from "./mutations";

test.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
  "what the mutation replaces is there, once: %s",
  (_, { file, text, by }) => {
    const parts = readFileSync(path.join(PROJECT, file), "utf8").split(text);
    expect(parts).toHaveLength(2);
    expect(by).not.toBe(text);
  },
);
