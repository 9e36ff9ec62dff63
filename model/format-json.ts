const WIDTH = 120;

/**
 * Formats a configuration file as the repository's formatter would, so that what the tool writes needs no reformatting:
 * objects one key a line, a list of scalars on one line where it fits 120 columns.
 */
export function formatJson(value: unknown): string {
  return `${format(value, "", 0)}\n`;
}

/** @param reserved - columns taken on the first line by what stands before and after the value. */
function format(value: unknown, indent: string, reserved: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const entries = value.map((entry: unknown) => format(entry, inner, inner.length + 1));
    const line = `[${entries.join(", ")}]`;
    const isFlat = value.every((entry) => typeof entry !== "object" || entry === null);
    if (isFlat && reserved + line.length <= WIDTH) return line;
    return `[\n${entries.map((entry) => inner + entry).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, entry], index) => {
    const start = `${inner}${JSON.stringify(key)}: `;
    const comma = index < entries.length - 1 ? 1 : 0;
    return start + format(entry, inner, start.length + comma);
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
}
