"""Decides whether a product offers a plan to a life, and at what premium: for applications and for quotes.

Serves NB-1, PRD-2. Basis: clauses 1.3, 2.1, 2.2 and 4.1 of product 611005 by way of its terms.
"""

from datetime import date
from decimal import Decimal
from typing import Protocol

from counterfoil.core.kernel.calendar_dates import age_on
from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.policy.gates import check_amount
from counterfoil.core.product.benefits import BenefitEvent
from counterfoil.core.product.clauses import DeathCause
from counterfoil.core.product.conventions import ChosenAs, ContractRole
from counterfoil.core.product.definition import PayMode, SaleChannel
from counterfoil.core.product.lookup import OutsideTables, Product


class Life(Protocol):
    """The life to be insured."""

    @property
    def birth_date(self) -> date | None: ...

    @property
    def sex(self) -> str: ...


class Plan(Protocol):
    """What is asked for; the sum in yuan."""

    @property
    def sum_assured(self) -> Decimal: ...

    @property
    def term_years(self) -> int: ...

    @property
    def pay_mode(self) -> PayMode: ...

    @property
    def pay_years(self) -> int: ...

    @property
    def sales_channel(self) -> SaleChannel: ...


def issuable(product: Product) -> bool:
    """Whether every act of a policy's life is built for a product of this shape, so that it may be applied for.

    A main contract with fixed terms, a chosen sum, filed rates and filed values per sum by sex, age and plan alone, and
    one benefit on death that is a plain quantity for each cause.
    """
    terms = product.terms
    values = terms.filed_values
    return (
        terms.identity.role is ContractRole.MAIN
        and terms.sum_assured.chosen_as is ChosenAs.SUM
        and not terms.sum_assured.grows
        and not (terms.choices or terms.account or terms.dividends)
        and all(plan.term_years and plan.pay_years for plan in terms.plans)
        and bool(product.rates and product.cells)
        and values is not None
        and values.of == "basic_sum_assured"
        and [one.events for one in terms.benefits] == [(BenefitEvent.DEATH,)]
        and _pays_plainly(product)
    )


def _pays_plainly(product: Product) -> bool:
    try:
        for cause in DeathCause:
            for inside_waiting in (False, True):
                product.terms.benefits[0].amount_for(cause, inside_waiting)
    except ValueError:
        return False
    return True


def check_plan(
    product: Product, insured: Life | None, plan: Plan, on: date, reasons: Reasons
) -> Decimal | None:
    """What the product offers to this life on a day; the premium (yuan, one instalment) where everything about it
    holds, else None with the reasons noted."""
    terms = product.terms
    if not issuable(product):
        reasons.add("product_not_issuable", "product_code", product=product.code)
        return None
    if not terms.sale.sold_on(on):
        reasons.add("product_not_sold", "applied_on", terms.sale.basis, sold_from=terms.sale.sold_from)
    if plan.sales_channel not in terms.sale.channels:
        reasons.add("channel_not_allowed", "sales_channel", terms.sale.basis, channel=plan.sales_channel)
    offered = terms.offers(plan.term_years, plan.pay_mode, plan.pay_years)
    if not offered:
        asked = {"term_years": plan.term_years, "pay_mode": plan.pay_mode, "pay_years": plan.pay_years}
        reasons.add("plan_not_offered", "term_years", "2.2, 4.1", **asked)
    sum_assured = _check_sum(product, plan.sum_assured, reasons)
    if insured is None or insured.birth_date is None:
        return None
    lives = terms.lives
    age = age_on(insured.birth_date, on) if insured.birth_date <= on else -1
    if not lives.issue_age_min <= age <= lives.issue_age_max or insured.sex not in lives.sexes:
        limits = {"age": age, "min": lives.issue_age_min, "max": lives.issue_age_max}
        reasons.add("issue_age_outside", "insured_id", lives.basis, **limits)
        return None
    if not offered or sum_assured is None:
        return None
    try:
        return product.premium(
            sex=insured.sex,
            issue_age=age,
            term_years=plan.term_years,
            pay_mode=plan.pay_mode,
            pay_years=plan.pay_years,
            sum_assured=sum_assured,
        )
    except OutsideTables as outside:
        reasons.add(outside.code, "term_years", table=outside.table, key=outside.key)
        return None


def _check_sum(product: Product, asked: Decimal, reasons: Reasons) -> Decimal | None:
    limits = product.terms.sum_assured
    exact = check_amount(asked, "sum_assured", reasons)
    if exact is None:
        return None
    if not limits.min <= exact <= limits.max:
        reasons.add("sum_assured_outside", "sum_assured", limits.basis, min=limits.min, max=limits.max)
        return None
    if exact % limits.multiple:
        reasons.add("sum_assured_not_multiple", "sum_assured", limits.basis, multiple=limits.multiple)
        return None
    return exact
