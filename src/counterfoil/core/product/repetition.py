"""Decides whether earlier payments of a benefit bar another: how often, once an illness or group, days between two.

Basis: the benefit's section `repeat`. What the rule asks of an earlier payment and the payment does not say is an
error, never nothing; the group of an earlier illness is the one that the list of illnesses gives it.
"""

from counterfoil.core.product.benefits import Benefit, IllnessRow
from counterfoil.core.product.events import Event, PastPayment, Why
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
    own = [
        (f"past[{number}]", past)
        for number, past in enumerate(event.past)
        if past.benefit == benefit.code and not past.other_contract
    ]
    groups = [_group(product, place, past) for place, past in own]
    if rule.gap_days > 0:
        for place, past in own:
            if past.days_before is None:
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
    if any(past.days_before is not None and past.days_before < rule.gap_days for _, past in own):
        return Why.TOO_SOON
    return None


def _group(product: Product, place: str, past: PastPayment) -> str:
    """The group of the illness of an earlier payment: that of the list, where the payment names its illness."""
    if not past.illness or not product.illnesses:
        return past.group
    row = listed(product, past.illness)
    if row is None:
        text = f"{place}.illness {past.illness} is not in the list of illnesses"
        raise product.outside("past_contradictory", "event", text)
    if past.group and past.group != row.group:
        text = f"{place}.group {past.group}; the list has {row.group or 'none'} for {row.code}"
        raise product.outside("past_contradictory", "event", text)
    return row.group
