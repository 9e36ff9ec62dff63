import { startCountingServer } from "./counting-server";

/* The counting server in a process of its own, so that its processor time is not the client's. See `server-process.ts`. */
void startCountingServer(Number(process.argv[2] ?? 0)).then((server) => {
  process.send?.({ grpcAddress: server.grpcAddress, restAddress: server.restAddress });
  process.on("message", () => process.send?.(server.counts));
  process.on("disconnect", () => process.exit());
});
