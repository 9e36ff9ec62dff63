#!/usr/bin/env bash
# Installs Debian's or Ubuntu's Chromium for the browser tests, unless there is a browser to use already.
set -euo pipefail

for browser in "${CHROMIUM_PATH:-}" chromium chromium-browser google-chrome; do
  if [ -n "$browser" ] && command -v "$browser" > /dev/null; then exit 0; fi
done
sudo=()
if [ "$(id -u)" -ne 0 ]; then sudo=(sudo); fi
"${sudo[@]}" apt-get update
"${sudo[@]}" apt-get install --yes --no-install-recommends chromium
