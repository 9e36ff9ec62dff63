import type { v1 } from "@google-cloud/bigquery-storage";
import type * as Grpc from "@grpc/grpc-js";
import type * as AuthLibrary from "google-auth-library";
import { type Clock, systemClock } from "./clock";
import { type EmulatorAddress, grpcTarget } from "./emulator-address";
import { connectRest, type RestClient } from "./rest-client";
import { WriteChannels } from "./write-channels";

/** Where BigQuery is. */
export interface ConnectionOptions {
  /** Project that pays for queries and holds the datasets. */
  readonly projectId: string;
  /** An emulator; absent for the real service, which takes the application's default credentials. */
  readonly emulator?: EmulatorAddress;
}

/** The two APIs a project is reached through. Both connect on first use and keep no process alive while idle. */
export interface BigQueryConnection {
  /** Project that pays for queries and holds the datasets. */
  readonly projectId: string;
  /** @internal */
  readonly clock: Clock;
  /** @internal */
  readonly rest: RestClient;
  /** @internal */
  readonly write: WriteChannels;
}

/** A lost connection is noticed within 40 seconds and opened again at once; gRPC's own pause before that is a second. */
const CHANNEL_OPTIONS = {
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 10_000,
  // Channels to the same address would share one connection otherwise.
  "grpc.use_local_subchannel_pool": 1,
};

/** What a connection is made of; a test brings its own. */
export interface ConnectionParts {
  readonly clock: Clock;
  readonly rest: RestClient;
  /** Makes a client with a channel of its own. */
  readonly newWriteClient: () => v1.BigQueryWriteClient;
}

/** @throws {@link UsageError} for an emulator that is not on this machine. */
export function connectTo({ projectId, emulator }: ConnectionOptions): BigQueryConnection {
  if (emulator === undefined) {
    return connectWith(projectId, {
      clock: systemClock,
      rest: connectRest(),
      newWriteClient: () => makeWriteClient({ projectId, ...CHANNEL_OPTIONS }),
    });
  }
  const { host, port } = grpcTarget(emulator.grpcAddress);
  return connectWith(projectId, {
    clock: systemClock,
    rest: connectRest(emulator.restUrl),
    newWriteClient: () => {
      const { credentials } = require("@grpc/grpc-js") as typeof Grpc;
      const { PassThroughClient } = require("google-auth-library") as typeof AuthLibrary;
      return makeWriteClient({
        ...CHANNEL_OPTIONS,
        projectId,
        apiEndpoint: host,
        port,
        sslCreds: credentials.createInsecure(),
        // google-gax may bring its own copy of google-auth-library, whose classes differ in name only.
        authClient: new PassThroughClient() as never,
      });
    },
  });
}

/** Google's library is loaded with the first row: it takes five times as long as all else that the runtime loads. */
function makeWriteClient(options: ConstructorParameters<typeof v1.BigQueryWriteClient>[0]): v1.BigQueryWriteClient {
  const { v1: library } = require("@google-cloud/bigquery-storage") as { readonly v1: typeof v1 };
  return new library.BigQueryWriteClient(options);
}

/** Makes a connection of parts. */
export function connectWith(projectId: string, { clock, rest, newWriteClient }: ConnectionParts): BigQueryConnection {
  return { projectId, clock, rest, write: new WriteChannels(newWriteClient) };
}
