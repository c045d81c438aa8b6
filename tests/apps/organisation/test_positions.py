"""Positions are data: what the file permits exists, and a wrong file is refused with every fault."""

from pathlib import Path

import pytest

from counterfoil.apps.organisation.positions import (
    SCREENS,
    load_positions,
    permissions_of,
    positions,
    positions_that_permit,
)
from counterfoil.core.kernel.strict_files import StrictFileErrors
from counterfoil.core.register import ASKED_FOR

ONE = "- code: outer_counter\n  name: {zh: 外柜, en: Outer counter, ko: 고객 창구}\n  permits: [search]\n"


def test_every_act_and_every_screen_is_permitted_to_some_position() -> None:
    permitted = permissions_of(tuple(positions()))
    assert permitted == ASKED_FOR.keys() | SCREENS


def test_two_positions_permit_what_either_does() -> None:
    both = permissions_of(("finance", "auditor"))
    assert both == permissions_of(("finance",)) | permissions_of(("auditor",))
    assert "confirm_payment" in both
    assert "read_audit" in both


def test_a_position_that_is_no_longer_in_the_file_permits_nothing() -> None:
    assert permissions_of(("abolished",)) == frozenset()


def test_no_counter_approves() -> None:
    assert positions_that_permit("approve") == ["claims_approver", "manager", "supervisor"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (ONE.replace("[search]", "[sell_the_building]"), "there is no act or screen 'sell_the_building'"),
        (ONE + ONE, "the position is there twice"),
        (ONE.replace("[search]", "[search, search]"), "'search' is there twice"),
        (ONE.replace(", ko: 고객 창구", ""), "ko"),
        (ONE + "  colour: red\n", "colour"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "positions.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(StrictFileErrors, match=fault):
        load_positions(file)
