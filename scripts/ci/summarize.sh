#!/usr/bin/env bash
# Writes comment.md and plan.html from the plans in a folder; without any plan, a comment that says so.
#
#   scripts/ci/summarize.sh <folder of plans as JSON> <folder to write to>
set -euo pipefail
shopt -s nullglob globstar

plans=("$1"/**/*.json)
mkdir -p "$2"
if [ ${#plans[@]} -eq 0 ]; then
  printf '<!-- tenant-metadata: plan -->\n## Plan: no changes\n\nNo stack differs from the base, so nothing will be deployed.\n' > "$2/comment.md"
else
  npm run --silent tenant-metadata -- plan summary "${plans[@]}" --markdown --html "$2/plan.html" > "$2/comment.md"
fi
