"""The checklist: what is missing is told once and completely; a measured hint warns, and only a person decides."""

import pytest

from counterfoil.core.work.papers import (
    ChecklistLine,
    HeldPaper,
    Hint,
    HintLimits,
    Measures,
    PaperNames,
    PaperType,
    Shown,
    Standing,
    checklist,
    hints,
)
from counterfoil.core.work.process import PaperRule

TYPES = {
    "resident_id": PaperType(code="resident_id", name=PaperNames("身份证", "Identity card"), pages_least=2),
    "proxy": PaperType(code="proxy", name=PaperNames("委托书", "Proxy")),
}
ID = PaperRule(one_of=("resident_id",))


def _line(rule: PaperRule, *held: HeldPaper) -> ChecklistLine:
    return checklist((rule,), held, TYPES).lines[0]


def test_all_that_is_missing_is_told_at_once() -> None:
    asked = (ID, PaperRule(one_of=("proxy",), original=True))
    held = (HeldPaper(paper="resident_id", pages=1, unreadable=True),)
    found = checklist(asked, held, TYPES)
    assert [(gap.code, gap.field) for gap in found.gaps] == [
        ("scan_unreadable", "resident_id"),
        ("scan_incomplete", "resident_id"),
        ("scan_missing", "proxy"),
    ]
    assert not found.complete


def test_a_paper_of_too_few_pages_is_incomplete_and_says_both_numbers() -> None:
    line = _line(ID, HeldPaper(paper="resident_id", pages=1))
    assert line.standing is Standing.INCOMPLETE
    assert line.gaps[0].parameters == {"type": "resident_id", "pages": "1", "least": "2"}


def test_a_paper_whose_pages_were_all_removed_is_missing() -> None:
    assert _line(ID, HeldPaper(paper="resident_id", pages=0)).standing is Standing.MISSING


def test_a_hint_alone_asks_to_look_again_and_leaves_the_list_complete() -> None:
    held = HeldPaper(paper="resident_id", pages=2, hints=frozenset({Hint.BLURRED}))
    found = checklist((ID,), (held,), TYPES)
    assert found.lines[0].standing is Standing.DOUBTFUL
    assert found.complete


def test_where_a_person_cannot_read_it_the_list_is_not_complete() -> None:
    found = checklist((ID,), (HeldPaper(paper="resident_id", pages=2, unreadable=True),), TYPES)
    assert found.lines[0].standing is Standing.UNREADABLE
    assert not found.complete


@pytest.mark.parametrize(
    ("shown", "standing"),
    [
        (Shown.UNSAID, Standing.ORIGINAL_NOT_SEEN),
        (Shown.COPY, Standing.ORIGINAL_NOT_SEEN),
        (Shown.ORIGINAL, Standing.GOOD),
    ],
)
def test_where_the_original_is_needed_only_that_does(shown: Shown, standing: Standing) -> None:
    rule = PaperRule(one_of=("proxy",), original=True)
    assert _line(rule, HeldPaper(paper="proxy", pages=1, shown=shown)).standing is standing


def test_of_two_papers_of_a_type_the_better_one_counts() -> None:
    poor, good = HeldPaper(paper="resident_id", pages=1), HeldPaper(paper="resident_id", pages=2)
    assert _line(ID, good, poor).standing is Standing.GOOD
    assert _line(ID, poor, good).standing is Standing.GOOD


def test_a_paper_that_nobody_asked_for_stands_below_and_is_not_told() -> None:
    found = checklist((), (HeldPaper(paper="resident_id", pages=1),), TYPES)
    assert not found.lines[0].asked
    assert found.lines[0].standing is Standing.INCOMPLETE
    assert found.complete


EITHER = PaperRule(one_of=("resident_id", "passport"))


def test_one_of_several_papers_will_do_and_where_none_is_there_all_are_named() -> None:
    missing = _line(EITHER)
    assert missing.types == ("resident_id", "passport")
    assert missing.gaps[0].parameters == {"type": "resident_id/passport"}
    passport = HeldPaper(paper="passport", pages=1)
    found = checklist((EITHER,), (HeldPaper(paper="resident_id", pages=1), passport), TYPES)
    assert [(line.types, line.standing) for line in found.lines] == [(("passport",), Standing.GOOD)]


def test_good_are_the_types_with_nothing_to_tell() -> None:
    held = (
        HeldPaper(paper="passport", pages=1, hints=frozenset({Hint.DARK})),
        HeldPaper(paper="proxy", pages=1, shown=Shown.COPY),
    )
    proxy = PaperRule(one_of=("proxy",), original=True)
    found = checklist((EITHER, proxy, PaperRule(one_of=("bank_card",))), held, TYPES)
    assert found.good == {"passport"}


LIMITS = HintLimits(sharpness_least=60, dark_below=90, pale_above=170, edge_percent_most=60, side_least=900)
FINE = Measures(width=900, height=600, sharpness=60, dark_end=170, light_end=90, edge_percent=60)


def test_at_its_limits_a_page_has_no_hint() -> None:
    assert hints(FINE, LIMITS) == ()


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        (Measures(899, 600, 60, 170, 90, 60), (Hint.SMALL,)),
        (Measures(900, 600, 59, 170, 90, 60), (Hint.BLURRED,)),
        (Measures(900, 600, 60, 171, 90, 60), (Hint.PALE,)),
        (Measures(900, 600, 60, 170, 89, 60), (Hint.DARK,)),
        (Measures(900, 600, 60, 170, 90, 61), (Hint.CUT,)),
        (Measures(900, 600, 5, 170, 89, 60), (Hint.DARK,)),
    ],
)
def test_one_beyond_a_limit_is_a_hint_and_the_dark_is_not_called_blurred(
    measured: Measures, expected: tuple[Hint, ...]
) -> None:
    assert hints(measured, LIMITS) == expected
