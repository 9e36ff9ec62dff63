#!/usr/bin/env bash
# Fails when a plan in a folder would lose data, replace a table, open access or lower protection without an allowance.
#
#   scripts/ci/guard.sh <folder of plans as JSON>
set -euo pipefail
shopt -s nullglob globstar

plans=("$1"/**/*.json)
if [ ${#plans[@]} -eq 0 ]; then echo "No plan to check."; else npm run --silent tenant-metadata -- plan check "${plans[@]}"; fi
