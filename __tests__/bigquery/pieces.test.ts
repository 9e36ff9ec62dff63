import * as fc from "fast-check";
import { MAX_PARAMETER_BYTES, pieces, requestBytes } from "../../bigquery/pieces";

test("nothing is lost or moved, and no piece is over its limits unless one element is", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 30 })),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 60 }),
      (elements, maxCount, maxSize) => {
        const cut = pieces(elements, { maxCount, maxSize, sizeOf: (element) => element });
        expect(cut.flat()).toEqual(elements);
        for (const piece of cut) {
          expect(piece.length).toBeGreaterThan(0);
          expect(piece.length).toBeLessThanOrEqual(maxCount);
          expect(piece.length === 1 || piece.reduce((sum, size) => sum + size, 0) <= maxSize).toBe(true);
        }
      },
    ),
  );
});

test("the bytes of a value are those it takes as a parameter of a request", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      const sent = Buffer.byteLength(JSON.stringify({ value: JSON.stringify(texts) }));
      const frame = Buffer.byteLength(JSON.stringify({ value: "" }));
      const counted = texts.reduce((sum, text) => sum + requestBytes(text), 0);
      expect(counted).toBeGreaterThanOrEqual(sent - frame - 2);
    }),
  );
  expect(MAX_PARAMETER_BYTES).toBeLessThan(10_000_000);
});
