import { ConfigError, DeadlineError, InternalError, RemoteError, UsageError } from "../../model/errors";
import { exitCodeOf } from "../../model/exit-codes";

test.each([
  [new ConfigError([]), 1],
  [new UsageError("wrong flag"), 1],
  [new RemoteError("no answer"), 3],
  [new DeadlineError("too late"), 3],
  [new InternalError("bug"), 70],
])("%o ends a process with its own code", (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});
