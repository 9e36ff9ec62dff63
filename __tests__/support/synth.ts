import { App, Testing } from "cdktf";
import { withoutTokenStackTraces } from "../../constructs/synth/token-stack-traces";
import { TenantMetadataStack, type TenantMetadataStackProps } from "../../constructs/tenant-metadata-stack";

/** A synthesized stack, as far as tests look into it. */
export interface TerraformJson {
  readonly locals: Record<string, unknown[]>;
  readonly output: Record<string, { value: unknown }>;
  readonly provider: Record<string, unknown[]>;
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly terraform: { readonly backend: Record<string, unknown> };
}

export function testStack(props: TenantMetadataStackProps): TenantMetadataStack {
  return new TenantMetadataStack(
    Testing.stubVersion(new App({ stackTraces: false })),
    props.assignment.stackName,
    props,
  );
}

/** Synthesizes as any other CDKTF app would. */
export function synthesize(props: TenantMetadataStackProps): TerraformJson {
  // They change nothing that is synthesized, and take most of the time.
  return withoutTokenStackTraces(() => JSON.parse(Testing.synth(testStack(props))) as TerraformJson);
}
