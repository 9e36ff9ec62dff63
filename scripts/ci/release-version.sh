#!/usr/bin/env bash
# Prints the output of a workflow step: the version to publish, or nothing when this commit's version is published already.
#
#   scripts/ci/release-version.sh >> "$GITHUB_OUTPUT"
#
#   version=1.2.0
set -euo pipefail

version=$(node -p 'require("./package.json").version')
if git rev-parse --verify --quiet "refs/tags/v$version" > /dev/null; then version=; fi
echo "version=$version"
