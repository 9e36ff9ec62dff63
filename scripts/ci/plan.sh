#!/usr/bin/env bash
# Synthesizes stacks and plans each, without a lock, so that an identity that may only read is enough.
#
#   scripts/ci/plan.sh <folder for the plans as JSON> "<stack> <stack>…"
#
# Leaves each plan itself as plan.out in its stack's folder, for apply.sh. TERRAFORM names another program, such as tofu. Where
# provider-locks/google-<version>.hcl is committed, no provider but the one with these hashes is used.
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
  # shellcheck disable=SC2016 # what looks like shell is JavaScript
  version=$(node -p '
    const { terraform } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    terraform?.required_providers?.google?.version ?? ""' "$folder/cdk.tf.json")
  lock=()
  if [ -f "provider-locks/google-$version.hcl" ]; then
    cp "provider-locks/google-$version.hcl" "$folder/.terraform.lock.hcl"
    lock=(-lockfile=readonly)
  fi
  "$terraform" -chdir="$folder" init -input=false "${lock[@]}"
  "$terraform" -chdir="$folder" plan -input=false -lock=false -out=plan.out
  "$terraform" -chdir="$folder" show -json plan.out > "$plans/$stack.json"
  echo "::endgroup::"
done
