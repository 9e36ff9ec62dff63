import { hashApiKey } from "../../../runtime/keys/api-key-format";
import { type ActiveKey, KeySnapshot } from "../../../runtime/keys/key-snapshot";

const key = (apiKeyId: string): ActiveKey => ({ apiKeyId, hash: hashApiKey(apiKeyId) });
const MINUTE = 60_000;

/** A snapshot whose reads wait until they are answered. */
function answeredLater() {
  const waiting: ((keys: readonly ActiveKey[]) => void)[] = [];
  return {
    snapshot: new KeySnapshot(() => new Promise((resolve) => waiting.push(resolve)), MINUTE),
    answer: (keys: readonly ActiveKey[]) => waiting.shift()?.(keys),
  };
}

test("a key is found by its id and its hash together", async () => {
  const snapshot = new KeySnapshot(() => Promise.resolve([key("a")]), MINUTE);
  await expect(snapshot.find("a", hashApiKey("a"))).resolves.toEqual(key("a"));
  await expect(snapshot.find("a", hashApiKey("b"))).resolves.toBeUndefined();
  await expect(snapshot.find("b", hashApiKey("b"))).resolves.toBeUndefined();
});

test("a damaged hash matches nothing and does not throw", async () => {
  const snapshot = new KeySnapshot(() => Promise.resolve([{ apiKeyId: "a", hash: Buffer.from("12") }]), MINUTE);
  await expect(snapshot.find("a", hashApiKey("a"))).resolves.toBeUndefined();
});

test("the keys are read once for many look-ups", async () => {
  let reads = 0;
  const snapshot = new KeySnapshot(() => {
    reads++;
    return Promise.resolve([key("a")]);
  }, MINUTE);
  await Promise.all(Array.from({ length: 50 }, async () => snapshot.find("a", hashApiKey("a"))));
  expect(reads).toBe(1);
});

test("a key revoked here stays refused, though a read that began before still holds it", async () => {
  const { snapshot, answer } = answeredLater();
  const refreshing = snapshot.refresh();
  snapshot.remove("a");
  answer([key("a")]);
  await refreshing;
  await expect(snapshot.find("a", hashApiKey("a"))).resolves.toBeUndefined();
});

test("a key issued here is kept until a read that began afterwards, which then decides", async () => {
  const { snapshot, answer } = answeredLater();
  const before = snapshot.refresh();
  snapshot.add(key("a"));
  answer([]);
  await before;
  await expect(snapshot.find("a", hashApiKey("a"))).resolves.toEqual(key("a"));
  const after = snapshot.refresh();
  answer([]);
  await after;
  await expect(snapshot.find("a", hashApiKey("a"))).resolves.toBeUndefined();
});

test("keys that are too old are read again, and when that takes too long, none is accepted", async () => {
  const snapshot = new KeySnapshot(() => Promise.resolve([key("a")]), -1);
  await expect(snapshot.find("a", hashApiKey("a"))).rejects.toThrow("so none is accepted");
});
