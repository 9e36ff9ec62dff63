import { z } from "zod";
import { DeployedFile } from "./formats/deployed";
import { EnvironmentFile } from "./formats/environment";
import { OffboardingFile } from "./formats/offboarding";
import { TableDefinitionFile } from "./formats/table-definition";
import { TenantFile } from "./formats/tenant";

const FORMATS = {
  "table-definition": { title: "Table definition: metadata/schemas/<tableId>.json", format: TableDefinitionFile },
  environment: { title: "Environment: environments/<name>.json", format: EnvironmentFile },
  tenant: { title: "Tenant: tenants/<tenantId>.json", format: TenantFile },
  offboarding: { title: "Tenant that leaves: offboarding/<tenantId>.json", format: OffboardingFile },
  deployed: { title: "What was deployed: deployed/<environment>.json", format: DeployedFile },
} as const;

/** The JSON Schemas that editors use, by file name in `json-schemas/`, as text. Draft 7 is what editors know best. */
export function editorSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(FORMATS).map(([name, { title, format }]) => {
      const { $schema, ...schema } = z.toJSONSchema(format, { target: "draft-7", io: "input" });
      return [`${name}.json`, `${JSON.stringify({ $schema, title, ...schema }, null, 2)}\n`];
    }),
  );
}
