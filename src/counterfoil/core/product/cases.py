"""Decides whether a product's example and cases hold: published or constructed figures, to the cent.

Requirement PRD-4: a product file carries its own examples and they are checked.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

from counterfoil.core.kernel.calendar_dates import anniversary
from counterfoil.core.kernel.strict_files import FileError, load_csv, load_yaml
from counterfoil.core.product.clauses import DeathCause, promised
from counterfoil.core.product.definition import PayMode, Sex
from counterfoil.core.product.lookup import OutsideTables, Product
from counterfoil.core.product.tables import row_lines
from counterfoil.core.product.wording import Text

EXAMPLE_FILE, EXAMPLE_TABLE, CASES_FOLDER = "example.yaml", "example.csv", "cases"


class PremiumCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments of `Product.premium`."""

    sex: Sex
    issue_age: int
    term_years: int
    pay_mode: PayMode
    pay_years: int
    sum_assured: Decimal


class CashValueCase(PremiumCase, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments of `Product.cash_value`."""

    effective_date: date
    paid_to_date: date
    on: date


class DeathCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A death: its cause, whether inside the waiting period, and the policy's amounts in yuan."""

    cause: DeathCause
    inside_waiting: bool
    sum_assured: Decimal
    premiums_paid: Decimal
    owed_premium: Decimal = Decimal("0.00")


class Case(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One figure the product must give (`expect`, yuan), or the code of its error (`refused`)."""

    name: Text
    basis: Text
    constructed: bool
    premium: PremiumCase | None = None
    cash_value: CashValueCase | None = None
    death: DeathCase | None = None
    expect: Decimal | None = None
    refused: str = ""

    def __post_init__(self) -> None:
        if sum(kind is not None for kind in (self.premium, self.cash_value, self.death)) != 1:
            raise ValueError("a case asks for one of premium, cash_value, death")
        if (self.expect is None) == (not self.refused):
            raise ValueError("a case states either what it expects or how it is refused")


class CaseFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of cases."""

    cases: tuple[Case, ...]


class ExamplePoint(PremiumCase, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose example the table is, and whether the insurer published it."""

    constructed: bool
    basis: Text


class ExampleRow(Struct, frozen=True, kw_only=True):
    """The end of one policy year of the example, all premiums paid; amounts in yuan."""

    policy_year: int
    age_at_end: int
    instalment: Decimal
    premiums_paid: Decimal
    sum_assured: Decimal
    cash_value_per_unit: Decimal
    cash_value: Decimal
    source: Text


def run_case(product: Product, case: Case) -> Decimal | str:
    """What the product gives for the case: the amount in yuan, or the code of the error."""
    try:
        if case.premium is not None:
            return product.premium(**_arguments(case.premium))
        if case.cash_value is not None:
            return product.cash_value(**_arguments(case.cash_value))
        assert case.death is not None
        return _death_payment(product, case.death)
    except OutsideTables as error:
        return error.code


def case_faults(product: Product, path: Path) -> tuple[int, list[FileError]]:
    """How many cases the file holds, and those that fail. Raises StrictFileErrors for an unreadable file."""
    cases = load_yaml(path, CaseFile).cases
    faults = []
    for number, case in enumerate(cases):
        given, expected = run_case(product, case), case.refused or case.expect
        if given != expected:
            message = f"{case.name}: expected {expected}, the product gives {given}"
            faults.append(FileError(str(path), 1, f"cases[{number}]", message))
    return len(cases), faults


def example_faults(product: Product, directory: Path) -> tuple[int, list[FileError]]:
    """How many figures of the worked example were compared, and those that differ from the product's own.

    Raises StrictFileErrors when `example.yaml` or `example.csv` cannot be read.
    """
    point = load_yaml(directory / EXAMPLE_FILE, ExamplePoint)
    path = directory / EXAMPLE_TABLE
    rows = load_csv(path, ExampleRow)
    compared, faults = 0, []
    for line, row in zip(row_lines(path), rows, strict=True):
        for field, expected in _example_figures(product, point, row.policy_year):
            compared += 1
            stated = getattr(row, field)
            if stated != expected:
                message = f"the example states {stated}, the product gives {expected}"
                faults.append(FileError(str(path), line, field, message))
    return compared, faults


def _death_payment(product: Product, case: DeathCase) -> Decimal:
    amount = product.terms.benefit("death").amount_for(case.cause, case.inside_waiting)
    benefit = promised(
        amount.pays,
        sum_assured=case.sum_assured,
        premiums_paid=case.premiums_paid,
        cash_value=Decimal("0.00"),
    )
    owed = case.owed_premium if product.terms.grace.owed_premium_deducted else Decimal("0.00")
    return product.terms.rounding.benefit.apply(benefit - owed)


def _example_figures(product: Product, point: ExamplePoint, year: int) -> Iterator[tuple[str, object]]:
    """Each column of the example's row for this policy year, as the product gives it."""
    who = {field: getattr(point, field) for field in PremiumCase.__struct_fields__}
    instalment = product.premium(**who)
    months = product.terms.pay_mode(point.pay_mode).months_between
    yearly = instalment * (12 // months if months else 1)
    effective = product.terms.sale.sold_from
    yield "age_at_end", point.issue_age + year
    yield "instalment", instalment
    yield "premiums_paid", yearly * min(year, point.pay_years)
    yield "sum_assured", point.sum_assured
    combination = {field: value for field, value in who.items() if field != "sum_assured"}
    yield "cash_value_per_unit", product.cash_value_cell(**combination, policy_year=year).value
    dates: dict[str, Any] = {
        "effective_date": effective,
        "paid_to_date": anniversary(effective, point.pay_years),
    }
    yield "cash_value", product.cash_value(**who, **dates, on=anniversary(effective, year))


def _arguments(case: PremiumCase) -> dict[str, Any]:
    return {field: getattr(case, field) for field in case.__struct_fields__}
