#!/usr/bin/env node
import { runProgram } from "./program";

const context = {
  configDir: process.env["METADATA_CONFIG_DIR"] ?? "configs",
  print: (text: string) => void process.stdout.write(text),
  report: (text: string) => void process.stderr.write(text),
  now: () => new Date(),
  exitWith: () => undefined,
  interactive: process.stdin.isTTY && process.stdout.isTTY,
  colors: process.stdout.isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb",
};

void runProgram(process.argv.slice(2), context).then((code) => (process.exitCode = code));
