"""Finding parties: two characters, pinyin as surnames are read, exact numbers; and only those that the reader sees."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from counterfoil.apps.parties.operations import UnableToUnmask, find_by_id_number
from counterfoil.apps.parties.queries import read_party
from counterfoil.apps.parties.search import search_parties
from tests.apps.parties.reading import reading_as
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer
from tests.builders.parties import CARD, RESIDENT_ID

NAMES = ("曾伟", "单小明", "解放", "王小明", "王明", "李曾伟", "Anna Müller")


@pytest.fixture
def cast(database: Any) -> Cast:
    """The insurer's staff, and some customers of the county."""
    cast = set_up_insurer()
    for name in NAMES:
        lives.register_person(cast.clerk, name)
    return cast


def found(reader: UUID, text: str) -> list[str]:
    """The names that a text finds, in the order shown."""
    with reading_as(reader) as (cursor, _):
        return [hit.name for hit in search_parties(cursor, text).hits]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("曾伟", ["李曾伟", "曾伟"]),
        ("小明", ["单小明", "王小明"]),
        ("王小明", ["王小明"]),
        ("明小", []),
        ("王", ["王明", "王小明"]),
        ("zengwei", ["曾伟"]),
        ("ZW", ["曾伟"]),
        ("cengwei", []),
        ("shan", ["单小明"]),
        ("sxm", ["单小明"]),
        ("dan", []),
        ("xie fang", ["解放"]),
        ("jiefang", []),
        ("muller", []),
        ("müller", ["Anna Müller"]),
        ("anna mu", ["Anna Müller"]),
        ("%", []),
        ("", []),
    ],
)
def test_a_name_is_found_by_characters_and_by_pinyin(cast: Cast, text: str, names: list[str]) -> None:
    assert found(cast.clerk, text) == names


def test_names_come_in_the_order_of_their_pinyin(cast: Cast) -> None:
    assert found(cast.clerk, "明") == []
    assert found(cast.clerk, "w") == ["王明", "王小明"]


@pytest.mark.parametrize(
    "typed",
    [RESIDENT_ID, "410423 19800101 0016", "138-1234-5678", "+8613812345678", "6222 0210 0111 6245 702"],
)
def test_a_number_is_found_however_it_is_typed_and_shown_masked(cast: Cast, typed: str) -> None:
    party = lives.register_person(
        cast.clerk, "赵六", birth=date(1980, 1, 1), id_number=RESIDENT_ID, mobile="13812345678"
    )
    lives.add_account(cast.clerk, party, number=CARD)
    with reading_as(cast.clerk) as (cursor, _):
        (hit,) = search_parties(cursor, typed).hits
    assert (hit.party_id, hit.paper_masked, hit.mobile_masked) == (party, "410***********0016", "138****5678")


def test_part_of_a_number_finds_nobody(cast: Cast) -> None:
    lives.register_person(
        cast.clerk, "赵六", birth=date(1980, 1, 1), id_number=RESIDENT_ID, mobile="13812345678"
    )
    assert found(cast.clerk, RESIDENT_ID[:10]) == found(cast.clerk, "1381234567") == []


def test_parties_of_another_county_are_not_seen_and_the_city_sees_both(cast: Cast) -> None:
    lives.register_person(cast.stranger, "曾伟")
    assert found(cast.stranger, "曾伟") == ["曾伟"]
    assert found(cast.city_supervisor, "曾伟") == ["李曾伟", "曾伟", "曾伟"]


def test_a_party_is_seen_where_it_has_a_policy_or_is_to_get_the_benefit(cast: Cast) -> None:
    elsewhere = lives.register_person(cast.stranger, "钱进", birth=date(1990, 5, 17))
    heir = lives.register_person(cast.stranger, "钱多", birth=date(1992, 5, 17))
    assert found(cast.clerk, "钱进") == found(cast.clerk, "钱多") == []
    from counterfoil.core.policy.designation import Designation

    lives.apply(
        cast.clerk,
        elsewhere,
        elsewhere,
        (Designation(heir, 1, "spouse"),),
        notice_id=_notice(cast, elsewhere),
    )
    assert found(cast.clerk, "钱进") == ["钱进"]
    assert found(cast.clerk, "钱多") == ["钱多"]


def _notice(cast: Cast, party: UUID) -> UUID:
    return lives.answer_health(cast.stranger, party)


def test_an_exact_id_number_shows_a_party_of_another_unit_after_a_recorded_reason(cast: Cast) -> None:
    party = lives.register_person(cast.stranger, "周正", birth=date(1980, 1, 1), id_number=RESIDENT_ID)
    with reading_as(cast.clerk) as (cursor, actor):
        before = search_parties(cursor, RESIDENT_ID)
        assert (before.hits, before.unseen) == ((), 1)
        assert read_party(cursor, party) is None
        after = find_by_id_number(cursor, RESIDENT_ID, "客户到柜面投保", actor)
        assert [hit.name for hit in after.hits] == ["周正"]
        assert after.unseen == 0
        assert read_party(cursor, party) is not None
    assert _looks(party) == [("found_by_id_number", "客户到柜面投保", cast.clerk)]
    assert found(cast.handler, "周正") == []


def test_without_a_reason_nothing_is_shown_and_nothing_recorded(cast: Cast) -> None:
    party = lives.register_person(cast.stranger, "周正", birth=date(1980, 1, 1), id_number=RESIDENT_ID)
    with reading_as(cast.clerk) as (cursor, actor):
        with pytest.raises(UnableToUnmask, match="reason_missing"):
            find_by_id_number(cursor, RESIDENT_ID, "  ", actor)
    assert _looks(party) == []


def test_without_a_scope_nobody_is_found(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('counterfoil.scope', '', true), set_config('counterfoil.actor', '', true)"
        )
        assert search_parties(cursor, "曾伟").hits == ()


def _looks(party: UUID) -> list[tuple[str, str, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT field, reason, actor_id FROM party_unmasking WHERE party_id = %s", [party])
        return cursor.fetchall()
