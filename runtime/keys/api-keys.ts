import { randomUUID } from "node:crypto";
import { defined } from "../../model/defined";
import { MAX_PARAMETER_BYTES, pieces, requestBytes } from "../../bigquery/pieces";
import { findActiveKeys, recordKeyUses, revokeKey } from "../../bigquery/sql/api-keys";
import { UsageError } from "../../model/errors";
import { show } from "../../model/problems";
import { API_KEYS_TABLE } from "../../model/names";
import type { MetadataLogger } from "../logger/metadata-logger";
import { describeReceived } from "../encoding/describe-received";
import { checkOptions } from "../options";
import { hashApiKey, newApiKey, parseApiKey } from "./api-key-format";
import { type ActiveKey, KeySnapshot } from "./key-snapshot";

/** How often {@link ApiKeys} reads and writes, and who hears of failures. */
export interface ApiKeysOptions {
  /**
   * Milliseconds between two reads of the active keys: how long a key revoked elsewhere is still accepted here.
   * @default 30_000
   */
  readonly refreshIntervalMs?: number;
  /**
   * Milliseconds after which, when no read works, no key is accepted.
   * @default 300_000
   */
  readonly maxStalenessMs?: number;
  /**
   * Milliseconds between two updates of a key's `last_used_at`.
   * @default 300_000
   */
  readonly lastUsedIntervalMs?: number;
  /** Receives what goes wrong in the background. @default a process warning */
  readonly onError?: (error: Error) => void;
}

/** What is recorded with a new key. */
export interface IssueKeyOptions {
  /** Who asked for the key, e.g. `admin@example.com`. */
  readonly createdBy?: string;
  /** @default never */
  readonly expiresAt?: Date;
  /** For people, e.g. `nightly export`. */
  readonly description?: string;
}

/** A key that {@link ApiKeys.issue} made. */
export interface IssuedKey {
  /** UUID; the row's `api_key_id`, for {@link ApiKeys.revoke}. */
  readonly apiKeyId: string;
  /** The key itself. It is not stored anywhere and cannot be shown again. */
  readonly key: string;
}

/** What {@link ApiKeys.verify} says of a key. */
export type KeyCheck =
  | { readonly valid: true; readonly apiKeyId: string; readonly tenantId: string }
  | {
      readonly valid: false;
      /**
       * `malformed`: not a key, or mistyped. `other-tenant`: names another tenant. `expired`. `refused`: never issued, revoked,
       * or its secret is wrong; the answer does not say which.
       */
      readonly reason: "malformed" | "other-tenant" | "expired" | "refused";
    };

const TABLE = API_KEYS_TABLE;

/** Keys whose use one statement notes. */
const MAX_USES = 10_000;
/** A request may be waiting for the keys to be read. */
const LOAD_TIMEOUT_MS = 5000;

/**
 * API keys of one tenant: issues, verifies and revokes them.
 *
 * Neither a key nor its hash is ever part of a message or an error's text.
 *
 * @example
 * ```ts
 * import { ApiKeys, type MetadataLogger } from "tenant-metadata/runtime";
 *
 * export async function rotate(logger: MetadataLogger, oldKeyId: string): Promise<string> {
 *   await using keys = new ApiKeys(logger);
 *   const { key } = await keys.issue({ createdBy: "admin@example.com", description: "nightly export" });
 *   await keys.revoke(oldKeyId);
 *   return key;
 * }
 * ```
 */
export class ApiKeys implements AsyncDisposable {
  private readonly snapshot: KeySnapshot;
  private readonly lastUsedIntervalMs: number;
  private readonly onError: (error: Error) => void;
  /** When each key's use was last recorded, in milliseconds since 1970. */
  private readonly recordedUses = new Map<string, number>();
  private unwrittenUses = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;

  /** @throws {@link UsageError} for options that cannot be used. */
  constructor(
    private readonly logger: MetadataLogger,
    options: ApiKeysOptions = {},
  ) {
    const {
      refreshIntervalMs,
      maxStalenessMs,
      lastUsedIntervalMs,
      onError = warn,
    } = checkOptions("The options of ApiKeys", ({ Keys }) => Keys, options);
    this.snapshot = new KeySnapshot(async () => this.load(), maxStalenessMs);
    this.lastUsedIntervalMs = lastUsedIntervalMs;
    this.onError = onError;
    this.timer = setInterval(() => void this.refreshInBackground(), refreshIntervalMs);
    this.timer.unref();
  }

