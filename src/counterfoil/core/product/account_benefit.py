"""Decides which death benefits an account can be charged for: the greatest of a few bases times a percentage by age."""

from decimal import Decimal

from msgspec import Struct

from counterfoil.core.product.amounts import Amount, GreatestOf, Quantity, SumOf, Times
from counterfoil.core.product.benefits import FactorBand, FactorBy
from counterfoil.core.product.conventions import ChosenAs
from counterfoil.core.product.definition import Terms

ALWAYS: tuple[FactorBand, ...] = (FactorBand(start=0, factor=Decimal(1)),)


class AccountItem(Struct, frozen=True):
    """One part of the death benefit: a base (a word of `universal_terms.DeathBase`) and its bands."""

    base: str
    bands: tuple[FactorBand, ...]


class NotChargeable(ValueError):
    """The death benefit has a form that no risk charge can be worked out for; the message says which is expected."""


def account_items(terms: Terms) -> tuple[AccountItem, ...]:
    """The parts of the death benefit of an account, of which the greatest is paid. Raises NotChargeable."""
    assert terms.account is not None
    benefit = terms.benefit(terms.account.death_benefit)
    if len(benefit.cases) != 1 or benefit.elsewhere is not None:
        raise NotChargeable(
            "the death benefit of an account has one case that always applies; ages stand in a factor"
        )
    tree = benefit.cases[0].amount
    parts = tree.of if isinstance(tree, GreatestOf) else (tree,)
    return tuple(_item(terms, part) for part in parts)


def _item(terms: Terms, part: Amount) -> AccountItem:
    if isinstance(part, SumOf) and len(part.of) == 2 and Quantity.ACCOUNT_VALUE in part.of:
        other = next(one for one in part.of if one is not Quantity.ACCOUNT_VALUE)
        item = _item(terms, other)
        if item.base == "sum_assured":
            return AccountItem("account_and_sum_assured", item.bands)
    bands, of = ALWAYS, part
    if isinstance(part, Times) and part.quantity is None:
        of = part.of
        if part.factor is not None:
            bands = (FactorBand(start=0, factor=part.factor),)
        elif part.factor_by is not None:
            factor = terms.factor(part.factor_by)
            if factor.by is not FactorBy.AGE_AT_ANNIVERSARY:
                raise NotChargeable(f"the factor {factor.code} goes by age, in bands")
            bands = factor.bands
    if of is Quantity.ACCOUNT_VALUE:
        return AccountItem("account_value", bands)
    if of is Quantity.PREMIUMS_PAID:
        return AccountItem("premiums_paid", bands)
    if of is Quantity.BASIC_SUM_ASSURED:
        by_account = terms.sum_assured.chosen_as is ChosenAs.ACCOUNT
        return AccountItem("premiums_less_withdrawals" if by_account else "sum_assured", bands)
    raise NotChargeable(
        "the death benefit of an account is the greatest of account_value, basic_sum_assured and premiums_paid, each "
        "alone or times a factor by age, or account_value plus the sum"
    )
