"""The tables of parties: their columns are the fields of the values, and nothing in them is in clear."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connections
from msgspec import structs

from counterfoil.apps.journal.tables import PARTY_SLICES
from counterfoil.apps.parties.store import PARTY_STORE
from counterfoil.core.parties.state import SLICES
from counterfoil.core.parties.values import Sealed
from tests.builders import lives
from tests.builders.insurer import set_up_insurer
from tests.builders.parties import RESIDENT_ID

BOOKKEEPING = {"party_id", "seq", "row_no", "part", "valid", "superseded_seq"}
MOBILE = "13812345678"
CARD = "6222021001116245702"
ILLNESS = "2019年因急性胰腺炎住院"


@pytest.mark.parametrize("name", sorted(SLICES))
def test_the_columns_of_a_slice_are_the_fields_of_its_value(name: str) -> None:
    expected: set[str] = set()
    for field in structs.fields(SLICES[name]):
        inner = structs.fields(Sealed) if field.type is Sealed else ()
        expected |= {f"{field.name}_{one.name}" for one in inner} or {field.name}
    model = next(
        m for m in apps.get_app_config("parties").get_models() if m._meta.db_table == PARTY_SLICES[name]
    )
    columns = {field.column for field in model._meta.concrete_fields if field.column}
    assert columns - BOOKKEEPING == expected


def test_every_slice_has_its_table() -> None:
    assert PARTY_STORE.tables.keys() == PARTY_SLICES.keys() == SLICES.keys()


def test_canary_numbers_and_answers_stand_in_no_column_of_the_database(database: Any) -> None:
    cast = set_up_insurer()
    party = lives.register_person(
        cast.clerk, "曾伟", birth=date(1980, 1, 1), id_number=RESIDENT_ID, mobile=MOBILE
    )
    lives.add_account(cast.clerk, party, number=CARD)
    lives.answer_health(cast.clerk, party, answers={"q1": ILLNESS})
    lives.do(cast.clerk, "change_contact_details", party, _new_mobile("13987654321"), lives.TODAY)
    canaries = [RESIDENT_ID, MOBILE, CARD, ILLNESS, "13987654321"]
    whole = _everything()
    assert "曾伟" in whole
    assert "410***********0016" in whole
    forms = [*canaries, *(c.encode().hex() for c in canaries), *(ascii(c)[1:-1] for c in canaries)]
    assert [form for form in forms if form in whole] == []


def test_a_refused_registration_leaves_no_number_in_clear(database: Any) -> None:
    cast = set_up_insurer()
    lives.register_person(cast.clerk, "曾伟", birth=date(1980, 1, 1), id_number=RESIDENT_ID, mobile=MOBILE)
    with pytest.raises(AssertionError, match="party_exists"):
        lives.register_person(cast.clerk, "曾大伟", birth=date(1980, 1, 1), id_number=RESIDENT_ID)
    whole = _everything()
    assert "party_exists" in whole
    assert RESIDENT_ID not in whole


def _new_mobile(number: str) -> Any:
    from counterfoil.core.parties.change_contact_details import PlainChangeContactDetails
    from counterfoil.core.parties.contacts import PlainContact
    from counterfoil.core.parties.values import ContactKind

    return PlainChangeContactDetails(contacts=(PlainContact(ContactKind.MOBILE, number),))


def _everything() -> str:
    """All rows of all tables as text, as this transaction sees them."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        lines = []
        for table in tables:
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if cursor.fetchone()[0]:
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                lines += [line for (line,) in cursor.fetchall()]
    return "\n".join(lines)
