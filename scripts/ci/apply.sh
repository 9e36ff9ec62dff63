#!/usr/bin/env bash
# Applies the plans that plan.sh made and plan check judged. Terraform refuses a plan whose state has moved on; a change made to a
# live table moves no state, so right before each apply `plan verify` compares the live columns with what the plan knew, and a
# column that was added meanwhile stops the apply, which would drop it. One added in the seconds between is still dropped.
#
#   scripts/ci/apply.sh "<stack> <stack>…"
#
# The first stack is the canary: the others wait until it is applied and a new plan of it is empty.
set -euo pipefail

terraform=${TERRAFORM:-terraform}

apply() {
  local folder=cdktf.out/stacks/$1
  echo "::group::Apply $1"
  "$terraform" -chdir="$folder" init -input=false -lockfile=readonly
  "$terraform" -chdir="$folder" show -json plan.out | npm run --silent tenant-metadata -- plan verify -
  "$terraform" -chdir="$folder" apply -input=false plan.out
  echo "::endgroup::"
}

read -ra stacks <<< "$1"
canary=${stacks[0]}
apply "$canary"
if ! "$terraform" -chdir="cdktf.out/stacks/$canary" plan -input=false -detailed-exitcode; then
  echo "::error::$canary still has changes after it was applied, so no other stack is."
  exit 1
fi
for stack in "${stacks[@]:1}"; do apply "$stack"; done
