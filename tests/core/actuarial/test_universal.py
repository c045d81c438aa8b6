"""A universal life account by actual days: figures worked out by hand, every named option, every refusal."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from counterfoil.core.actuarial.rates import ActNotPossible, Band, RateMissing
from counterfoil.core.actuarial.universal import (
    Status,
    advance,
    die,
    pay_in,
    prove,
    reinstate,
    standing,
    surrender,
    withdraw,
)
from counterfoil.core.actuarial.universal_ledger import Account, EntryKind
from counterfoil.core.actuarial.universal_terms import (
    AccountContract,
    AccountTerms,
    BonusBase,
    BonusCondition,
    BonusRule,
    ChargeAge,
    DailyRate,
    DatedSum,
    DeathBase,
    DeathItem,
    DeclaredRate,
    InitialCharge,
    Order,
    PaymentKind,
    RiskAmount,
    RiskRate,
    Settlement,
    Shortfall,
    WithdrawalEffect,
)
from counterfoil.core.kernel.calendar_dates import add_months
from counterfoil.core.kernel.intervals import Interval
from tests.core.actuarial.universal_131005 import TERMS, D

START = date(2025, 3, 11)
WOMAN = AccountContract(effective=START, sex="F", issue_age=35)
PREMIUM, TOP_UP = PaymentKind.PREMIUM, PaymentKind.TOP_UP


def declared(annual: str, first: date = date(2025, 3, 1), months: int = 120) -> tuple[DeclaredRate, ...]:
    """The same rate declared for each of these months."""
    return tuple(DeclaredRate(month=add_months(first, n), annual_rate=D(annual)) for n in range(months))


RATES = declared("0.0365")  # 0.0001 a day


def plain(**changes: object) -> AccountTerms:
    """An account without charges on payments, at risk for a sum assured at 3.65% a year, guarantee 0."""
    terms = AccountTerms(
        guaranteed_rates=(Band(D(0), 1),),
        initial_charges=(InitialCharge(kind=PREMIUM, by_policy_year=(Band(D(0), 1),)),),
        policy_fees=(Band(D(0), 1),),
        risk_rates=(RiskRate(sex="F", age_from=0, age_to=None, rate=D("36.5")),),
        death_benefit=(DeathItem(base=DeathBase.SUM_ASSURED, percentages=(Band(D(1)),)),),
        withdrawal_charges=(Band(D(0), 1),),
        surrender_charges=(Band(D(0), 1),),
        settlement=Settlement(charge_age=ChargeAge.AT_ANNIVERSARY),
    )
    return replace(terms, **changes)


def opened(terms: AccountTerms, paid: str, sum_assured: str = "0") -> Account:
    """The account on its first day."""
    contract = replace(WOMAN, sums_assured=(DatedSum(START, D(sum_assured)),))
    return pay_in(Account(contract=contract, terms=terms), (), START, PREMIUM, D(paid))


def entries(account: Account, kind: EntryKind) -> list[tuple[date, Decimal]]:
    """Day and amount of each entry of a kind."""
    return [(entry.on, entry.amount) for entry in account.entries if entry.kind is kind]


def codes(error: ActNotPossible) -> list[str]:
    """The codes of a refusal."""
    return [violation.code for violation in error.violations]


def test_a_month_is_settled_on_the_first_at_the_declared_rate_for_the_days_passed() -> None:
    account = advance(opened(TERMS, "100000"), RATES, date(2025, 5, 1))
    # 11 to 31 March are 21 days; rate 0.454 by age 35; at risk 160,000 - 98,000
    charge = 21 * D("0.000454") / 365 * 62000
    assert entries(account, EntryKind.RISK_CHARGE)[0] == (date(2025, 4, 1), -round(charge, 2))
    interest = (D(98000) - round(charge, 2)) * D("0.0001") * 21
    assert entries(account, EntryKind.INTEREST)[0] == (date(2025, 4, 1), round(interest, 2))
    assert [on for on, _ in entries(account, EntryKind.INTEREST)] == [date(2025, 4, 1), date(2025, 5, 1)]
    assert account.value == D("98000") + sum(entry.amount for entry in account.entries[2:])


def test_a_payment_counts_from_its_own_day() -> None:
    account = pay_in(opened(plain(), "1000"), RATES, date(2025, 3, 21), PREMIUM, D(1000))
    account = advance(account, RATES, date(2025, 4, 1))
    # 1,000 for 10 days, 2,000 for 11
    assert entries(account, EntryKind.INTEREST) == [(date(2025, 4, 1), D("3.20"))]


def test_the_guarantee_holds_where_less_is_declared() -> None:
    terms = plain(guaranteed_rates=(Band(D("0.0365"), 1),))
    account = advance(opened(terms, "10000"), declared("0.01"), date(2025, 4, 1))
    assert entries(account, EntryKind.INTEREST) == [(date(2025, 4, 1), D("21.00"))]


def test_a_daily_rate_declared_itself_is_used() -> None:
    own = DeclaredRate(month=date(2025, 3, 1), annual_rate=D("0.03"), daily_rate=D("0.0001"))
    account = advance(opened(plain(), "10000"), (own,), date(2025, 4, 1))
    assert entries(account, EntryKind.INTEREST) == [(date(2025, 4, 1), D("21.00"))]


def test_a_month_without_a_declared_rate_is_told_and_not_guessed() -> None:
    with pytest.raises(RateMissing, match="no credited rate is declared for 2025-04"):
        advance(opened(plain(), "10000"), RATES[:1], date(2025, 5, 1))


@pytest.mark.parametrize(
    ("how", "interest"), [(DailyRate.BY_365, "310.00"), (DailyRate.BY_DAYS_OF_YEAR, "309.15")]
)
def test_a_leap_years_day_is_a_365th_or_a_366th(how: DailyRate, interest: str) -> None:
    contract = replace(WOMAN, effective=date(2028, 1, 1))
    terms = plain(settlement=Settlement(daily_rate=how, charge_age=ChargeAge.AT_ANNIVERSARY))
    account = pay_in(Account(contract=contract, terms=terms), (), contract.effective, PREMIUM, D(100000))
    account = advance(account, declared("0.0365", date(2028, 1, 1)), date(2028, 2, 1))
    assert account.value == D(100000) + D(interest)


def test_a_daily_rate_can_be_the_365th_root() -> None:
    terms = plain(settlement=Settlement(daily_rate=DailyRate.ROOT_365, charge_age=ChargeAge.AT_ANNIVERSARY))
    account = advance(opened(terms, "1000000"), RATES, date(2025, 4, 1))
    # ln 1.0365 = 0.0358497, a 365th of it 0.0000982184, e to that less 1: 0.0000982232; 21 days
    assert account.value == D("1002062.68")


def test_a_day_of_risk_is_taken_on_the_value_before_or_after_its_charge() -> None:
    # 0.0001 a day of 101,000 at risk, 21 days: 212.10; after the charge each day is a little more
    settlement = Settlement(charge_age=ChargeAge.AT_ANNIVERSARY)
    before = advance(opened(plain(), "1000", "102000"), declared("0"), date(2025, 4, 1))
    assert entries(before, EntryKind.RISK_CHARGE) == [(date(2025, 4, 1), D("-212.10"))]
    solved = plain(settlement=replace(settlement, risk_amount=RiskAmount.AFTER_CHARGE))
    after = advance(opened(solved, "1000", "102000"), declared("0"), date(2025, 4, 1))
    # at risk grows by 1 / (1 - q) a day: 101,000 × ((1/0.9999)^21 - 1) = 212.3335
    assert entries(after, EntryKind.RISK_CHARGE) == [(date(2025, 4, 1), D("-212.33"))]


def test_each_days_charge_can_be_rounded_before_it_is_added_up() -> None:
    terms = plain(settlement=Settlement(charge_age=ChargeAge.AT_ANNIVERSARY, charge_places=2))
    account = advance(opened(terms, "1000", "1044"), declared("0"), date(2025, 4, 1))
    assert not entries(account, EntryKind.RISK_CHARGE)  # 0.0044 a day is nothing
    unrounded = advance(opened(plain(), "1000", "1044"), declared("0"), date(2025, 4, 1))
    assert entries(unrounded, EntryKind.RISK_CHARGE) == [(date(2025, 4, 1), D("-0.09"))]


@pytest.mark.parametrize(
    ("how", "charge"),
    [
        (ChargeAge.AT_ANNIVERSARY, "-21.00"),  # 35 all month
        (ChargeAge.WHEN_TAKEN, "-42.00"),  # 36 on 1 April
        (ChargeAge.EACH_DAY, "-32.00"),  # 35 for ten days from the 11th, 36 for eleven
    ],
)
def test_the_age_of_a_charge_is_that_of_the_anniversary_the_taking_or_each_day(
    how: ChargeAge, charge: str
) -> None:
    rates = (
        RiskRate(sex="F", age_from=0, age_to=35, rate=D("36.5")),
        RiskRate(sex="F", age_from=36, age_to=None, rate=D(73)),
    )
    terms = plain(risk_rates=rates, settlement=Settlement(charge_age=how))
    contract = replace(WOMAN, birth=date(1989, 3, 21), sums_assured=(DatedSum(START, D(11000)),))
    account = pay_in(Account(contract=contract, terms=terms), (), START, PREMIUM, D(1000))
    account = advance(account, declared("0"), date(2025, 4, 1))
    assert entries(account, EntryKind.RISK_CHARGE) == [(date(2025, 4, 1), D(charge))]


def test_a_charge_age_by_birthday_needs_the_birthday() -> None:
    account = opened(plain(settlement=Settlement()), "1000", "2000")
    with pytest.raises(ValueError, match="needs the date of birth"):
        advance(account, RATES, date(2025, 4, 1))


def test_interest_first_helps_to_meet_the_charge() -> None:
    first = Settlement(charge_age=ChargeAge.AT_ANNIVERSARY, order=Order.INTEREST_FIRST)
    account = opened(plain(settlement=first), "100", "48000")  # charge 100.59 of 21 days
    assert advance(account, RATES, date(2025, 4, 1)).owed == D("100.59")
    account = opened(plain(settlement=first), "100", "47700")  # charge 99.96
    settled = advance(account, RATES, date(2025, 4, 1))
    assert [entry.kind for entry in settled.entries[1:]] == [EntryKind.INTEREST, EntryKind.RISK_CHARGE]
    assert settled.value == D("0.25")  # 100 + 0.21 - 99.96


def test_a_percentage_changes_on_the_anniversary_inside_the_month() -> None:
    contract = replace(WOMAN, issue_age=40)
    account = pay_in(Account(contract=contract, terms=TERMS), (), START, PREMIUM, D(100000))
    account = advance(account, declared("0.015"), date(2026, 4, 1))
    assert standing(account, date(2026, 3, 10)).death_benefit == D(160000)
    assert standing(account, date(2026, 3, 11)).death_benefit == D(140000)
    value = account.value_on(date(2026, 3, 31))
    expected = (10 * (D(160000) - value) * D("0.692") + 21 * (D(140000) - value) * D("0.762")) / 365 / 1000
    assert entries(account, EntryKind.RISK_CHARGE)[-1] == (date(2026, 4, 1), -round(expected, 2))


def test_the_bonus_of_the_fifth_anniversary_is_on_the_premiums_of_five_years() -> None:
    account = opened(TERMS, "100000")
    account = pay_in(account, RATES, date(2030, 3, 10), TOP_UP, D(2000))
    account = pay_in(account, RATES, date(2030, 3, 11), TOP_UP, D(3000))  # the sixth policy year
    account = advance(account, RATES, date(2032, 3, 11))
    assert entries(account, EntryKind.BONUS) == [
        (date(2030, 3, 11), D("1020.00")),
        (date(2031, 3, 11), D("30.00")),
    ]


def test_advancing_again_books_nothing_twice() -> None:
    once = advance(opened(TERMS, "100000"), RATES, date(2030, 3, 20))
    assert advance(once, RATES, date(2030, 3, 20)) == once
    step = opened(TERMS, "100000")
    for month in range(1, 61):
        step = advance(step, RATES, add_months(START, month))
    assert step == advance(opened(TERMS, "100000"), RATES, add_months(START, 60))


def test_a_withdrawal_pays_the_amount_applied_for_less_its_charge() -> None:
    paid = withdraw(opened(TERMS, "100000"), RATES, date(2025, 3, 20), D("10000.50"))
    assert (paid.amount, paid.charge, paid.payable) == (D("10000.50"), D("300.02"), D("9700.48"))
    assert paid.account.value == D("87999.50")
    assert standing(paid.account, date(2025, 3, 20)).base == D("89999.50")


def test_a_withdrawal_can_lower_the_base_in_proportion() -> None:
    terms = replace(TERMS, withdrawal_effect=WithdrawalEffect.IN_PROPORTION)
    paid = withdraw(opened(terms, "100000"), RATES, date(2025, 3, 20), D(24500))
    assert standing(paid.account, date(2025, 3, 20)).base == D(75000)  # 98,000 less a quarter


def test_a_withdrawal_is_refused_with_every_reason() -> None:
    terms = replace(TERMS, withdrawal_minimum=D(1000), remaining_minimum=D(2000))
    account = opened(terms, "3000")  # 2,940
    with pytest.raises(ActNotPossible) as refused:
        withdraw(account, RATES, START, D("950"))  # 1,990 remain
    assert codes(refused.value) == ["withdrawal_too_small", "too_little_remains"]
    with pytest.raises(ActNotPossible) as refused:
        withdraw(account, RATES, START, D(1000))
    assert codes(refused.value) == ["too_little_remains"]
    with pytest.raises(ActNotPossible) as refused:
        withdraw(account, RATES, START, D(2941))
    assert codes(refused.value) == ["more_than_account"]
    assert account.value == D(2940)


def test_a_surrender_settles_the_month_at_the_guaranteed_rate() -> None:
    terms = replace(TERMS, death_benefit=TERMS.death_benefit[:1])  # nothing at risk
    ended = surrender(opened(terms, "100000"), RATES, date(2025, 3, 31))
    # 98,000 × 1.5% × 20 / 365 = 80.55, not 196.00 as declared; 97% of it
    assert (ended.amount, ended.payable) == (D("98080.55"), D("95138.13"))
    assert ended.charge == D("2942.42")
    assert ended.account.value == 0
    assert standing(ended.account, date(2025, 4, 30)).status is Status.ENDED
    with pytest.raises(ActNotPossible, match="account_ended"):
        withdraw(ended.account, RATES, date(2025, 4, 1), D(1))


def test_a_death_pays_the_greatest_and_the_account_is_nil() -> None:
    ended = die(opened(TERMS, "100000"), RATES, date(2025, 3, 31))
    assert ended.payable == D(160000)
    assert ended.account.value == 0
    assert ended.account.entries[-1].amount == -(D(98000) + ended.account.entries[2].amount + D("80.55"))


def test_nothing_at_risk_asks_for_no_risk_rate() -> None:
    terms = plain(risk_rates=(), death_benefit=TERMS.death_benefit[:1])
    for how in RiskAmount:
        settlement = replace(terms.settlement, risk_amount=how)
        account = advance(opened(replace(terms, settlement=settlement), "10000"), RATES, date(2025, 4, 1))
        assert account.value == D("10021.00")


def test_an_act_before_the_last_entry_is_refused() -> None:
    account = advance(opened(TERMS, "1000"), RATES, date(2025, 5, 1))
    with pytest.raises(ActNotPossible, match="before_last_entry"):
        withdraw(account, RATES, date(2025, 4, 30), D(10))


def test_a_kind_of_payment_without_a_charge_is_not_accepted() -> None:
    with pytest.raises(ActNotPossible, match="payment_not_accepted"):
        pay_in(opened(plain(), "1000"), RATES, START, TOP_UP, D(5))


# 47,900 at risk at 0.0001 a day: 100.59 for the 21 days of March, 143.70 for April
def short(shortfall: Shortfall = Shortfall.TAKE_NOTHING, **changes: object) -> Account:
    settlement = Settlement(charge_age=ChargeAge.AT_ANNIVERSARY, shortfall=shortfall)
    return opened(plain(settlement=settlement, **changes), "100", "48000")


def test_an_account_that_cannot_meet_its_charge_is_in_grace_and_covered() -> None:
    account = advance(short(), declared("0"), date(2025, 5, 1))
    now = standing(account, date(2025, 4, 1))
    assert (now.status, now.value, now.owed) == (Status.GRACE, D(100), D("100.59"))
    assert now.grace == Interval(date(2025, 4, 2), date(2025, 6, 1))
    assert standing(account, date(2025, 5, 1)).owed == D("244.29")  # + 143.70 of April
    death = die(account, declared("0"), date(2025, 5, 1))
    assert (death.amount, death.owed_deducted, death.payable) == (D(48000), D("244.29"), D("47755.71"))
    assert death.account.owed == 0


def test_a_shortfall_can_empty_the_account() -> None:
    account = advance(short(Shortfall.TAKE_ALL), declared("0"), date(2025, 4, 1))
    assert (account.value, account.owed) == (D(0), D("0.59"))
    ended = surrender(account, declared("0"), date(2025, 4, 1))
    assert (ended.payable, ended.account.owed) == (D(0), D("0.59"))  # nothing there to take it from


def test_a_premium_in_grace_meets_what_is_owed() -> None:
    account = pay_in(short(), declared("0"), date(2025, 4, 10), PREMIUM, D(50))
    assert (account.value, account.owed) == (D("49.41"), D(0))
    assert standing(account, date(2025, 4, 10)).status is Status.IN_FORCE
    with pytest.raises(ActNotPossible, match="charges_owed"):
        withdraw(short(), declared("0"), date(2025, 4, 10), D(10))


def test_an_old_debt_that_the_account_could_meet_alone_does_not_begin_the_grace_anew() -> None:
    account = advance(short(), declared("0.365"), date(2025, 7, 1))  # 102.10 on 1 April, 100.59 owed
    assert entries(account, EntryKind.LAPSE) == [(date(2025, 6, 1), D(0))]


def test_a_fee_owed_begins_a_grace_too() -> None:
    account = advance(short(policy_fees=(Band(D(7), 1),)), declared("0"), date(2025, 4, 1))
    assert (account.value, account.owed) == (D(100), D("107.59"))
    enough = advance(opened(plain(policy_fees=(Band(D(7), 1),)), "100"), declared("0"), date(2025, 4, 1))
    assert entries(enough, EntryKind.POLICY_FEE) == [(date(2025, 4, 1), D(-7))]


def test_after_grace_the_contract_is_suspended_and_nothing_moves() -> None:
    account = advance(short(), declared("0"), date(2026, 6, 1))
    assert entries(account, EntryKind.LAPSE) == [(date(2025, 6, 1), D(0))]
    now = standing(account, date(2026, 6, 1))
    assert (now.status, now.suspended_on, now.death_benefit) == (Status.SUSPENDED, date(2025, 6, 1), D(0))
    assert now.owed == D("392.78")  # + 31 days of May
    assert account == advance(short(), declared("0"), date(2025, 6, 1))
    for act in (
        lambda: pay_in(account, declared("0"), date(2026, 6, 1), PREMIUM, D(500)),
        lambda: die(account, declared("0"), date(2026, 6, 1)),
    ):
        with pytest.raises(ActNotPossible, match="account_suspended"):
            act()


def test_a_suspension_inside_a_month_settles_its_days_at_the_guarantee() -> None:
    terms = plain(grace_days=44, guaranteed_rates=(Band(D("0.0365"), 1),))
    account = advance(opened(terms, "100", "48000"), declared("0.365"), date(2025, 12, 1))
    assert entries(account, EntryKind.LAPSE) == [(date(2025, 5, 16), D(0))]
    on, interest = entries(account, EntryKind.INTEREST)[-1]
    assert (on, interest) == (date(2025, 5, 16), D("0.16"))  # 15 days of 0.0001 on 105.16


def test_a_suspended_contract_surrenders_what_it_held() -> None:
    ended = surrender(advance(short(), declared("0"), date(2026, 6, 1)), declared("0"), date(2026, 6, 1))
    assert (ended.amount, ended.owed_deducted, ended.payable) == (D(100), D(100), D(0))


def test_reinstatement_takes_what_is_owed_and_begins_the_next_day() -> None:
    account = reinstate(short(), declared("0"), date(2026, 6, 9), PREMIUM, D(1000))
    assert (account.value, account.owed) == (D("707.22"), D(0))  # 1,100 - 392.78
    assert entries(account, EntryKind.REINSTATEMENT) == [(date(2026, 6, 10), D(0))]
    later = advance(account, declared("0"), date(2026, 7, 1))
    # 10 to 30 June: 21 days at 0.0001 of 47,292.78
    assert entries(later, EntryKind.RISK_CHARGE)[-1] == (date(2026, 7, 1), D("-99.31"))
    same_day = short(resumes_next_day=False)
    account = reinstate(same_day, declared("0"), date(2026, 6, 9), PREMIUM, D(1000))
    assert entries(account, EntryKind.REINSTATEMENT) == [(date(2026, 6, 9), D(0))]


def test_reinstatement_is_refused_too_late_too_little_or_without_need() -> None:
    with pytest.raises(ActNotPossible, match="does_not_cover_owed"):
        reinstate(short(), declared("0"), date(2026, 6, 9), PREMIUM, D("292.77"))
    assert reinstate(short(), declared("0"), date(2027, 6, 1), PREMIUM, D("292.78")).value == 0
    with pytest.raises(ActNotPossible, match="too_late_to_reinstate"):
        reinstate(short(), declared("0"), date(2027, 6, 2), PREMIUM, D(1000))
    with pytest.raises(ActNotPossible, match="account_not_suspended"):
        reinstate(short(), declared("0"), date(2025, 4, 10), PREMIUM, D(1000))


def test_a_broken_contract_has_lost_the_bonus_that_asks_for_unbroken_force() -> None:
    rules = tuple(
        BonusRule(anniversary=2, rate=D("0.1"), base=base, condition=condition)
        for base, condition in (
            (BonusBase.PREMIUMS_SINCE_START, BonusCondition.IN_FORCE),
            (BonusBase.PREMIUMS_OF_YEAR_ENDED, BonusCondition.UNBROKEN),
        )
    )
    broken = reinstate(short(bonuses=rules), declared("0"), date(2026, 6, 9), PREMIUM, D(10000))
    broken = advance(broken, declared("0"), date(2027, 3, 11))
    assert entries(broken, EntryKind.BONUS) == [(date(2027, 3, 11), D("1010.00"))]
    whole = pay_in(opened(plain(bonuses=rules), "100"), declared("0"), date(2026, 6, 9), PREMIUM, D(10000))
    whole = advance(whole, declared("0"), date(2027, 3, 11))
    assert entries(whole, EntryKind.BONUS) == [
        (date(2027, 3, 11), D("1010.00")),
        (date(2027, 3, 11), D("1000.00")),
    ]


def test_an_altered_book_does_not_prove() -> None:
    account = advance(opened(TERMS, "100000"), RATES, date(2025, 7, 1))
    assert prove(account, RATES) == ()
    place = 5
    false = replace(account.entries[place], amount=account.entries[place].amount + D("0.01"))
    altered = replace(account, entries=(*account.entries[:place], false, *account.entries[place + 1 :]))
    found = prove(altered, RATES)
    assert [(fault.place, fault.booked, fault.proven) for fault in found] == [
        (place, false, account.entries[place])
    ]
    cut = replace(account, entries=(*account.entries[:place], *account.entries[place + 1 :]))
    assert prove(cut, RATES)[0].place == place


def test_terms_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(ValueError, match="withdrawal_charges: two values for 2"):
        plain(withdrawal_charges=(Band(D("0.03"), 1, 2), Band(D(0), 2)))
    with pytest.raises(ValueError, match="risk rates of sex F by age: two values for 40"):
        plain(risk_rates=(*plain().risk_rates, RiskRate(sex="F", age_from=40, age_to=40, rate=D(1))))
    with pytest.raises(ValueError, match="the life is not 35"):
        replace(WOMAN, birth=date(1990, 3, 12))
