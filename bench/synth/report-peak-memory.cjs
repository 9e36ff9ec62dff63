/* Preloaded into every process of a measured command: appends the process's peak resident memory, in KiB, at its end. */
const { appendFileSync } = require("node:fs");
process.on("exit", () => {
  if (process.env.BENCH_MEMORY_FILE) {
    appendFileSync(process.env.BENCH_MEMORY_FILE, `${process.resourceUsage().maxRSS}\n`);
  }
});
