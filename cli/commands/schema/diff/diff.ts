import { compareConfigurations } from "../../../../evolution/configuration/compare-configurations";
import { compareDefinitions } from "../../../../evolution/definitions/compare-definitions";
import type { CliContext } from "../../../context";
import { printFindings, withoutAllowances } from "../../../report/findings/print-findings";
import { definitionsOf, readSides } from "../read-definitions";

/** Compares two definition files, folders of them or whole configuration folders, and prints what the change will do. */
export function schemaDiff(
  context: CliContext,
  oldPath: string,
  newPath: string,
  format: { readonly json?: boolean; readonly markdown?: boolean },
): void {
  const [old, now] = readSides(oldPath, newPath);
  const findings =
    old.kind === "config" && now.kind === "config"
      ? compareConfigurations(old.config, now.config)
      : compareDefinitions(definitionsOf(old), definitionsOf(now));
  printFindings(context, withoutAllowances(findings), { ...format, title: "Schema changes" });
}
