import { fork } from "node:child_process";
import path from "node:path";
import type { CountingServer } from "./counting-server";

export interface ServerProcess extends Pick<CountingServer, "grpcAddress" | "restAddress"> {
  readonly counts: () => Promise<CountingServer["counts"]>;
  readonly stop: () => void;
}

/**
 * Starts the counting server in a process of its own.
 *
 * @param answerMs - milliseconds until it answers an append.
 */
export async function startServerProcess(answerMs = 0): Promise<ServerProcess> {
  const child = fork(path.join(__dirname, "server-main.ts"), [String(answerMs)]);
  const answer = async <T>() => new Promise<T>((resolve) => child.once("message", (message) => resolve(message as T)));
  const addresses = await answer<Pick<CountingServer, "grpcAddress" | "restAddress">>();
  return {
    ...addresses,
    counts: async () => {
      child.send("counts");
      return answer<CountingServer["counts"]>();
    },
    stop: () => child.disconnect(),
  };
}
