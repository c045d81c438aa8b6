"""Decides what a customer's rating of a service counts for: satisfied or not, and if it asks why (QUE-3, CUS-9)."""

from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_UP, Decimal

from counterfoil.core.kernel.decisions import Reasons, Refused
from counterfoil.core.work.hall_rules import HallRules

SCORES = (1, 2, 3, 4, 5)
LONGEST_COMMENT = 500
"""Characters: what fits on one screen of the counter's record."""


def may_rate(score: int, reasons: Collection[str], comment: str, known: Collection[str]) -> Refused | None:
    """Why a rating can't be taken; None where it can. Reasons are offered, never demanded."""
    refusal_reasons = Reasons()
    if score not in SCORES:
        refusal_reasons.add("rating_score", "score")
    if set(reasons) - set(known):
        refusal_reasons.add("rating_reason_unknown", "reasons")
    if len(comment) > LONGEST_COMMENT:
        refusal_reasons.add("hall_note_long", "comment", most=LONGEST_COMMENT)
    return refusal_reasons.refused() if refusal_reasons else None


def asks_reasons(score: int, rules: HallRules) -> bool:
    """Whether a score is so low that the customer is asked why."""
    return score <= rules.rating_low_most


def satisfaction(counts: Mapping[int, int], rules: HallRules) -> Decimal | None:
    """Satisfied ratings ÷ ratings, to four places; None without any rating. ``counts``: ratings by score."""
    every = sum(counts.values())
    if not every:
        return None
    satisfied = sum(n for score, n in counts.items() if score >= rules.rating_satisfied_least)
    return (Decimal(satisfied) / Decimal(every)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
