import { execFileSync } from "node:child_process";
import path from "node:path";

/*
 * `npm run bench:load`: what `require("tenant-metadata/runtime")` takes beside `require("@google-cloud/bigquery")`, each in fresh
 * processes in turn: processor time and memory, of which the least counts. Run `npm run build` first.
 */

const ROUNDS = 11;
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
const least = [...measured].map(([name, rounds]) => ({
  name,
  ms: Math.min(...rounds.map(([ms]) => ms)),
  mb: Math.min(...rounds.map(([, mb]) => mb)),
}));
for (const { name, ms, mb } of least)
  console.log(`${name}: ${ms.toFixed(0)} ms of processor time, ${mb.toFixed(1)} MB`);
const [ours, theirs] = least;
if (ours !== undefined && theirs !== undefined) {
  console.log(
    `${(ours.ms / theirs.ms).toFixed(2)} times the time, ${(ours.mb / theirs.mb).toFixed(2)} times the memory`,
  );
}
