#!/usr/bin/env bash
# Removes what set-up made. The keys in var/secrets go only with the databases that they belong to.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -x .venv/bin/python ]; then
    .venv/bin/python - <<'PYTHON'
from counterfoil.config.places import PROJECT
from counterfoil.postgres import embedded, place

folder = place.place_of(PROJECT, "main").folder.parent
for cluster in sorted(folder.iterdir()) if folder.is_dir() else []:
    embedded.stop(PROJECT, cluster.name, remove=True)
if folder.is_dir() and folder.is_relative_to(place.SYSTEM_FOLDER):
    folder.rmdir()
PYTHON
fi
rm -rf .venv .tools .fonts node_modules var src/counterfoil/web/static/vendor