  /**
   * Issues a key. It is valid here at once, in other processes after their next refresh.
   *
   * @throws {@link MetadataWriteError} when it could not be stored; it is not valid then.
   * @throws {@link UsageError} for options that cannot be used.
   */
  async issue(options: IssueKeyOptions = {}): Promise<IssuedKey> {
    const { createdBy, expiresAt, description } = checkOptions(
      "The options of issue",
      ({ IssueKey }) => IssueKey,
      options,
    );
    const { tenantId } = this.logger;
    const apiKeyId = randomUUID();
    const key = newApiKey(tenantId, apiKeyId);
    const hash = hashApiKey(key);
    await this.logger.insert(TABLE, [
      {
        api_key_id: apiKeyId,
        tenant_id: tenantId,
        api_key_hash: hash.toString("hex"),
        created_at: new Date(),
        created_by: createdBy,
        expires_at: expiresAt,
        is_active: true,
        description,
      },
    ]);
    this.snapshot.add(defined({ apiKeyId, hash, expiresAtMs: expiresAt?.getTime() }));
    return { apiKeyId, key };
  }

  /**
   * Checks a key against the active keys as last read: no query but for the first call. Whatever is no key is `malformed`.
   *
   * @throws {@link RemoteError} when the keys could not be read for `maxStalenessMs`.
   */
  async verify(key: unknown): Promise<KeyCheck> {
    const parsed = typeof key === "string" ? parseApiKey(key) : undefined;
    if (parsed === undefined) return { valid: false, reason: "malformed" };
    if (parsed.tenantId !== this.logger.tenantId) return { valid: false, reason: "other-tenant" };
    const active = await this.snapshot.find(parsed.apiKeyId, hashApiKey(key as string));
    if (active === undefined) return { valid: false, reason: "refused" };
    const now = Date.now();
    if (active.expiresAtMs !== undefined && active.expiresAtMs <= now) return { valid: false, reason: "expired" };
    this.recordUse(parsed.apiKeyId, now);
    return { valid: true, ...parsed };
  }

  /**
   * Revokes a key. It is refused here at once, in other processes after their next refresh.
   *
   * @throws {@link UsageError} when the tenant has no such key.
   */
  async revoke(apiKeyId: string): Promise<void> {
    if (typeof apiKeyId !== "string") {
      throw new UsageError(`revoke takes a key's id, a string; received ${describeReceived(apiKeyId)}.`);
    }
    const changed = await this.logger.change(TABLE, revokeKey(this.logger.queries.tenant), {
      id: apiKeyId,
      tenant: this.logger.tenantId,
    });
    if (changed === 0) throw new UsageError(`${this.logger.tenantId} has no API key ${show(apiKeyId)}.`);
    this.snapshot.remove(apiKeyId);
  }

  /** Reads the active keys now, e.g. before the first request is served. */
  async refresh(): Promise<void> {
    await this.snapshot.refresh();
  }

  /** Stops refreshing and writes the last uses that are not written yet. Close it before its logger. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.writeUses();
  }

  /** Closes at the end of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async refreshInBackground(): Promise<void> {
    const results = await Promise.allSettled([this.snapshot.refresh(), this.writeUses()]);
    for (const result of results) if (result.status === "rejected") this.onError(result.reason as Error);
  }

  private recordUse(apiKeyId: string, now: number): void {
    const recorded = this.recordedUses.get(apiKeyId);
    if (recorded !== undefined && now - recorded < this.lastUsedIntervalMs) return;
    this.recordedUses.set(apiKeyId, now);
    this.unwrittenUses.set(apiKeyId, now);
  }

  /** As many uses in one statement as it takes. */
  private async writeUses(): Promise<void> {
    const uses = [...this.unwrittenUses].map(([id, ms]) => ({ id, micros: ms * 1000 }));
    if (uses.length === 0) return;
    this.unwrittenUses = new Map();
    const sizes = { maxCount: MAX_USES, maxSize: MAX_PARAMETER_BYTES, sizeOf: requestBytes };
    for (const piece of pieces(uses, sizes)) await this.writeUsesOf(piece);
  }

  private async writeUsesOf(uses: readonly { readonly id: string; readonly micros: number }[]): Promise<void> {
    try {
      await this.logger.change(TABLE, recordKeyUses(this.logger.queries.tenant), { uses: JSON.stringify(uses) });
    } catch (error) {
      // Recorded again by the keys' next use.
      for (const { id } of uses) this.recordedUses.delete(id);
      throw error;
    }
  }

  private async load(): Promise<readonly ActiveKey[]> {
    const { rows } = await this.logger.queries.run(
      findActiveKeys(this.logger.queries.tenant),
      { tenant: this.logger.tenantId },
      this.logger.queries.deadline(LOAD_TIMEOUT_MS),
    );
    return rows.map(({ api_key_id: id, api_key_hash: hash, expires_micros: micros }) => ({
      apiKeyId: id ?? "",
      hash: Buffer.from(hash ?? "", "hex"),
      ...(micros ? { expiresAtMs: Number(micros) / 1000 } : {}),
    }));
  }
}

function warn(error: Error): void {
  process.emitWarning(error.message, { type: error.name, code: "TENANT_METADATA" });
}
