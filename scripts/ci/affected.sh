#!/usr/bin/env bash
# Prints the outputs of a workflow step: which of the named environments have stacks that differ from a commit, and which.
#
#   scripts/ci/affected.sh <base commit> <environment>… >> "$GITHUB_OUTPUT"
#
#   environments=["dev","prod"]
#   stacks={"dev":["metadata-dev"],"prod":["metadata-prod-001"]}
set -euo pipefail

base=$1
shift

# shellcheck disable=SC2016 # what looks like shell is JavaScript
npm run --silent tenant-metadata -- affected --base "$base" --json | node -e '
  const { environments } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  const wanted = Object.entries(environments).filter(([name]) => process.argv.slice(1).includes(name));
  console.log(`environments=${JSON.stringify(wanted.map(([name]) => name))}`);
  console.log(`stacks=${JSON.stringify(Object.fromEntries(wanted))}`);
' "$@"
