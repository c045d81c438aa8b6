"""A form is made from a request and gives it back: every field has a way of asking, every wrong shape a place."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from counterfoil.core.claims.pay_claim import PayClaim
from counterfoil.core.newbusiness.collect_first_premium import CollectFirstPremium
from counterfoil.core.policy.money_in import PaymentMethod
from counterfoil.core.register import ACTS
from counterfoil.core.servicing.change_beneficiary import ChangeBeneficiary
from counterfoil.web.forms.binding import Context, bind, defaults, flat
from counterfoil.web.forms.fields import Kind, fields_of, plain_values, shape_of
from counterfoil.web.forms.parsing import parse, parse_date

WIFE, SON = uuid4(), uuid4()


@pytest.mark.parametrize("name", sorted(ACTS))
def test_every_act_has_a_form_whose_fields_are_named_and_can_be_asked_for(name: str) -> None:
    for field in fields_of(shape_of(ACTS[name])):
        assert field.title != field.name, f"{name}.{field.name} has no title"
        assert field.kind in Kind


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-06-01", date(2026, 6, 1)),
        ("20260601", date(2026, 6, 1)),
        ("2026/6/1", date(2026, 6, 1)),
        ("2026年6月1日", date(2026, 6, 1)),
        ("２０２６－０６－０１", date(2026, 6, 1)),
    ],
)
def test_a_day_may_be_typed_in_the_ways_of_the_counter(typed: str, day: date) -> None:
    assert parse_date(typed) == day


@pytest.mark.parametrize("typed", ["2026-02-30", "26-06-01", "june", "202606011", ""])
def test_what_is_no_day_is_not_taken_for_one(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_date(typed)


def test_an_amount_is_read_with_separators_and_stays_exact() -> None:
    typed = {"amount": ["１,２３４.50 元"], "method": ["cash"], "received_on": ["20260601"]}
    request = parse(CollectFirstPremium, typed).request
    assert request == CollectFirstPremium(Decimal("1234.50"), PaymentMethod.CASH, date(2026, 6, 1))


def test_every_wrong_shape_is_told_at_once_and_in_its_place() -> None:
    typed = {"amount": ["12a"], "method": ["shells"], "received_on": ["2026-13-01"]}
    parsed = parse(CollectFirstPremium, typed)
    assert parsed.request is None
    assert [(v.code, v.field) for v in parsed.violations] == [
        ("shape_amount", "amount"),
        ("shape_choice", "method"),
        ("shape_date", "received_on"),
    ]


def test_nothing_typed_where_something_is_needed_is_told() -> None:
    codes = {v.field: v.code for v in parse(CollectFirstPremium, {}).violations}
    assert codes == {"amount": "shape_missing", "method": "shape_missing", "received_on": "shape_missing"}


def _rows(*rows: tuple[int, str, str]) -> dict[str, list[str]]:
    typed: dict[str, list[str]] = {}
    for n, party, share in rows:
        begin = f"beneficiaries.{n}."
        typed |= {begin + "party_id": [party], begin + "order": ["1"], begin + "relation": ["spouse"]}
        typed[begin + "share_percent"] = [share]
    return typed


def test_rows_keep_their_order_and_blank_ones_are_no_rows() -> None:
    typed = _rows((0, str(WIFE), "40"), (1, "", ""), (5, str(SON), "60"))
    request = parse(ChangeBeneficiary, typed).request
    assert [(row.party_id, row.share_percent) for row in request.beneficiaries] == [(WIFE, 40), (SON, 60)]


def test_a_wrong_row_is_named_by_its_place_among_the_filled_ones() -> None:
    typed = _rows((0, "", ""), (3, str(WIFE), "40"), (7, str(SON), "half"))
    assert [v.field for v in parse(ChangeBeneficiary, typed).violations] == ["beneficiaries.1.share_percent"]


def test_a_person_typed_but_not_picked_is_asked_for_again_and_what_was_typed_is_shown() -> None:
    typed = _rows((0, "", "100")) | {"beneficiaries.0.party_id__text": ["李秀"]}
    (violation,) = parse(ChangeBeneficiary, typed).violations
    assert (violation.code, violation.field) == ("shape_pick", "beneficiaries.0.party_id")
    rows = bind(ChangeBeneficiary, typed, Context())[0].rows
    assert rows[0][0].shown == "李秀"


def test_at_least_one_row_is_asked_for_where_the_request_needs_one() -> None:
    (violation,) = parse(PayClaim, {"claim_number": ["C1"]}).violations
    assert (violation.code, violation.field, violation.parameters) == (
        "shape_rows_missing",
        "accounts",
        {"least": "1"},
    )


def test_a_request_shown_in_a_form_and_sent_back_is_the_same() -> None:
    request = parse(ChangeBeneficiary, _rows((0, str(WIFE), "40.00"), (1, str(SON), "60.00"))).request
    assert parse(ChangeBeneficiary, flat(plain_values(request))).request == request


def test_a_form_begins_with_the_defaults_of_its_request() -> None:
    shape = shape_of(ACTS["decide_death_claim"])
    assert defaults(shape)["had_civil_capacity"] == ["on"]
    bounds = {one.name: one for one in bind(shape, defaults(shape), Context())}
    assert bounds["had_civil_capacity"].checked
    assert bounds["gone"].rows == ()
