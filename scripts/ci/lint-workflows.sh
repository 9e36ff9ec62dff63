#!/usr/bin/env bash
# Lints the workflows: by our rules, then by actionlint, with the shell in them where shellcheck is installed.
set -euo pipefail

npx --no-install tsx scripts/workflows/lint.ts
go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 -color .github/workflows/*.yml
