"""Strict files: exact values, and every error of a file at once, each at its place."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from counterfoil.core.kernel.strict_files import StrictFileErrors, load_csv, load_yaml
from counterfoil.core.kernel.strict_values import UnsupportedType


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Fixed(Struct, frozen=True, tag="fixed", tag_field="kind"):
    amount: Decimal


class Share(Struct, frozen=True, tag="share", tag_field="kind"):
    ratio: Decimal


class Part(Struct, frozen=True, kw_only=True):
    code: str
    rate: Decimal
    since: date | None = None
    colours: tuple[Colour, ...] = ()

    def __post_init__(self) -> None:
        if self.rate < 0:
            raise ValueError("a rate is not below zero")


class Whole(Struct, frozen=True, kw_only=True):
    name: str
    parts: list[Part]
    years: int = 1
    active: bool = True
    unit: Literal["day", "month"] = "day"
    by_year: dict[int, Decimal] = {}
    benefit: Fixed | Share | None = None
    extra: dict[str, Any] = {}
    place: tuple[int, str] | None = None
    count: Annotated[int, Meta(ge=0, le=10)] = 0


class Row(Struct, frozen=True, kw_only=True):
    code: str
    amount: Decimal
    on: date | None
    years: int = 1
    colour: Colour = Colour.RED
    source: str = ""


def yaml(tmp_path: Path, text: str | bytes, type_: Any = Whole) -> Any:
    file = tmp_path / "file.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_yaml(file, type_)


def table(tmp_path: Path, text: str | bytes) -> list[Row]:
    file = tmp_path / "file.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_csv(file, Row)


def errors(load: Any, tmp_path: Path, text: str | bytes, *rest: Any) -> list[tuple[int, str, str]]:
    with pytest.raises(StrictFileErrors) as refused:
        load(tmp_path, text, *rest)
    assert all(error.file.endswith(("file.yaml", "file.csv")) for error in refused.value.errors)
    return [(error.line, error.key, error.message) for error in refused.value.errors]


GOOD = """\
name: 爱无限
years: 10
active: false
unit: month
by_year: {1: 0.10, 2: 15.40}
benefit: {kind: share, ratio: 0.8}
place: [3, north]
count: 10
parts:
  - code: 0012
    rate: 15.40
    since: 2026-01-31
    colours: [red, green]
  - {code: "null", rate: 3, since: null}
extra: {a: 1.10, b: "1.10", c: [2026-01-31, true, ~, 007, text], d: 12}
"""


def test_a_good_file_gives_the_values_as_they_are_written(tmp_path: Path) -> None:
    whole = yaml(tmp_path, GOOD)
    assert whole == Whole(
        name="爱无限",
        years=10,
        active=False,
        unit="month",
        by_year={1: Decimal("0.10"), 2: Decimal("15.40")},
        benefit=Share(Decimal("0.8")),
        place=(3, "north"),
        count=10,
        parts=[
            Part(
                code="0012",
                rate=Decimal("15.40"),
                since=date(2026, 1, 31),
                colours=(Colour.RED, Colour.GREEN),
            ),
            Part(code="null", rate=Decimal("3")),
        ],
        extra={
            "a": Decimal("1.10"),
            "b": "1.10",
            "c": [date(2026, 1, 31), True, None, "007", "text"],
            "d": 12,
        },
    )
    assert str(whole.parts[0].rate) == "15.40"
    assert isinstance(whole.parts[0].colours[0], Colour)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_decimal_comes_back_digit_for_digit(
    tmp_path_factory: pytest.TempPathFactory, number: Decimal
) -> None:
    written = format(number, "f")
    read = yaml(tmp_path_factory.mktemp("yaml"), f"- {written}\n", list[Decimal])
    assert [str(value) for value in read] == [str(Decimal(written))]


def test_all_errors_of_a_yaml_file_come_at_once_each_with_line_and_key(tmp_path: Path) -> None:
    text = """\
name: x
yers: 10
active: yes
unit: months
name: y
by_year: {one: 1, 2: 1e3}
count: 11
parts:
  - code: a
    rate: 0x10
    since: 2026-02-30
    colours: [blue]
  - rate: 1
  - {code: b, rate: -1}
