/** A broken rule inside one document, before the loader adds file and line. */
export interface RuleFinding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly received?: unknown;
  readonly allowed?: string;
  readonly remedy: string;
}
