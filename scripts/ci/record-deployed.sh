#!/usr/bin/env bash
# Records that an environment was deployed from this commit: moves its tag, and when the number of shards or a table's
# generation is new, pushes a branch with the changed record and proposes it.
#
#   scripts/ci/record-deployed.sh <environment>
set -euo pipefail

environment=$1
git push --force origin "HEAD:refs/tags/deployed/$environment"

npm run --silent tenant-metadata -- deployed --environment "$environment"
if [ -z "$(git status --porcelain -- "${METADATA_CONFIG_DIR:-configs}/deployed")" ]; then exit 0; fi

branch=record-deployed-$environment
git switch --force-create "$branch"
git add -- "${METADATA_CONFIG_DIR:-configs}/deployed"
git -c user.name="github-actions[bot]" -c user.email="41898282+github-actions[bot]@users.noreply.github.com" \
  commit --message "chore: record what was deployed to $environment"
git push --force origin "$branch"
npm run --silent ci:propose -- "$branch" "Record what was deployed to $environment"
