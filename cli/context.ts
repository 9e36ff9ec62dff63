/** What a command may touch of the outside world; tests pass their own. */
export interface CliContext {
  /** Folder that holds the configuration, from `METADATA_CONFIG_DIR`; `configs` when unset. */
  readonly configDir: string;
  /** Writes data for people or machines to stdout. */
  readonly print: (text: string) => void;
  /** Writes messages about the run to stderr. */
  readonly report: (text: string) => void;
  /**
   * Whether stdin and stdout are a terminal, so that a person can be asked.
   * @default false
   */
  readonly interactive?: boolean;
  /**
   * Whether stdout takes colours.
   * @default false
   */
  readonly colors?: boolean;
  /** The clock; every date that a command writes or compares with follows from it. */
  readonly now: () => Date;
  /** Sets the exit code for a run that worked but found something. */
  readonly exitWith: (code: number) => void;
}

/** The day in UTC, `2026-01-31`. */
export function today({ now }: CliContext): string {
  return now().toISOString().slice(0, 10);
}
