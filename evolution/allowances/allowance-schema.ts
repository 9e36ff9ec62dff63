import { z } from "zod";
import { AllowanceFile } from "./allowance-format";

/** The JSON Schema that editors use for allowances, as text. */
export function allowanceSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(AllowanceFile, { target: "draft-7", io: "input" });
  const title = "Allowance: allowances/<any name>.json";
  return `${JSON.stringify({ $schema, title, ...schema }, null, 2)}\n`;
}
