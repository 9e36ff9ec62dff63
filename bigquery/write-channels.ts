import type { v1 } from "@google-cloud/bigquery-storage";
import { RemoteError } from "../model/errors";
import type { Deadline } from "./deadline";

/**
 * Append streams that one channel carries at most. Google's front ends take 100 streams at once on a connection, and the next one
 * waits for ever; the rest is for calls that are soon over.
 *
 * @see https://github.com/googleapis/nodejs-bigquery-storage/issues/423
 */
export const STREAMS_PER_CHANNEL = 80;
/** Together 800 append streams, of the 1,000 that a project has in a region. */
export const MAX_CHANNELS = 10;

/** A channel's place for one append stream. */
export interface Lease {
  readonly client: v1.BigQueryWriteClient;
  /** Says whether the stream could be closed for another one; it is asked to at once when somebody waits. */
  setIdle(isIdle: boolean): void;
  /** Gives the place back. Only the first call counts. */
  release(): void;
}

interface Waiting {
  give: (channel: Channel) => void;
}

type NewClient = () => v1.BigQueryWriteClient;

class Channel {
  streams = 0;
  private client: Promise<v1.BigQueryWriteClient> | undefined;

  constructor(private readonly newClient: NewClient) {}

  /** A client that cannot get ready answers every call with an unhandled rejection as well, so none is given away before it is. */
  async ready(): Promise<v1.BigQueryWriteClient> {
    this.client ??= this.prepare();
    return this.client;
  }

  private async prepare(): Promise<v1.BigQueryWriteClient> {
    try {
      const client = this.newClient();
      await client.initialize();
      return client;
    } catch (error) {
      // It would never recover; the next one may.
      this.client = undefined;
      throw new RemoteError(
        `The client of BigQuery could not be set up: ${error instanceof Error ? error.message : String(error)} ` +
          "(credentials: the key file that GOOGLE_APPLICATION_CREDENTIALS names, or `gcloud auth application-default login`)",
      );
    }
  }
}

/**
 * The gRPC channels to the Storage Write API, each with a connection of its own, and who has a place on them.
 *
 * Any number of writers share them: where all places are taken, the stream that has been idle longest gives way at once, and
 * whoever waited longest is next.
 */
export class WriteChannels {
  private readonly channels: Channel[] = [];
  private readonly waiting: Waiting[] = [];
  /** Longest idle first, with what has it give way. */
  private readonly idle = new Map<Lease, () => void>();
  /** Streams that were asked to give way and have not yet. */
  private leaving = 0;

  constructor(private readonly newClient: NewClient) {}

  /**
   * A client for calls that are soon over.
   *
   * @throws {@link RemoteError} saying what keeps it from getting ready, such as missing credentials; another call tries again.
   */
  async client(deadline: Deadline): Promise<v1.BigQueryWriteClient> {
    const channel = this.channels[0] ?? this.newChannel();
    return deadline.race("Connecting to BigQuery", channel.ready());
  }

  /**
   * A place for an append stream. It counts as busy.
   *
   * @param giveWay - closes the stream, which is idle, and releases the lease.
   * @throws as {@link client}; `DeadlineError` when no place was free in time.
   */
  async acquire(giveWay: () => void, deadline: Deadline): Promise<Lease> {
    const channel = (this.waiting.length === 0 ? this.freeChannel() : undefined) ?? (await this.wait(deadline));
    try {
      const client = await deadline.race("Connecting to BigQuery", channel.ready());
      return this.lease(channel, client, giveWay);
    } catch (error) {
      this.free(channel);
      throw error;
    }
  }

  private lease(channel: Channel, client: v1.BigQueryWriteClient, giveWay: () => void): Lease {
    let isReleased = false;
    let isLeaving = false;
    const leave = () => {
      isLeaving = true;
      this.leaving++;
      giveWay();
    };
    const lease: Lease = {
      client,
      setIdle: (isIdle) => {
        this.idle.delete(lease);
        if (isIdle && !isReleased) this.idle.set(lease, leave);
        this.makeRoom();
      },
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.idle.delete(lease);
        if (isLeaving) this.leaving--;
        this.free(channel);
      },
    };
    return lease;
  }

  private async wait(deadline: Deadline): Promise<Channel> {
    const waiting: Waiting = { give: () => undefined };
    const given = new Promise<Channel>((resolve) => {
      waiting.give = resolve;
    });
    this.waiting.push(waiting);
    this.makeRoom();
    try {
      return await deadline.race("Waiting for a connection", given);
    } catch (error) {
      const place = this.waiting.indexOf(waiting);
      if (place !== -1) this.waiting.splice(place, 1);
      // Given at the same moment, and nobody is there to take it.
      else void given.then((channel) => this.free(channel));
      throw error;
    }
  }

  /** Has as many idle streams give way as there are waiting. */
  private makeRoom(): void {
    for (const [lease, leave] of this.idle) {
      if (this.leaving >= this.waiting.length) return;
      this.idle.delete(lease);
      leave();
    }
  }

  /** Takes a place where one is free. */
  private freeChannel(): Channel | undefined {
    const found = this.channels.find(({ streams }) => streams < STREAMS_PER_CHANNEL);
    const channel = found ?? (this.channels.length < MAX_CHANNELS ? this.newChannel() : undefined);
    if (channel !== undefined) channel.streams++;
    return channel;
  }

  private free(channel: Channel): void {
    const next = this.waiting.shift();
    if (next === undefined) channel.streams--;
    else next.give(channel);
  }

  private newChannel(): Channel {
    const channel = new Channel(this.newClient);
    this.channels.push(channel);
    return channel;
  }
}
