"""Decides what a product says that may well be meant, and is more often forgotten: remarks, never faults."""

from collections.abc import Iterator
from pathlib import Path

from counterfoil.core.kernel.strict_files import FileError
from counterfoil.core.kernel.yaml_lines import key_line
from counterfoil.core.product.amounts import Quantity, leaves
from counterfoil.core.product.conventions import PayMode, RuleBy
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.options import DividendOption


def remarks(path: Path, terms: Terms) -> tuple[FileError, ...]:
    """Every remark, at its key in `product.yaml` (`path`)."""
    found = (*_acts(terms), *_dividends(terms))
    return tuple(FileError(str(path), key_line(path, key), key, message) for key, message in found)


def _acts(terms: Terms) -> Iterator[tuple[str, str]]:
    instalments = any(plan.pay_mode is not PayMode.SINGLE for plan in terms.plans)
    own = terms.reinstatement.by is RuleBy.OWN
    if own and instalments and not terms.allows("reinstate"):
        yield "servicing_acts", "reinstatement is described, but the act reinstate is not allowed"
    if not own and terms.allows("reinstate"):
        yield (
            "servicing_acts",
            "the act reinstate is allowed, but the contract describes no reinstatement of its own",
        )


def _dividends(terms: Terms) -> Iterator[tuple[str, str]]:
    rule = terms.dividends
    if rule is None:
        return
    asked = {leaf for one in terms.benefits for case in one.cases for leaf in leaves(case.amount)}
    additions = {Quantity.ADDITIONS_SUM, Quantity.ADDITIONS_CASH_VALUE}
    if DividendOption.PAID_UP_ADDITIONS in rule.options and not asked & additions:
        yield "dividends.options", "additions may be bought, but no benefit pays them"
    left = DividendOption.ACCUMULATE in rule.options and not rule.accumulated_paid_at_end
    if left and Quantity.ACCUMULATED_DIVIDENDS not in asked:
        message = "dividends may accumulate, but neither `accumulated_paid_at_end` nor a benefit pays them at the end"
        yield "dividends.options", message
