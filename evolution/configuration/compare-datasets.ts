import { isDeepStrictEqual } from "node:util";
import { type Finding, finding } from "../catalogue/finding";

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
export function compareDatasets(old: ComparableDataset, now: ComparableDataset): readonly Finding[] {
  return [
    ...comparePlace(old, now),
    ...compareRetention(old, now),
    ...compareProtection(old, now),
    ...compareRest(old, now),
  ];
}

function comparePlace(old: ComparableDataset, now: ComparableDataset): readonly Finding[] {
  const changes = [
    ["projectId", old.datasetReference.projectId, now.datasetReference.projectId],
    ["datasetId", old.datasetReference.datasetId, now.datasetReference.datasetId],
    // The provider suppresses a difference in letter case alone, so EU and eu are one place.
    ["location", old.location.toUpperCase(), now.location.toUpperCase()],
  ] as const;
  return changes.flatMap(([path, from, to]) =>
    from === to
      ? []
      : [
          finding("dataset-moved", {
            table: "*",
            path,
            message: `Terraform replaces the dataset for the change of ${path} from ${from} to ${to}: all rows of all its tables are lost.`,
            remedy:
              "Keep it as it is, or create a new tenant beside it and copy the tables (BigQuery Data Transfer, dataset copy).",
          }),
        ],
  );
}

function compareRetention(old: ComparableDataset, now: ComparableDataset): readonly Finding[] {
  const limits = ["defaultPartitionExpirationMs", "defaultTableExpirationMs", "maxTimeTravelHours"] as const;
  return limits.flatMap((path) => {
    const [from, to] = [limit(old, path), limit(now, path)];
    if (from === to) return [];
    return [
      finding(to < from ? "dataset-retention-lowered" : "dataset-retention-raised", {
        table: "*",
        path,
        message: `Terraform changes ${path} in place from ${shown(from, path)} to ${shown(to, path)}; tables already there keep their own expiration.`,
        remedy: to < from ? "Export what must be kept, then allow the change." : "Nothing to do.",
      }),
    ];
  });
}

function limit(
  dataset: ComparableDataset,
  name: "defaultPartitionExpirationMs" | "defaultTableExpirationMs" | "maxTimeTravelHours",
): number {
  return Number(dataset[name] ?? 0) || (name === "maxTimeTravelHours" ? 168 : Infinity);
}

function shown(value: number, path: string): string {
  if (value === Infinity) return "none";
  return path === "maxTimeTravelHours" ? `${value} hours` : `${Number((value / MS_PER_DAY).toFixed(2))} days`;
}

function compareProtection(old: ComparableDataset, now: ComparableDataset): readonly Finding[] {
  const [before, after] = [old.deletionProtection ?? true, now.deletionProtection ?? true];
  if (before === after) return [];
  return [
    finding(after ? "protection-raised" : "protection-lowered", {
      table: "*",
      path: "deletionProtection",
      message: after
        ? "Terraform turns deletion protection on."
        : "Terraform turns deletion protection off: a later plan may destroy the rows.",
      remedy: after ? "Nothing to do." : "Turn it off only to destroy on purpose, and on again after it.",
    }),
  ];
}

function compareRest(old: ComparableDataset, now: ComparableDataset): readonly Finding[] {
  const place = { table: "*", remedy: "Nothing to do." };
  const [oldKey, newKey] = [old, now].map((dataset) => dataset.defaultEncryptionConfiguration?.kmsKeyName);
  return [
    ...(oldKey === newKey
      ? []
      : [
          finding("encryption-key-changed", {
            ...place,
            path: "defaultEncryptionConfiguration.kmsKeyName",
            message: "Terraform changes the dataset's default key in place; it holds for tables made from now on.",
          }),
        ]),
    ...(["description", "friendlyName"] as const).flatMap((path) =>
      (old[path] ?? "") === (now[path] ?? "")
        ? []
        : [
            finding("description-changed", {
              ...place,
              path,
              message: `Terraform changes the dataset's ${path} in place.`,
            }),
          ],
    ),
    ...(isDeepStrictEqual(old.labels ?? {}, now.labels ?? {})
      ? []
      : [finding("labels-changed", { ...place, path: "labels", message: "Terraform changes labels in place." })]),
  ];
}
