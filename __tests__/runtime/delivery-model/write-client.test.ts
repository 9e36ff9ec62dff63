import type { v1 } from "@google-cloud/bigquery-storage";
import { status } from "@grpc/grpc-js";
import { systemClock } from "../../../bigquery/clock";
import type { AppendFault } from "./faults";
import { GrpcServer } from "./grpc-server";
import { Network } from "./network";
import { Service } from "./service";
import { SpoiledService } from "./spoiled-service";
import { ModelWriteClient } from "./write-client";

const TABLE = "projects/p/datasets/d/tables/t";
const DESCRIPTOR = {
  name: "Row",
  field: [{ name: "id", number: 1, label: "LABEL_OPTIONAL", type: "TYPE_INT64" }],
  nestedType: [],
};
type Stream = ReturnType<v1.BigQueryWriteClient["appendRows"]>;

/** The model's client, or Google's in front of the same service. */
interface Scene {
  readonly client: v1.BigQueryWriteClient;
  readonly service: Service;
  readonly lose: () => void;
  readonly close: () => Promise<void>;
}

const SCENES: Readonly<Record<string, (...appends: readonly AppendFault[]) => Promise<Scene>>> = {
  "the model's": async (...appends) => {
    const { service, spoiled } = serviceWith(appends);
    const network = new Network(systemClock, 0);
    const client = ModelWriteClient.create({ spoiled, network, clock: systemClock });
    return { client, service, lose: () => network.drop(), close: async () => client.close() };
  },
  "Google's": async (...appends) => {
    const { service, spoiled } = serviceWith(appends);
    const server = await GrpcServer.open(spoiled);
    const client = server.newClient();
    await client.initialize();
    return { client, service, lose: () => server.drop(), close: async () => server.close() };
  },
};

function serviceWith(appends: readonly AppendFault[]) {
  const service = new Service(systemClock);
  service.createTable(TABLE, [{ name: "id", type: "INTEGER", mode: "NULLABLE" }] as never);
  return { service, spoiled: new SpoiledService(service, systemClock, { appends, creates: [], finalizes: [] }) };
}

