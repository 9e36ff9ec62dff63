import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";
import { codeAddress } from "./terraform-strings";

/**
 * Tells Terraform (from 1.7) to drop resources from its state without destroying them. An address that the state does not
 * hold is skipped, so the blocks can stay for good.
 *
 * @see https://developer.hashicorp.com/terraform/language/block/removed
 */
export class ForgottenResources extends TerraformElement {
  /** @param addresses - state addresses, e.g. `google_bigquery_dataset.acme`. */
  constructor(
    scope: Construct,
    id: string,
    private readonly addresses: readonly string[],
  ) {
    super(scope, id);
  }

  override toTerraform(): object {
    return { removed: this.addresses.map((from) => ({ from: codeAddress(from), lifecycle: { destroy: false } })) };
  }
}
