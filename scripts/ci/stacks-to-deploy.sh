#!/usr/bin/env bash
# Prints the output of a workflow step: the stacks of an environment that differ from what was last deployed there, in order.
#
#   scripts/ci/stacks-to-deploy.sh <environment> >> "$GITHUB_OUTPUT"
#
#   stacks=metadata-prod-000 metadata-prod-001
set -euo pipefail

base=$("$(dirname "$0")/deployed-base.sh" "$1")
# shellcheck disable=SC2016 # what looks like shell is JavaScript
npm run --silent tenant-metadata -- affected --base "$base" --json | node -e '
  const { environments } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  console.log(`stacks=${(environments[process.argv[1]] ?? []).join(" ")}`);
' "$1"
