#!/usr/bin/env bash
# Writes the Python locks anew. They carry hashes and name no host, so any mirror can serve them.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/common.sh
UV=$(find_uv)
for name in runtime dev bootstrap node benchmark; do
    env -u UV_FIND_LINKS -u UV_INDEX_URL "$UV" --no-config pip compile --quiet --universal --python-version 3.12 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
        ${LOCK_FLAGS:-} "requirements/$name.in" -o "requirements/$name.txt"
done
if grep -nE '://|--find-links|--index|--extra-index' requirements/*.txt; then
    echo "A lock file names a host (above). Nothing may be committed that does." >&2
    exit 1
fi