/** What happens on a stream while `act` uses it: so many events, and whatever else there is by the time another call is through. */
async function eventsOf(
  { client }: Scene,
  count: number,
  act: (stream: Stream) => void | Promise<void>,
): Promise<readonly string[]> {
  const [{ name }] = await client.createWriteStream({ parent: TABLE, writeStream: { type: "COMMITTED" } });
  const stream = client.appendRows({
    otherArgs: { headers: { "x-goog-request-params": `write_stream=${name ?? ""}` } },
  });
  const events: string[] = [];
  for (const event of ["data", "status", "error", "close", "end"]) {
    stream.on(event, (value?: { code?: number | string; error?: { code: number } }) => {
      const code = value?.code ?? value?.error?.code;
      events.push(code === undefined ? event : `${event} ${code}`);
    });
  }
  written.set(stream, name ?? "");
  await act(stream);
  await until(() => events.length >= count);
  await client.getWriteStream({ name: name ?? "" });
  return events;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

const written = new Map<Stream, string>();

function write(stream: Stream, offset = 0, id = 7): void {
  stream.write({
    writeStream: written.get(stream) ?? "",
    offset: { value: offset },
    protoRows: {
      writerSchema: { protoDescriptor: DESCRIPTOR as never },
      rows: { serializedRows: [Uint8Array.of(8, id)] },
    },
  });
}

const answered = async (stream: Stream) => new Promise((resolve) => stream.once("data", resolve));

describe.each(Object.entries(SCENES))("%s client", (_, open) => {
  let scene: Scene;
  afterEach(async () => scene.close());

  test.each<
    [string, readonly AppendFault[], (stream: Stream, scene: Scene) => void | Promise<void>, readonly string[]]
  >([
    [
      "an answer, then the client ends",
      [],
      async (stream) => {
        write(stream);
        await answered(stream);
        stream.end();
      },
      ["data", "status 0", "end"],
    ],
    [
      "an answer, then the client cancels",
      [],
      async (stream) => {
        write(stream);
        await answered(stream);
        stream.cancel();
      },
      ["data", "status 1", "error 1", "close", "end"],
    ],
    ["the client cancels at once", [], (stream) => stream.cancel(), ["status 1", "error 1", "close", "end"]],
    [
      "the client ends without having written",
      [],
      (stream) => {
        stream.end();
      },
      ["status 0", "end"],
    ],
    [
      "the service ends the call with an error",
      [{ kind: "end", code: status.UNAVAILABLE, carriedOut: "never" }],
      (stream) => write(stream),
      ["status 14", "error 14", "close", "end"],
    ],
    [
      "the service answers with an error, and then with a result",
      [{ kind: "error", code: status.ABORTED, kept: "none", counted: "none" }],
      async (stream) => {
        write(stream);
        await answered(stream);
        write(stream);
        await answered(stream);
        stream.end();
      },
      ["data 10", "data", "status 0", "end"],
    ],
    [
      "the answer is lost, and the client breaks the call off",
      [{ kind: "lose-answer" }],
      async (stream, { service }) => {
        write(stream);
        await until(() => service.tables.get(TABLE)?.rows.length === 1);
        stream.cancel();
      },
      ["status 1", "error 1", "close", "end"],
    ],
    [
      "the connection is lost",
      [],
      async (stream, current) => {
        write(stream);
        await answered(stream);
        current.lose();
      },
      ["data", "status 14", "error 14", "close", "end"],
    ],
    [
      "the client writes after it was told of an error",
      [{ kind: "end", code: status.UNAVAILABLE, carriedOut: "never" }],
      async (stream) => {
        write(stream);
        await new Promise((resolve) => stream.once("end", resolve));
        write(stream);
      },
      ["status 14", "error 14", "close", "end", "error ERR_STREAM_DESTROYED"],
    ],
  ])("tells of it in the same events: %s", async (_name, faults, act, events) => {
    scene = await open(...faults);
    expect(await eventsOf(scene, events.length, async (stream) => act(stream, scene))).toEqual(events);
  });

  test("an append at an offset that is taken, or that is too far, is refused", async () => {
    scene = await open();
    const events = await eventsOf(scene, 6, async (stream) => {
      for (const offset of [0, 0, 2, 1]) {
        write(stream, offset);
        await answered(stream);
      }
      stream.end();
    });
    expect(events).toEqual(["data", "data 6", "data 11", "data", "status 0", "end"]);
    expect(scene.service.tables.get(TABLE)?.rows).toEqual([{ id: "7" }, { id: "7" }]);
  });

  test("a stream that was finalized counts its rows and takes no more", async () => {
    scene = await open();
    const { client } = scene;
    const events = await eventsOf(scene, 4, async (stream) => {
      write(stream);
      await answered(stream);
      const [{ rowCount }] = await client.finalizeWriteStream({ name: written.get(stream) ?? "" });
      expect(rowCount).toBe("1");
      write(stream, 1);
      await answered(stream);
      stream.end();
    });
    expect(events).toEqual(["data", "data 3", "status 0", "end"]);
  });

  test("a stream of a table that does not exist is not created", async () => {
    scene = await open();
    const failing = scene.client.createWriteStream({ parent: `${TABLE}x`, writeStream: { type: "COMMITTED" } });
    await expect(failing).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  test("the 101st stream of a connection waits until another one is over", async () => {
    scene = await open();
    const streams: Stream[] = [];
    const answers: number[] = [];
    const { client } = scene;
    const create = async () => client.createWriteStream({ parent: TABLE, writeStream: { type: "COMMITTED" } });
    const names = await Promise.all(Array.from({ length: 101 }, create));
    for (const [index, [{ name }]] of names.entries()) {
      const stream = client.appendRows();
      stream.on("error", () => undefined);
      stream.on("data", () => answers.push(index));
      written.set(stream, name ?? "");
      streams.push(stream);
    }
    for (const stream of streams) write(stream);
    await until(() => answers.length === 100);
    expect(answers).not.toContain(100);
    streams[0]?.cancel();
    await answered(streams[100]!);
    expect(answers).toContain(100);
    const over = streams.slice(1).map(async (stream) => new Promise((resolve) => stream.once("end", resolve)));
    for (const stream of streams) stream.cancel();
    await Promise.all(over);
  });
});
