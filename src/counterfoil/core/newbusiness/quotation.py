"""Decides what a choice of product costs a life by each way of paying.

Serves PRD-2, CUS-6. Basis: the product's terms and filed tables; nothing is priced that they do not price.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from counterfoil.core.kernel.calendar_dates import age_on
from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.policy.gates import check_amount
from counterfoil.core.product.conventions import ChosenAs, ContractRole, InsuredIs, PayMode
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.lookup import ModelPoint, OutsideTables, Product
from counterfoil.core.product.money_rules import SumLimit
from counterfoil.core.product.plans import Plan

SINGLE = "single"
MONTHS = 12


class AmountIs(StrEnum):
    """What the customer names: yuan of sum assured, premium or daily allowance, units, or nothing.

    by_main: the yearly premium of the main contract, which a waiver covers.
    """

    SUM = "sum"
    PREMIUM = "premium"
    DAILY = "daily"
    UNITS = "units"
    BY_MAIN = "by_main"
    NOTHING = "nothing"


class Life(Struct, frozen=True):
    """Who is insured, or of a waiver the policyholder."""

    birth_date: date
    sex: str
    occupation_class: int | None = None


class Chosen(Struct, frozen=True, kw_only=True):
    """One product as chosen: term and paying by the plan's codes, `single` for a single premium; choices by code."""

    term: str
    paying: str
    pay_mode: PayMode = PayMode.ANNUAL
    amount: Decimal | None = None
    choices: dict[str, str] = {}


class ModePremium(Struct, frozen=True):
    """The premium of one way of paying: yuan an instalment, how many there are, and all of them together."""

    mode: PayMode
    premium: Decimal
    instalments: int
    total: Decimal


class Quotation(Struct, frozen=True, kw_only=True):
    """What a product costs a life; amounts in yuan, `term_years` of a whole life to the end of its tables."""

    product: Product
    point: ModelPoint
    plan: Plan
    term_years: int
    sum_assured: Decimal
    premium: Decimal
    annual: Decimal
    by_mode: tuple[ModePremium, ...]

    def mode(self, mode: PayMode) -> ModePremium | None:
        """The premium of a way of paying, None where the plan has not got it."""
        return next((one for one in self.by_mode if one.mode is mode), None)


def amount_is(terms: Terms) -> AmountIs:
    """What a customer names for this product."""
    if terms.premium_rule.table is None:
        return AmountIs.PREMIUM
    return {
        ChosenAs.SUM: AmountIs.SUM,
        ChosenAs.DAILY_AMOUNT: AmountIs.DAILY,
        ChosenAs.PREMIUM_WAIVED: AmountIs.BY_MAIN,
        ChosenAs.UNITS: AmountIs.UNITS,
        ChosenAs.TABLE: AmountIs.NOTHING,
    }.get(terms.sum_assured.chosen_as, AmountIs.PREMIUM)


def modes_of(terms: Terms, term: str, paying: str) -> tuple[PayMode, ...]:
    """The ways of paying of a plan, in the product's order."""
    found = {plan.pay_mode for plan in terms.plans if plan.term == term and paying_code(plan) == paying}
    return tuple(rule.mode for rule in terms.pay_modes if rule.mode in found)


def paying_code(plan: Plan) -> str:
    """The code of how long a plan is paid for."""
    return SINGLE if plan.pay_mode is PayMode.SINGLE else str(plan.paying)


def quote(product: Product, life: Life, chosen: Chosen, on: date, reasons: Reasons) -> Quotation | None:
    """Premium by way of paying and the sum assured; None with every reason noted where it is not offered.

    Fields of the reasons: on, birth_date, occupation_class, plan, pay_mode, amount, choices.<code>.
    """
    terms = product.terms
    if not terms.sale.sold_on(on):
        reasons.add("product_not_sold", "on", terms.sale.basis, sold_from=terms.sale.sold_from)
    modes = modes_of(terms, chosen.term, chosen.paying)
    age = _age(product, life, on, reasons)
    _check_occupation(product, life, reasons)
    _check_choices(product, life, chosen, reasons)
    amount = _amount(product, life, chosen, age, reasons)
    if not modes:
        reasons.add("plan_not_chosen", "plan", terms.lives.basis)
    if reasons or age is None:
        return None
    mode = PayMode.SINGLE if chosen.paying == SINGLE else chosen.pay_mode
    if mode not in modes:
        reasons.add("pay_mode_not_offered", "pay_mode", terms.lives.basis, pay_mode=mode)
        return None
    return _priced(product, _point(product, life, chosen, age, amount, mode), modes, reasons)


