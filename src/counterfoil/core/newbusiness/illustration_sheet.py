"""Decides what a quotation shows over the years: what is guaranteed, what is not, and the marks that go with it.

Serves PRD-2. Basis: the product's section `illustration`; domain rules 1.5 to 1.7 for what may not be shown as sure.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.actuarial.illustration import illustrate
from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.newbusiness.quotation import Quotation
from counterfoil.core.product.definition import Shows
from counterfoil.core.product.illustration import CarriedRow, How, IllustrationRow
from counterfoil.core.product.lookup import ModelPoint

CREDITED_RATE_MAX = "illustration.credited_rate_max"
ALWAYS = frozenset({Shows.CASH_VALUE, Shows.BENEFIT, Shows.PREMIUMS_PAID, Shows.DIVIDEND})
PROMISED = frozenset(
    {
        Shows.BENEFIT, Shows.BENEFIT_TOTAL, Shows.CASH_VALUE, Shows.CASH_VALUE_PER_UNIT, Shows.ACCOUNT_VALUE,
        Shows.DIVIDEND, Shows.ACCUMULATED_DIVIDEND, Shows.BONUS,
    }
)  # fmt: skip
"""Columns of what the customer is to get, of which it is said whether it is guaranteed."""
OF_THE_ACCOUNT = frozenset({Shows.ACCOUNT_VALUE, Shows.BONUS, Shows.CASH_VALUE, Shows.BENEFIT})
"""Columns of an account that a credited rate above the guarantee would change in the customer's favour."""


class SheetColumn(Struct, frozen=True):
    """A column of an illustration; one that is not guaranteed may come out otherwise."""

    code: str
    shows: Shows
    benefit: str | None
    guaranteed: bool


class Sheet(Struct, frozen=True):
    """An illustration: columns, and per policy year a figure for each (None: nothing is published).

    `carried`: some figures are the insurer's printed ones for exactly this point.
    """

    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[int, tuple[Decimal | None, ...]], ...]
    carried: bool

    def without_nil(self) -> "Sheet":
        """The same without columns that are nil throughout; values and benefits stay, nil or not published."""
        kept = [
            n
            for n, one in enumerate(self.columns)
            if one.shows in ALWAYS or any(cells[n] for _, cells in self.rows)
        ]
        return Sheet(
            tuple(self.columns[n] for n in kept),
            tuple((year, tuple(cells[n] for n in kept)) for year, cells in self.rows),
            self.carried,
        )


def sheet(
    quotation: Quotation, carried: Sequence[CarriedRow] = (), credited_rate: Decimal | None = None
) -> Sheet | None:
    """The illustration, guaranteed columns first told apart; None where the product has none.

    An account stands at its guaranteed rate; with `credited_rate` (a yearly fraction) above it, what that would
    bring stands beside it as not guaranteed. Raises OutsideTables.
    """
    product, point = quotation.product, quotation.point
    section = product.terms.illustration
    if section is None:
        return None
    sure = illustrate(product, point, carried)
    columns = [SheetColumn(one.column, one.shows, one.benefit, one.guaranteed) for one in section.columns]
    figures = {row.policy_year: [row.cells[one.column].value for one in section.columns] for row in sure}
    account = product.terms.account
    if account is not None and credited_rate is not None and credited_rate > account.guaranteed_rate:
        hoped = {row.policy_year: row for row in illustrate(product, point, credited_rate=credited_rate)}
        for one in section.columns:
            if one.shows in OF_THE_ACCOUNT:
                columns.append(SheetColumn(one.column, one.shows, one.benefit, guaranteed=False))
                for year, cells in figures.items():
                    cells.append(hoped[year].cells[one.column].value if year in hoped else None)
    return Sheet(
        tuple(columns),
        tuple((year, tuple(cells)) for year, cells in figures.items()),
        any(_is_carried(row) for row in sure),
    )


def same_point(one: ModelPoint, other: ModelPoint) -> bool:
    """Whether two points are one contract, so that what was printed for the one may be shown for the other."""
    names = ("sex", "issue_age", "pay_mode", "pay_years", "sum_assured", "premium", "units", "choices")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _is_carried(row: IllustrationRow) -> bool:
    return any(cell.how is How.CARRIED and cell.value is not None for cell in row.cells.values())


def check_credited_rate(rate: Decimal, known: Parameters, on: date, field: str, reasons: Reasons) -> None:
    """Note a yearly rate (a fraction) that an illustration made on this day may not assume."""
    most = known.get(CREDITED_RATE_MAX, on, on)
    if not 0 <= rate <= most.decimal:
        percent = f"{(most.decimal * 100).normalize():f}"
        reasons.add("credited_rate_outside", field, most.source, max=percent)


class Mark(StrEnum):
    """What the law wants said beside illustrated values, and what else a reader must know of them."""

    DIVIDENDS_NOT_GUARANTEED = "dividends_not_guaranteed"
    RATE_NOT_GUARANTEED = "rate_not_guaranteed"
    PRINTED_BY_INSURER = "printed_by_insurer"
    DIVIDENDS_NOT_ILLUSTRATED = "dividends_not_illustrated"
    VALUES_NOT_PUBLISHED = "values_not_published"
    SURRENDER_LOSES = "surrender_loses"
    CONTRACT_GOVERNS = "contract_governs"


def marks(quotation: Quotation, shown: Sheet | None) -> tuple[Mark, ...]:
    """The marks of a quotation and its illustration, the legal ones first."""
    terms = quotation.product.terms
    found = []
    columns = shown.columns if shown is not None else ()
    known = {
        (column.shows, column.guaranteed): any(cells[n] is not None for _, cells in shown.rows)
        for n, column in enumerate(columns)
        if shown is not None
    }
    if terms.identity.participating:
        found.append(Mark.DIVIDENDS_NOT_GUARANTEED)
        if not known.get((Shows.DIVIDEND, False)):
            found.append(Mark.DIVIDENDS_NOT_ILLUSTRATED)
    if terms.account is not None:
        found.append(Mark.RATE_NOT_GUARANTEED)
    if shown is not None and shown.carried:
        found.append(Mark.PRINTED_BY_INSURER)
    if known.get((Shows.CASH_VALUE, True)) is False:
        found.append(Mark.VALUES_NOT_PUBLISHED)
    if shown is not None:
        found.append(Mark.SURRENDER_LOSES)
    return (*found, Mark.CONTRACT_GOVERNS)
