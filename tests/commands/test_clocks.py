"""`counterfoil clocks` says what it did, and does nothing twice."""

from datetime import date
from typing import Any

import pytest

from counterfoil.commands.clocks import run
from tests.builders.cases import opened_case
from tests.builders.insurer import set_up_insurer
from tests.journeys.clock import at_time


def test_an_enquiry_that_is_not_answered_on_its_day_is_told_once(
    fresh_database: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    cast = set_up_insurer()
    with at_time(date(2026, 3, 2)) as clock:
        opened_case(cast.clerk)
        clock.move_to(date(2026, 3, 3))
        run([])
        run([])
    first, again = capsys.readouterr().out.strip().split("drafts forgotten: 0\n", 1)
    assert ("over: 1" in first, "over: 0" in again) == (True, True)
