#!/usr/bin/env node
/*
 * Fails unless every job that the gate waits for succeeded or was rightly skipped. It takes, in a workflow's `env`:
 *
 *     NEEDS      ${{ toJSON(needs) }}
 *     FROM_FORK  whether the pull request comes from a fork, which gets no identity: true or false
 */
const needs = /** @type {Record<string, { result: string, outputs?: Record<string, string> }>} */ (
  JSON.parse(process.env["NEEDS"] ?? "{}")
);
if (Object.keys(needs).length === 0) throw new Error("NEEDS names no job. Pass ${{ toJSON(needs) }}.");
const fromFork = process.env["FROM_FORK"] === "true";
const environments = needs["check"]?.outputs?.["environments"];

/** Jobs that may be skipped now. */
const mayBeSkipped = new Set();
if (fromFork) mayBeSkipped.add("plan").add("comment");
if (environments === "[]") mayBeSkipped.add("plan");

for (const [job, { result }] of Object.entries(needs)) {
  const passes = result === "success" || (result === "skipped" && mayBeSkipped.has(job));
  console.log(`${passes ? "ok    " : "FAILED"} ${job}: ${result}`);
  if (!passes) process.exitCode = 1;
}
