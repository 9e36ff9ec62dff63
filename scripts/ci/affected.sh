#!/usr/bin/env bash
# Prints the outputs of a workflow step: which environments have stacks that differ from a commit, and which. An environment that no
# workflow deploys is said, and left out when its state is on a laptop, where no workflow can plan it.
#
#   scripts/ci/affected.sh <base commit> >> "$GITHUB_OUTPUT"
#
#   environments=["dev","prod"]
#   stacks={"dev":["metadata-dev"],"prod":["metadata-prod-001"]}
set -euo pipefail

npm run --silent tenant-metadata -- affected --base "$1" --json | node "$(dirname "$0")/affected-outputs.mjs"
