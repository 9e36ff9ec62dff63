#!/usr/bin/env bash
# Synthesizes stacks and plans each, without a lock, so that an identity that may only read is enough.
#
#   scripts/ci/plan.sh <folder for the plans as JSON> "<stack> <stack>…"
#
# Leaves each plan itself as plan.out in its stack's folder, for apply.sh. TERRAFORM names another program, such as tofu.
set -euo pipefail

plans=$1
read -ra stacks <<< "$2"
terraform=${TERRAFORM:-terraform}
mkdir -p "$plans"

METADATA_STACKS=$(
  IFS=,
  echo "${stacks[*]}"
) npm run --silent synth

for stack in "${stacks[@]}"; do
  folder=cdktf.out/stacks/$stack
  echo "::group::Plan of $stack"
  "$terraform" -chdir="$folder" init -input=false
  "$terraform" -chdir="$folder" plan -input=false -lock=false -out=plan.out
  "$terraform" -chdir="$folder" show -json plan.out > "$plans/$stack.json"
  echo "::endgroup::"
done