def quote_waiver(
    product: Product, holder: Life, main: Quotation, on: date, reasons: Reasons
) -> Quotation | None:
    """A waiver on a main contract: its sum is the yearly premium, its term the years to the last due date."""
    attaches = product.terms.attaches
    years = main.point.pay_years - (1 if attaches is not None and attaches.term_by_main else 0)
    if main.point.pay_mode is PayMode.SINGLE or years < 1:
        reasons.add("rider_needs_instalments", "riders", attaches.basis if attaches else None)
        return None
    term = next((plan.term for plan in product.terms.plans if plan.term_years == years), "")
    paying = next((paying_code(plan) for plan in product.terms.plans if plan.term == term), "")
    chosen = Chosen(term=term, paying=paying, amount=main.annual)
    return quote(product, holder, chosen, on, reasons)


def fits_main(rider: Product, main: Product, mode: PayMode, reasons: Reasons) -> bool:
    """Whether a rider may stand on a main contract paid in this way."""
    attaches = rider.terms.attaches
    if attaches is None or rider.terms.identity.role is not ContractRole.RIDER:
        reasons.add("not_a_rider", "riders", product=rider.code)
    elif attaches.main_codes and main.code not in attaches.main_codes:
        reasons.add("rider_not_for_main", "riders", attaches.basis, product=main.code)
    elif attaches.main_pay_modes and mode not in attaches.main_pay_modes:
        reasons.add("rider_needs_instalments", "riders", attaches.basis)
    else:
        return True
    return False


def on_policyholder(terms: Terms) -> bool:
    """Whether sex and age of the rates are the policyholder's."""
    return terms.lives.insured_is is InsuredIs.POLICYHOLDER


def _age(product: Product, life: Life, on: date, reasons: Reasons) -> int | None:
    lives = product.terms.lives
    age = age_on(life.birth_date, on) if life.birth_date <= on else -1
    if age == 0 and (on - life.birth_date).days < lives.days_after_birth_min:
        reasons.add("too_young_in_days", "birth_date", lives.basis, days=lives.days_after_birth_min)
        return None
    if not lives.issue_age_min <= age <= lives.issue_age_max or life.sex not in lives.sexes:
        limits = {"age": age, "min": lives.issue_age_min, "max": lives.issue_age_max}
        reasons.add("issue_age_outside", "birth_date", lives.basis, **limits)
        return None
    return age


def _check_occupation(product: Product, life: Life, reasons: Reasons) -> None:
    lives = product.terms.lives
    accepted = ", ".join(str(one) for one in lives.occupation_classes)
    if lives.occupation_classes and life.occupation_class is None:
        reasons.add("occupation_class_needed", "occupation_class", lives.basis, accepted=accepted)
    elif lives.occupation_classes and life.occupation_class not in lives.occupation_classes:
        reasons.add("occupation_class_not_accepted", "occupation_class", lives.basis, accepted=accepted)


def _check_choices(product: Product, life: Life, chosen: Chosen, reasons: Reasons) -> None:
    for choice in product.terms.choices:
        if chosen.choices.get(choice.code) not in choice.for_sex(life.sex):
            key = ", ".join(choice.for_sex(life.sex))
            reasons.add("choice_missing", f"choices.{choice.code}", choice.basis, key=key)


