import { startCountingServer } from "./counting-server";

/* The counting server in a process of its own, so that its processor time is not the client's. See `server-process.ts`. */
async function main(answerMs: number): Promise<void> {
  const { grpcAddress, restAddress, counts } = await startCountingServer(answerMs);
  process.on("message", () => process.send?.(counts));
  process.on("disconnect", () => process.exit());
  process.send?.({ grpcAddress, restAddress });
}

void main(Number(process.argv[2] ?? 0));
