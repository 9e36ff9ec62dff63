import { createHash } from "node:crypto";

/**
 * Shard of a tenant: the first 32 bits of its id's SHA-256, modulo the number of shards.
 *
 * It depends on nothing but its arguments, so a tenant never moves because another one was added; and on a published hash,
 * so that other tools can compute it.
 */
export function shardOf(tenantId: string, shards: number): number {
  return createHash("sha256").update(tenantId).digest().readUInt32BE(0) % shards;
}
