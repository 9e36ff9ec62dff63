import stackTrace = require("cdktf/lib/tokens/private/stack-trace");

/**
 * Stops cdktf from capturing a stack trace for every token it makes, until the process ends.
 *
 * The traces serve only to say where a token that fails to resolve was made. With a thousand tenants they are most of the
 * time and memory of a synth, and cdktf has no option to turn them off (hashicorp/terraform-cdk#3892), so this reaches into
 * a private module; a test notices when that module moves.
 */
export function disableTokenStackTraces(): void {
  stackTrace.captureStackTrace = () => [];
}
