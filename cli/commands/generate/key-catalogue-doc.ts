import { KEY_CATALOGUE } from "../../../evolution/configuration/keys/key-catalogue";
import type { Inside, KeyEffects, Verdict } from "../../../evolution/configuration/keys/key-effects";
import { withSection } from "./marked-section";

/** The page on configuration with its table of what a change of each key does. */
export function configurationDoc(file: string): string {
  return withSection(
    file,
    "keys",
    Object.entries(KEY_CATALOGUE)
      .map(([name, keys]) => fileTable(name, keys))
      .join("\n"),
  );
}

function fileTable(name: string, keys: Readonly<Record<string, KeyEffects | Inside>>): string {
  const rows = Object.entries(keys).map(([key, effects]) => {
    const cells =
      "inside" in effects
        ? [`told by its ${effects.inside}, key by key`, "", ""]
        : [cell(effects.added), cell(effects.changed), cell(effects.removed)];
    return `| \`${key}\` | ${cells.join(" | ")} |\n`;
  });
  return `#### \`${name}\`\n\n| Key | Added | Changed | Removed |\n| --- | --- | --- | --- |\n${rows.join("")}`;
}

function cell(verdict: Verdict): string {
  return "nothing" in verdict ? `nothing: ${verdict.nothing}` : verdict.map((code) => `\`${code}\``).join(", ");
}
