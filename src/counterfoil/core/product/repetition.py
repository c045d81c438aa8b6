"""Decides whether earlier payments of a benefit bar another: how often, once an illness or group, days between two.

Basis: the benefit's section `repeat`. What the rule asks of an earlier payment and the payment does not say is an
error, never nothing; the group of an earlier illness is the one that the list of illnesses gives it.
"""

from collections.abc import Collection
from decimal import Decimal

from counterfoil.core.product.amounts import ZERO, LimitPer
from counterfoil.core.product.benefits import Benefit
from counterfoil.core.product.events import Event, PastPayment, Why
from counterfoil.core.product.illnesses import IllnessRow, Repeat
from counterfoil.core.product.lookup import Product


def listed(product: Product, illness: str) -> IllnessRow | None:
    """The row of an illness in the product's list; None where the list does not have it."""
    return next((row for row in product.illnesses if row.code == illness), None)


def barred_by_repetition(
    product: Product, benefit: Benefit, event: Event, now: IllnessRow | None
) -> Why | None:
    """Why the benefit's rule of repetition bars a payment for the illness `now`, or None.

    Payments on other contracts do not count. Raises OutsideTables: fact_missing where an earlier payment does not say
    its illness or days and the rule asks for them; past_contradictory where it contradicts the list of illnesses.
    """
    rule = benefit.repeat
    if rule is None:
        return None
    instalments = benefit.schedule is not None  # of one event, counted by the schedule
    own = [
        (f"past[{number}]", past)
        for number, past in enumerate(event.past)
        if past.benefit == benefit.code and not past.other_contract and not (instalments and past.same_event)
    ]
    groups = [_group(product, place, past) for place, past in own]
    gaps = [_gap(product, rule, place, past, now) for place, past in own]
    for (place, past), gap in zip(own, gaps, strict=True):
        if gap > 0 and past.days_before is None:
            raise product.outside("fact_missing", "event", f"{place}.days_before")
    if len(own) >= rule.payments:
        return Why.USED_UP
    if rule.once_per_illness:
        for place, past in own:
            if event.illness and not past.illness:
                raise product.outside("fact_missing", "event", f"{place}.illness")
            if past.illness == event.illness:
                return Why.USED_UP
    if rule.once_per_group and now is not None and now.group:
        for (place, past), group in zip(own, groups, strict=True):
            if not group and not past.illness:
                raise product.outside("fact_missing", "event", f"{place}.illness")
            if group == now.group:
                return Why.ONE_OF_GROUP
    if any((past.days_before or 0) < gap for (_, past), gap in zip(own, gaps, strict=True)):
        return Why.TOO_SOON
    return None


def barred_by_order(product: Product, benefit: Benefit, event: Event) -> Why | None:
    """Why a benefit that follows another payment is not paid, or None. Raises OutsideTables (fact_missing)."""
    rule = benefit.after
    if rule is None:
        return None
    why: Why | None = Why.NOTHING_BEFORE
    for number, past in enumerate(event.past):
        if past.benefit != rule.benefit or past.other_contract:
            continue
        if rule.illnesses:
            row = _row(product, f"past[{number}]", past)
            if not row.words & set(rule.illnesses):
                continue
        if rule.days and past.days_before is None:
            raise product.outside("fact_missing", "event", f"past[{number}].days_before")
        if (past.days_before or 0) >= rule.days:
            return None
        why = Why.TOO_SOON
    return why


def paid_under(product: Product, codes: Collection[str], per: LimitPer, event: Event) -> Decimal:
    """What has been paid before under these benefits, yuan: for the same event, in the policy year, or in all.

    Raises OutsideTables (fact_missing) where the year of an earlier payment is asked for and not told.
    """
    own = [(number, past) for number, past in enumerate(event.past) if past.benefit in codes]
    if per is not LimitPer.INSURED:
        own = [(number, past) for number, past in own if not past.other_contract]
    if per is LimitPer.EVENT:
        own = [(number, past) for number, past in own if past.same_event]
    if per is LimitPer.POLICY_YEAR:
        for number, past in own:
            if past.policy_year == 0:
                raise product.outside("fact_missing", "event", f"past[{number}].policy_year")
        own = [(number, past) for number, past in own if past.policy_year == event.policy_year]
    return sum((past.amount for _, past in own), ZERO)


def _gap(product: Product, rule: Repeat, place: str, past: PastPayment, now: IllnessRow | None) -> int:
    """The days that must lie between an earlier payment and one for the illness `now`."""
    if rule.gaps and now is not None:
        before = _row(product, place, past)
        for gap in rule.gaps:
            if gap.before in before.words and gap.now in now.words:
                return gap.days
    return rule.gap_days


def _row(product: Product, place: str, past: PastPayment) -> IllnessRow:
    """The illness of an earlier payment, which must be told."""
    if not past.illness:
        raise product.outside("fact_missing", "event", f"{place}.illness")
    row = listed(product, past.illness)
    if row is None:
        text = f"{place}.illness {past.illness} is not in the list of illnesses"
        raise product.outside("past_contradictory", "event", text)
    return row


def _group(product: Product, place: str, past: PastPayment) -> str:
    """The group of the illness of an earlier payment: that of the list, where the payment names its illness."""
    if not past.illness or not product.illnesses:
        return past.group
    row = _row(product, place, past)
    if past.group and past.group != row.group:
        text = f"{place}.group {past.group}; the list has {row.group or 'none'} for {row.code}"
        raise product.outside("past_contradictory", "event", text)
    return row.group
