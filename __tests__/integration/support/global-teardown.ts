import { keptEmulator } from "./running-emulator";

export default async function globalTeardown(): Promise<void> {
  await keptEmulator()?.stop();
}
