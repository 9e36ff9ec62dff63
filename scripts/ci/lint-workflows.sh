#!/usr/bin/env bash
# Lints the workflows, and the shell in them where shellcheck is installed.
set -euo pipefail

go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 -color .github/workflows/*.yml
