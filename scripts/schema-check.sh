#!/usr/bin/env bash
# Prints, as a Markdown table fit for a pull-request comment, what the changed configuration will do, and ends with the code of
# `tenant-metadata schema check`: 0 nothing is lost, 2 something is, 1 broken input.
#
#   scripts/schema-check.sh <base git ref>
#
# In a GitHub workflow the table also goes to the job's summary, and its file to the output `report`.
set -euo pipefail
base="${1:?usage: scripts/schema-check.sh <base git ref>}"
project="$(cd "$(dirname "$0")/.." && pwd)"
configs="${METADATA_CONFIG_DIR:-$project/configs}"

folder="${RUNNER_TEMP:-}"
if [ -z "$folder" ]; then
  folder="$(mktemp -d)"
  trap 'rm -rf "$folder"' EXIT
fi
report="$folder/schema-check.md"

code=0
since="$(git -C "$configs" merge-base "$base" HEAD 2>/dev/null || printf '%s' "$base")"
if git -C "$configs" diff --quiet "$since" -- . 2>/dev/null && [ -z "$(git -C "$configs" ls-files --others --exclude-standard .)" ]; then
  printf '### Schema changes\n\nNo schema change.\n' > "$report"
else
  METADATA_CONFIG_DIR="$configs" npm --prefix "$project" run -s tenant-metadata -- schema check --base "$base" --markdown > "$report" || code=$?
fi

cat "$report"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$report" >> "$GITHUB_STEP_SUMMARY"; fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'report=%s\n' "$report" >> "$GITHUB_OUTPUT"; fi
exit "$code"
