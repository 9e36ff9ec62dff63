import { type Clock, sleep, systemClock } from "../../../bigquery/clock";
import { type BigQueryConnection, connectWith } from "../../../bigquery/connection";
import { loadConfig } from "../../../model/load-config";
import { datasetResource, tableResource } from "../../../model/resources";
import type { ResolvedTenant } from "../../../model/resolve";
import type { RuntimeContext } from "../../../runtime/logger/context";
import { tenant } from "../../support/resolved";
import { VirtualClock } from "../../support/virtual-clock";
import type { Event } from "./faults";
import { GrpcServer } from "./grpc-server";
import { Network } from "./network";
import { Rest } from "./rest";
import type { Schedule } from "./schedule";
import { Service } from "./service";
import { SpoiledService } from "./spoiled-service";
import { ModelWriteClient } from "./write-client";

/** Any moment that is the same each time. */
const START = Date.UTC(2026, 0, 15, 12);
/** After a table was dropped and created again, rows may go to the old one for so long. */
const LAG_MS = 700;
/** Longest time after which something that was on its way arrives. */
const LATE_MS = 200_000;

const { definitions } = loadConfig("configs");
export const DEFINITIONS = new Map(definitions.map((definition) => [definition.tableId, definition]));

/** Where a schedule takes place: loggers reach the service of the model over this connection. */
export interface World {
  readonly clock: Clock;
  readonly service: Service;
  readonly context: RuntimeContext;
  readonly tenants: readonly ResolvedTenant[];
  /** Whether time passes only while there is nothing else to do, so that nothing is late because the machine is busy. */
  readonly isExact: boolean;
  /** Waits for work, or for time to pass until it is done. */
  run<T>(work: Promise<T>): Promise<T>;
  happen(event: Event): void;
  /** Waits until nothing is on its way any more, and closes everything. */
  end(): Promise<void>;
}

/** At the boundary of Google's generated client, without sockets and in no time. */
export async function virtualWorld(schedule: Schedule): Promise<World> {
  const clock = new VirtualClock(START);
  const service = new Service(clock, LAG_MS);
  const network = new Network(clock, schedule.latencyMs);
  const spoiled = new SpoiledService(service, clock, schedule);
  const rest = new Rest(service, network, clock, schedule.rest);
  const connection = connectWith("example-dev", {
    clock,
    rest: rest.client(),
    newWriteClient: () => ModelWriteClient.create({ spoiled, network, clock }),
  });
  const tenants = prepareTenants(schedule, service, rest);
  return {
    clock,
    service,
    context: contextOf(tenants, connection),
    tenants,
    isExact: true,
    run: async (work) => repeatably(schedule.seed, async () => clock.until(work)),
    happen: (event) => happen(event, network, service, tenants),
    end: async () => clock.until(sleep(clock, LATE_MS)),
  };
}

/** Behind a real gRPC server on loopback, in real time. */
export async function grpcWorld(schedule: Schedule): Promise<World> {
  const clock = systemClock;
  const service = new Service(clock);
  const network = new Network(clock, 0);
  const spoiled = new SpoiledService(service, clock, schedule);
  const rest = new Rest(service, network, clock, schedule.rest);
  const server = await GrpcServer.open(spoiled);
  const connection = connectWith("example-dev", {
    clock,
    rest: rest.client(),
    newWriteClient: () => server.newClient(),
  });
  const tenants = prepareTenants(schedule, service, rest);
  return {
    clock,
    service,
    context: contextOf(tenants, connection),
    tenants,
    isExact: false,
    run: async (work) => work,
    happen: (event) => {
      if (event.kind === "drop") server.drop();
      else if (event.kind === "go-away") server.goAway();
      else happen(event, network, service, tenants);
    },
    end: async () => {
      while (spoiled.underWay > 0) await sleep(clock, 5);
      await server.close();
    },
  };
}

function prepareTenants(schedule: Schedule, service: Service, rest: Rest): readonly ResolvedTenant[] {
  return Array.from({ length: schedule.tenants }, (_, index) => {
    const resolved = tenant({ tenantId: `t${index}`, datasetId: `t${index}_metadata` });
    if (schedule.hasTables) {
      rest.datasets.add(
        `projects/${resolved.projectId}/datasets/${datasetResource(resolved).datasetReference.datasetId}`,
      );
      for (const definition of definitions) {
        service.createTable(tablePath(resolved, definition.tableId), tableResource(resolved, definition).schema.fields);
      }
    }
    return resolved;
  });
}

export function tablePath({ projectId, datasetId }: ResolvedTenant, tableId: string): string {
  return `projects/${projectId}/datasets/${datasetId}/tables/${tableId}`;
}

function contextOf(tenants: readonly ResolvedTenant[], connection: BigQueryConnection): RuntimeContext {
  return { tenants: new Map(tenants.map((each) => [each.tenantId, each])), definitions: DEFINITIONS, connection };
}

function happen(event: Event, network: Network, service: Service, tenants: readonly ResolvedTenant[]): void {
  const [first] = tenants;
  const path = first && tablePath(tenants[event.tenant] ?? first, "step_logs");
  switch (event.kind) {
    case "drop":
    case "go-away":
      network.drop();
      break;
    case "down":
      network.goDown(event.ms);
      break;
    case "black-hole":
      network.goBlack(event.ms);
      break;
    case "add-column":
      service.changeColumns(path ?? "", (columns) => [
        ...columns,
        { name: "extra", type: "STRING", mode: "NULLABLE", description: "" },
      ]);
      break;
    case "drop-column":
      service.changeColumns(path ?? "", (columns) => columns.filter(({ name }) => name !== "metadata"));
      break;
    case "drop-table":
      service.dropTable(path ?? "");
      break;
  }
}

/** Carries out what draws random numbers, such as pauses between tries, in the same way each time. */
async function repeatably<T>(seed: number, work: () => Promise<T>): Promise<T> {
  const { random } = Math;
  const { stackTraceLimit } = Error;
  Math.random = seeded(seed);
  // Errors are what most of this is about, and their stacks are most of what they cost.
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Math.random = random;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Numbers that look random and are the same each time. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
