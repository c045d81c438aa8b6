"""Decides with which life table a product's statutory reserve is computed where the law names the set.

Basis: 金规〔2025〕21号 (rules 2.5): term and health business by 非养老类业务一表; endowment and annuity mainly for
survival by 养老类业务表, other by 非养老类业务二表; whole life by its purpose. Where kind alone does not tell, the
product's basis says it.
"""

from pathlib import Path

from msgspec import Struct

from counterfoil.core.actuarial.basis import Grade, MortalityRow, Quotients, ReserveTable
from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_csv
from counterfoil.core.product.conventions import ProductKind

BY_KIND = dict.fromkeys(
    (
        ProductKind.TERM_LIFE,
        ProductKind.CRITICAL_ILLNESS,
        ProductKind.DAILY_HOSPITAL,
        ProductKind.MEDICAL_EXPENSE,
        ProductKind.CARE,
    ),
    ReserveTable.PROTECTION,
)
"""What the notice says of a kind whatever the product is for."""
NAMES = {
    ReserveTable.PENSION: "养老类业务表",
    ReserveTable.PROTECTION: "非养老类业务一表",
    ReserveTable.SAVING: "非养老类业务二表",
}
LAST_AGE = 105


class ReserveRow(MortalityRow, frozen=True, kw_only=True):
    """A row of a set of life tables."""

    table: ReserveTable


class LifeTable(Struct, frozen=True):
    """One life table: q by sex and age, and the worst grade of its cells. No q: the product does not say which."""

    name: str
    grade: Grade | None
    q: Quotients


NOT_STATED = LifeTable("not stated", None, {})


def load_life_tables(path: Path, year: int) -> dict[ReserveTable, LifeTable]:
    """The tables of a set of that year. Raises StrictFileErrors, also for a table with a gap or a row twice."""
    rows = load_csv(path, ReserveRow)
    found = {}
    faults = []
    for table, name in NAMES.items():
        mine = [row for row in rows if row.table is table]
        q = {(row.sex.value, row.age): row.qx for row in mine}
        if len(q) < len(mine) or set(q) != {(sex, age) for sex in "MF" for age in range(LAST_AGE + 1)}:
            problem = f"one row for each sex and each age from 0 to {LAST_AGE}"
            faults.append(FileError(str(path), 1, table.value, problem))
            continue
        found[table] = LifeTable(f"CL({year}) {name}", max(row.grade for row in mine), q)
    if faults:
        raise StrictFileErrors(faults)
    return found


def table_of(kind: ProductKind, stated: ReserveTable | None) -> ReserveTable | None:
    """Which table, by the product's basis or by its kind; None where neither tells."""
    return stated or BY_KIND.get(kind)
