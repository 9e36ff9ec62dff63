import { BigQuery } from "@google-cloud/bigquery";
import { adapt, managedwriter } from "@google-cloud/bigquery-storage";
import { credentials } from "@grpc/grpc-js";
import { PassThroughClient } from "google-auth-library";
import type { RuntimeContext } from "../../runtime/logger/context";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import type { StepLogsRow } from "../../runtime/row-types.generated";

/** Writes rows to `step_logs` of a tenant. */
export interface Contender {
  write(rows: readonly StepLogsRow[]): Promise<void>;
  close(): Promise<void>;
}

export interface Target {
  readonly context: RuntimeContext;
  readonly tenantId: string;
  readonly restUrl: string;
  readonly grpcAddress: string;
}

export const CONTENDERS = {
  /** This package. */
  ours: ({ context, tenantId }: Target): Contender => {
    const logger = new MetadataLogger(context, tenantId, { onFailure: "throw" });
    return { write: async (rows) => logger.insert("step_logs", rows), close: async () => logger.close() };
  },

  /** The official client's writer on a COMMITTED stream with offsets; rows prepared as its traps ask for. */
  jsonWriter: async ({ context, tenantId, grpcAddress }: Target): Promise<Contender> => {
    const [host = "", port] = grpcAddress.split(":");
    const client = new managedwriter.WriterClient({
      projectId: context.connection.projectId,
      apiEndpoint: host,
      port: Number(port),
      sslCreds: credentials.createInsecure(),
      authClient: new PassThroughClient() as never,
    });
    const { projectId, datasetId } = dataset(context, tenantId);
    const stream = await client.createWriteStreamFullResponse({
      streamType: managedwriter.CommittedStream,
      destinationTable: `projects/${projectId}/datasets/${datasetId}/tables/step_logs`,
    });
    const connection = await client.createStreamConnection({ streamId: stream.name ?? "" });
    const writer = new managedwriter.JSONWriter({
      connection,
      protoDescriptor: adapt.convertStorageSchemaToProto2Descriptor(stream.tableSchema ?? {}, "root"),
    });
    let offset = 0;
    return {
      write: async (rows) => {
        const prepared = rows.map(({ metadata, ...row }) => ({ ...row, metadata: JSON.stringify(metadata) }));
        const pending = writer.appendRows(prepared as never, offset);
        offset += rows.length;
        const { error } = await pending.getResult();
        if (error) throw new Error(error.message ?? "append failed");
      },
      close: async () => {
        writer.close();
        client.close();
      },
    };
  },

  /** The REST API's `insertAll`, by the client that most users would pick. */
  tableInsert: ({ context, tenantId, restUrl }: Target): Contender => {
    const { projectId, datasetId } = dataset(context, tenantId);
    const bigquery = new BigQuery({ projectId, apiEndpoint: restUrl, authClient: new PassThroughClient() });
    const table = bigquery.dataset(datasetId).table("step_logs");
    return {
      write: async (rows) => {
        await table.insert(rows.map(({ metadata, ...row }) => ({ ...row, metadata: JSON.stringify(metadata) })));
      },
      close: async () => undefined,
    };
  },
} as const;

export type ContenderName = keyof typeof CONTENDERS;

/** Rows of one call. For `table.insert` BigQuery's documentation recommends 500. */
export const BATCH_ROWS: Readonly<Record<ContenderName, number>> = { ours: 2000, jsonWriter: 2000, tableInsert: 500 };

function dataset(context: RuntimeContext, tenantId: string) {
  const tenant = context.tenants.get(tenantId);
  if (tenant === undefined) throw new Error(`no tenant ${tenantId}`);
  return tenant;
}
