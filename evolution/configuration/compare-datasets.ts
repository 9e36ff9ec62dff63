import { isDeepStrictEqual } from "node:util";
import { type Finding, finding } from "../catalogue/finding";
import { compareEncryption } from "../definitions/compare-encryption";

const MS_PER_DAY = 86_400_000;

/** What the comparison looks at of a dataset. A `DatasetResource` is comparable as it is. */
export interface ComparableDataset {
  readonly datasetReference: { readonly projectId: string; readonly datasetId: string };
  readonly location: string;
  readonly friendlyName?: string;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly defaultEncryptionConfiguration?: { readonly kmsKeyName: string };
  /** Decimal strings. */
  readonly defaultPartitionExpirationMs?: string;
  readonly defaultTableExpirationMs?: string;
  readonly maxTimeTravelHours?: string;
  /** Whether its tables, or the dataset's contents, are kept from being destroyed. */
  readonly deletionProtection?: boolean;
}

/** Says what Terraform and BigQuery do to a dataset and so to all of its tables. */
export function* compareDatasets(old: ComparableDataset, now: ComparableDataset): Generator<Finding> {
  yield* compareLocation(old, now);
  yield* compareRetention(old, now);
  const [wasProtected, isProtected] = [old.deletionProtection ?? true, now.deletionProtection ?? true];
  if (wasProtected !== isProtected) {
    yield finding(isProtected ? "protection-raised" : "protection-lowered", at("deletionProtection"));
  }
  yield* compareEncryption(
    old.defaultEncryptionConfiguration?.kmsKeyName,
    now.defaultEncryptionConfiguration?.kmsKeyName,
    at("defaultEncryptionConfiguration.kmsKeyName"),
    "dataset",
  );
  for (const attribute of ["description", "friendlyName"] as const) {
    if ((old[attribute] ?? "") === (now[attribute] ?? "")) continue;
    yield finding("description-changed", at(attribute), { of: "dataset", attribute });
  }
  if (!isDeepStrictEqual(old.labels ?? {}, now.labels ?? {})) yield finding("labels-changed", at("labels"));
}

function* compareLocation(old: ComparableDataset, now: ComparableDataset): Generator<Finding> {
  const places = [
    ["projectId", old.datasetReference.projectId, now.datasetReference.projectId],
    ["datasetId", old.datasetReference.datasetId, now.datasetReference.datasetId],
    // The provider suppresses a difference in letter case alone, so EU and eu are one place.
    ["location", old.location.toUpperCase(), now.location.toUpperCase()],
  ] as const;
  for (const [attribute, from, to] of places) {
    if (from === to) continue;
    yield finding("dataset-moved", at(attribute), {
      what: "the dataset with its tables and all their rows",
      comesBack: true,
      because: `${attribute} changes from ${from} to ${to}`,
      protection: "Where deletion protection is on, the provider refuses it at apply.",
    });
  }
}

function* compareRetention(old: ComparableDataset, now: ComparableDataset): Generator<Finding> {
  for (const attribute of ["defaultPartitionExpirationMs", "defaultTableExpirationMs", "maxTimeTravelHours"] as const) {
    const [from, to] = [limit(old, attribute), limit(now, attribute)];
    if (from === to) continue;
    const code = to < from ? "dataset-retention-lowered" : "dataset-retention-raised";
    yield finding(code, at(attribute), { attribute, from: shown(from, attribute), to: shown(to, attribute) });
  }
}

type Limit = "defaultPartitionExpirationMs" | "defaultTableExpirationMs" | "maxTimeTravelHours";

function limit(dataset: ComparableDataset, name: Limit): number {
  return Number(dataset[name] ?? 0) || (name === "maxTimeTravelHours" ? 168 : Infinity);
}

function shown(value: number, name: Limit): string {
  if (value === Infinity) return "none";
  return name === "maxTimeTravelHours" ? `${value} hours` : `${Number((value / MS_PER_DAY).toFixed(2))} days`;
}

function at(path: string) {
  return { table: "*", path };
}
