# Finding the interpreter, uv and node; sourced by the other set-up scripts, run from the project's folder.

say() { printf 'set-up: %s\n' "$*"; }
fail() { printf 'set-up: %s\n' "$*" >&2; exit 1; }

# A Python runs and is 3.12 or newer. A pyenv shim may exist and still refuse to run, so ask it.
python_is_suitable() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

find_python() {
    local candidate found
    for candidate in "${COUNTERFOIL_PYTHON:-}" python3.12 python3.13 python3.14 python3 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.12*/bin/python "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[3-9]*/bin/python; do
        [ -n "$candidate" ] || continue
        found=$(command -v "$candidate" 2>/dev/null) || continue
        if python_is_suitable "$found"; then printf '%s\n' "$found"; return 0; fi
    done
    if command -v uv >/dev/null 2>&1 && found=$(uv python find --managed-python '>=3.12' 2>/dev/null); then
        printf '%s\n' "$found"; return 0
    fi
    fail "no Python 3.12 or newer found (looked for python3.12 to python3.14 on PATH, pyenv's versions and uv's own).
        Install one, for example with the system's packages or 'uv python install 3.12', or name it: COUNTERFOIL_PYTHON=/path/to/python make setup"
}

# uv from PATH, otherwise the locked one in .tools, installed by pip the first time.
find_uv() {
    local python
    if command -v uv >/dev/null 2>&1; then command -v uv; return 0; fi
    if [ ! -x .tools/uv/bin/uv ] || ! cmp -s requirements/bootstrap.txt .tools/uv/bootstrap.txt; then
        python=$(find_python)
        say "installing uv into .tools/uv" >&2
        "$python" -m venv --clear .tools/uv
        .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt >&2
        cp requirements/bootstrap.txt .tools/uv/bootstrap.txt
    fi
    printf '%s\n' "$PWD/.tools/uv/bin/uv"
}

# npm of the machine, otherwise the locked wheel's in .tools/node. Prints the folder to put on PATH.
find_node_folder() {
    local python
    if command -v npm >/dev/null 2>&1 && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null; then
        dirname "$(command -v npm)"; return 0
    fi
    if [ ! -x .tools/node/bin/npm ]; then
        python=$(find_python)
        say "no Node 20 on this machine: installing it from its wheel into .tools/node" >&2
        "$python" -m venv --clear .tools/node
        .tools/node/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt >&2
    fi
    printf '%s\n' "$PWD/.tools/node/bin"
}
