"""The customer service report as a workbook: a sheet of what was asked, and a sheet for each table of the screen."""

from decimal import Decimal
from typing import IO

import xlsxwriter
from django.utils.translation import gettext

from counterfoil.web.service_tables import Cell, Table

FORMATS = {"count": "#,##0", "hours": "#,##0.0", "share": "0.0%"}


def write_workbook(into: IO[bytes], told: list[tuple[str, str]], tables: list[Table]) -> None:
    """Write the workbook: the same figures as on the screen, as numbers."""
    book = xlsxwriter.Workbook(
        into, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = book.add_format({"bold": True, "bottom": 1})
    formats = {kind: book.add_format({"num_format": shown}) for kind, shown in FORMATS.items()}
    sheet = book.add_worksheet(gettext("The report"))
    sheet.set_column(0, 1, 22)
    for n, (name, value) in enumerate(told):
        sheet.write_string(n, 0, name, head)
        sheet.write_string(n, 1, value)
    for n, table in enumerate(tables):
        sheet = book.add_worksheet(_sheet_name(n, table.title))
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, max(len(table.columns) - 1, 1), 14)
        for at, column in enumerate(table.columns):
            sheet.write_string(0, at, column.title, head)
        for below, line in enumerate(table.lines, start=1):
            for at, (column, cell) in enumerate(zip(table.columns, line.cells, strict=True)):
                _write(sheet, below, at, cell, formats.get(column.kind))
    book.close()


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, shown: object) -> None:
    if isinstance(cell, int | Decimal):
        sheet.write_number(row, column, cell, shown)
    elif cell is not None:
        sheet.write_string(row, column, cell)


def _sheet_name(n: int, title: str) -> str:
    """A name that a workbook takes: no special characters, at most 31, none twice."""
    plain = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)
    return f"{n + 1} {plain}"[:31].strip()
