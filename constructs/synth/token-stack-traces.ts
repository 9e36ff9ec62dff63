import stackTrace = require("cdktf/lib/tokens/private/stack-trace");

/**
 * Runs `work` without cdktf capturing a stack trace for every token it makes.
 *
 * The traces serve only to say where a token that fails to resolve was made. With a thousand tenants they are most of the
 * time and memory of a synth, and cdktf has no option to turn them off (hashicorp/terraform-cdk#3892), so this reaches into
 * a private module; a test notices when that module moves.
 */
export function withoutTokenStackTraces<T>(work: () => T): T {
  const original = stackTrace.captureStackTrace;
  stackTrace.captureStackTrace = () => [];
  try {
    return work();
  } finally {
    stackTrace.captureStackTrace = original;
  }
}
