"""Decides the sums at risk that a contract adds to a life on a day: what the product states, or what its benefits pay.

Basis: the product's `sums_at_risk` section; where it has none, its benefits: death from illness after the waiting
period, what an accident pays beyond that, critical illness. Nothing is taken off for the reserve.
"""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from counterfoil.core.product.amounts import Amount, PaidBefore, Quantity, amount_of, leaves
from counterfoil.core.product.benefits import Benefit, BenefitEvent, DeathCause, Situation
from counterfoil.core.product.lookup import OutsideTables, Product
from counterfoil.core.product.options import Risk
from counterfoil.core.product.paying import effective_sum, factor_at

_NOTHING = Decimal("0.00")


class RiskSums(Struct, frozen=True, gc=False):
    """Yuan by risk; a risk that the contract does not carry is 0, one that cannot be told is None.

    `stated`: by the product's own section. `reasons`: why something cannot be told.
    """

    death: Decimal | None = _NOTHING
    accident: Decimal | None = _NOTHING
    illness: Decimal | None = _NOTHING
    daily: Decimal | None = _NOTHING
    stated: bool = True
    reasons: tuple[str, ...] = ()


class RiskMoment(Struct, frozen=True, kw_only=True):
    """A contract on a day: what cases are judged by, its quantities (yuan), what tables are looked up by."""

    situation: Situation
    quantities: dict[Quantity, Decimal]
    facts: dict[str, str]


def asks_for(product: Product) -> frozenset[Quantity]:
    """The quantities that the product's sums at risk hang on."""
    return frozenset(leaf for tree in _trees(product) for leaf in leaves(tree))


def sums_at_risk(product: Product, at: RiskMoment) -> RiskSums:
    """The sums at risk of a contract of the product at a moment, before its reserve is taken off."""
    found: dict[str, Decimal | None] = {}
    reasons: list[str] = []
    stated = product.terms.sums_at_risk
    amounts: list[tuple[Risk, Situation, Amount | None]] = (
        [(one.risk, at.situation, one.amount) for one in stated]
        if stated
        else _promised(product, at.situation)
    )
    for risk, situation, tree in amounts:
        try:
            if tree is None:
                raise product.outside("fact_missing", "policy", "whether the annuity has begun")
            amount = _amount(product, tree, at, situation)
        except OutsideTables as error:
            found[risk] = None
            reasons.append(f"{risk}_{error.code}")
            continue
        before = found.get(risk, _NOTHING)
        found[risk] = None if before is None else before + amount
    if not stated:
        found = _beyond_death(found)
    rounding = product.terms.rounding.benefit
    sums = {risk: None if sum_ is None else rounding.apply(sum_) for risk, sum_ in found.items()}
    return RiskSums(**sums, stated=bool(stated), reasons=tuple(reasons))


def _beyond_death(found: dict[str, Decimal | None]) -> dict[str, Decimal | None]:
    """A death by accident pays what any death pays; the accident's own risk is what it pays beyond."""
    accident, death = found.get(Risk.ACCIDENT), found.get(Risk.DEATH, _NOTHING)
    if accident is None or death is None:
        return found
    return {**found, Risk.ACCIDENT.value: max(_NOTHING, accident - death)}


def _promised(product: Product, at: Situation) -> list[tuple[Risk, Situation, Amount | None]]:
    """What the benefits promise by risk once the waiting period is over; None where it hangs on an annuity's begin."""
    found: list[tuple[Risk, Situation, Amount | None]] = []
    for benefit in product.terms.benefits:
        for risk, cause in _risks_of(benefit):
            situation = Situation(
                policy_year=at.policy_year,
                age=at.age,
                cause=cause,
                inside_waiting=False,
                paying_ended=at.paying_ended,
                annuity_begun=at.annuity_begun,
            )
            case = benefit.case_for(situation)
            if case is not None:
                known = case.when.annuity_begun is None
                found.append((risk, situation, case.amount if known else None))
    return found


def _risks_of(benefit: Benefit) -> Iterator[tuple[Risk, DeathCause]]:
    if BenefitEvent.DEATH in benefit.events:
        yield Risk.DEATH, DeathCause.OTHER
        yield Risk.ACCIDENT, DeathCause.ACCIDENT
    elif BenefitEvent.ACCIDENT_DEATH in benefit.events:
        yield Risk.ACCIDENT, DeathCause.ACCIDENT
    if BenefitEvent.CRITICAL_ILLNESS in benefit.events:
        yield Risk.ILLNESS, DeathCause.OTHER


def _trees(product: Product) -> Iterator[Amount]:
    if product.terms.sums_at_risk:
        yield from (one.amount for one in product.terms.sums_at_risk)
        return
    for benefit in product.terms.benefits:
        if any(_risks_of(benefit)):
            yield from (case.amount for case in benefit.cases)


def _amount(product: Product, tree: Amount, at: RiskMoment, situation: Situation) -> Decimal:
    def quantity(name: Quantity) -> Decimal:
        found = at.quantities.get(name)
        if name is Quantity.EFFECTIVE_SUM_ASSURED and found is None:
            basic = quantity(Quantity.BASIC_SUM_ASSURED)
            issue_age = situation.age - situation.policy_year + 1
            return effective_sum(product, basic, situation.policy_year, issue_age, at.facts)
        if found is None:
            raise product.outside("fact_missing", "policy", name.value)
        return found

    def factor(code: str) -> Decimal:
        return factor_at(product, code, situation, at.facts)

    def figure(table: str) -> Decimal:
        own = {"policy_year": str(situation.policy_year), "attained_age": str(situation.age)}
        return product.figure(table, own | at.facts)

    def paid(_: PaidBefore) -> Decimal:
        return _NOTHING  # what is at risk is what one would be paid who has been paid nothing

    return amount_of(tree, quantity, factor, figure, paid)
