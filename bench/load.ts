import { execFileSync } from "node:child_process";
import path from "node:path";

/*
 * `npm run bench:load`: what `require("tenant-metadata/runtime")` takes beside `require("@google-cloud/bigquery")`, each in fresh
 * processes in turn: processor time and memory, the median of all rounds. Run `npm run build` first.
 */

const ROUNDS = 15;
const MODULES = {
  "tenant-metadata/runtime": path.resolve("dist/runtime/index.js"),
  "@google-cloud/bigquery": "@google-cloud/bigquery",
};
const MEASURE = `
const [memory, time] = [process.memoryUsage().rss, process.cpuUsage()];
require(process.argv[1]);
const { user, system } = process.cpuUsage(time);
console.log(JSON.stringify([(user + system) / 1000, (process.memoryUsage().rss - memory) / 1e6]));
`;

const measured = new Map<string, (readonly [number, number])[]>(Object.keys(MODULES).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, file] of Object.entries(MODULES)) {
    const output = execFileSync(process.execPath, ["-e", MEASURE, file], { encoding: "utf8" });
    measured.get(name)?.push(JSON.parse(output) as [number, number]);
  }
}
const medians = [...measured].map(([name, rounds]) => ({
  name,
  ms: median(rounds.map(([ms]) => ms)),
  mb: median(rounds.map(([, mb]) => mb)),
}));
for (const { name, ms, mb } of medians) {
  console.log(`${name}: ${ms.toFixed(0)} ms of processor time, ${mb.toFixed(1)} MB`);
}
const [ours, theirs] = medians;
if (ours !== undefined && theirs !== undefined) {
  console.log(
    `${(ours.ms / theirs.ms).toFixed(2)} times the time, ${(ours.mb / theirs.mb).toFixed(2)} times the memory`,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
