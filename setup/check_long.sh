#!/usr/bin/env bash
# The ordinary checks, then tests marked `long`, and all tests again on another PostgreSQL where the system has one.
set -uo pipefail
cd "$(dirname "$0")/.."
bash setup/check.sh "$@" || exit 1
.venv/bin/python -m pytest -m long "$@"
code=$?
[ $code -eq 0 ] || [ $code -eq 5 ] || exit 1 # 5: no test is marked long
other=$(.venv/bin/python -c 'from counterfoil.postgres.binaries import system_programs as s; p = s(); print(p.folder if p else "")')
if [ -n "$other" ]; then
    echo "== tests on the PostgreSQL in $other"
    COUNTERFOIL_PG_BIN=$other .venv/bin/python -m pytest "$@" || exit 1
else
    echo "no other PostgreSQL on this system: the second version was NOT tried"
fi
