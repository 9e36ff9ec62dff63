const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A number of bytes for people: `1536` gives `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes === 0 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power] ?? ""}`;
}