def _amount(
    product: Product, life: Life, chosen: Chosen, age: int | None, reasons: Reasons
) -> Decimal | None:
    """The amount named, within its limits."""
    terms, kind = product.terms, amount_is(product.terms)
    if kind is AmountIs.NOTHING:
        return None
    if chosen.amount is None:
        reasons.add("amount_not_named", "amount")
        return None
    exact = check_amount(chosen.amount, "amount", reasons)
    if exact is None:
        return None
    if kind is AmountIs.UNITS and exact != exact.to_integral_value():
        reasons.add("units_not_whole", "amount", terms.sum_assured.basis)
        return None
    if kind is AmountIs.PREMIUM:
        _check_premium(terms, exact, reasons)
    else:
        _check_sum(terms, exact, life, age, reasons)
    return exact


def _check_premium(terms: Terms, amount: Decimal, reasons: Reasons) -> None:
    limits, basis = terms.premium_rule.limits, terms.premium_rule.basis
    if limits is None:
        return
    if not limits.min <= amount <= limits.max:
        reasons.add("premium_outside", "amount", basis, min=limits.min, max=limits.max)
    elif amount % limits.multiple:
        reasons.add("premium_not_multiple", "amount", basis, multiple=limits.multiple)


def _check_sum(terms: Terms, amount: Decimal, life: Life, age: int | None, reasons: Reasons) -> None:
    limits = terms.sum_assured
    most = min([limits.max, *(one.max for one in limits.limits if _touches(one, life, age))])
    if not limits.min <= amount <= most:
        reasons.add("sum_assured_outside", "amount", limits.basis, min=limits.min, max=most)
    elif amount % limits.multiple:
        reasons.add("sum_assured_not_multiple", "amount", limits.basis, multiple=limits.multiple)


def _touches(limit: SumLimit, life: Life, age: int | None) -> bool:
    """Whether a lower greatest sum is about this life."""
    low, high = limit.issue_age_from, limit.issue_age_to
    aged = age is not None and (low is None or age >= low) and (high is None or age <= high)
    return aged and (not limit.occupation_classes or life.occupation_class in limit.occupation_classes)


def _point(
    product: Product, life: Life, chosen: Chosen, age: int, amount: Decimal | None, mode: PayMode
) -> ModelPoint:
    terms, kind = product.terms, amount_is(product.terms)
    plan = next(
        one
        for one in terms.plans
        if (one.term, paying_code(one), one.pay_mode) == (chosen.term, chosen.paying, mode)
    )
    end = terms.lives.whole_life_to_age
    return ModelPoint(
        sex=life.sex,
        issue_age=age,
        pay_mode=mode,
        pay_years=plan.pay_years_at(age, end),
        term_years=plan.term_years_at(age, end),
        sum_assured=amount if kind in (AmountIs.SUM, AmountIs.DAILY, AmountIs.BY_MAIN) else None,
        premium=amount if kind is AmountIs.PREMIUM else None,
        units=int(amount) if kind is AmountIs.UNITS and amount is not None else None,
        occupation_class=life.occupation_class,
        choices={choice.code: chosen.choices[choice.code] for choice in terms.choices},
    )


def _priced(
    product: Product, point: ModelPoint, modes: Sequence[PayMode], reasons: Reasons
) -> Quotation | None:
    try:
        plan = product.plan_of(point)
        by_mode = tuple(_mode_premium(product, replace(point, pay_mode=mode)) for mode in modes)
        mine = next(one for one in by_mode if one.mode is point.pay_mode)
        return Quotation(
            product=product,
            point=point,
            plan=plan,
            term_years=plan.term_years_at(point.issue_age, product.terms.lives.whole_life_to_age),
            sum_assured=product.sum_assured_for(point),
            premium=mine.premium,
            annual=product.annual_premium_for(point),
            by_mode=by_mode,
        )
    except OutsideTables as outside:
        if outside.code == "issue_age_outside":
            reasons.add("plan_not_at_age", "plan", product.terms.lives.basis, age=point.issue_age)
        else:
            reasons.add(outside.code, "plan", table=outside.table, key=outside.key)
        return None


def _mode_premium(product: Product, point: ModelPoint) -> ModePremium:
    premium = product.premium_for(point)
    months = product.terms.pay_mode(point.pay_mode).months_between
    instalments = 1 if months == 0 else point.pay_years * MONTHS // months
    return ModePremium(point.pay_mode, premium, instalments, premium * instalments)
