"""Before and after of an act in words."""

from datetime import date

from django.utils import translation

from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.versions import Version
from counterfoil.core.policy.values import EndReason, Standing, Status
from counterfoil.web.differences import differences

ISSUED = Version("status", Interval(date(2026, 6, 1)), Status(Standing.ISSUED), 4, 0)
ENDED = Version("status", Interval(date(2026, 9, 1)), Status(Standing.ENDED, EndReason.SURRENDER), 9, 0)


def test_a_status_that_begins_says_which_one_it_ends() -> None:
    with translation.override("en"):
        (line,) = differences({"status": (ISSUED,)}, {"status": (ISSUED, ENDED)}, {})
    assert "Issued" in line.before
    assert "Ended" in line.after
    assert "Issued" not in line.after


def test_a_first_status_has_nothing_before_it() -> None:
    with translation.override("en"):
        (line,) = differences({"status": ()}, {"status": (ISSUED,)}, {})
    assert line.before == ""
