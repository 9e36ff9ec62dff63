import fc from "fast-check";
import { bothSyntheses, hostileStack, hostileTexts, markedStack, withTexts } from "../support/hostile-stack";
import { environment, MINIMAL_TABLE, tenant } from "../support/resolved";
import { testStack } from "../support/synth";
import { runs } from "../support/runs";

/*
 * Grammars refuse most of these strings before they reach a construct; here they are bypassed. What Terraform itself makes
 * of them is tested in __tests__/terraform/hostile-strings.test.ts.
 */

const [MARKED] = bothSyntheses(markedStack());

describe("every string of a configuration", () => {
  test("comes out of a stack as it went in, and is no expression", () => {
    fc.assert(
      fc.property(hostileTexts, (texts) => {
        for (const stack of bothSyntheses(hostileStack(texts)))
          expect(evaluate(stack, MARKED)).toEqual(withTexts(MARKED, texts));
      }),
      { numRuns: runs(10) },
    );
  });

  test("that would be part of an address is a name, or refused", () => {
    const name = fc.oneof(fc.stringMatching(/^[A-Za-z_][\w-]{0,8}$/), fc.string({ minLength: 1, maxLength: 8 }));
    fc.assert(
      fc.property(name, name, (tenantId, tableId) => {
        const assignment = {
          stackName: "metadata-dev",
          environment: environment(),
          shard: 0,
          tenants: [tenant({ tenantId })],
        };
        const isName = [tenantId, tableId].every((each) => /^[A-Za-z_][\w-]*$/.test(each));
        let wasMade = true;
        try {
          testStack({ assignment, definitions: [{ ...MINIMAL_TABLE, tableId }] });
        } catch {
          wasMade = false;
        }
        expect(wasMade).toBe(isName);
      }),
    );
  });

  test.each([
    ["bucket", { bucket: "${x}", prefix: "a" }],
    ["prefix", { bucket: "example-state", prefix: "%{x}" }],
  ])("is refused as a backend's %s, where Terraform evaluates nothing", (what, backend) => {
    const shared = environment({ backend: { type: "gcs", ...backend } });
    const assignment = { stackName: "metadata-dev", environment: shared, shard: 0, tenants: [] };
    expect(() => testStack({ assignment, definitions: [] })).toThrow(`The backend's ${what} is not well-formed`);
  });
});

/** Evaluates every string but our own expressions, which stand where `marked` has them. */
function evaluate(value: unknown, marked: unknown): unknown {
  if (typeof value === "string") return typeof marked === "string" && marked.includes("${") ? value : template(value);
  if (Array.isArray(value)) return value.map((entry, index) => evaluate(entry, (marked as unknown[])[index]));
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(marked as object);
  return Object.fromEntries(
    Object.entries(value).map(([key, entry], index) => [
      template(key),
      evaluate(
        entry,
        (marked as Record<string, unknown>)[key] ?? (marked as Record<string, unknown>)[keys[index] ?? ""],
      ),
    ]),
  );
}

/** What Terraform makes of a template whose only expressions are constant strings. */
function template(text: string): string {
  return text
    .replaceAll(/\$\$\{|%%\{|\$\{"((?:[$\w]|\\r|\\u\w{4}|\\U\w{8})+)"\}|\$\{|%\{/g, (found, constant?: string) => {
      if (constant !== undefined) {
        return JSON.parse(
          `"${constant.replace(/\\U(\w{8})/, (__, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))}"`,
        ) as string;
      }
      if (found.length === 2) throw new Error(`${JSON.stringify(text)} would be evaluated`);
      return found.slice(1);
    })
    .normalize("NFC");
}
