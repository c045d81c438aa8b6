"""Wrong contents are refused before anything is printed, with the field's name and place."""

import re
from decimal import Decimal

import msgspec
import pytest

from counterfoil.apps.documents.contents import CONTENTS, PolicyContract
from counterfoil.apps.documents.rendering import (
    ContentsRefused,
    UnknownTemplate,
    render,
)
from tests.apps.documents.reading import sample, text_of


def test_contents_may_be_given_as_their_struct() -> None:
    contents = sample("policy_contract")

    struct = msgspec.convert(contents, PolicyContract)

    assert render("policy_contract", "1", struct) == render("policy_contract", "1", contents)


@pytest.mark.parametrize(("template", "version"), CONTENTS)
def test_a_missing_field_is_refused_by_its_name(template: str, version: str) -> None:
    for field in CONTENTS[template, version].__struct_fields__:
        contents = sample(template)
        del contents[field]
        with pytest.raises(ContentsRefused, match=f"{template} version {version}: .*`{field}`"):
            render(template, version, contents)


def test_an_unknown_field_is_refused_by_its_name_and_place() -> None:
    contents = sample("policy_contract")
    contents["insured"]["nmae"] = "赵明远"  # type: ignore[index]

    with pytest.raises(ContentsRefused, match=r"`nmae` - at `\$\.insured`"):
        render("policy_contract", "1", contents)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("premium", 770.00),
        ("premium", "770"),
        ("premium", "1,770.00"),
        ("premium", "0770.00"),
        ("premium", Decimal("770.005")),
        ("premium_in_words", ""),
        ("policy_number", "保单一号"),
        ("coverages", []),
        ("cooling_off_days", -1),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(field: str, wrong: object) -> None:
    contents = sample("policy_contract")
    contents[field] = wrong

    with pytest.raises(ContentsRefused, match=rf"at `\$\.{field}"):
        render("policy_contract", "1", contents)


def test_an_amount_may_be_a_decimal_with_two_places() -> None:
    contents = sample("policy_contract")
    contents["sum_assured"] = Decimal("1234567.80")

    assert "人民币1,234,567.80元" in text_of(render("policy_contract", "1", contents))


def test_a_moment_without_time_zone_is_refused() -> None:
    contents = sample("payment_receipt")
    contents["heading"]["created_at"] = "2026-11-20T10:32:05"  # type: ignore[index]

    with pytest.raises(ContentsRefused, match=r"at `\$\.heading\.created_at`"):
        render("payment_receipt", "1", contents)


def test_a_decision_to_pay_without_payees_is_refused() -> None:
    contents = sample("claim_decision")
    contents["payees"] = []

    with pytest.raises(ContentsRefused, match="`payees`"):
        render("claim_decision", "1", contents)


def test_a_rejection_that_names_a_payee_is_refused() -> None:
    contents = sample("claim_decision_reject")
    contents["payees"] = sample("claim_decision")["payees"]

    with pytest.raises(ContentsRefused, match="`payees`"):
        render("claim_decision", "1", contents)


@pytest.mark.parametrize(
    ("template", "version"), [("policy_contract", "2"), ("love_letter", "1"), ("../house_style", "1")]
)
def test_an_unknown_template_or_version_is_refused(template: str, version: str) -> None:
    with pytest.raises(UnknownTemplate, match=re.escape(repr(template))):
        render(template, version, sample("policy_contract"))
