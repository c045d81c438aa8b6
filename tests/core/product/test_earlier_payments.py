"""What was paid before bars, lessens or raises a benefit as the clauses say; what is not told of it is an error."""

from decimal import Decimal
from pathlib import Path

import pytest

from counterfoil.core.product.lookup import OutsideTables, Product
from counterfoil.core.product.paying import Event, PastPayment, Quantity, Why, benefit_amount
from tests.builders.made_products import Edits, made_report

MAJOR = "major_illness"
ILLNESSES = """code,grade,group,name_zh,name_en,source
leukaemia,major,blood,白血病,,made
cancer,major,blood,恶性肿瘤,,made
stroke,major,nerves,脑中风,,made
in_situ,mild,,原位癌,,made
"""
REPEAT = "    repeat: {payments: 3, gap_days: 180, once_per_illness: true, once_per_group: true}\n"
ENDS = "    events: [critical_illness]\n    ends_contract: true\n"
SEVERAL: Edits = [
    ("    illness_grade: major\n", "    illness_grade: major\n" + REPEAT),
    (ENDS, ENDS.replace("true", "false")),
]


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """Major illness three times, once a group, 180 days between two."""
    return product_of(tmp_path_factory.mktemp("made"), SEVERAL)


def product_of(folder: Path, edits: Edits) -> Product:
    report = made_report("critical_illness", folder / "product", edits, {"illnesses.csv": ILLNESSES})
    assert report.product is not None, report.faults
    return report.product


def illness_event(illness: str, *past: PastPayment) -> Event:
    return Event(
        issue_age=30,
        policy_year=4,
        illness=illness,
        past=past,
        quantities={Quantity.BASIC_SUM_ASSURED: Decimal(1000)},
    )


def test_the_group_of_an_earlier_illness_is_found_in_the_list(several: Product) -> None:
    cancer = PastPayment(benefit=MAJOR, illness="cancer", days_before=900)
    assert benefit_amount(several, MAJOR, illness_event("leukaemia", cancer)).why is Why.ONE_OF_GROUP
    assert benefit_amount(several, MAJOR, illness_event("stroke", cancer)).amount == Decimal("1000.00")


@pytest.mark.parametrize(
    ("past", "code", "key"),
    [
        ({"illness": "cancer"}, "fact_missing", "past[0].days_before"),
        ({"days_before": 900}, "fact_missing", "past[0].illness"),
        ({"illness": "cancr", "days_before": 900}, "past_contradictory",
         "past[0].illness cancr is not in the list of illnesses"),
        ({"illness": "cancer", "group": "nerves", "days_before": 900}, "past_contradictory",
         "past[0].group nerves; the list has blood for cancer"),
    ],
)  # fmt: skip
def test_an_earlier_payment_that_leaves_the_rule_open_is_an_error(
    several: Product, past: dict[str, str | int], code: str, key: str
) -> None:
    with pytest.raises(OutsideTables) as caught:
        benefit_amount(several, MAJOR, illness_event("stroke", PastPayment(benefit=MAJOR, **past)))  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.key) == (code, key)


def test_a_payment_of_another_contract_bars_none_of_this_one(several: Product) -> None:
    other = PastPayment(benefit=MAJOR, illness="stroke", other_contract=True)
    assert benefit_amount(several, MAJOR, illness_event("stroke", other)).why is Why.CASE
