"""The codes that refusals are made of, read from the source: calls of ``reasons.add``, ``Violation`` and their like."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src/counterfoil"
MAKERS = frozenset(
    {
        "Violation",
        "InvalidIdentifier",
        "UnableToOrganise",
        "OutsideTables",
        "_outside",
        "outside",
        "_Wrong",
        "_unable",
    }
)
# Codes put together at run time, and what they come to; a line of source that is not here fails.
MADE = {
    "f'identifier.{problem}'": [
        "identifier.empty", "identifier.format", "identifier.length", "identifier.check_digit", "identifier.region",
        "identifier.birth_date",
    ],
    "f'{self.act.subject}_not_found'": ["policy_not_found", "party_not_found"],
    "'name_characters' if request.name else 'name_missing'": ["name_characters", "name_missing"],
}  # fmt: skip
PASSED_ON = frozenset(
    {
        "code",
        "why",
        "error.violations[0].code",
        "wrong.code",
        "outside.code",
        "one.code",
        "unable.violation.code",
    }
)
"""Expressions that only hand on a code that was made elsewhere."""
ALSO = {
    "no_such_kind", "kind_not_become",
    "shape_amount", "shape_number",
    "uw_minor_cap", "uw_sum_over_limit",
    "exclusion_unknown", "exclusion_not_confirmed", "exclusion_contradicts_cause", "exclusion_does_not_apply",
    "unmask.not_permitted", "unmask.reason_missing", "unmask.party_not_found", "unmask.field_unknown",
    "unmask.erased",
    "approver_is_maker", "approver_is_kin", "approver_stands_in",
    "timeline_conflict", "choice_not_offered", "drift", "back_dating_reason_missing", "back_dated_too_far",
}  # fmt: skip
"""Codes handed to a local function first."""


def codes_in_use() -> dict[str, str]:
    """Every code that a refusal may carry, with a file that makes it."""
    found = dict.fromkeys(ALSO, "made by a local function")
    for path in sorted(SOURCE.rglob("*.py")):
        if path.is_relative_to(SOURCE / "api"):  # says the faults of a body's shape itself
            continue
        for argument in _first_arguments(ast.parse(path.read_bytes())):
            for code in _codes(argument):
                found.setdefault(code, str(path.relative_to(SOURCE)))
    return found


def _first_arguments(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if isinstance(node.func, ast.Attribute):
            collects = node.func.attr == "add" and "reasons" in ast.unparse(node.func.value).lower()
            if collects or node.func.attr in MAKERS:
                yield node.args[0]
        elif isinstance(node.func, ast.Name) and node.func.id in MAKERS:
            yield node.args[0]


def _codes(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.Constant):
        return [str(argument.value)]
    text = ast.unparse(argument)
    if text in PASSED_ON:
        return []
    return MADE.get(text, [f"unknown to tests/web/codes.py: {text}"])
