import { buildPrograms } from "./programs";

/** Jest's setup before the first test of a project that starts programs. */
export default function buildOnce(): void {
  buildPrograms();
}
