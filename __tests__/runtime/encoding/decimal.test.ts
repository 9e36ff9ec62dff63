import * as fc from "fast-check";
import { BIGNUMERIC, decimalText, NUMERIC } from "../../../runtime/encoding/decimal";

const MAX_BIGNUMERIC = "578960446186580977117854925043439539266.34992332820282019728792003956564819967";
const MIN_BIGNUMERIC = "-578960446186580977117854925043439539266.34992332820282019728792003956564819968";
const MAX_NUMERIC = "99999999999999999999999999999.999999999";

test.each([
  [BIGNUMERIC, MAX_BIGNUMERIC],
  [BIGNUMERIC, MIN_BIGNUMERIC],
  [NUMERIC, MAX_NUMERIC],
  [NUMERIC, `-${MAX_NUMERIC}`],
])("the ends of a range are taken: %o takes %s", (type, text) => expect(decimalText(text, type)).toBe(text));

test.each([
  [BIGNUMERIC, MAX_BIGNUMERIC.replace(/7$/, "8")],
  [BIGNUMERIC, MIN_BIGNUMERIC.replace(/8$/, "9")],
  [BIGNUMERIC, "0.000000000000000000000000000000000000001"],
  [NUMERIC, "100000000000000000000000000000"],
  [NUMERIC, "0.0000000001"],
  [NUMERIC, 1e-10],
  [NUMERIC, 1e30],
  [NUMERIC, Number.NaN],
  [NUMERIC, Number.NEGATIVE_INFINITY],
  [NUMERIC, ""],
  [NUMERIC, "1."],
  [NUMERIC, "0x10"],
  [NUMERIC, "1e99999"],
  [NUMERIC, true],
  [NUMERIC, new String("1")],
])("beyond a range is refused: %o refuses %p", (type, value) => expect(decimalText(value, type)).toBeUndefined());

test.each<[unknown, string]>([
  [1e-7, "0.0000001"],
  [-5e-9, "-0.000000005"],
  [1e21, "1000000000000000000000"],
  ["1e5", "100000"],
  ["-12.50E-3", "-0.0125"],
  ["+007.100", "7.1"],
  ["-0.000", "0"],
  [-0, "0"],
  [12n, "12"],
  ["0".repeat(5000) + "1", "1"],
])("%p is sent as %s", (value, text) => expect(decimalText(value, NUMERIC)).toBe(text));

test.each([["NUMERIC", NUMERIC] as const, ["BIGNUMERIC", BIGNUMERIC] as const])(
  "every %s reads back equal, however it is spelled",
  (_, type) => {
    const units = fc.bigInt({ min: type.min, max: type.max });
    fc.assert(
      fc.property(units, (value) => {
        const digits = (value < 0n ? -value : value).toString().padStart(type.scale + 1, "0");
        const text = `${value < 0n ? "-" : ""}${digits.slice(0, -type.scale)}.${digits.slice(-type.scale)}`;
        const plain = decimalText(text, type);
        expect(unitsOf(plain ?? "refused", type.scale)).toBe(value);
        expect(decimalText(`${value}e-${type.scale}`, type)).toBe(plain);
      }),
    );
  },
);

test("a number is sent as its shortest decimal form, or refused", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = decimalText(value, BIGNUMERIC);
      const isSurelyHeld = value === 0 || (Math.abs(value) < 5.7e38 && Math.abs(value) > 1e-21);
      // A zero has no sign in SQL.
      expect(text === undefined ? !isSurelyHeld : Number(text) === value).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

/** The units that a plain decimal says. */
function unitsOf(text: string, scale: number): bigint {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(scale, "0"));
}
