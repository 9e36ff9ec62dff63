#!/usr/bin/env bash
# Publishes the package with its provenance: the registry shows which commit and which workflow made it. There is no token: npm
# trusts this workflow by its identity (https://docs.npmjs.com/trusted-publishers).
set -euo pipefail

if [ "$(node -p 'require("./package.json").repository?.url ?? ""')" = "" ]; then
  echo "::error::package.json names no repository, which npm compares with the provenance. Add \"repository\"." >&2
  exit 1
fi
npm run build
# Built already, and no package's script may run with this job's identity.
npm publish --provenance --access public --ignore-scripts
