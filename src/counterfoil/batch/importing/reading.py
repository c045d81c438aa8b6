"""Reads a file of applications: every cell that a column does not take is one error with its row and column."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from counterfoil.batch.importing.columns import (
    BY_NAME,
    BY_TITLE,
    COLUMNS,
    MOST_BENEFICIARIES,
    Column,
    WrongCell,
    read_cell,
    shown,
)


class RowError(Struct, frozen=True):
    """One thing that is wrong. ``row`` is the line of the file (1: the header), ``value`` is masked where personal."""

    row: int
    column: str
    value: str
    code: str
    parameters: dict[str, str] = {}


class Row(Struct, frozen=True):
    """One application as read: the values of all columns by name, and the cells as written."""

    line: int
    values: Mapping[str, Any]
    cells: Mapping[str, str]

    @property
    def number(self) -> str:
        """The printed application number."""
        return str(self.values["application_number"])

    def error(self, column: str, code: str, parameters: Mapping[str, str] | None = None) -> RowError:
        """An error of this row."""
        cell = shown(BY_NAME[column], self.cells.get(column, "")) if column in BY_NAME else ""
        return RowError(self.line, column, cell, code, dict(parameters or {}))


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; nothing of it was taken."""


class Read(Struct, frozen=True):
    """The rows that can be read, and the errors of the others."""

    rows: list[Row]
    errors: list[RowError]
    lines: int


def read_applications(path: Path) -> Read:
    """Rows and errors of a CSV file (UTF-8, with or without mark; header of names or Chinese titles).

    Raises UnreadableFile: not text, no header, columns that are unknown, missing or there twice.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise UnreadableFile(f"{path}: {fault}") from None
    lines = csv.reader(io.StringIO(text, newline=""))
    header = next(lines, None)
    if header is None:
        raise UnreadableFile(f"{path}: the file is empty")
    columns = _columns(path, header)
    rows: list[Row] = []
    errors: list[RowError] = []
    numbers: dict[str, int] = {}
    count = 0
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        row, found = _row(lines.line_num, columns, cells)
        if row is not None and not found:
            found = _cross_checks(row, numbers)
        errors.extend(found)
        if row is not None and not found:
            rows.append(row)
    return Read(rows, errors, count)


def _columns(path: Path, header: list[str]) -> list[Column]:
    columns: list[Column] = []
    faults: list[str] = []
    for written in header:
        column = BY_NAME.get(written.strip()) or BY_TITLE.get(written.strip())
        if column is None:
            faults.append(f"column {written!r} is not known")
        elif column in columns:
            faults.append(f"column {column.name} is there twice")
        else:
            columns.append(column)
    faults += [f"column {c.name} is missing" for c in COLUMNS if c.needed and c not in columns]
    if faults:
        raise UnreadableFile(f"{path}: " + "; ".join(faults))
    return columns


def _row(line: int, columns: list[Column], cells: list[str]) -> tuple[Row | None, list[RowError]]:
    if len(cells) != len(columns):
        found = {"columns": str(len(columns)), "cells": str(len(cells))}
        return None, [RowError(line, "", "", "row_has_other_columns", found)]
    values: dict[str, Any] = dict.fromkeys(BY_NAME)
    errors: list[RowError] = []
    for column, cell in zip(columns, cells, strict=True):
        try:
            values[column.name] = read_cell(column, cell)
        except WrongCell as wrong:
            errors.append(RowError(line, column.name, shown(column, cell), wrong.code, wrong.parameters))
    written = {column.name: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    return Row(line, values, written), errors


def _cross_checks(row: Row, numbers: dict[str, int]) -> list[RowError]:
    """What two cells say together."""
    errors: list[RowError] = []
    values = row.values
    first = numbers.setdefault(row.number, row.line)
    if first != row.line:
        errors.append(row.error("application_number", "application_number_twice", {"row": str(first)}))
    if values["insured_name"] is None:
        errors += [
            row.error(name, "insured_is_holder")
            for name in BY_NAME
            if name.startswith("insured_")
            and name.split("_")[1] not in ("consents", "signed")
            and values[name]
        ]
    else:
        needed = ("insured_paper_number", "insured_occupation_code", "insured_occupation_class", "relation")
        errors += [row.error(name, "cell_missing") for name in needed if values[name] is None]
    for n in range(1, MOST_BENEFICIARIES + 1):
        errors += _check_beneficiary(row, f"beneficiary_{n}")
    if not values["answers_all_no"]:
        errors.append(row.error("answers_all_no", "answers_need_a_counter"))
    return errors


def _check_beneficiary(row: Row, prefix: str) -> list[RowError]:
    names = [f"{prefix}_{part}" for part in ("name", "id_number", "relation")]
    given = [name for name in BY_NAME if name.startswith(prefix) and row.values[name] is not None]
    return [row.error(name, "cell_missing") for name in names if given and row.values[name] is None]
