import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const Step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});

const Job = z.object({
  needs: z.union([z.string().transform((name) => [name]), z.array(z.string())]).default([]),
  if: z.string().optional(),
  permissions: z.record(z.string(), z.string()).optional(),
  steps: z.array(Step).default([]),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
  secrets: z.unknown().optional(),
  environment: z.string().optional(),
  "timeout-minutes": z.number().optional(),
});

const Workflow = z.object({
  on: z.union([z.string().transform((name) => ({ [name]: null })), z.record(z.string(), z.unknown())]),
  permissions: z.record(z.string(), z.string()).optional(),
  jobs: z.record(z.string(), Job),
});

export type Job = z.infer<typeof Job>;
export interface WorkflowFile extends z.infer<typeof Workflow> {
  /** `deploy.yml` */
  readonly file: string;
  readonly text: string;
}

/** Parses a workflow as far as the rules look into it. */
export function parseWorkflow(file: string, text: string): WorkflowFile {
  return { file, text, ...Workflow.parse(parse(text)) };
}

/** Every workflow of a folder, in the order of names. */
export function readWorkflows(folder: string): readonly WorkflowFile[] {
  return readdirSync(folder)
    .sort()
    .map((file) => parseWorkflow(file, readFileSync(path.join(folder, file), "utf8")));
}
