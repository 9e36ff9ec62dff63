#!/usr/bin/env bash
# Judges the change of the table definitions since a commit, and shows the findings on the workflow run's page.
#
#   scripts/ci/schema-check.sh <base commit>
set -euo pipefail

npm run --silent tenant-metadata -- schema check --base "$1" --markdown | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
