import { z } from "zod";
import { EnvironmentName, pattern, SchemaReference } from "../../model/formats/primitives";
import { ALLOWABLE_CODES } from "../catalogue/codes";

/** Most days that an allowance may reach ahead: it is for one deployment, not for good. */
export const MAX_ALLOWANCE_DAYS = 30;

const TenantOrAll = pattern(/^(?:\*|[a-z][a-z0-9]*(?:_[a-z0-9]+)*)$/, {
  allowed: "a tenant id, or * for all tenants of the environment",
  remedy: "Name the tenant as its file does, without .json",
}).describe("Tenant id; * for all tenants of the environment.");

const TableOrDataset = pattern(
  /^(?:\*|[A-Za-z0-9_]+|(?=.{1,500}$)[a-z][\w-]*(?:\[[^\]]*\])?(?:\.[\w-]+(?:\[[^\]]*\])?)+)$/,
  {
    allowed: "a table id, * for findings about a whole dataset, or the state address of what is neither",
    remedy: "Copy the table from the finding",
  },
).describe("Table id; * for findings about a whole dataset; the state address of what is neither, such as a key.");

const Day = pattern(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, {
  allowed: "a date, for example 2026-01-31",
  remedy: "Write year, month and day with - between them",
}).describe(`Last day the allowance holds, in UTC, at most ${MAX_ALLOWANCE_DAYS} days ahead: 2026-01-31.`);

/** Body of `allowances/<any name>.json`: one destructive change that may pass, once, soon, for a stated reason. */
export const AllowanceFile = z.strictObject({
  $schema: SchemaReference.exactOptional(),
  code: z.enum(ALLOWABLE_CODES).describe("Code of the finding, see docs/schema-evolution.md."),
  environment: EnvironmentName,
  tenant: TenantOrAll,
  table: TableOrDataset,
  reason: z.string().min(10).max(500).describe("Why the loss is wanted, for the reviewer: at least 10 characters."),
  expires: Day,
});
