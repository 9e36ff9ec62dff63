import { status } from "@grpc/grpc-js";
import { datasetResource, tableResource } from "../../model/resources";
import { tenantOf } from "../../runtime/logger/context";
import { MetadataInitializer } from "../../runtime/tables/metadata-initializer";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import { definitions, emulator, newTenantContext, sameTenant, select, stepRow } from "./support/contexts";
import { GrpcFaultProxy } from "./support/grpc-fault-proxy";

const TABLES = ["api_keys", "dq_results", "pipeline_runs", "step_logs"];

describe("MetadataInitializer.ensureTenant", () => {
  test("creates the dataset and all tables, field for field as Terraform would", async () => {
    const { context, tenantId } = newTenantContext();
    const result = await new MetadataInitializer(context).ensureTenant(tenantId);
    expect(result).toEqual({ datasetCreated: true, tablesCreated: TABLES, differences: [] });

    const tenant = tenantOf(context, tenantId);
    const path = `/projects/${tenant.projectId}/datasets/${tenant.datasetId}`;
    const { rest } = context.connection;
    const dataset = datasetResource(tenant);
    await expect(rest.get(path)).resolves.toMatchObject({ location: dataset.location, labels: dataset.labels });
    for (const definition of definitions) {
      const resource = tableResource(tenant, definition);
      const { schema, timePartitioning, clustering, labels, description, tableReference } = resource;
      await expect(rest.get(`${path}/tables/${definition.tableId}`)).resolves.toMatchObject({
        tableReference,
        schema,
        labels,
        ...(description === undefined ? {} : { description }),
        ...(timePartitioning === undefined ? {} : { timePartitioning }),
        ...(clustering === undefined ? {} : { clustering }),
      });
    }
  });

  test("creates nothing twice when fifty workers call it at once", async () => {
    const { context, tenantId } = newTenantContext();
    const workers = Array.from({ length: 50 }, () => new MetadataInitializer(sameTenant(context)));
    const results = await Promise.all(workers.map(async (worker) => worker.ensureTenant(tenantId)));
    expect(results.filter(({ datasetCreated }) => datasetCreated)).toHaveLength(1);
    expect(results.flatMap(({ tablesCreated }) => tablesCreated).sort()).toEqual(TABLES);
    expect(results.flatMap(({ differences }) => differences)).toEqual([]);
  });

  test("changes nothing when everything is there", async () => {
    const { context, tenantId } = newTenantContext();
    const initializer = new MetadataInitializer(context);
    await initializer.ensureTenant(tenantId);
    await expect(initializer.ensureTenant(tenantId)).resolves.toEqual({
      datasetCreated: false,
      tablesCreated: [],
      differences: [],
    });
  });

  test("names a tenant that was probably meant", async () => {
    const { context, tenantId } = newTenantContext();
    await expect(new MetadataInitializer(context).ensureTenant(`${tenantId.slice(0, -1)}_`)).rejects.toThrow(
      `Did you mean "${tenantId}"?`,
    );
  });
});

