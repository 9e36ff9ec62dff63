#!/usr/bin/env bash
# Prints the commit that an environment was last deployed from; for one that never was, a commit that holds nothing.
#
#   scripts/ci/deployed-base.sh <environment>
#
# A tag that only a finished deployment moves, rather than the previous commit: what a failed one left undone is done by the
# next one.
set -euo pipefail

if ! git rev-parse --verify --quiet "refs/tags/deployed/$1^{commit}"; then
  export GIT_AUTHOR_NAME=deploy GIT_AUTHOR_EMAIL=deploy@example.com
  export GIT_COMMITTER_NAME=deploy GIT_COMMITTER_EMAIL=deploy@example.com
  git commit-tree "$(git mktree < /dev/null)" -m "Nothing deployed yet"
fi
