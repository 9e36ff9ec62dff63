import { TerraformLocal, TerraformResource, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { UsageError } from "../model/errors";
import type { TableDefinition } from "../model/formats/table-definition";
import { generationLogicalId, schemaLocalName } from "../model/names";
import { columnResource } from "../model/resources";
import { code, literal } from "./terraform-strings";

/** What all tables of one definition share in a stack. */
interface SharedTableParts {
  /** Terraform expression of the columns as BigQuery's schema JSON. */
  readonly schemaJson: string;
  /** Address of the resource whose change replaces the table. */
  readonly generationAddress: string;
}

interface Entry extends SharedTableParts {
  readonly definition: TableDefinition;
  readonly generation: number;
}

/**
 * Holds each table schema of a stack once, as a structured local, however many tenants the stack has.
 *
 * A schema change then shows once in a plan's configuration, and the output is a third of what a string per table takes.
 */
export class TableSchemas extends Construct {
  /** The stack's own instance, made on first use. */
  static of(scope: Construct): TableSchemas {
    const stack = TerraformStack.of(scope);
    const existing = stack.node.tryFindChild(TableSchemas.ID);
    return existing instanceof TableSchemas ? existing : new TableSchemas(stack);
  }

  private static readonly ID = "table-schemas";
  private readonly entries = new Map<string, Entry>();

  private constructor(stack: TerraformStack) {
    super(stack, TableSchemas.ID);
  }

  /**
   * The shared parts of a definition's tables, emitted on first use.
   *
   * @param generation - of the table in this stack, from 1. The resource is emitted from the start, since Terraform replaces
   *   what refers to it when it is updated, but not when it is first created.
   * @throws {@link UsageError} when the stack holds another definition or generation under the same table id.
   * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#replace_triggered_by
   */
  share(definition: TableDefinition, generation: number): SharedTableParts {
    const { tableId } = definition;
    const existing = this.entries.get(tableId);
    if (existing !== undefined) {
      if (existing.definition === definition && existing.generation === generation) return existing;
      const what = existing.definition === definition ? `generation ${existing.generation}` : "another definition";
      throw new UsageError(
        `The stack ${TerraformStack.of(this).node.path} already holds ${what} of table ${tableId}; all its tenants share one.\n` +
          "fix: pass the same definition object and generation for all of them, or use another stack.",
      );
    }
    const localName = code(schemaLocalName(tableId));
    const schema = new TerraformLocal(this, localName, literal(definition.schema.fields.map(columnResource)));
    schema.overrideLogicalId(localName);
    new Generation(this, generationLogicalId(tableId), generation);
    const entry = {
      definition,
      generation,
      schemaJson: `\${jsonencode(local.${localName})}`,
      generationAddress: `terraform_data.${generationLogicalId(tableId)}`,
    };
    this.entries.set(tableId, entry);
    return entry;
  }
}

/**
 * A `terraform_data` that changes with the generation.
 *
 * Not cdktf's own DataResource: its validation runs `terraform version`, and a synth must not need Terraform.
 */
class Generation extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly generation: number,
  ) {
    super(scope, id, { terraformResourceType: "terraform_data" });
    this.overrideLogicalId(id);
  }

  protected override synthesizeAttributes(): { input: number } {
    return { input: this.generation };
  }
}
