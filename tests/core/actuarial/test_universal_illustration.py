"""The illustration by equal months comes out as printed, and by every named option as worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from counterfoil.core.actuarial.rates import ActNotPossible, Band, RateMissing
from counterfoil.core.actuarial.universal_illustration import (
    Illustration,
    PlannedPayment,
    PlannedWithdrawal,
    illustrate,
)
from counterfoil.core.actuarial.universal_ledger import EntryKind
from counterfoil.core.actuarial.universal_terms import (
    AccountContract,
    DatedSum,
    DeathBase,
    DeathItem,
    MonthlyIllustration,
    MonthlyRate,
    Order,
    PaymentKind,
    PrintedRiskCharge,
    RiskAmount,
)
from tests.core.actuarial.universal_131005 import TERMS, D, rows

CONTRACT = AccountContract(effective=date(2025, 3, 1), sex="F", issue_age=35)
SINGLE = PlannedPayment(policy_year=1, kind=PaymentKind.PREMIUM, amount=D(1000))
GUARANTEED = (Band(D(0), 1),)  # the guarantee is more


@pytest.fixture(scope="module")
def printed() -> Illustration:
    return illustrate(TERMS, CONTRACT, [SINGLE], GUARANTEED, 71)


@pytest.mark.parametrize("row", rows("131005_example.csv"), ids=lambda row: f"year {row['policy_year']}")
def test_every_printed_figure_of_131005_comes_out_to_the_cent(
    printed: Illustration, row: dict[str, str]
) -> None:
    year = printed.years[int(row["policy_year"]) - 1]
    own = {
        "policy_year": year.policy_year,
        "age_end": year.age_end,
        "single_premium": year.premium,
        "voluntary_top_up": year.top_up,
        "transferred_in": year.transferred_in,
        "premiums_paid_total": year.premiums_paid_total,
        "initial_charge": year.initial_charge,
        "credited_to_account": year.credited_to_account,
        "policy_fee": year.policy_fee,
        "persistency_bonus": year.bonus,
        "risk_charge": year.risk_charge,
        "account_value": year.account_value,
        "death_benefit": year.death_benefit,
        "cash_value": year.cash_value,
    }
    assert own == {name: D(figure) for name, figure in row.items()}


def test_an_illustrations_entries_sum_to_its_account_value(printed: Illustration) -> None:
    assert sum(entry.amount for entry in printed.entries) == printed.years[-1].account_value == D("2832.44")
    assert printed.exhausted_in is None


def test_the_charge_taken_is_what_the_printed_charge_may_differ_from(printed: Illustration) -> None:
    # year 1: month by month 0.02; printed once over the year 0.28
    assert printed.years[0].risk_charge_taken == D("0.24")
    how = MonthlyIllustration(printed_risk_charge=PrintedRiskCharge.TAKEN)
    assert illustrate(replace(TERMS, illustration=how), CONTRACT, [SINGLE], GUARANTEED, 1).years[
        0
    ].risk_charge == D("0.24")


def one_month(how: MonthlyIllustration) -> list[tuple[EntryKind, Decimal]]:
    """The first month's charge and interest of an account of 1,000 with 9,000 at risk at q = 12% a year."""
    terms = replace(
        TERMS,
        initial_charges=tuple(replace(c, by_policy_year=(Band(D(0), 1),)) for c in TERMS.initial_charges),
        risk_rates=(replace(TERMS.risk_rates[0], sex="F", age_from=0, age_to=None, rate=D(120)),),
        guaranteed_rates=(Band(D("0.06"), 1),),
        death_benefit=(DeathItem(base=DeathBase.SUM_ASSURED, percentages=(Band(D(1)),)),),
        illustration=how,
    )
    contract = replace(CONTRACT, sums_assured=(DatedSum(CONTRACT.effective, D(10000)),))
    entries = illustrate(terms, contract, [SINGLE], GUARANTEED, 1).entries
    return [(entry.kind, entry.amount) for entry in entries][1:3]


def test_the_amount_at_risk_is_taken_before_or_after_the_charge() -> None:
    twelfth = MonthlyRate.TWELFTH
    # before: 1% of 9,000; then 0.5% of 910
    assert one_month(MonthlyIllustration(monthly_rate=twelfth)) == [
        (EntryKind.RISK_CHARGE, D("-90.00")),
        (EntryKind.INTEREST, D("4.55")),
    ]
    # after: c = 0.01 (10,000 - (1,000 - c)), so c = 90 / 0.99 = 90.909…
    solved = MonthlyIllustration(monthly_rate=twelfth, risk_amount=RiskAmount.AFTER_CHARGE)
    assert one_month(solved)[0] == (EntryKind.RISK_CHARGE, D("-90.91"))


def test_a_month_can_take_interest_first() -> None:
    how = MonthlyIllustration(monthly_rate=MonthlyRate.TWELFTH, order=Order.INTEREST_FIRST)
    # 0.5% of 1,000, then 1% of 10,000 - 1,005
    assert one_month(how) == [(EntryKind.INTEREST, D("5.00")), (EntryKind.RISK_CHARGE, D("-89.95"))]


def test_the_monthly_root_is_less_than_the_twelfth() -> None:
    # 910 × (1.06^(1/12) - 1) = 910 × 0.004867551 = 4.4295
    assert one_month(MonthlyIllustration())[1] == (EntryKind.INTEREST, D("4.43"))


def test_an_account_that_cannot_meet_a_charge_ends_the_illustration() -> None:
    terms = replace(TERMS, policy_fees=(Band(D(30), 1),))
    result = illustrate(terms, CONTRACT, [SINGLE], GUARANTEED, 10)
    assert result.exhausted_in == 3
    assert [year.policy_year for year in result.years] == [1, 2]
    assert result.years[0].policy_fee == D(360)
    assert sum(entry.amount for entry in result.entries) < 30


def test_a_withdrawal_stands_at_the_years_beginning_and_lowers_the_base() -> None:
    out = [PlannedWithdrawal(policy_year=2, amount=D(500))]
    second = illustrate(TERMS, CONTRACT, [SINGLE], GUARANTEED, 2, out).years[1]
    assert second.withdrawn == D(500)
    assert second.death_benefit == D(500) * D("1.6")
    assert second.premiums_paid_total == D(1000)


def test_a_withdrawal_of_more_than_the_account_is_refused() -> None:
    with pytest.raises(ActNotPossible, match="more_than_account"):
        illustrate(
            TERMS, CONTRACT, [SINGLE], GUARANTEED, 2, [PlannedWithdrawal(policy_year=2, amount=D(995))]
        )


def test_later_premiums_earn_the_yearly_bonus_of_the_year_ended() -> None:
    payments = [SINGLE, PlannedPayment(policy_year=7, kind=PaymentKind.TOP_UP, amount=D(300))]
    years = illustrate(TERMS, CONTRACT, payments, GUARANTEED, 8).years
    assert [year.bonus for year in years] == [0, 0, 0, 0, D(10), 0, D(3), 0]


def test_an_age_or_sex_outside_the_tables_is_told_and_not_guessed() -> None:
    with pytest.raises(
        RateMissing, match=r"risk charge of sex X by age has no value for 35; it holds nothing"
    ):
        illustrate(TERMS, replace(CONTRACT, sex="X"), [SINGLE], GUARANTEED, 1)
    with pytest.raises(RateMissing, match="the credited rate has no value for 2; it holds 1 to 1"):
        illustrate(TERMS, CONTRACT, [SINGLE], (Band(D(0), 1, 1),), 2)
