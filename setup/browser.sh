#!/usr/bin/env bash
# Finds a Chromium for the browser tests, or installs the system's package as root.
set -euo pipefail
for name in "${COUNTERFOIL_CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "set-up: installing chromium for the browser tests"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    if apt-get update -qq >"$log" 2>&1 && apt-get install -y -qq --no-install-recommends chromium >>"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -20 "$log" >&2
fi
echo "set-up: no Chromium found. Install one (such as Debian's package chromium), or name it: COUNTERFOIL_CHROMIUM=/path" >&2
exit 1
