"""Decides what an amount is and how one is rounded, split and put in words: Decimal yuan with two places.

The words follow 正确填写票据和结算凭证的基本规定 (支付结算办法, annex 1).
"""

import re
from collections.abc import Sequence
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from enum import StrEnum

import cn2an  # type: ignore[import-untyped, unused-ignore]

_CONTEXT = Context(prec=60)
_CENT = Decimal("0.01")
_NOTHING = Decimal("0.00")
_QUANTA = {places: Decimal(1).scaleb(-places) for places in range(-2, 13)}
_TOO_LARGE = Decimal(10) ** 16  # numeric(18,2) holds sixteen digits before the point
_AMOUNT_TEXT = re.compile(r"-?[0-9]+(\.[0-9]{1,2})?")


class Rounding(StrEnum):
    """The named rounding rules a product or parameter may state."""

    HALF_UP = "HALF_UP"  # 四舍五入: a half goes away from zero
    HALF_EVEN = "HALF_EVEN"  # 四舍六入五成双: a half goes to the even neighbour
    DOWN = "DOWN"  # towards zero: what is cut off is dropped
    UP = "UP"  # away from zero


_MODES = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.DOWN: ROUND_DOWN,
    Rounding.UP: ROUND_UP,
}


def yuan(value: str | int | Decimal) -> Decimal:
    """Return `value` as an amount: Decimal yuan with exactly two places, never rounded.

    Raises TypeError for float and bool; ValueError for more than two places, for text that is not plain
    digits (no separator, exponent, space), for NaN and infinity, and beyond sixteen digits before the point.
    """
    if isinstance(value, str):
        if not _AMOUNT_TEXT.fullmatch(value):
            raise ValueError(f"not an amount in yuan with at most two places: {value!r}")
        amount = Decimal(value)
    elif isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"not an amount: {value}")
        if int(value.as_tuple().exponent) < -2:
            raise ValueError(f"an amount has at most two places: {value}")
        amount = value
    elif isinstance(value, int) and not isinstance(value, bool):
        amount = Decimal(value)
    else:
        raise TypeError(f"an amount is text, int or Decimal, not {type(value).__name__}")
    if amount.copy_abs() >= _TOO_LARGE:
        raise ValueError(f"an amount has at most sixteen digits before the point: {value}")
    exact = amount.quantize(_CENT, context=_CONTEXT)
    return exact if exact else _NOTHING  # never -0.00


def round_to(amount: Decimal, places: int, rule: Rounding) -> Decimal:
    """Return `amount` rounded by `rule` to `places` decimals (-2 for hundreds, at most 12); never -0.

    Raises TypeError if amount is not a Decimal, KeyError for places outside -2..12.
    """
    if not isinstance(amount, Decimal):
        raise TypeError(f"only a Decimal is rounded, not {type(amount).__name__}")
    rounded = amount.quantize(_QUANTA[places], _MODES[rule], _CONTEXT)
    return rounded if rounded else rounded.copy_abs()


def round_money(amount: Decimal, rule: Rounding = Rounding.HALF_UP) -> Decimal:
    """Return `amount` (yuan, any places) rounded by `rule` to two places."""
    return round_to(amount, 2, rule)


def split_by_weights(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Split `total` (yuan, two places) in parts proportional to `weights`, summing exactly to it.

    Largest remainder: each part is cut to the cent towards zero, and the cents left go one each to the parts
    that were cut most, the first of equals first. All work is in whole cents and weights.
    Raises ValueError when there is no weight, one is negative or not finite, or all are zero.
    """
    whole = _whole_numbers(weights)
    weight_sum = sum(whole)
    if weight_sum == 0:
        raise ValueError("a split needs at least one weight above zero")
    amount = yuan(total)
    cents = int(amount.copy_abs().scaleb(2, _CONTEXT))
    parts = [cents * weight // weight_sum for weight in whole]
    by_remainder = sorted(range(len(whole)), key=lambda i: -(cents * whole[i] % weight_sum))
    for i in by_remainder[: cents - sum(parts)]:
        parts[i] += 1
    sign = -1 if amount < 0 else 1
    return [Decimal(sign * part).scaleb(-2, _CONTEXT) for part in parts]


def _whole_numbers(weights: Sequence[Decimal | int]) -> list[int]:
    """Return the weights as whole numbers in the same proportion."""
    if all(type(weight) is int and weight >= 0 for weight in weights):
        return [int(weight) for weight in weights]
    decimals = []
    for weight in weights:
        if isinstance(weight, bool) or not isinstance(weight, (Decimal, int)):
            raise TypeError(f"a weight is int or Decimal, not {type(weight).__name__}")
        decimal = Decimal(weight)
        if not decimal.is_finite() or decimal < 0:
            raise ValueError(f"a weight is a finite number, zero or more, not {weight}")
        decimals.append(decimal)
    places = max((-int(d.as_tuple().exponent) for d in decimals), default=0)
    return [int(d.scaleb(max(places, 0), _CONTEXT)) for d in decimals]


def in_words(amount: Decimal | str | int) -> str:
    """Return `amount` in words 大写金额, as papers and vouchers need it: 770.00 gives 柒佰柒拾元整.

    整 closes an amount without 分, so that nothing can be written behind it. Raises ValueError for a negative
    amount: papers name the direction (应收, 应付) and show the amount without a sign.
    """
    exact = yuan(amount)
    if exact < 0:
        raise ValueError(f"a negative amount is not put in words: {exact}")
    words = str(cn2an.an2cn(str(exact), "rmb"))
    return words + "整" if words.endswith("角") else words