describe("MetadataInitializer.recreate", () => {
  test("refuses where tables are protected, and touches nothing", async () => {
    const { context, tenantId } = newTenantContext({ overrides: { deletionProtection: true } });
    const initializer = new MetadataInitializer(context);
    await initializer.ensureTenant(tenantId);
    const logger = new MetadataLogger(context, tenantId);
    await logger.insert("step_logs", [stepRow("kept")]);
    await expect(initializer.recreate(tenantId)).rejects.toThrow("the environment local has deletionProtection");
    await expect(select(context, "SELECT step_logging_id FROM `{dataset}.step_logs`")).resolves.toEqual([
      { step_logging_id: "kept" },
    ]);
    await logger.close();
  });

  test("deletes one table's rows, leaves the others, and leaves no probe behind", async () => {
    const { context, tenantId } = newTenantContext();
    const logger = new MetadataLogger(context, tenantId);
    await logger.insert("step_logs", [stepRow()]);
    await logger.withRun({ pipelineId: "p", triggerType: "manual", triggerBy: "someone@example.com" }, () => undefined);
    await new MetadataInitializer(context).recreate(tenantId, ["step_logs"]);
    await expect(select(context, "SELECT * FROM `{dataset}.step_logs`")).resolves.toEqual([]);
    await expect(select(context, "SELECT status FROM `{dataset}.pipeline_runs`")).resolves.toEqual([
      { status: "COMPLETED" },
    ]);

    // The logger's stream went with the table.
    await logger.insert("step_logs", [stepRow("after")]);
    await expect(select(context, "SELECT step_logging_id FROM `{dataset}.step_logs`")).resolves.toEqual([
      { step_logging_id: "after" },
    ]);
    await logger.close();
  });

  test("recreates every table when none is named", async () => {
    const { context, tenantId } = newTenantContext();
    const logger = new MetadataLogger(context, tenantId);
    await logger.insert("step_logs", [stepRow()]);
    await new MetadataInitializer(context).recreate(tenantId);
    for (const tableId of TABLES) {
      await expect(select(context, `SELECT * FROM \`{dataset}.${tableId}\``)).resolves.toEqual([]);
    }
    await logger.close();
  });

  test("waits until rows arrive, while they vanish without an error", async () => {
    const proxy = new GrpcFaultProxy(emulator().grpcAddress);
    await proxy.open();
    const { context, tenantId } = newTenantContext({ address: { grpcAddress: proxy.address } });
    proxy.inject({ kind: "swallow" }, { kind: "refuse", code: status.UNAVAILABLE }, { kind: "swallow" });
    await new MetadataInitializer(context).recreate(tenantId, ["dq_results"]);
    expect(proxy.appends).toBe(4);
    await expect(select(context, "SELECT * FROM `{dataset}.dq_results`")).resolves.toEqual([]);
    proxy.close();
  });
});

describe("a live table that differs from its definition", () => {
  const stepLogs = definitions.filter(({ tableId }) => tableId === "step_logs");
  const liveTables = stepLogs.map((definition) => ({
    ...definition,
    schema: {
      fields: [
        ...definition.schema.fields
          .filter(({ name }) => name !== "metadata")
          .map((column) => (column.name === "rows_processed" ? { ...column, type: "STRING" as const } : column)),
        { name: "region", type: "STRING" as const, mode: "NULLABLE" as const },
      ],
    },
  }));

  test("is reported column by column", async () => {
    const { context, tenantId } = newTenantContext({ tables: liveTables });
    await new MetadataInitializer(context).ensureTenant(tenantId);
    const current = { ...sameTenant(context), definitions: new Map(stepLogs.map((table) => [table.tableId, table])) };
    const { differences } = await new MetadataInitializer(current).ensureTenant(tenantId);
    expect(differences).toEqual([
      {
        tableId: "step_logs",
        column: "rows_processed",
        kind: "type",
        expected: "INTEGER NULLABLE",
        found: "STRING NULLABLE",
      },
      { tableId: "step_logs", column: "metadata", kind: "missing", expected: "JSON NULLABLE", found: "no such column" },
      { tableId: "step_logs", column: "region", kind: "extra", expected: "no such column", found: "STRING NULLABLE" },
    ]);
    await expect(new MetadataInitializer(current).compareTenant(tenantId)).resolves.toEqual(differences);
  });

  test("takes the rows that fit it and refuses the others", async () => {
    const { context, tenantId } = newTenantContext({ tables: liveTables });
    await new MetadataInitializer(context).ensureTenant(tenantId);
    const current = { ...sameTenant(context), definitions: new Map(stepLogs.map((table) => [table.tableId, table])) };
    const logger = new MetadataLogger(current, tenantId);
    const error: unknown = await logger
      .insert("step_logs", [
        stepRow("fits"),
        { ...stepRow("has metadata"), metadata: {} },
        { ...stepRow("counts"), rows_processed: 1 },
      ])
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ undelivered: [{ rowIndex: 1, outcome: "not-written" }, { rowIndex: 2 }] });
    expect((error as Error).message).toContain("step_logs.metadata: expected JSON NULLABLE, found no such column");
    await expect(select(context, "SELECT step_logging_id FROM `{dataset}.step_logs`")).resolves.toEqual([
      { step_logging_id: "fits" },
    ]);
    await logger.close();
  });
});
