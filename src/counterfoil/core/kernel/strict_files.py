"""Decides whether a YAML or CSV file holds exactly what its type asks for, and names what does not.

A file is taken whole or not at all: unknown, missing and repeated keys, wrong values and wrong encodings are
collected, each with file, line and key. Decimals are read from their text and never pass through float.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT, Struct, inspect
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from counterfoil.core.kernel.strict_nodes import NodeReader
from counterfoil.core.kernel.strict_values import (
    Unexpected,
    UnsupportedType,
    did_you_mean,
    is_scalar,
    scalar_reader,
)


class FileError(Struct, frozen=True):
    """One thing wrong in a file: where (line 1-based, key path or column) and what was expected."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class StrictFileErrors(Exception):
    """Everything that is wrong in a file, in the order of its lines."""

    def __init__(self, errors: list[FileError]) -> None:
        self.errors: tuple[FileError, ...] = tuple(sorted(errors, key=lambda error: error.line))
        super().__init__("\n".join(str(error) for error in self.errors))


def load_yaml[T](path: Path, type_: type[T]) -> T:
    """Return the one document of the YAML file at `path` as a `type_`.

    `type_` may be built of msgspec Structs (tagged in unions), list, tuple, set, dict, Optional, StrEnum,
    Literal, Decimal, date, bool, int, str and Any. Raises StrictFileErrors with all errors of the file,
    OSError where it cannot be read, UnsupportedType for a type that is not loaded strictly, such as float.
    """
    text = _text(path)
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        line, cause = _cause(text, line) or (line, str(error.problem or error.context))
        raise _refused(path, line, "", f"not YAML: {cause}") from None
    except YAMLError as error:
        raise _refused(path, 1, "", f"not YAML: {' '.join(str(error).split())}") from None
    if root is None:
        raise _refused(path, 1, "", "the file is empty")
    errors: list[FileError] = []
    reader = NodeReader(lambda line, key, message: errors.append(FileError(str(path), line, key, message)))
    value: T = reader.read(root, inspect.type_info(type_), "")
    if errors:
        raise StrictFileErrors(errors)
    return value


def load_csv[T](path: Path, row_type: type[T]) -> list[T]:
    """Return the rows of the CSV file at `path`, one `row_type` (a msgspec Struct of scalar fields) each.

    The header names every field of `row_type`, in any order; a field with a default may be left out. An empty
    cell is the default where there is one, None where allowed, else an error. Blank lines are left out.
    Raises StrictFileErrors with all errors of the file, OSError, UnsupportedType.
    """
    info = inspect.type_info(row_type)
    if not isinstance(info, inspect.StructType):
        raise UnsupportedType(f"a row of a table is a msgspec Struct, not {row_type!r}")
    table = _Table(path, info)
    rows: list[T] = list(table.rows())
    if table.errors:
        raise StrictFileErrors(table.errors)
    return rows


class _Table:
    """One CSV file being read: its columns matched to fields, its errors collected."""

    def __init__(self, path: Path, info: inspect.StructType) -> None:
        self.file = str(path)
        self.struct = info.cls
        self.fields = {field.encode_name: field for field in info.fields}
        self.cells = {name: _cell_reader(field) for name, field in self.fields.items()}
        self.errors: list[FileError] = []
        self.text = _text(path)

    def refuse(self, line: int, key: str, message: str) -> None:
        self.errors.append(FileError(self.file, line, key, message))

    def rows(self) -> Iterator[Any]:
        """Yield the Struct of each good row, collecting the errors of the others."""
        reader = csv.reader(io.StringIO(self.text, newline=""), strict=True)
        header: list[str] | None = None
        line = 1
        try:
            for cells in reader:
                if not any(cells):
                    pass  # a blank row; a spreadsheet leaves rows of commas
                elif header is None:
                    header = cells
                    if not self._header_holds(header, line):
                        return
                else:
                    row = self._row(header, cells, line)
                    if row is not None:
                        yield row
                line = reader.line_num + 1
        except csv.Error as error:
            self.refuse(line, "", f"not CSV: {error}")
        if header is None and not self.errors:
            self.refuse(1, "", f"the file is empty; expected the columns {', '.join(self.fields)}")

    def _header_holds(self, header: list[str], line: int) -> bool:
        for number, name in enumerate(header):
            if name in header[:number]:
                self.refuse(line, name, "the column is there twice")
            elif name not in self.fields:
                self.refuse(line, name, f"unknown column{did_you_mean(name, set(self.fields) - set(header))}")
        for name, field in self.fields.items():
            if field.required and name not in header:
                self.refuse(line, name, "the column is missing")
        return not self.errors

    def _row(self, header: list[str], cells: list[str], line: int) -> Any:
        """Return the Struct of one row, or None when it has an error."""
        if len(cells) != len(header):
            self.refuse(line, "", f"expected {len(header)} cells as in the header, found {len(cells)}")
            return None
        values: dict[str, Any] = {}
        good = True
        for name, text in zip(header, cells, strict=True):
            try:
                value = self.cells[name](text)
            except Unexpected as error:
                self.refuse(line, name, str(error))
                good = False
                continue
            if value is not NODEFAULT:
                values[self.fields[name].name] = value
        if not good:
            return None
        try:
            return self.struct(**values)
        except (ValueError, TypeError) as error:
            self.refuse(line, "", str(error))
            return None


def _cell_reader(field: inspect.Field) -> Callable[[str], Any]:
    """Return the function from a cell's text to the field's value; NODEFAULT asks for the field's default."""
    members = field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,)
    optional = any(isinstance(member, inspect.NoneType) for member in members)
    scalars = [member for member in members if not isinstance(member, inspect.NoneType)]
    if len(scalars) != 1 or not is_scalar(scalars[0]):
        raise UnsupportedType(f"column {field.encode_name}: a cell holds one scalar type")
    read = scalar_reader(scalars[0])

    def read_cell(text: str) -> Any:
        if text == "":
            if not field.required:
                return NODEFAULT
            if optional:
                return None
            raise Unexpected("the cell is empty")
        if text != text.strip():
            raise Unexpected(f"spaces around the value {text!r}")
        return read(text)

    return read_cell


def _cause(text: str, line: int) -> tuple[int, str] | None:
    """The line and the cause of a slip that people make, where the parser only says what it did not expect: a tab, a
    full-width mark, another indentation than that of the lines before."""
    lines = text.splitlines()
    for number in range(min(line, len(lines)), max(0, line - 3), -1):
        written = lines[number - 1].split("#")[0]
        if "\t" in written[: len(written) - len(written.lstrip())]:
            return number, "a tab stands here; indent with spaces"
        wide = _FULL_WIDTH.search(written)
        if wide is not None:
            mark = wide.group(1)
            return number, f"a full-width {mark} stands here; write {_PLAIN[mark]}"
    depths = [
        len(one) - len(one.lstrip())
        for one in lines[:line]
        if one.strip() and not one.lstrip().startswith("#")
    ]
    if len(depths) > 1 and depths[-1] not in depths[:-1]:
        return line, "this line is not indented like its neighbours"
    return None


_FULL_WIDTH = re.compile(r"^\s*(?:- )?[A-Za-z_][A-Za-z0-9_]*(：)")
_PLAIN = {"：": "a colon and a space"}


def _text(path: Path) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        message = "the file is not UTF-8 text"
    else:
        message = "the file is GB18030 (GBK), not UTF-8: save it again as “CSV UTF-8” or as UTF-8 text"
    raise _refused(path, line, "", message)


def _refused(path: Path, line: int, key: str, message: str) -> StrictFileErrors:
    return StrictFileErrors([FileError(str(path), line, key, message)])
