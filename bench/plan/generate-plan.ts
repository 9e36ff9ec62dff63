import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";

/**
 * Writes a plan in the format of `terraform show -json`, of about `megabytes`: nothing to do but for one dropped column at the
 * end, so that the whole must be read to find it.
 *
 * @param definitionsFrom - folder of table definitions that every tenant gets.
 * @returns the number of resources.
 */
export function generatePlan(file: string, megabytes: number, definitionsFrom: string): number {
  const tables = readdirSync(definitionsFrom).map((name) => {
    const { schema } = JSON.parse(readFileSync(path.join(definitionsFrom, name), "utf8")) as {
      schema: { fields: unknown[] };
    };
    return { tableId: path.basename(name, ".json"), fields: schema.fields };
  });
  const size = megabytes * 1_000_000;
  const output = openSync(file, "w");
  let written = 0;
  const write = (text: string) => (written += writeSync(output, text));
  /** Writes resources, with commas between them, until the file has `upTo` bytes; gives their number. */
  const writeResources = (upTo: number) => {
    let count = 0;
    for (let total = 0; total < upTo; count++) {
      total = write(`${count === 0 ? "" : ","}${JSON.stringify(resource(count))}`);
    }
    return count;
  };

  // More than half of a real plan is the planned values and the prior state, which a check reads past.
  write('{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"resources":[');
  const count = writeResources(size * 0.3);
  write(']}},"resource_changes":[');
  for (let index = 0; index < count; index++) write(`${JSON.stringify(change(index, "no-op"))},`);
  write(JSON.stringify(change(count, "update")));
  write('],"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[');
  writeResources(size);
  write(']}}},"configuration":{"root_module":{}},"applyable":true,"complete":true,"errored":false}\n');
  closeSync(output);
  return count + 1;

  function resource(index: number) {
    const { tableId } = tables[index % tables.length] ?? { tableId: "" };
    const tenant = `tenant_${Math.floor(index / tables.length)}`;
    const type = "google_bigquery_table";
    const name = `${tenant}__${tableId}`;
    return { address: `${type}.${name}`, mode: "managed", type, name, values: attributes(index, 0) };
  }

  function change(index: number, action: string) {
    const { values: before, ...rest } = resource(index);
    const after = attributes(index, action === "update" ? 1 : 0);
    return {
      ...rest,
      change: { actions: [action], before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {} },
    };
  }

  function attributes(index: number, dropped: number) {
    const { tableId, fields } = tables[index % tables.length] ?? { tableId: "", fields: [] };
    const tenant = `tenant_${Math.floor(index / tables.length)}`;
    return {
      table_id: tableId,
      dataset_id: `${tenant}_metadata`,
      project: "example-data-prod",
      schema: JSON.stringify(fields.slice(0, fields.length - dropped)),
      labels: { environment: "prod", tenant, managed_by: "tenant-metadata" },
      deletion_protection: true,
      clustering: [],
      time_partitioning: [],
    };
  }
}
