import type { FindingCode } from "../../catalogue/codes";

/** The findings that a change gives, some or all of them; or why it gives none. */
export type Verdict = readonly FindingCode[] | Nothing;

export interface Nothing {
  /** As a sentence without its full stop. */
  readonly nothing: string;
}

/** What becomes of data, access, protection and state when a key of a configuration file comes, changes or goes. */
export interface KeyEffects {
  readonly added: Verdict;
  readonly changed: Verdict;
  readonly removed: Verdict;
}

/** A key whose value has keys of its own, which are told one by one. */
export interface Inside {
  readonly inside: string;
}

type KeysOf<T> = T extends unknown ? keyof T : never;

/** What every key of a file does: a key of the format without an entry does not compile. */
export type KeyCatalogue<T> = { readonly [K in KeysOf<T> & string]: KeyEffects | Inside };

/** The same findings, whatever happens to the key. */
export function always(...codes: readonly FindingCode[]): KeyEffects {
  return { added: codes, changed: codes, removed: codes };
}

/** A key that every file has, so that it only changes. */
export function required(...codes: readonly FindingCode[]): KeyEffects {
  return { added: REQUIRED, changed: codes, removed: REQUIRED };
}

export function never(nothing: string): KeyEffects {
  return { added: { nothing }, changed: { nothing }, removed: { nothing } };
}

const REQUIRED: Nothing = { nothing: "the loader refuses a file without it" };

export const SCHEMA_KEY = never("read by editors alone");
