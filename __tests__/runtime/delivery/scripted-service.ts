import { EventEmitter } from "node:events";
import type { v1 } from "@google-cloud/bigquery-storage";
import { Code } from "../../../runtime/delivery/append-error";

/** What the service does with one append that is at its stream's end. */
export type Behaviour =
  | { readonly kind: "ok" }
  /** Answered with an error; of the rows, so many are counted and so many stored. */
  | { readonly kind: "answer"; readonly code: number; readonly counted: 0 | 0.5 | 1; readonly stored: 0 | 0.5 | 1 }
  /** The connection ends with a status; the same. */
  | { readonly kind: "status"; readonly code: number; readonly counted: 0 | 0.5 | 1; readonly stored: 0 | 0.5 | 1 }
  /** Not answered, but the connection is lost: before the append arrived, after it was carried out, or it arrives later. */
  | { readonly kind: "lost"; readonly arrives: "never" | "first" | "late" }
  /** Some rows are refused, by place; the others are not stored either. */
  | { readonly kind: "row-errors"; readonly counted: 0 | 1 };

interface Stream {
  /** Rows that the service believes to hold. */
  count: number;
  isSealed: boolean;
  /** Appends that were lost on the way and still arrive. */
  late: (() => void)[];
}

/** The Storage Write API's streams of one table, at the boundary of Google's client, behaving as its script says. */
export class ScriptedService {
  /** What is in the table: first bytes of the rows. */
  readonly table: number[] = [];
  private readonly streams = new Map<string, Stream>();

  constructor(private readonly script: Behaviour[]) {}

  get client(): v1.BigQueryWriteClient {
    return {
      initialize: async () => undefined,
      createWriteStream: async () => {
        const name = `stream-${this.streams.size}`;
        this.streams.set(name, { count: 0, isSealed: false, late: [] });
        return [{ name, createTime: { seconds: 1, nanos: 0 } }];
      },
      finalizeWriteStream: async ({ name }: { name: string }) => {
        const stream = this.stream(name);
        stream.isSealed = true;
        return [{ rowCount: stream.count }];
      },
      appendRows: () => this.connection(),
    } as unknown as v1.BigQueryWriteClient;
  }

  /** What was lost on the way and not given up arrives now. */
  deliverLate(): void {
    for (const stream of this.streams.values()) for (const arrive of stream.late.splice(0)) arrive();
  }

  private stream(name: string): Stream {
    const stream = this.streams.get(name);
    if (stream === undefined) throw new Error(`no stream ${name}`);
    return stream;
  }

  private connection() {
    const connection = new EventEmitter();
    let isOver = false;
    const over = (event: "error" | "end", error?: Error) => {
      if (isOver) return;
      isOver = true;
      setImmediate(() => connection.emit(event, error));
    };
    return Object.assign(connection, {
      end: () => over("end"),
      cancel: () => over("error", Object.assign(new Error("cancelled"), { code: Code.CANCELLED })),
      write: (request: AppendRequest) =>
        this.append(
          request,
          (response) => setImmediate(() => isOver || connection.emit("data", response)),
          (code) => over("error", Object.assign(new Error("lost"), { code })),
        ),
    });
  }

  private append(request: AppendRequest, answer: (response: object) => void, lose: (code: number) => void): void {
    const stream = this.stream(request.writeStream);
    const rows = request.protoRows.rows.serializedRows.map((row) => row[0]!);
    const offset = request.offset.value;
    const behaviour = this.script.shift() ?? { kind: "ok" };
    if (behaviour.kind === "lost" && behaviour.arrives !== "first") {
      if (behaviour.arrives === "late") stream.late.push(() => this.store(stream, offset, rows, 1, 1));
      lose(Code.UNAVAILABLE);
      return;
    }
    // An append that was lost on the way may be overtaken, or arrive just before the next one.
    if (rows.length % 2 === 0) for (const arrive of stream.late.splice(0)) arrive();
    const problem = stream.isSealed
      ? Code.FAILED_PRECONDITION
      : offset < stream.count
        ? Code.ALREADY_EXISTS
        : undefined;
    if (problem !== undefined) {
      answer({ error: { code: problem, message: "the stream does not take it" } });
      return;
    }
    switch (behaviour.kind) {
      case "ok":
        this.store(stream, offset, rows, 1, 1);
        answer({ appendResult: { offset: { value: offset } } });
        break;
      case "lost":
        this.store(stream, offset, rows, 1, 1);
        lose(Code.UNAVAILABLE);
        break;
      case "answer":
        this.store(stream, offset, rows, behaviour.counted, behaviour.stored);
        answer({ error: { code: behaviour.code, message: "failed" } });
        break;
      case "status":
        this.store(stream, offset, rows, behaviour.counted, behaviour.stored);
        lose(behaviour.code);
        break;
      case "row-errors":
        this.store(stream, offset, rows, behaviour.counted, 0);
        answer({
          error: { code: Code.INVALID_ARGUMENT, message: "refused" },
          rowErrors: [{ index: 0, message: "refused" }],
        });
    }
  }

  private store(stream: Stream, offset: number, rows: readonly number[], counted: number, stored: number): void {
    if (stream.isSealed || stream.count !== offset) return;
    stream.count += Math.floor(rows.length * counted);
    this.table.push(...rows.slice(0, Math.floor(rows.length * stored)));
  }
}

interface AppendRequest {
  readonly writeStream: string;
  readonly offset: { readonly value: number };
  readonly protoRows: { readonly rows: { readonly serializedRows: readonly Uint8Array[] } };
}
