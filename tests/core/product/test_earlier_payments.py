"""What was paid before bars, lessens or raises a benefit as the clauses say; what is not told of it is an error."""

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from counterfoil.core.product.amounts import Quantity
from counterfoil.core.product.benefits import DeathCause
from counterfoil.core.product.lookup import OutsideTables, Product
from counterfoil.core.product.paying import Event, PastPayment, Why, benefit_amount
from tests.builders.made_products import Edits, made_faults, made_report

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


TAGGED = """code,grade,group,tags,name_zh,name_en,source
leukaemia,major,blood,juvenile,白血病,,made
cancer,major,tumour,,恶性肿瘤,,made
stroke,major,nerves,,脑中风,,made
in_situ,mild,,,原位癌,,made
"""
BANDS = """factors:
  - code: by_payment
    by: payment_number
    bands:
      - {start: 1, before: 2, factor: "1.00"}
      - {start: 2, factor: "1.20"}
    basis: "2.4"

benefits:
  - code: juvenile
    name: {zh: 少儿特定疾病保险金, en: Juvenile illness benefit}
    events: [critical_illness]
    ends_contract: false
    elsewhere: nothing
    illness_tag: juvenile
    cases:
      - {when: {age_before: 18}, amount: basic_sum_assured, basis: "2.5"}
    basis: "2.5"
  - code: cancer_again
    name: {zh: 恶性肿瘤二次给付保险金, en: Second payment for cancer}
    events: [critical_illness]
    ends_contract: false
    illnesses: [cancer]
    after: {benefit: major_illness, illnesses: [tumour], days: 1095}
    cases:
      - {amount: basic_sum_assured, basis: "2.6"}
    basis: "2.6"
  - code: major_illness
"""
GAPS = "gaps: [{before: tumour, now: cancer, days: 1095}]"
AGAIN = f"    repeat: {{payments: 3, gap_days: 180, once_per_illness: false, {GAPS}}}\n"
PLAIN = """      - {when: {causes: [other], inside_waiting: false}, amount: basic_sum_assured, basis: "1.1" }
      - {when: {causes: [other], inside_waiting: true}, amount: premiums_paid, basis: "1.1" }
    basis: "1.1"
  - code: mild"""
BY_PAYMENT = PLAIN.replace(
    "amount: basic_sum_assured", "amount: {take: times, factor_by: by_payment, of: basic_sum_assured}"
)
MANY: Edits = [
    ("benefits:\n  - code: major_illness\n", BANDS),
    ("    illness_grade: major\n", "    illness_grade: major\n" + AGAIN),
    (ENDS, ENDS.replace("true", "false")),
    (PLAIN, BY_PAYMENT.replace("amount: premiums_paid", "amount: premiums_paid, ends_contract: true")),
]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """Major illness three times at 100% and 120%, three years from cancer to cancer, a juvenile extra, cancer again."""
    folder = tmp_path_factory.mktemp("made") / "product"
    report = made_report("critical_illness", folder, MANY, {"illnesses.csv": TAGGED})
    assert report.product is not None, report.faults
    return report.product


CANCER = PastPayment(benefit=MAJOR, illness="cancer", days_before=900)


@pytest.mark.parametrize(
    ("benefit", "event", "amount", "why"),
    [
        (MAJOR, illness_event("stroke"), "1000.00", Why.CASE),
        (MAJOR, illness_event("stroke", CANCER), "1200.00", Why.CASE),
        (MAJOR, illness_event("cancer", CANCER), "0.00", Why.TOO_SOON),
        (MAJOR, illness_event("cancer", replace(CANCER, days_before=1095)), "1200.00", Why.CASE),
        (MAJOR, illness_event("stroke", replace(CANCER, days_before=179)), "0.00", Why.TOO_SOON),
        ("juvenile", replace(illness_event("leukaemia"), issue_age=10), "1000.00", Why.CASE),
        ("juvenile", illness_event("leukaemia"), "0.00", Why.NO_CASE),
        ("juvenile", replace(illness_event("cancer"), issue_age=10), "0.00", Why.NOT_IN_LIST),
        ("cancer_again", illness_event("cancer"), "0.00", Why.NOTHING_BEFORE),
        ("cancer_again", illness_event("cancer", CANCER), "0.00", Why.TOO_SOON),
        ("cancer_again", illness_event("cancer", replace(CANCER, illness="stroke", days_before=2000)), "0.00",
         Why.NOTHING_BEFORE),
        ("cancer_again", illness_event("cancer", replace(CANCER, days_before=1095)), "1000.00", Why.CASE),
        ("cancer_again", illness_event("stroke", replace(CANCER, days_before=1095)), "0.00", Why.NOT_IN_LIST),
    ],
)  # fmt: skip
def test_named_illnesses_the_order_of_payments_and_the_days_between_them(
    many: Product, benefit: str, event: Event, amount: str, why: Why
) -> None:
    paid = benefit_amount(many, benefit, event)
    assert (paid.amount, paid.why) == (Decimal(amount), why)


def test_a_case_may_end_the_contract_where_the_benefit_does_not(many: Product) -> None:
    quantities = {Quantity.PREMIUMS_PAID: Decimal(70), Quantity.BASIC_SUM_ASSURED: Decimal(1000)}
    inside = replace(illness_event("stroke"), inside_waiting=True, quantities=quantities)
    assert benefit_amount(many, MAJOR, inside).ends_contract is True
    assert benefit_amount(many, MAJOR, illness_event("stroke")).ends_contract is False


