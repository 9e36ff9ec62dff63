#!/usr/bin/env bash
# Applies the plans that plan.sh made and plan check judged, nothing else: Terraform refuses a plan whose state has moved on.
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
