import { timingSafeEqual } from "node:crypto";
import { RemoteError } from "../../model/errors";

/** An active key as the snapshot holds it. */
export interface ActiveKey {
  readonly apiKeyId: string;
  /** SHA-256 of the key. */
  readonly hash: Buffer;
  /** Milliseconds since 1970; absent when it never expires. */
  readonly expiresAtMs?: number;
}

/** Compared with when a key is unknown, so that the time taken does not tell. */
const NO_HASH = Buffer.alloc(32);

/**
 * The active keys as they were a moment ago, with what this process did since.
 *
 * Keys are looked up here and never in BigQuery, so a verification costs no query and a revoked key may be accepted until the
 * next refresh; when refreshes fail for `maxStalenessMs`, nothing is accepted.
 */
export class KeySnapshot {
  private keys = new Map<string, ActiveKey>();
  /** Clock of the last refresh that worked, taken when it was started. */
  private takenAt = Number.NEGATIVE_INFINITY;
  /** Issued here, by when; a refresh that began before may lack them. */
  private readonly issued = new Map<string, { readonly key: ActiveKey; readonly at: number }>();
  /** Revoked here; a refresh that began before may hold them. */
  private readonly revoked = new Set<string>();
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly load: () => Promise<readonly ActiveKey[]>,
    private readonly maxStalenessMs: number,
  ) {}

  /** Reads the keys again; calls at the same time share one read. */
  async refresh(): Promise<void> {
    this.refreshing ??= this.read().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  /**
   * Whether a key's hash is that of an active key; takes the same time whatever differs.
   *
   * @throws {@link RemoteError} when the snapshot is too old to say.
   */
  async find(apiKeyId: string, hash: Buffer): Promise<ActiveKey | undefined> {
    if (this.isStale()) await this.refresh();
    if (this.isStale()) {
      throw new RemoteError(
        `API keys could not be read for ${this.maxStalenessMs} ms, so none is accepted. See why queries of api_keys fail.`,
      );
    }
    const known = this.keys.get(apiKeyId) ?? this.issued.get(apiKeyId)?.key;
    // A damaged hash is of another length, which the comparison does not take.
    const stored = known?.hash.length === NO_HASH.length ? known.hash : NO_HASH;
    const isEqual = timingSafeEqual(hash, stored);
    return isEqual && known !== undefined && !this.revoked.has(apiKeyId) ? known : undefined;
  }

  add(key: ActiveKey): void {
    this.issued.set(key.apiKeyId, { key, at: performance.now() });
  }

  remove(apiKeyId: string): void {
    this.revoked.add(apiKeyId);
  }

  private isStale(): boolean {
    return performance.now() - this.takenAt > this.maxStalenessMs;
  }

  private async read(): Promise<void> {
    const startedAt = performance.now();
    const keys = await this.load();
    this.keys = new Map(keys.map((key) => [key.apiKeyId, key]));
    this.takenAt = startedAt;
    for (const [id, { at }] of this.issued) if (at < startedAt) this.issued.delete(id);
  }
}
