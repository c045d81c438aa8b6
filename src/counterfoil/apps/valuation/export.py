"""A kept run as files: all its lines as parquet, its totals and what was not valued as a workbook."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import xlsxwriter

from counterfoil.apps.valuation.lines import COLUMNS, Line
from counterfoil.apps.valuation.queries import (
    SUMMED,
    KeptRun,
    all_lines,
    lives,
    not_valued,
    not_valued_policies,
    totals,
)
from counterfoil.core.actuarial.reserving import SCENARIOS

MOST_LIVES = 1000
MOST_POLICIES = 100_000

HEADINGS = {
    "product_code": "Product 产品",
    "unit_id": "Unit 机构",
    "unit_name": "Name 机构名称",
    "cover": "Cover 保障状态",
    "policies": "Policies 件数",
    "without_cash_value": "Without cash value 无现金价值件数",
    "without_reserve": "Without reserve 无准备金件数",
    "sum_assured": "Sum assured 保险金额",
    "cash_value": "Cash value 现金价值",
    "policy_value": "Policy value 保单价值准备金",
    "reserve_unfloored": "Reserve before floor 责任准备金(兜底前)",
    "reserve": "Reserve 法定责任准备金",
    "risk_death": "At risk, death 身故风险保额",
    "risk_accident": "At risk, accident 意外风险保额",
    "risk_illness": "At risk, illness 重疾风险保额",
    "risk_daily": "At risk, daily 津贴风险保额(日)",
    "base": "Base 基准",
    "interest_up": "Interest +50 bp 利率+50基点",
    "interest_down": "Interest -50 bp 利率-50基点",
    "mortality_up": "Mortality +10% 死亡率+10%",
    "mortality_down": "Mortality -10% 死亡率-10%",
}
MAIN = SUMMED[:9]


class ParquetMissing(RuntimeError):
    """pyarrow, which writes parquet, is not installed."""


def write_parquet(connection: "psycopg.Connection[Any]", run: KeptRun, path: Path) -> int:
    """Every line of the run, money as decimal128(18, 2); how many. The file's metadata names run and hashes.

    Raises ParquetMissing.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise ParquetMissing("parquet needs pyarrow: install counterfoil[parquet]") from None
    kinds = {
        int: pyarrow.int32(),
        bool: pyarrow.bool_(),
        date: pyarrow.date32(),
        Decimal: pyarrow.decimal128(18, 2),
    }
    fields = [(name, kinds.get(_kind(name), pyarrow.string())) for name in COLUMNS]
    schema = pyarrow.schema(fields).with_metadata(
        {
            "run_id": str(run.run_id),
            "as_of": str(run.as_of),
            "known_on": str(run.known_on or ""),
            "content_hash": run.content_hash,
        }
    )
    count = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in all_lines(connection, run.run_id):
            columns = [
                pyarrow.array([str(cell) if isinstance(cell, UUID) else cell for cell in cells], type=kind)
                for cells, (_, kind) in zip(zip(*rows, strict=True), fields, strict=True)
            ]
            writer.write_batch(pyarrow.record_batch(columns, schema=schema))
            count += len(rows)
    return count


def write_workbook(connection: "psycopg.Connection[Any]", run: KeptRun, path: Path) -> None:
    """Sheets: run and basis, by product and unit, sensitivities, lives with the greatest sums, what was not valued."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    formats = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "plain": book.add_format({}),
    }
    found = totals(connection, run.run_id)
    _sheet(book, formats, "Run 评估", ["", ""], _told(run))
    _sheet(
        book,
        formats,
        "Totals 汇总",
        ["product_code", "unit_id", "unit_name", "cover", "policies", "without_cash_value", "without_reserve", *MAIN],
        (
            (
                t.product_code, t.unit_id, t.unit_name, t.cover, t.policies, t.without_cash_value, t.without_reserve,
                *(t.sums[name] for name in MAIN),
            )
            for t in found
        ),
    )  # fmt: skip
    codes = [one.code for one in SCENARIOS]
    for name, title in (("reserve", "Reserve 准备金敏感性"), ("policy_value", "Policy value 保单价值敏感性")):
        columns = [name if code == "base" else f"{name}_{code}" for code in codes]
        rows = (
            (t.product_code, t.unit_id, t.unit_name, t.cover, *(t.sums[column] for column in columns))
            for t in found
        )
        _sheet(book, formats, title, ["product_code", "unit_id", "unit_name", "cover", *codes], rows)
    _sheet(
        book,
        formats,
        "Lives 风险保额",
        [
            "Life 被保险人", "policies", "risk_death", "risk_accident", "risk_illness", "risk_daily",
            "Death less reserve 净身故风险保额", "Policies not told 无法确定件数",
        ],
        (
            (
                str(one.party_id), one.policies, one.death, one.accident, one.illness, one.daily, one.net_death,
                one.untold,
            )
            for one in lives(connection, run.run_id, MOST_LIVES)
        ),
    )  # fmt: skip
    _sheet(
        book,
        formats,
        "Not valued 未评估",
        ["product_code", "Reasons 原因", "policies"],
        not_valued(connection, run.run_id),
    )
    _sheet(
        book,
        formats,
        "Not valued policies 未评估保单",
        ["Policy 保单", "Number 保单号", "product_code", "unit_id", "Reasons 原因"],
        ((str(row[0]), *row[1:]) for row in not_valued_policies(connection, run.run_id, MOST_POLICIES)),
    )
    book.close()


def _told(run: KeptRun) -> list[tuple[str, Any]]:
    """The run's own facts, a line each."""
    told: list[tuple[str, Any]] = [
        ("Run 批次", str(run.run_id)),
        ("As of 评估日", str(run.as_of)),
        ("Known on 认知日", str(run.known_on or "")),
        ("Recorded at 记录时间", run.recorded_at.isoformat()),
        ("Policies 件数", run.policies),
        ("Checked one by one 逐单核对件数", run.checked),
        ("Content hash 内容摘要", run.content_hash),
        ("Inputs hash 输入摘要", run.inputs_hash),
        ("Results hash 结果摘要", run.results_hash),
        ("Engine 引擎", f"{run.basis['engine']['version']}, method {run.basis['engine']['method']}"),
    ]
    for product in run.basis["products"]:
        told.append((f"Product {product['code']} v{product['version']}", product["content_hash"]))
        told += [(f"  {name}", value) for name, value in product.get("basis", {"basis": "none"}).items()]
    return told


def _sheet(
    book: Any, formats: dict[str, Any], title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    sheet = book.add_worksheet(title)
    sheet.set_column(0, len(headings) - 1, 18)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, [HEADINGS.get(name, name) for name in headings], formats["head"])
    for place, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            kind = "money" if isinstance(cell, Decimal) else "plain"
            if isinstance(cell, str):
                sheet.write_string(place, column, cell, formats[kind])
            else:
                sheet.write(place, column, cell, formats[kind])


def _kind(column: str) -> type:
    """The plain type of a column of lines."""
    annotation = Line.__annotations__[column]
    arms = getattr(annotation, "__args__", (annotation,))
    return next(arm for arm in arms if arm is not type(None))  # type: ignore[no-any-return]
