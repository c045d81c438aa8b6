"""The story of a late premium comes out to the cent as told, and its page in the docs is what came out.

With COUNTERFOIL_STORY=1 the page is written anew; with COUNTERFOIL_SCREENSHOTS=1 its two pictures are.
"""

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from tests.builders.insurer import Cast, set_up_insurer
from tests.builders.lives import Life
from tests.conftest import PROJECT
from tests.journeys.browser import browser, give_password, new_page, served, shot, sign_in
from tests.journeys.clock import SetClock, aside, at_time
from tests.journeys.late_premium import (
    CHANGE,
    FOUND,
    ISSUED,
    LAPSE,
    PICTURES,
    SCENES,
    Told,
    begun,
    page,
    told,
)
from tests.journeys.test_whole_life import SHOTS
from tests.postgres.databases import TestDatabase

PAGE = PROJECT / "docs/story-of-a-late-premium.md"
SPOUSE, SHARED = ("李秀英 100%",), ("李秀英 40%", "王一诺 60%")


@pytest.fixture
def lived(fresh_database: TestDatabase) -> Iterator[tuple[Cast, SetClock, Life]]:
    cast = set_up_insurer()
    with at_time(ISSUED) as clock:
        yield cast, clock, begun(cast, clock)


def _money(step: Told) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    return {one.account: one.amount for one in step.entries}, dict(step.balances)


def test_each_step_of_the_story_comes_out_to_the_cent(lived: tuple[Cast, SetClock, Life]) -> None:
    cast, clock, life = lived
    unpaid, lapsed, changed, corrected, found, undone = told(cast, clock, life)
    paid_once = {"bank": Decimal("770.00"), "first_premium": Decimal("-770.00")}

    assert [(line.act, line.effective_date) for line in unpaid.acts] == [
        ("premium_due", date(2026, 3, 4)), ("begin_grace", date(2026, 3, 5)),
    ]  # fmt: skip
    assert (unpaid.head.standing.code, unpaid.head.covered) == ("in_grace", True)
    assert unpaid.head.due is not None
    assert (unpaid.head.due.amount, unpaid.head.grace_until) == (Decimal("770.00"), date(2026, 5, 3))
    assert _money(unpaid) == ({}, paid_once)

    assert (lapsed.head.standing.code, lapsed.head.covered) == ("lapsed", False)
    assert _money(lapsed) == ({}, paid_once)

    assert (changed.acts[-1].seq, changed.beneficiaries) == (CHANGE, SHARED)
    assert changed.acts[-1].effective_date == date(2026, 4, 1)
    assert changed.head.standing.code == "lapsed"

    # 885.00 is the premium at 32, 770.00 the one paid at 30: 115.00 is wanting of the first.
    assert corrected.head.coverage is not None
    assert (corrected.head.coverage.premium, corrected.short) == (Decimal("885.00"), Decimal("115.00"))
    assert corrected.acts[-1].replayed is not None
    assert corrected.acts[-1].replayed.decided_again == (5, CHANGE)
    assert _money(corrected) == ({}, paid_once)

    # 770.00 was asked for in March and came in March: 115.00 is wanting of the second too, 230.00 of both.
    assert found.acts[-1].replayed is not None
    assert [(one.act, one.on) for one in found.acts[-1].replayed.dropped] == [("lapse", date(2026, 5, 4))]
    assert (found.head.standing.code, found.head.covered) == ("in_force", True)
    assert found.head.paid_to is not None
    assert (found.head.paid_to.paid_to_date, found.short) == (date(2027, 3, 4), Decimal("230.00"))
    booked = {"6031.2": Decimal("-770.00"), "2203.9": Decimal("770.00")}
    after = {**paid_once, "unidentified_receipts": Decimal("770.00"), "renewal_premium": Decimal("-770.00")}
    assert _money(found) == (booked, after)

    assert (undone.beneficiaries, undone.short) == (SPOUSE, Decimal("230.00"))
    assert _money(undone) == ({}, after)


def test_the_page_of_the_story_is_what_came_out(lived: tuple[Cast, SetClock, Life]) -> None:
    cast, clock, life = lived
    made = page(life.premium, list(told(cast, clock, life)))
    if os.environ.get("COUNTERFOIL_STORY"):
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made, "write it anew: COUNTERFOIL_STORY=1 and this test"


@pytest.mark.browser
def test_the_timeline_shows_the_lapse_taken_away_and_the_change_undone(
    lived: tuple[Cast, SetClock, Life],
) -> None:
    cast, clock, life = lived
    give_password("fang.min")
    steps = told(cast, clock, life)
    with served() as address, browser() as opened:
        window = new_page(opened)
        for scene in SCENES:
            found: list[Told] = []
            aside(lambda found=found: found.append(next(steps)))  # type: ignore[misc]
            step = found[0]
            if scene.title not in PICTURES:
                continue
            if scene.title == FOUND:
                sign_in(window, address, "fang.min")
            window.goto(f"{address}/policies/{life.policy_id}/timeline/")
            window.wait_for_selector("[data-points]")
            gone = {
                seq for seq in range(1, step.acts[-1].seq + 1)
                if "gone" in (window.get_attribute(f"#act-{seq}", "class") or "")
            }  # fmt: skip
            assert LAPSE in gone
            assert (CHANGE in gone) == (scene.title != FOUND)
            shot(window, SHOTS / PICTURES[scene.title])
        assert window.faults == []  # type: ignore[attr-defined]
