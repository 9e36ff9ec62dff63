import { ConfigError } from "./errors";
import { pickOne, show } from "./problems";
import type { StackAssignment } from "./resolve";

/**
 * Keeps the named stacks, in the order they were assigned.
 *
 * @throws {@link ConfigError} for a name that no stack has.
 */
export function selectStacks(
  assignments: readonly StackAssignment[],
  names: readonly string[],
): readonly StackAssignment[] {
  const known = assignments.map(({ stackName }) => stackName);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new ConfigError(
      unknown.map((name) => ({
        file: "METADATA_STACKS",
        path: "",
        message: "There is no stack of this name",
        received: show(name),
        remedy: pickOne(name, known, "Name an existing stack; `npm run synth` lists them"),
      })),
    );
  }
  return assignments.filter(({ stackName }) => names.includes(stackName));
}
