"""Decides whether a product's example and cases hold: published or constructed figures, to the printed digit.

Requirement PRD-4: a product file carries its own examples and they are checked.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_csv, load_yaml
from counterfoil.core.kernel.yaml_lines import key_line
from counterfoil.core.product.benefits import Benefit
from counterfoil.core.product.definition import Illustration, Shows
from counterfoil.core.product.illustration import (
    CarriedRow,
    How,
    IllustrationRow,
    illustrate,
    premiums_waived,
    start_run,
)
from counterfoil.core.product.lookup import ModelPoint, OutsideTables, Product
from counterfoil.core.product.occupation import benefit_untold
from counterfoil.core.product.paying import (
    Event,
    State,
    Stay,
    benefit_amount,
    months_counted,
    payable_days,
    payments_of_state,
)
from counterfoil.core.product.tables import row_lines
from counterfoil.core.product.wording import Text

EXAMPLE_FILE, EXAMPLE_TABLE, CASES_FOLDER = "example.yaml", "example.csv", "cases"

Illustrator = Callable[[Product, ModelPoint, Sequence[CarriedRow]], list[IllustrationRow]]


class CashValueCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments of `Product.cash_value`."""

    sex: str
    issue_age: int
    term_years: int
    pay_mode: str
    pay_years: int
    sum_assured: Decimal
    effective_date: date
    paid_to_date: date
    on: date


