import { defined } from "../../../model/defined";
import { Command } from "commander";
import type { CliContext } from "../../context";
import { collect, collectPair, wholeNumber } from "../../options";

/** `tenant-metadata tenant …`: who the tenants are, and how they come and go. */
export function tenantCommand(context: CliContext): Command {
  return new Command("tenant")
    .description("Add, look up and offboard tenants.")
    .addCommand(addCommand(context))
    .addCommand(listCommand(context))
    .addCommand(showCommand(context))
    .addCommand(offboardCommand(context));
}

interface AddFlags {
  readonly displayName?: string;
  readonly environment?: readonly string[];
  readonly location?: string;
  readonly partitionExpirationDays?: number;
  readonly kmsKeyName?: string;
  readonly reader?: string[];
  readonly writer?: string[];
  readonly keyAdmin?: string[];
  readonly label?: Record<string, string>;
}

function addCommand(context: CliContext): Command {
  return new Command("add")
    .description("Write the file of a new tenant, after checking it together with all others.")
    .argument("[id]", "tenant id: 2 to 63 of a-z, 0-9 and _, starting with a letter")
    .option("--display-name <name>", "name for people")
    .option("--environment <name>", "environment in which the tenant exists; repeat for more", collect)
    .option("--location <location>", "BigQuery location instead of the environments'")
    .option("--partition-expiration-days <days>", "days after which partitions are deleted", wholeNumber)
    .option("--kms-key-name <name>", "Cloud KMS key instead of the environments'")
    .option("--reader <member>", "who may read, instead of the environments' readers; repeat for more", collect)
    .option("--writer <member>", "who may write, instead of the environments' writers; repeat for more", collect)
    .option("--key-admin <member>", "who may touch api_keys, instead of the environments'; repeat for more", collect)
    .option("--label <key=value>", "label to add to the environments' labels; repeat for more", collectPair)
    .addHelpText(
      "after",
      `
The flags apply to every environment named; edit the file where environments differ.
On a terminal, the command asks for missing values.

Examples:
  $ tenant-metadata tenant add acme_retail --display-name "Acme Retail" --environment dev --environment prod
  $ tenant-metadata tenant add globex --display-name Globex --environment prod --location US \\
      --reader group:auditors@example.com`,
    )
    .action(async (tenantId: string | undefined, flags: AddFlags) => {
      const { addTenant } = await import("./add/add");
      const { displayName, environment, reader, writer, keyAdmin, label, ...same } = flags;
      const environments = [...new Set(environment)];
      const overrides = defined({ ...same, labels: label, readers: reader, writers: writer, keyAdmins: keyAdmin });
      await addTenant(context, defined({ tenantId, displayName, environments, overrides }));
    });
}

function listCommand(context: CliContext): Command {
  return new Command("list")
    .description("List the tenants and the environments they exist in.")
    .option("--environment <name>", "only tenants of this environment")
    .option("--json", "print them as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ tenant-metadata tenant list\n  $ tenant-metadata tenant list --environment prod --json",
    )
    .action(async ({ environment, json }: { environment?: string; json?: true }) => {
      const { listTenants } = await import("./list/list");
      listTenants(context, defined({ environment, json: json === true }));
    });
}

function showCommand(context: CliContext): Command {
  return new Command("show")
    .description("Show a tenant's settings in each environment, where they come from, and what it has there.")
    .argument("<id>", "tenant id")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ tenant-metadata tenant show acme_retail\n  $ tenant-metadata tenant show acme_retail --json",
    )
    .action(async (tenantId: string, { json }: { json?: true }) => {
      const { showTenant } = await import("./show/show");
      showTenant(context, tenantId, { json: json === true });
    });
}

interface OffboardFlags {
  readonly environment: string;
  readonly keepData?: true;
  readonly deleteData?: true;
  readonly reason?: string;
}

function offboardCommand(context: CliContext): Command {
  return new Command("offboard")
    .description("Take a tenant out of an environment, and keep or delete its data.")
    .argument("<id>", "tenant id")
    .requiredOption("--environment <name>", "environment that the tenant leaves")
    .option("--keep-data", "Terraform forgets dataset, tables and grants; they stay as they are")
    .option("--delete-data", "destroy them, in two steps: run it, merge and deploy, run it again, merge and deploy")
    .option("--reason <text>", "with --delete-data: why, for the reviewer of the allowances it writes")
    .addHelpText(
      "after",
      `
A tenant whose file simply vanishes would have its tables destroyed by the next deployment, so \`validate --base\` refuses
that. This command takes it out of the file and records in offboarding/<id>.json whether the data stays or is deleted.

Examples:
  $ tenant-metadata tenant offboard acme_retail --environment prod --keep-data
  $ tenant-metadata tenant offboard acme_retail --environment dev --delete-data --reason "Contract ended, see ticket 1234"`,
    )
    .action(async (tenantId: string, { environment, keepData, deleteData, reason }: OffboardFlags) => {
      const { offboardTenant } = await import("./offboard/offboard");
      const choice = { keepData: keepData === true, deleteData: deleteData === true };
      offboardTenant(context, defined({ tenantId, environment, ...choice, reason }));
    });
}
