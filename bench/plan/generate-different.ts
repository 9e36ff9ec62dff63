import { closeSync, openSync, readFileSync, writeSync } from "node:fs";

/**
 * Writes a plan in the format of `terraform show -json` in which each tenant's table loses a column that no other tenant has,
 * so that no two changes can be told as one.
 *
 * @param definition - the table's definition.
 * @param tableId - the table's name.
 */
export function generateDifferent(file: string, tenants: number, definition: string, tableId: string): void {
  const { schema } = JSON.parse(readFileSync(definition, "utf8")) as { schema: { fields: unknown[] } };
  const output = openSync(file, "w");
  const write = (text: string) => writeSync(output, text);
  const writeEach = (one: (index: number) => unknown) => {
    for (let index = 0; index < tenants; index++) write(`${index === 0 ? "" : ","}${JSON.stringify(one(index))}`);
  };

  write('{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"resources":[');
  writeEach((index) => ({ ...resource(index), values: attributes(index, []) }));
  write(']}},"resource_changes":[');
  writeEach((index) => ({
    ...resource(index),
    change: {
      actions: ["update"],
      before: attributes(index, [{ name: `own_${index}`, type: "STRING", mode: "NULLABLE" }]),
      after: attributes(index, []),
      after_unknown: {},
      before_sensitive: {},
      after_sensitive: {},
    },
  }));
  write('],"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[');
  writeEach((index) => ({ ...resource(index), values: attributes(index, []) }));
  write(']}}},"configuration":{"root_module":{}},"applyable":true,"complete":true,"errored":false}\n');
  closeSync(output);

  function resource(index: number) {
    const type = "google_bigquery_table";
    const name = `tenant_${index}__${tableId}`;
    return { address: `${type}.${name}`, mode: "managed", type, name };
  }

  function attributes(index: number, more: readonly object[]) {
    return {
      table_id: tableId,
      dataset_id: `tenant_${index}_metadata`,
      project: "example-data-prod",
      schema: JSON.stringify([...schema.fields, ...more]),
      labels: { environment: "prod", tenant: `tenant_${index}`, managed_by: "tenant-metadata" },
      deletion_protection: true,
      clustering: [],
      time_partitioning: [],
    };
  }
}
