"""Decides the illustration of any product, a universal account included: product rules and the account's engine.

The account runs by the convention `equal_months`, at the guaranteed rate or at an assumed one that is not
guaranteed. All other figures are `core/product/illustration.py`'s.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from counterfoil.core.actuarial.rates import ActNotPossible, Band
from counterfoil.core.actuarial.universal_illustration import PlannedPayment, PlannedWithdrawal
from counterfoil.core.actuarial.universal_illustration import illustrate as illustrate_account
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
    InitialCharge,
    MonthlyIllustration,
    MonthlyRate,
    Order,
    PaymentKind,
    PrintedRiskCharge,
    RiskAmount,
    RiskRate,
    Settlement,
    Shortfall,
    WithdrawalEffect,
)
from counterfoil.core.product.account import Account, YearBand
from counterfoil.core.product.account_benefit import account_items
from counterfoil.core.product.conventions import ReinstatementEffect
from counterfoil.core.product.illustration import (
    AccountYear,
    CarriedRow,
    IllustrationRow,
)
from counterfoil.core.product.illustration import illustrate as illustrate_product
from counterfoil.core.product.lookup import ModelPoint, Product

START = date(2000, 1, 1)
"""Equal months know no calendar; any first day gives the same years."""


def illustrate(
    product: Product,
    point: ModelPoint,
    carried: Sequence[CarriedRow] = (),
    *,
    credited_rate: Decimal | None = None,
) -> list[IllustrationRow]:
    """The illustration of a model point, a row a policy year, as the product's section `illustration` states.

    `credited_rate`: the yearly rate assumed for an account (a fraction; the guarantee holds where it is more); None for
    the guaranteed rate. Raises OutsideTables for a point that is not on offer, RateMissing for a risk rate that the
    tables lack.
    """
    account = product.terms.account
    if account is None:
        return illustrate_product(product, point, carried)
    rate = account.guaranteed_rate if credited_rate is None else credited_rate
    return illustrate_product(product, point, carried, account_years(product, point, rate))


def account_years(product: Product, point: ModelPoint, credited_rate: Decimal) -> list[AccountYear]:
    """The account of a model point by equal months, from its premiums and what else it plans, a row a policy year.

    Yuan. It ends before the policy year in which the account cannot meet its charges. Raises OutsideTables for
    a kind of payment that the account does not accept, and for a withdrawal of more than there is.
    """
    plan = product.plan_of(point)
    years = plan.term_years_at(point.issue_age, product.terms.lives.whole_life_to_age)
    premium = product.annual_premium_for(point)
    contract = AccountContract(
        effective=START,
        sex=point.sex,
        issue_age=point.issue_age,
        sums_assured=(DatedSum(START, product.sum_assured_for(point)),),
    )
    payments = [
        PlannedPayment(policy_year=year, kind=PaymentKind.PREMIUM, amount=premium)
        for year in range(1, point.pay_years + 1)
    ]
    payments += [
        PlannedPayment(policy_year=one.policy_year, kind=PaymentKind(one.kind), amount=one.amount)
        for one in point.payments
    ]
    out = [PlannedWithdrawal(policy_year=one.policy_year, amount=one.amount) for one in point.withdrawals]
    credited = (Band(credited_rate),)
    try:
        found = illustrate_account(account_terms(product), contract, payments, credited, years, out)
    except ActNotPossible as error:
        raise product.outside(error.violations[0].code, "product.yaml", str(error)) from None
    return [
        AccountYear(
            premiums_paid=year.premiums_paid_total,
            top_up=year.top_up,
            transfer_in=year.transferred_in,
            withdrawn=year.withdrawn,
            basic_sum=year.basic_sum,
            initial_charge=year.initial_charge,
            credited=year.credited_to_account,
            policy_fee=year.policy_fee,
            bonus=year.bonus,
            risk_charge=year.risk_charge,
            account_value=year.account_value,
            cash_value=year.cash_value,
            death_benefit=year.death_benefit,
        )
        for year in found.years
    ]


def account_terms(product: Product) -> AccountTerms:
    """What the account's engine needs to know of the product. ValueError for a product without an account."""
    terms, account = product.terms, product.terms.account
    if account is None:
        raise ValueError(f"product {product.code} has no account")
    withdrawal = terms.options.withdrawal
    return AccountTerms(
        guaranteed_rates=(Band(account.guaranteed_rate),),
        initial_charges=tuple(
            InitialCharge(kind=PaymentKind(charge.kind), by_policy_year=_bands(charge.rates))
            for charge in account.initial_charges
        ),
        policy_fees=(Band(account.policy_fee_monthly),),
        risk_rates=risk_rates(product),
        risk_rate_per=account.risk_per,
        death_benefit=tuple(
            DeathItem(
                base=DeathBase(item.base),
                percentages=tuple(
                    Band(band.factor, band.start, None if band.before is None else band.before - 1)
                    for band in item.bands
                ),
            )
            for item in account_items(terms)
        ),
        bonuses=tuple(
            BonusRule(
                anniversary=rule.anniversary,
                and_later=rule.and_later,
                rate=rule.rate,
                base=BonusBase(rule.of),
                condition=BonusCondition(rule.condition),
            )
            for rule in account.bonuses
        ),
        withdrawal_charges=_bands(account.withdrawal_charges),
        surrender_charges=_bands(account.surrender_charges),
        withdrawal_effect=WithdrawalEffect(account.withdrawal_effect),
        withdrawal_minimum=(withdrawal.minimum if withdrawal else None) or Decimal("0.01"),
        remaining_minimum=(withdrawal.minimum_left if withdrawal else None) or Decimal(0),
        grace_days=terms.grace.days,
        reinstatement_years=terms.reinstatement.years,
        resumes_next_day=terms.reinstatement.takes_effect is ReinstatementEffect.DAY_AFTER_PAYMENT,
        rounding=terms.rounding.cash_value.rule,
        settlement=_settlement(account),
        illustration=MonthlyIllustration(
            monthly_rate=MonthlyRate(account.illustration.monthly_rate),
            order=Order(account.illustration.order),
            risk_amount=RiskAmount(account.illustration.risk_amount),
            printed_risk_charge=PrintedRiskCharge(account.illustration.printed_risk_charge),
        ),
    )


def risk_rates(product: Product) -> tuple[RiskRate, ...]:
    """The rows of the risk charge table, by sex and ages."""
    assert product.terms.account is not None
    table = product.tables[product.terms.account.risk_table]
    place = [name for name in table.rule.dimensions if name != table.rule.range_dimension].index("sex")
    ranged = table.rule.range_dimension is not None
    found = []
    for row in table.rows:
        age = None if ranged else int(row.key[table.rule.dimensions.index("attained_age")])
        low = int(row.low) if row.low is not None else age
        high = (None if row.high is None else int(row.high)) if ranged else age
        assert low is not None
        found.append(RiskRate(sex=row.key[place], age_from=low, age_to=high, rate=row.figure))
    return tuple(found)


def _settlement(account: Account) -> Settlement:
    rules = account.settlement
    return Settlement(
        daily_rate=DailyRate(rules.daily_rate),
        charge_age=ChargeAge(rules.charge_age),
        order=Order(rules.order),
        risk_amount=RiskAmount(rules.risk_amount),
        shortfall=Shortfall(rules.shortfall),
    )


def _bands(bands: Sequence[YearBand]) -> tuple[Band, ...]:
    return tuple(Band(band.rate, band.start, band.to) for band in bands)
