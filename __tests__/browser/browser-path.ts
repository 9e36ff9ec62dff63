import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Names under which distributions install Chromium, and browsers that are built from it. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/**
 * Path of the machine's browser: `CHROMIUM_PATH`, else the first one on the `PATH`.
 *
 * @throws an Error that says how to get one; a browser test must not pass without a browser.
 */
export function browserPath(): string {
  const given = process.env["CHROMIUM_PATH"];
  if (given !== undefined && given !== "") return given;
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    for (const name of NAMES) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here: the next folder may have it.
      }
    }
  }
  throw new Error("There is no Chromium. Run scripts/ci/install-chromium.sh, or name one in CHROMIUM_PATH.");
}
