"""What ratings count for."""

from decimal import Decimal

import pytest

from counterfoil.core.work.ratings import asks_reasons, may_rate, satisfaction
from tests.core.work.test_hall_queue import RULES


def test_satisfaction_is_satisfied_ratings_to_ratings() -> None:
    assert satisfaction({5: 3, 4: 1, 3: 1, 1: 1}, RULES) == Decimal("0.6667")
    assert satisfaction({}, RULES) is None


@pytest.mark.parametrize(("score", "asks"), [(1, True), (2, True), (3, False), (5, False)])
def test_low_scores_ask_for_reasons(score: int, asks: bool) -> None:
    assert asks_reasons(score, RULES) is asks


@pytest.mark.parametrize(
    ("score", "reasons", "comment", "codes"),
    [
        (5, [], "", []),
        (1, ["slow"], "等了一小时", []),
        (0, [], "", ["rating_score"]),
        (6, ["ugly"], "长" * 501, ["rating_score", "rating_reason_unknown", "hall_note_long"]),
    ],
)
def test_a_rating_is_one_to_five_with_known_reasons(
    score: int, reasons: list[str], comment: str, codes: list[str]
) -> None:
    why = may_rate(score, reasons, comment, ["slow", "attitude"])
    assert ([violation.code for violation in why.violations] if why else []) == codes