class BenefitAsked(Event, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event, the benefit that is asked for, and premium owed, which is taken off where grace says so."""

    benefit: Text
    owed_premium: Decimal = Decimal("0.00")


class StayCase(Stay, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stay in hospital, the benefit whose days are asked for, and the deductible days agreed."""

    benefit: Text
    deductible: int


class StateCase(State, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A state such as need of care, and the benefit whose payments that have fallen due are counted."""

    benefit: Text


class WaivedCase(ModelPoint, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contract and the policy year of an event, after which premiums are waived: their number is asked for."""

    policy_year: int


class OccupationCase(ModelPoint, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contract as rated, the class at the event that was not told, and the benefit paid in full (yuan)."""

    class_at_event: int
    benefit: Decimal


class UnearnedCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments of `Product.unearned_value`."""

    premium: Decimal
    days_passed: int
    part_day: bool
    days: int


class MonthsCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A term whose months are counted."""

    start: date
    end: date


class Case(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One figure the product must give (`expect`, yuan, days or months), or the code of its error (`refused`)."""

    name: Text
    basis: Text
    constructed: bool
    premium: ModelPoint | None = None
    annual_premium: ModelPoint | None = None
    sum_assured: ModelPoint | None = None
    cash_value: CashValueCase | None = None
    benefit: BenefitAsked | None = None
    payable_days: StayCase | None = None
    state_payments: StateCase | None = None
    premiums_waived: WaivedCase | None = None
    untold_occupation: OccupationCase | None = None
    unearned: UnearnedCase | None = None
    months: MonthsCase | None = None
    expect: Decimal | None = None
    refused: str = ""

    def __post_init__(self) -> None:
        asked = [name for name in _ASKS if getattr(self, name) is not None]
        if len(asked) != 1:
            raise ValueError(f"a case asks for one of {', '.join(_ASKS)}")
        if (self.expect is None) == (not self.refused):
            raise ValueError("a case states either what it expects or how it is refused")


_ASKS = (
    "premium", "annual_premium", "sum_assured", "cash_value", "benefit", "payable_days", "state_payments",
    "premiums_waived", "untold_occupation",
    "unearned", "months",
)  # fmt: skip


class CaseFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of cases."""

    cases: tuple[Case, ...]


class ExamplePoint(ModelPoint, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose example the table is, and whether the insurer published it."""

    constructed: bool
    basis: Text


class ExampleCount(Struct, frozen=True):
    """Figures of the example that were compared with computed ones, and that are carried from the print."""

    computed: int
    carried: int


def run_case(product: Product, case: Case) -> Decimal | str:
    """What the product gives for the case: the figure, or the code of the error."""
    try:
        return _figure(product, case)
    except OutsideTables as error:
        return error.code


def _figure(product: Product, case: Case) -> Decimal:
    if case.premium is not None:
        return _premium(product, case.premium)
    if case.annual_premium is not None:
        return product.annual_premium_for(case.annual_premium)
    if case.sum_assured is not None:
        return product.sum_assured_for(case.sum_assured)
    if case.cash_value is not None:
        return product.cash_value(**_arguments(case.cash_value))
    if case.unearned is not None:
        return product.unearned_value(**_arguments(case.unearned))
    if case.months is not None:
        return Decimal(months_counted(case.months.start, case.months.end))
    if case.payable_days is not None:
        rule = _benefit(product, case.payable_days.benefit).days
        if rule is None:
            raise product.outside("figure_missing", "product.yaml", "the benefit has no section days")
        return Decimal(payable_days(rule, case.payable_days, case.payable_days.deductible))
    if case.state_payments is not None:
        schedule = _benefit(product, case.state_payments.benefit).schedule
        if schedule is None or not schedule.from_event:
            raise product.outside(
                "figure_missing", "product.yaml", "the benefit is not paid from an event on"
            )
        return Decimal(payments_of_state(schedule, case.state_payments))
    if case.premiums_waived is not None:
        return _waived(product, case.premiums_waived)
    if case.untold_occupation is not None:
        asked = case.untold_occupation
        return benefit_untold(product, asked, asked.class_at_event, asked.benefit)
    assert case.benefit is not None
    paid = benefit_amount(product, case.benefit.benefit, case.benefit).amount
    owed = case.benefit.owed_premium if product.terms.grace.owed_premium_deducted else Decimal("0.00")
    return paid - owed


def _premium(product: Product, point: ModelPoint) -> Decimal:
    """By the road that acts take, where the product has usual keys."""
    if product.rates and point.sum_assured is not None and point.term_years is not None:
        return product.premium(
            sex=point.sex,
            issue_age=point.issue_age,
            term_years=point.term_years,
            pay_mode=point.pay_mode,
            pay_years=point.pay_years,
            sum_assured=point.sum_assured,
        )
    return product.premium_for(point)


def case_faults(product: Product, path: Path) -> tuple[int, list[FileError]]:
    """How many cases the file holds, and those that fail. Raises StrictFileErrors for an unreadable file."""
    cases = load_yaml(path, CaseFile).cases
    faults = []
    for number, case in enumerate(cases):
        key = f"cases[{number}]"
        try:
            given = run_case(product, case)
        except (KeyError, ValueError) as error:
            faults.append(FileError(str(path), key_line(path, key), key, f"{case.name}: {error}"))
            continue
        expected = case.refused or case.expect
        if given != expected:
            message = f"{case.name}: expected {expected}, the product gives {given}"
            faults.append(FileError(str(path), key_line(path, key), key, message))
    return len(cases), faults


def _waived(product: Product, case: WaivedCase) -> Decimal:
    run = start_run(product, case)
    if not 1 <= case.policy_year <= run.term_years:
        raise product.outside("date_outside_term", "product.yaml", f"policy year {case.policy_year}")
    return Decimal(premiums_waived(run, case.policy_year))


def _benefit(product: Product, code: str) -> Benefit:
    try:
        return product.terms.benefit(code)
    except KeyError:
        raise product.outside("benefit_missing", "product.yaml", code) from None


def load_example(product: Product, directory: Path) -> tuple[ExamplePoint, list[CarriedRow]]:
    """The model point of the example, and the figures carried for it. Raises StrictFileErrors."""
    point = load_yaml(directory / EXAMPLE_FILE, ExamplePoint)
    section = product.terms.illustration
    carried = load_csv(directory / section.carried, CarriedRow) if section and section.carried else []
    return point, carried


def printed_years(product: Product, directory: Path) -> list[int]:
    """The policy years of `example.csv`, in its order; none where it is not there. Raises StrictFileErrors."""
    section, path = product.terms.illustration, directory / EXAMPLE_TABLE
    if section is None or not path.is_file():
        return []
    column = next(one.column for one in section.columns if one.shows is Shows.POLICY_YEAR)
    return [getattr(row, column) for row in load_csv(path, _row_type(section))]


def example_faults(
    product: Product, directory: Path, illustrator: Illustrator = illustrate
) -> tuple[ExampleCount, list[FileError]]:
    """How many figures of the example were compared, and those that differ from the product's own.

    Raises StrictFileErrors when `example.yaml`, `example.csv` or the carried figures cannot be read.
    """
    section = product.terms.illustration
    assert section is not None
    point, carried = load_example(product, directory)
    path = directory / EXAMPLE_TABLE
    stated = load_csv(path, _row_type(section))
    try:
        rows = {row.policy_year: row for row in illustrator(product, point, carried)}
    except OutsideTables as error:
        place = directory / EXAMPLE_FILE
        raise StrictFileErrors([FileError(str(place), 1, error.code, str(error))]) from None
    year_column = next(one.column for one in section.columns if one.shows is Shows.POLICY_YEAR)
    counts, faults = {How.COMPUTED: 0, How.CARRIED: 0}, []
    for line, printed in zip(row_lines(path), stated, strict=True):
        year = getattr(printed, year_column)
        row = rows.get(year)
        if row is None:
            faults.append(FileError(str(path), line, year_column, f"the contract has no policy year {year}"))
            continue
        for column in section.columns:
            expected, cell = getattr(printed, column.column), row.cells[column.column]
            if expected is None or column.shows is Shows.POLICY_YEAR:
                continue
            counts[cell.how] += 1
            if cell.value is None or abs(cell.value - expected) > column.within:
                message = f"the example states {expected}, the product gives {cell.value}"
                faults.append(FileError(str(path), line, column.column, message))
    return ExampleCount(counts[How.COMPUTED], counts[How.CARRIED]), faults


def _row_type(section: Illustration) -> type[Any]:
    """A row of the example: every column of the illustration, a figure or empty, and a source."""
    specs: list[Any] = [
        (one.column, int if one.shows is Shows.POLICY_YEAR else Decimal | None) for one in section.columns
    ]
    return msgspec.defstruct("ExampleRow", [*specs, ("source", str, "")], frozen=True, kw_only=True)


def _arguments(case: Struct) -> dict[str, Any]:
    return {name: getattr(case, name) for name in case.__struct_fields__}
