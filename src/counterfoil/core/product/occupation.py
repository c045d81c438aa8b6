"""Decides what a benefit comes to where the occupation class has changed and the insurer was not told."""

from decimal import Decimal

from msgspec.structs import replace

from counterfoil.core.product.amounts import ZERO
from counterfoil.core.product.lookup import ModelPoint, Product


def benefit_untold(product: Product, point: ModelPoint, class_at_event: int, benefit: Decimal) -> Decimal:
    """What is left of a benefit (yuan), by the product's section `occupation_change`.

    A class that is not accepted ends the cover where `declined_ends_cover`: nothing is left. In a class with a higher
    premium it is benefit x premium paid / premium due where `untold_benefit_in_proportion`. Raises OutsideTables.
    """
    rule = product.terms.occupation_change
    if rule is None:
        raise product.outside("figure_missing", "product.yaml", "the section occupation_change is not there")
    rounding = product.terms.rounding.benefit
    if class_at_event not in product.terms.lives.occupation_classes:
        if not rule.declined_ends_cover:
            raise product.outside("figure_missing", "product.yaml", f"occupation class {class_at_event}")
        return rounding.apply(ZERO)
    paid = product.premium_for(point)
    due = product.premium_for(replace(point, occupation_class=class_at_event))
    if not rule.untold_benefit_in_proportion or due <= paid:
        return rounding.apply(benefit)
    return rounding.apply(benefit * paid / due)
