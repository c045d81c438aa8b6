"""Decides what an amount may be told by: a tree of a closed set of nodes over named quantities.

A tree is data. It is judged by `amount_of` with the quantities of one contract at one moment; a quantity that
is not given is an error, never nothing.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.product.wording import Code

ZERO = Decimal(0)


class Quantity(StrEnum):
    """What a contract has at a moment, in yuan unless it says days.

    effective_sum_assured: the basic sum assured grown by the product's rate to the policy year of the moment.
    premiums_paid: those paid under the contract, without interest. cash_value: before any deduction.
    guaranteed_annuity_unpaid: what a guarantee of annuity still owes. premiums_waived: the premiums that fall due
    after the event. annuity_paid: annuities and survival benefits paid so far. deductible_used: what earlier claims of
    the policy year have borne of a yearly deductible.
    additions_sum: the sum assured of additions that dividends bought or that were declared, as it stands at the moment:
    where `dividends.additions_grow`, grown to its policy year. accumulated_dividends: left at interest until then.
    terminal_bonus: what `dividends.terminal_bonus` comes to.
    payable_days: days of a stay in hospital that the benefit's rule counts.
    """

    NOTHING = "nothing"
    BASIC_SUM_ASSURED = "basic_sum_assured"
    EFFECTIVE_SUM_ASSURED = "effective_sum_assured"
    PREMIUMS_PAID = "premiums_paid"
    ANNUAL_PREMIUM = "annual_premium"
    CASH_VALUE = "cash_value"
    ACCOUNT_VALUE = "account_value"
    ADDITIONS_SUM = "additions_sum"
    ADDITIONS_CASH_VALUE = "additions_cash_value"
    ACCUMULATED_DIVIDENDS = "accumulated_dividends"
    TERMINAL_BONUS = "terminal_bonus"
    GUARANTEED_ANNUITY_UNPAID = "guaranteed_annuity_unpaid"
    ANNUITY_PAID = "annuity_paid"
    DEDUCTIBLE_USED = "deductible_used"
    PREMIUMS_WAIVED = "premiums_waived"
    PAYABLE_DAYS = "payable_days"
    ELIGIBLE_EXPENSE = "eligible_expense"
    PAID_BY_OTHERS = "paid_by_others"


class Node(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="take"):
    """An inner node of a tree; the key `take` names it."""


class GreatestOf(Node, frozen=True, kw_only=True, tag="greatest_of"):
    """The greatest of some amounts (取较大者)."""

    of: tuple["Amount", ...]

    def __post_init__(self) -> None:
        _at_least_two(self.of)


class LeastOf(Node, frozen=True, kw_only=True, tag="least_of"):
    """The least of some amounts: a cap."""

    of: tuple["Amount", ...]

    def __post_init__(self) -> None:
        _at_least_two(self.of)


class SumOf(Node, frozen=True, kw_only=True, tag="sum_of"):
    """The sum of some amounts."""

    of: tuple["Amount", ...]

    def __post_init__(self) -> None:
        _at_least_two(self.of)


class Minus(Node, frozen=True, kw_only=True, tag="minus"):
    """One amount less another, never below nothing: a deductible, or what others have paid."""

    of: "Amount"
    less: "Amount"


class Times(Node, frozen=True, kw_only=True, tag="times"):
    """An amount times a fixed factor, a named factor of the product, or another quantity such as days."""

    of: "Amount"
    factor: Decimal | None = None
    factor_by: Code | None = None
    quantity: Quantity | None = None

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.factor, self.factor_by, self.quantity)) != 1:
            raise ValueError("`times` takes one of `factor`, `factor_by`, `quantity`")
        if self.factor is not None and self.factor <= 0:
            raise ValueError(f"a factor is more than 0, not {self.factor}")


class Fixed(Node, frozen=True, kw_only=True, tag="fixed"):
    """An amount in yuan that the clauses state."""

    yuan: Decimal

    def __post_init__(self) -> None:
        if self.yuan < 0:
            raise ValueError(f"a fixed amount is 0 or more, not {self.yuan}")


class Figure(Node, frozen=True, kw_only=True, tag="figure"):
    """A figure of one of the product's tables, found by the contract's choices, age or occupation class."""

    table: Code


class LimitPer(StrEnum):
    """Over what earlier payments are counted. insured: over all contracts of this product on the life."""

    EVENT = "event"
    POLICY_YEAR = "policy_year"
    CONTRACT = "contract"
    INSURED = "insured"


class PaidBefore(Node, frozen=True, kw_only=True, tag="paid_before"):
    """What has been paid before under these benefits (已给付), for the same event or over a time."""

    under: tuple[Code, ...]
    per: LimitPer

    def __post_init__(self) -> None:
        if not self.under:
            raise ValueError("`under` names one benefit at least")


Amount = Quantity | GreatestOf | LeastOf | SumOf | Minus | Times | Fixed | Figure | PaidBefore


def amount_of(
    amount: Amount,
    quantity: Callable[[Quantity], Decimal],
    factor: Callable[[str], Decimal],
    figure: Callable[[str], Decimal],
    paid: Callable[[PaidBefore], Decimal],
) -> Decimal:
    """What the tree comes to, exact: `quantity`, `factor`, `figure` and `paid` give the leaves (and raise where none
    is)."""

    def value(node: Amount) -> Decimal:
        match node:
            case Quantity():
                return ZERO if node is Quantity.NOTHING else quantity(node)
            case GreatestOf():
                return max(value(one) for one in node.of)
            case LeastOf():
                return min(value(one) for one in node.of)
            case SumOf():
                return sum((value(one) for one in node.of), ZERO)
            case Minus():
                return max(ZERO, value(node.of) - value(node.less))
            case Fixed():
                return node.yuan
            case Figure():
                return figure(node.table)
            case PaidBefore():
                return paid(node)
            case Times():
                if node.factor is not None:
                    by = node.factor
                elif node.factor_by is not None:
                    by = factor(node.factor_by)
                else:
                    assert node.quantity is not None
                    by = quantity(node.quantity)
                return value(node.of) * by

    return value(amount)


def leaves(amount: Amount) -> Iterator[Quantity]:
    """Every quantity that the tree asks for."""
    match amount:
        case Quantity():
            yield amount
        case GreatestOf() | LeastOf() | SumOf():
            for one in amount.of:
                yield from leaves(one)
        case Minus():
            yield from leaves(amount.of)
            yield from leaves(amount.less)
        case Times():
            yield from leaves(amount.of)
            if amount.quantity is not None:
                yield amount.quantity
        case Fixed() | Figure() | PaidBefore():
            pass


def named(amount: Amount) -> Iterator[tuple[str, str]]:
    """Every name that the tree refers to: ("factor", code), ("table", code) or ("benefit", code)."""
    match amount:
        case GreatestOf() | LeastOf() | SumOf():
            for one in amount.of:
                yield from named(one)
        case Minus():
            yield from named(amount.of)
            yield from named(amount.less)
        case Times():
            if amount.factor_by is not None:
                yield ("factor", amount.factor_by)
            yield from named(amount.of)
        case Figure():
            yield ("table", amount.table)
        case PaidBefore():
            for code in amount.under:
                yield ("benefit", code)
        case Quantity() | Fixed():
            pass


def _at_least_two(of: tuple[Amount, ...]) -> None:
    if len(of) < 2:
        raise ValueError(f"expected two amounts at least, found {len(of)}")
