#!/usr/bin/env bash
# Shows what plans will do on the workflow run's page, for who approves the deployment.
#
#   scripts/ci/show-plan.sh <folder of plans as JSON>
set -euo pipefail

summary=$(mktemp --directory)
trap 'rm --recursive "$summary"' EXIT
"$(dirname "$0")/summarize.sh" "$1" "$summary"
tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}" < "$summary/comment.md"
