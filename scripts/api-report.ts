/*
 * npm run api [-- <folder>]
 *
 * Writes the public API of each entry point, as a user's compiler sees it, to docs/api/ (or another folder). A test compares
 * the committed files, so that no change of the public API goes unnoticed. Fails when something public has no documentation,
 * or refers to a type that is not exported.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Extractor, ExtractorConfig, type ExtractorMessage } from "@microsoft/api-extractor";

const ENTRY_POINTS: readonly (readonly [report: string, types: string])[] = [
  ["tenant-metadata", "index.d.ts"],
  ["runtime", "runtime/index.d.ts"],
];

const MISTAKES: readonly string[] = ["ae-forgotten-export", "ae-undocumented", "ae-unresolved-link"];

const project = path.join(__dirname, "..");
/** A package of declarations alone. Not below `node_modules`, whose files api-extractor takes for other packages'. */
const work = mkdtempSync(path.join(os.tmpdir(), "api-report-"));

try {
  main(process.argv[2] ?? path.join(project, "docs", "api"));
} finally {
  rmSync(work, { recursive: true });
}

function main(reportFolder: string): void {
  mkdirSync(reportFolder, { recursive: true });
  copyFileSync(path.join(project, "package.json"), path.join(work, "package.json"));
  symlinkSync(path.join(project, "node_modules"), path.join(work, "node_modules"));
  const tsc = path.join(project, "node_modules", ".bin", "tsc");
  execFileSync(tsc, ["-p", "tsconfig.build.json", "--emitDeclarationOnly", "--outDir", work], {
    cwd: project,
    stdio: "inherit",
  });
  const mistakes = ENTRY_POINTS.flatMap(([report, types]) => writeReport(reportFolder, report, path.join(work, types)));
  if (mistakes.length === 0) return;
  process.stderr.write(`The public API has mistakes; fix: document it, or export the type.\n${mistakes.join("\n")}\n`);
  process.exitCode = 1;
}

/** Writes one report, and gives the mistakes that it shows. */
function writeReport(reportFolder: string, report: string, mainEntryPointFilePath: string): readonly string[] {
  const mistakes: string[] = [];
  const messageCallback = (message: ExtractorMessage) => {
    if (MISTAKES.includes(message.messageId)) mistakes.push(message.formatMessageWithLocation(work));
    message.handled = true;
  };
  const compilerOptions = {
    target: "es2022",
    lib: ["es2023", "esnext.disposable"],
    module: "node16",
    moduleResolution: "node16",
    types: ["node"],
    strict: true,
    skipLibCheck: true,
  };
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: path.join(work, "package.json"),
    configObject: {
      projectFolder: work,
      mainEntryPointFilePath,
      compiler: { overrideTsconfig: { compilerOptions, files: [mainEntryPointFilePath] } },
      apiReport: {
        enabled: true,
        reportFileName: `${report}.api.md`,
        reportFolder,
        reportTempFolder: path.join(work, ".temp"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
    },
  });
  Extractor.invoke(config, { localBuild: true, messageCallback });
  return mistakes;
}