"""
    found = errors(yaml, tmp_path, text)
    assert [(line, key) for line, key, _ in found] == [
        (2, "yers"),
        (3, "active"),
        (4, "unit"),
        (5, "name"),
        (6, "by_year.one"),
        (6, "by_year.2"),
        (7, "count"),
        (10, "parts[0].rate"),
        (11, "parts[0].since"),
        (12, "parts[0].colours[0]"),
        (13, "parts[1].code"),
        (14, "parts[2]"),
    ]
    messages = {key: message for _, key, message in found}
    assert messages["yers"] == "unknown key (did you mean 'years'?)"
    assert messages["active"] == "expected true or false, found 'yes'"
    assert messages["unit"] == "expected one of day, month, found 'months' (did you mean 'month'?)"
    assert messages["name"] == "the key is there twice (first in line 1)"
    assert messages["parts[0].rate"] == "expected a decimal number like 1234.50, found '0x10'"
    assert messages["parts[0].since"] == "there is no day 2026-02-30 in the calendar"
    assert messages["parts[1].code"] == "the key is missing"
    assert messages["parts[2]"] == "a rate is not below zero"


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("name: x\nparts: {}\n", 2, "parts"),
        ("name: [x]\nparts: []\n", 1, "name"),
        ("name:\nparts: []\n", 1, "name"),
        ("name: x\nparts:\n", 2, "parts"),
        ("name: x\nparts: [1]\n", 2, "parts[0]"),
        ("name: x\nparts: []\nyears: 1.0\n", 3, "years"),
        ("name: x\nparts: []\nyears: true\n", 3, "years"),
        ("name: x\nparts: []\nyears: １２\n", 3, "years"),
        ("name: x\nparts: []\nby_year: {1: １.５}\n", 3, "by_year.1"),
        ("name: x\nparts: []\nbenefit: {amount: 1}\n", 3, "benefit"),
        ("name: x\nparts: []\nbenefit: {kind: shares, ratio: 1}\n", 3, "benefit.kind"),
        ("name: x\nparts: []\nbenefit: {kind: fixed, ratio: 1}\n", 3, "benefit.ratio"),
        ("name: x\nparts: []\nplace: [1]\n", 3, "place"),
        ("name: x\nparts: []\nby_year: {1: 1, 01: 2}\n", 3, "by_year.01"),
        ("name: &a x\nparts: []\n", 1, "name"),
        ("name: !secret x\nparts: []\n", 1, "name"),
        ("name: x\nparts: []\n? [a]\n: 1\n", 3, ""),
        ("- 1\n", 1, ""),
        ("", 1, ""),
        ("# only a comment\n", 1, ""),
        ("name: x\nparts: []\n---\nname: y\n", 3, ""),
        ("name: x\n parts: []\n", 2, ""),
    ],
)
def test_a_yaml_file_that_does_not_fit_is_refused_where_it_does_not(
    tmp_path: Path, text: str, line: int, key: str
) -> None:
    assert (line, key) in [
        (found_line, found_key) for found_line, found_key, _ in errors(yaml, tmp_path, text)
    ]


def test_floats_are_never_loaded(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedType):
        yaml(tmp_path, "- 1.5\n", list[float])


def test_a_yaml_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert yaml(tmp_path, "\ufeffa: 1\n", dict[str, int]) == {"a": 1}


def test_the_sentence_of_an_error_begins_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(StrictFileErrors) as refused:
        yaml(tmp_path, "name: x\nparts: []\nyears: ten\n")
    assert str(refused.value) == f"{tmp_path}/file.yaml:3: years: expected a whole number, found 'ten'"


TABLE = "amount,code,on,years,colour,source\n770.00,0012,2026-01-31,5,green,表\n15.4,b,,,,\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_with_or_without_byte_order_mark_and_with_any_line_end(
    tmp_path: Path, mark: bytes, end: str
) -> None:
    rows = table(tmp_path, mark + TABLE.replace("\n", end).encode())
    assert rows == [
        Row(
            code="0012",
            amount=Decimal("770.00"),
            on=date(2026, 1, 31),
            years=5,
            colour=Colour.GREEN,
            source="表",
        ),
        Row(code="b", amount=Decimal("15.4"), on=None),
    ]
    assert str(rows[0].amount) == "770.00"


def test_columns_with_defaults_may_be_left_out_and_blank_lines_do_not_count(tmp_path: Path) -> None:
    assert table(tmp_path, "code,amount,on\n\na,1,\n\n") == [Row(code="a", amount=Decimal("1"), on=None)]


def test_all_errors_of_a_header_come_at_once(tmp_path: Path) -> None:
    found = errors(table, tmp_path, "code,code,amonut,years\n1,1,1,1\n")
    assert found == [
        (1, "code", "the column is there twice"),
        (1, "amonut", "unknown column (did you mean 'amount'?)"),
        (1, "amount", "the column is missing"),
        (1, "on", "the column is missing"),
    ]


def test_all_errors_of_a_table_come_at_once_each_with_line_and_column(tmp_path: Path) -> None:
    text = (
        "code,amount,on,years\n"
        'a,"1,000",2026-1-31,5\n'
        ",1.0,2026-01-31,5.0\n"
        '"two\nlines",1,2026-01-31,1\n'
        " c,1, 2026-01-31,1\n"
        "d,1,2026-01-31\n"
    )
    found = errors(table, tmp_path, text)
    assert [(line, key) for line, key, _ in found] == [
        (2, "amount"),
        (2, "on"),
        (3, "code"),
        (3, "years"),
        (6, "code"),
        (6, "on"),
        (7, ""),
    ]
    assert found[-1][2] == "expected 4 cells as in the header, found 3"
    assert found[2][2] == "the cell is empty"


def test_an_open_quote_and_an_empty_table_are_refused(tmp_path: Path) -> None:
    assert errors(table, tmp_path, 'code,amount,on\n"a,1,\n')[0][2].startswith("not CSV")
    assert errors(table, tmp_path, "")[0][2] == (
        "the file is empty; expected the columns code, amount, on, years, colour, source"
    )


def test_a_table_with_a_header_only_has_no_rows(tmp_path: Path) -> None:
    assert table(tmp_path, "code,amount,on\n") == []


def test_a_file_saved_as_gb18030_is_told_so_with_the_remedy(tmp_path: Path) -> None:
    content = "code,amount,on,source\na,1,,good\nb,1,,费率表\n".encode("gb18030")
    ((line, _, message),) = errors(table, tmp_path, content)
    assert line == 3
    assert "GB18030" in message
    assert "UTF-8" in message


def test_a_file_that_is_no_text_is_told_so(tmp_path: Path) -> None:
    ((_, _, message),) = errors(table, tmp_path, b"code\n\xff\xff\xff\n")
    assert message == "the file is not UTF-8 text"


def test_a_row_type_with_more_than_scalars_is_a_programmers_error(tmp_path: Path) -> None:
    class Nested(Struct):
        items: list[int]

    (tmp_path / "file.csv").write_text("items\n1\n")
    with pytest.raises(UnsupportedType):
        load_csv(tmp_path / "file.csv", Nested)