@pytest.mark.parametrize(
    ("edits", "illnesses", "key", "message"),
    [
        ([("illness_tag: juvenile", "illness_tag: infant")], TAGGED, "benefits[0].illness_tag",
         "illnesses.csv has no illness with the tag infant"),
        ([("illnesses: [cancer]", "illnesses: [cancr]")], TAGGED, "benefits[1].illnesses",
         "illnesses.csv has no illness cancr"),
        ([("illnesses: [tumour], days", "illnesses: [tumor], days")], TAGGED, "benefits[1].after.illnesses",
         "illnesses.csv has no illness, group, grade or tag tumor"),
        ([("before: tumour", "before: tumor")], TAGGED, "benefits[2].repeat.gaps[0].before",
         "illnesses.csv has no illness, group, grade or tag tumor"),
        ([("after: {benefit: major_illness", "after: {benefit: major")], TAGGED, "benefits[1].after.benefit",
         "there is no benefit major"),
        ([("    illness_tag: juvenile\n", "    illness_tag: juvenile\n    illness_grade: mild\n")], TAGGED,
         "benefits[0]", "illnesses are named by one of `illness_grade`, `illness_tag`, `illnesses`"),
        ([("illnesses: illnesses.csv   # code, grade, group, name_zh, name_en, source\n", "")], TAGGED, "benefits[1]",
         "illnesses are named, and there is no list of illnesses (`illnesses`)"),
    ],
)  # fmt: skip
def test_an_illness_that_is_named_stands_in_the_list(
    tmp_path: Path, edits: Edits, illnesses: str, key: str, message: str
) -> None:
    faults = made_faults("critical_illness", tmp_path / "p", [*MANY, *edits], {"illnesses.csv": illnesses})
    assert key in [fault.key for fault in faults if message in fault.message], faults


SHARED = """shared_limits:
  - {over: [accident_death, accident_disability], per: contract, at_most: basic_sum_assured, basis: "2.6"}

exclusions:"""


RISK = """sums_at_risk:
  - {risk: accident, amount: {take: paid_before, under: [accident_death], per: contract}, basis: x}

exclusions:"""


def accident_event(*past: PastPayment) -> Event:
    return Event(
        issue_age=30,
        policy_year=1,
        cause=DeathCause.ACCIDENT,
        facts={"disability_grade": "5"},
        past=past,
        quantities={Quantity.BASIC_SUM_ASSURED: Decimal(1000)},
    )


def test_a_death_pays_the_sum_less_what_the_same_accident_was_paid_for(tmp_path: Path) -> None:
    product = made_report("accident", tmp_path / "p").product
    assert product is not None
    paid = PastPayment(benefit="accident_disability", amount=Decimal(300), same_event=True)
    assert benefit_amount(product, "accident_death", accident_event(paid)).amount == Decimal("700.00")
    other = replace(paid, same_event=False)
    assert benefit_amount(product, "accident_death", accident_event(other)).amount == Decimal("1000.00")


def test_benefits_share_a_limit(tmp_path: Path) -> None:
    product = made_report("accident", tmp_path / "p", [("exclusions:", SHARED)]).product
    assert product is not None
    paid = PastPayment(benefit="accident_disability", amount=Decimal(800))
    found = benefit_amount(product, "accident_death", accident_event(paid))
    assert (found.amount, found.why, found.basis) == (Decimal("200.00"), Why.LIMITED, "2.6")
    again = benefit_amount(
        product, "accident_disability", accident_event(replace(paid, benefit="accident_death"))
    )
    assert again.amount == Decimal("200.00")


def test_a_yearly_limit_asks_in_which_year_an_earlier_payment_was_made(tmp_path: Path) -> None:
    yearly = [("exclusions:", SHARED.replace("per: contract", "per: policy_year"))]
    product = made_report("accident", tmp_path / "p", yearly).product
    assert product is not None
    paid = PastPayment(benefit="accident_disability", amount=Decimal(800))
    with pytest.raises(OutsideTables, match=r"fact_missing: past\[0\].policy_year"):
        benefit_amount(product, "accident_death", accident_event(paid))


@pytest.mark.parametrize(
    ("edits", "key", "message"),
    [
        ([("exclusions:", SHARED.replace("accident_death", "death"))], "shared_limits[0].over",
         "there is no benefit death"),
        ([("exclusions:", SHARED.replace("[accident_death, accident_disability]", "[accident_death]"))],
         "shared_limits[0]", "`over` names two benefits at least, each once"),
        ([("under: [accident_disability]", "under: [disability]")], "benefits[0].cases[0].amount",
         "there is no benefit disability"),
        ([("under: [accident_disability]", "under: []")], "benefits[0].cases[0].amount.less",
         "`under` names one benefit at least"),
        ([("exclusions:", RISK)],
         "sums_at_risk[0].amount", "a sum at risk does not hang on what was paid before"),
    ],
)  # fmt: skip
def test_earlier_payments_are_asked_of_benefits_that_are_there(
    tmp_path: Path, edits: Edits, key: str, message: str
) -> None:
    faults = made_faults("accident", tmp_path / "p", edits)
    assert [fault.key for fault in faults if message in fault.message] == [key], faults
