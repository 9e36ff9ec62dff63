#!/usr/bin/env bash
# Makes the GitHub release of a version, with its entries of the changelog and the list of what is in it (SBOM, SPDX).
#
#   scripts/ci/github-release.sh <version>
set -euo pipefail

version=$1
work=$(mktemp --directory)
trap 'rm --recursive "$work"' EXIT

npm sbom --package-lock-only --omit dev --omit peer --omit optional --sbom-format spdx > "$work/sbom.spdx.json"
# shellcheck disable=SC2016 # what looks like shell is JavaScript
node -e '
  const [heading, ...entries] = require("node:fs").readFileSync("CHANGELOG.md", "utf8").split(/^(?=## )/m)
    .find((section) => section.startsWith(`## ${process.argv[1]} (`))?.split("\n") ?? [];
  if (heading === undefined) throw new Error(`CHANGELOG.md says nothing of ${process.argv[1]}. Run npm run release:prepare.`);
  process.stdout.write(entries.join("\n").trim());
' "$version" > "$work/notes.md"
gh release create "v$version" --target "$(git rev-parse HEAD)" --title "v$version" --notes-file "$work/notes.md" "$work/sbom.spdx.json"
