#!/usr/bin/env bash
# Records that an environment was deployed from this commit: moves its tag, forwards only, and when the number of shards or a
# table's generation is new, pushes a branch with the changed record and proposes it.
#
#   scripts/ci/record-deployed.sh <environment>
#
# GITHUB_TOKEN is handed to git for the push, and to the proposal, alone.
set -euo pipefail

environment=$1
tag=refs/tags/deployed/$environment
token=${GITHUB_TOKEN:-}
unset GITHUB_TOKEN

push() {
  if [ -z "$token" ]; then
    git push "$@"
  else
    GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.${GITHUB_SERVER_URL:-https://github.com}/.extraheader" \
      GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$token" | base64 --wrap=0)" git push "$@"
  fi
}

"$(dirname "$0")/deployed-base.sh" "$environment" > /dev/null
# The tag moves from where this checkout knows it to be, and from nowhere else.
push --force-with-lease="$tag:$(git rev-parse --verify --quiet "$tag" || true)" origin "HEAD:$tag"

npm run --silent tenant-metadata -- deployed --environment "$environment"
if [ -z "$(git status --porcelain -- "${METADATA_CONFIG_DIR:-configs}/deployed")" ]; then exit 0; fi

branch=record-deployed-$environment
git switch --force-create "$branch"
git add -- "${METADATA_CONFIG_DIR:-configs}/deployed"
git -c user.name="github-actions[bot]" -c user.email="41898282+github-actions[bot]@users.noreply.github.com" \
  commit --message "chore: record what was deployed to $environment"
push --force origin "$branch"
GITHUB_TOKEN=$token npm run --silent ci:propose -- "$branch" "Record what was deployed to $environment"
