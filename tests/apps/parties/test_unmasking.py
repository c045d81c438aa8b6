"""Looking at a personal value: one at a time, by position, with a reason, and always recorded."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.parties.operations import UnableToUnmask, rewrap_data_keys, unmask
from tests.apps.parties.reading import reading_as
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer
from tests.builders.parties import CARD, RESIDENT_ID

REASON = "核对理赔资料"


@pytest.fixture
def cast(database: Any) -> Cast:
    """The insurer's staff."""
    return set_up_insurer()


@pytest.fixture
def party(cast: Cast) -> UUID:
    """A customer of the county with a card."""
    party = lives.register_person(
        cast.clerk, "曾伟", birth=date(1980, 1, 1), id_number=RESIDENT_ID, mobile="13812345678"
    )
    lives.add_account(cast.clerk, party, number=CARD)
    return party


def looks(party: UUID) -> list[tuple[str, str]]:
    """What was recorded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT field, reason FROM party_unmasking WHERE party_id = %s ORDER BY at", [party])
        return cursor.fetchall()


def account_field(party: UUID) -> str:
    """The field of the party's only account."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'account:' || part FROM party_account WHERE party_id = %s", [party])
        return str(cursor.fetchone()[0])


def with_permissions(actor: Actor, *permissions: str) -> Actor:
    """The same person with other permissions."""
    from msgspec.structs import replace

    return replace(actor, permissions=frozenset(permissions))


def test_one_value_is_shown_and_who_and_why_is_kept(cast: Cast, party: UUID) -> None:
    with reading_as(cast.handler) as (cursor, actor):
        assert unmask(cursor, party, "paper:RESIDENT_ID", REASON, actor) == RESIDENT_ID
        assert unmask(cursor, party, "contact:mobile", REASON, actor) == "13812345678"
    assert sorted(looks(party)) == [("contact:mobile", REASON), ("paper:RESIDENT_ID", REASON)]


def test_an_account_is_for_positions_that_pay(cast: Cast, party: UUID) -> None:
    field = account_field(party)
    with reading_as(cast.handler) as (cursor, actor):
        with pytest.raises(UnableToUnmask, match="not_permitted"):
            unmask(cursor, party, field, REASON, with_permissions(actor, "unmask_id", "unmask_contact"))
        assert unmask(cursor, party, field, REASON, with_permissions(actor, "unmask_account")) == CARD


@pytest.mark.parametrize(
    ("field", "reason", "code"),
    [
        ("paper:RESIDENT_ID", "  ", "reason_missing"),
        ("paper:PASSPORT", REASON, "field_unknown"),
        ("health_notice:1", REASON, "field_unknown"),
        ("name", REASON, "field_unknown"),
    ],
)
def test_what_is_refused_is_not_recorded_as_seen(
    cast: Cast, party: UUID, field: str, reason: str, code: str
) -> None:
    with reading_as(cast.handler) as (cursor, actor), pytest.raises(UnableToUnmask, match=code):
        unmask(cursor, party, field, reason, actor)
    assert looks(party) == []


def test_a_party_out_of_sight_or_unknown_is_not_found(cast: Cast, party: UUID) -> None:
    with reading_as(cast.stranger) as (cursor, actor):
        for one in (party, uuid4()):
            with pytest.raises(UnableToUnmask, match="party_not_found"):
                unmask(cursor, one, "paper:RESIDENT_ID", REASON, with_permissions(actor, "unmask_id"))


def test_an_erased_party_has_nothing_to_show(cast: Cast, party: UUID) -> None:
    with reading_as(cast.handler) as (cursor, actor):
        cursor.execute("DELETE FROM party_data_key WHERE party_id = %s", [party])
        with pytest.raises(UnableToUnmask, match="erased"):
            unmask(cursor, party, "paper:RESIDENT_ID", REASON, actor)


def test_what_was_recorded_can_be_neither_changed_nor_taken_away(cast: Cast, party: UUID) -> None:
    from django.db import transaction
    from django.db.utils import DatabaseError

    with reading_as(cast.handler) as (cursor, actor):
        unmask(cursor, party, "paper:RESIDENT_ID", REASON, actor)
    for statement in ("UPDATE party_unmasking SET reason = 'x'", "DELETE FROM party_unmasking"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert looks(party) == [("paper:RESIDENT_ID", REASON)]


def test_after_all_data_keys_are_wrapped_anew_values_are_still_read(
    cast: Cast, party: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {name: name.encode().ljust(32, b"k") for name in ("personal-2",)}
    first = settings.SECRET_OF
    monkeypatch.setattr(settings, "SECRET_OF", lambda name: keys.get(name) or first(name))
    monkeypatch.setattr(settings, "PERSONAL_KEY", "personal-2", raising=False)
    with reading_as(cast.handler) as (cursor, actor):
        assert rewrap_data_keys(cursor, "personal-2") == 1
        assert rewrap_data_keys(cursor, "personal-2") == 0
        assert unmask(cursor, party, "paper:RESIDENT_ID", REASON, actor) == RESIDENT_ID


def test_the_guard_on_looks_holds_against_the_owner_too(fresh_database: Any) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO party_unmasking VALUES (gen_random_uuid(), gen_random_uuid(), 'f', 'r',"
            " gen_random_uuid(), 'u', now())"
        )
    with fresh_database.connect("counterfoil_owner") as owner, pytest.raises(psycopg.errors.IntegrityError):
        owner.execute("UPDATE party_unmasking SET reason = 'x'")
