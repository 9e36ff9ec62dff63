#!/usr/bin/env bash
# Prints the commit that an environment was last deployed from; for one that never was, a commit that holds nothing. Fails when
# what is deployed is not part of what is checked out: a deployment never goes backwards.
#
#   scripts/ci/deployed-base.sh <environment>
#
# A tag that only a finished deployment moves, rather than the previous commit: what a failed one left undone is done by the
# next one.
set -euo pipefail

if deployed=$(git rev-parse --verify --quiet "refs/tags/deployed/$1^{commit}"); then
  if ! git merge-base --is-ancestor "$deployed" HEAD; then
    echo "::error::$1 was deployed from $deployed, which $(git rev-parse HEAD) does not contain. Deploy a commit that does, for example the newest of main; to take a change back, revert it there." >&2
    exit 1
  fi
  echo "$deployed"
else
  export GIT_AUTHOR_NAME=deploy GIT_AUTHOR_EMAIL=deploy@example.com
  export GIT_COMMITTER_NAME=deploy GIT_COMMITTER_EMAIL=deploy@example.com
  git commit-tree "$(git mktree < /dev/null)" -m "Nothing deployed yet"
fi
