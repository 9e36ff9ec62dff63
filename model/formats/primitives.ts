import { z } from "zod";
import { LOOPBACK_ALLOWED, loopbackUrl } from "../loopback";
import { PRINCIPAL_ALLOWED, principalProblem } from "../principal";

/** What a pattern means to a person: the allowed values and how to get there. */
export interface PatternHint {
  readonly allowed: string;
  readonly remedy: string;
}

const hints = new Map<string, PatternHint>();

/** A string that matches `regex`; `hint` explains the pattern in errors, where a regular expression would not. */
export function pattern(regex: RegExp, hint: PatternHint): z.ZodString {
  hints.set(regex.toString(), hint);
  return z.string().regex(regex, { abort: true });
}

/** What a check of ours says of a value that it refuses, as zod carries it. */
export interface Refusal extends PatternHint {
  /** @default "The value is not well-formed" */
  readonly message?: string;
  /** @default true */
  readonly showsReceived?: boolean;
}

/** A check for what a pattern cannot say; `refuse` explains what is wrong with a value, if anything is. */
export function checked<T>(refuse: (value: T) => Refusal | undefined): (context: z.core.ParsePayload<T>) => void {
  return ({ value, issues }) => {
    const refusal = refuse(value);
    if (refusal === undefined) return;
    issues.push({
      code: "custom",
      input: value,
      message: refusal.message ?? "The value is not well-formed",
      params: refusal,
    });
  };
}

/** The explanation of a pattern made in this file, as zod reports the pattern. */
export function patternHint(regex: string): PatternHint | undefined {
  return hints.get(regex);
}

/** The key that points an editor to the JSON Schema; it is not read otherwise. */
export const SchemaReference = z
  .string()
  .max(1024)
  .describe("Path of the JSON Schema that editors use for completion and checks. Not read otherwise.");

export const TenantId = pattern(/^(?=.{2,63}$)[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/, {
  allowed: "2 to 63 of a-z, 0-9 and _, starting with a letter, without __ and without _ at the end",
  remedy: "Rename the tenant, for example acme_retail",
}).describe("Tenant id; part of the dataset id and of Terraform's state addresses.");

export const TableId = pattern(/^(?=.{1,63}$)[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/, {
  allowed: "1 to 63 of a-z, 0-9 and _, starting with a letter, without __ and without _ at the end",
  remedy: "Rename the table, for example step_logs",
}).describe("Table id; the name of the definition file.");

export const EnvironmentName = pattern(/^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/, {
  allowed: "1 to 32 of a-z, 0-9 and -, starting with a letter, not ending with -",
  remedy: "Rename the environment, for example dev",
}).describe("Environment name; part of the stack name.");

export const ProjectId = pattern(/^(?:[a-z0-9.-]{4,63}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, {
  allowed: "a Google Cloud project id: 6 to 30 of a-z, 0-9 and -, starting with a letter, not ending with -",
  remedy: "Use the project id, not its number or display name",
}).describe("Google Cloud project that holds the datasets.");

export const Location = pattern(/^(?:US|EU|us|eu|[a-z]{2,24}(?:-[a-z]{2,24}){0,3}-?\d{1,2})$/, {
  allowed: 'a BigQuery location, for example "EU", "US" or "europe-west3"',
  remedy: "See https://cloud.google.com/bigquery/docs/locations",
}).describe("BigQuery location of the dataset: a multi-region (EU, US) or a region (europe-west3).");

/** @see https://docs.cloud.google.com/bigquery/docs/labels-intro#requirements */
const withinLabelBytes = checked<string>((text) =>
  Buffer.byteLength(text) <= 128 ? undefined : { allowed: "at most 128 bytes in UTF-8", remedy: "Shorten it" },
);

export const LabelKey = pattern(/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u, {
  allowed: "at most 63 of lower-case letters, digits, _ and -, starting with a letter",
  remedy: "Shorten or rename the label key",
}).check(withinLabelBytes);

export const LabelValue = pattern(/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u, {
  allowed: "at most 63 of lower-case letters, digits, _ and -",
  remedy: "Shorten the label value, or spell it in lower case",
}).check(withinLabelBytes);

export const Labels = z.record(LabelKey, LabelValue).describe("Labels: at most 64 with the ones set by this package.");

const IamMember = z
  .string()
  .check(
    checked((member) => {
      const problem = principalProblem(member);
      return problem && { allowed: PRINCIPAL_ALLOWED, ...problem };
    }),
  )
  .describe("IAM member, for example group:data-readers@example.com.");

/** A policy names 1,500 principals at most. @see https://docs.cloud.google.com/iam/quotas#limits */
export const IamMembers = z.array(IamMember).max(1500);

export const MemberDomain = pattern(/^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,32}[a-z]{2,63}$/, {
  allowed: "a domain in lower case, for example example.com",
  remedy: "Write the part of the address behind @",
});

export const KmsKeyName = pattern(
  /^projects\/[a-z0-9][a-z0-9.:-]{0,93}\/locations\/[a-z0-9-]{1,63}\/keyRings\/[\w-]{1,63}\/cryptoKeys\/[\w-]{1,63}$/,
  {
    allowed: "projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>, without a version",
    remedy: "Copy the key's resource name from Cloud KMS",
  },
).describe("Cloud KMS key that encrypts dataset and tables; it must lie in the dataset's location.");

export const PartitionExpirationDays = z
  .int()
  .min(1)
  .max(36_500)
  .describe("Days after which BigQuery deletes a partition, 1 to 36500. Absent: partitions are kept.");

export const ExpirationMs = pattern(/^[1-9]\d{0,14}$/, {
  allowed:
    'milliseconds as a decimal string, as BigQuery\'s REST API spells them, for example "2592000000" for 30 days',
  remedy: "Multiply days by 86400000 and put the result in quotes",
}).describe("Milliseconds after which a partition is deleted; wins over partitionExpirationDays.");

export const Endpoint = z
  .string()
  .check(
    checked((text) =>
      loopbackUrl(text) === undefined
        ? {
            message: "An endpoint is for an emulator on this machine",
            allowed: LOOPBACK_ALLOWED,
            remedy: "Leave out path and credentials; remove the key for the real service",
            showsReceived: !text.includes("@"),
          }
        : undefined,
    ),
  )
  .transform((text) => loopbackUrl(text)?.origin ?? text)
  .describe("URL of a BigQuery emulator on this machine. Absent: the real service.");

/** Bucket names follow https://cloud.google.com/storage/docs/buckets#naming. */
export const BucketName = pattern(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, {
  allowed: "a Cloud Storage bucket name: 3 to 222 of a-z, 0-9, ., _ and -",
  remedy: "Use the bare name, without gs://",
});

export const StatePrefix = pattern(/^[A-Za-z0-9][\w./-]{0,499}$/, {
  allowed: "a path of at most 500 letters, digits, _, ., - and /",
  remedy: "Leave out leading slashes and spaces",
});

export const DatasetIdTemplate = pattern(
  /^(?:[A-Za-z0-9_]|\{environment\})*\{tenantId\}(?:[A-Za-z0-9_]|\{environment\}|\{tenantId\})*$/,
  {
    allowed: "letters, digits and _ around {tenantId}, optionally with {environment}",
    remedy: "Write for example {tenantId}_metadata",
  },
)
  .max(1024)
  .describe("Dataset id of a tenant; {tenantId} and {environment} are replaced.");

export const Shard = z.int().min(0).max(999).describe("Shard whose stack holds the tenant, from 0.");
