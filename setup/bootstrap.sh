#!/usr/bin/env bash
# Makes .venv, the front-end files and the fonts from the lock files. Quick when nothing has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/common.sh

# Several runs at once (two terminals, a test beside a demo) must not build over each other.
mkdir -p var
if command -v flock >/dev/null 2>&1; then
    exec 9>var/.set-up.lock
    flock 9
fi

stamp_of() { cat "$@" | sha256sum | cut -d' ' -f1; }
stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# A .venv copied or moved from elsewhere does not run: ask it, do not trust the stamp alone.
python_stamp=$(stamp_of requirements/dev.txt pyproject.toml setup/bootstrap.sh setup/common.sh)
if ! stamped .venv/.stamp "$python_stamp" || ! .venv/bin/python -c 'import counterfoil' >/dev/null 2>&1; then
    uv=$(find_uv)
    if ! { [ -x .venv/bin/python ] && python_is_suitable .venv/bin/python; }; then
        say "creating .venv"
        "$uv" --no-config venv --quiet --clear --python "$(find_python)" .venv
    fi
    say "installing Python packages from requirements/dev.txt"
    "$uv" --no-config pip sync --quiet --require-hashes --python .venv/bin/python requirements/dev.txt
    "$uv" --no-config pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
    printf '%s\n' "$python_stamp" >.venv/.stamp
fi

front_stamp=$(stamp_of package-lock.json setup/copy_front_end.py setup/common.sh)
if ! stamped .fonts/.stamp "$front_stamp" || ! .venv/bin/python setup/copy_front_end.py --check; then
    say "fetching front-end files and fonts from package-lock.json"
    PATH="$(find_node_folder):$PATH" npm ci --no-audit --no-fund --loglevel=error >/dev/null
    .venv/bin/python setup/copy_front_end.py
    rm -rf node_modules # only the copied files are needed, and not Node, from here on
    printf '%s\n' "$front_stamp" >.fonts/.stamp
fi

.venv/bin/python setup/compile_messages.py
.venv/bin/python -m counterfoil.config.secrets
say "ready"
