#!/usr/bin/env bash
# Everything that is looked at before main changes; arguments go to pytest. Reports all faults, not only the first.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

look() {
    local name=$1
    shift
    printf '\n== %s\n' "$name"
    "$@" || failed+=("$name")
}

look "format" $bin/ruff format --check .
look "lint" $bin/ruff check .
look "import rules" $bin/lint-imports --no-cache
look "types" $bin/mypy
look "messages" $bin/python setup/compile_messages.py --check
if [ -f src/counterfoil/commands/product.py ]; then
    look "data files" $bin/counterfoil product check
fi
look "tests" $bin/python -m pytest "$@"

printf '\n'
if [ ${#failed[@]} -gt 0 ]; then
    printf 'FAILED: %s\n' "$(IFS=,; echo "${failed[*]}")"
    exit 1
fi
echo "all checks passed"
