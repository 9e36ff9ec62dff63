/* Preloaded into a measured process: writes the processor's seconds and the peak resident memory (KiB) of it at its end. */
const { writeFileSync } = require("node:fs");
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(process.env.BENCH_USAGE_FILE, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, maxRSS }));
});
