"""`counterfoil value` on a small demo: the report, the files, repeating; a refusal is an exit code and a sentence."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from counterfoil.apps.valuation.lines import COLUMNS
from counterfoil.commands.value import run
from counterfoil.postgres.address import ServerAddress
from tests.apps.valuation.books import PROJECT, UNTIL, demo_book, rows
from tests.postgres.databases import TestDatabase


@pytest.fixture(scope="module")
def book(
    server: ServerAddress, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    with demo_book(server, template, tmp_path_factory.mktemp("demo"), policies=40) as found:
        yield found


def valued(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run(["--as-of", str(UNTIL), "--json", *arguments]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_report_has_the_run_its_basis_and_totals(
    book: TestDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    found = valued(capsys)
    assert found["policies"] == sum(total["policies"] for total in found["totals"]) > 10
    assert found["basis"]["products"][0]["code"] == "611005"
    assert found["not_valued"] == []
    assert len(found["lives"]) == 10
    assert run(["--run", found["run_id"]]) == 0
    told = capsys.readouterr().out
    assert f"run {found['run_id']}: {found['policies']} policies on {UNTIL}, as known now" in told
    assert "product 611005 version 1: valuation 0.035, cash value 0.055" in told
    assert "everything was valued" in told
    assert "reserve moves by: interest up" in told


def test_without_a_day_the_day_of_the_books_is_valued(
    book: TestDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--json"]) == 0
    assert json.loads(capsys.readouterr().out)["as_of"] == str(UNTIL)


def test_the_parquet_file_has_every_line_with_exact_money(
    book: TestDatabase, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "book.parquet"
    found = valued(capsys, "--parquet", str(file))
    table = parquet.read_table(file)
    assert table.column_names == list(COLUMNS)
    ours = {row["policy_id"]: row for row in table.to_pylist()}
    theirs = rows(f"SELECT {', '.join(COLUMNS)} FROM valuation_line WHERE run_id = %s", found["run_id"])
    assert len(ours) == len(theirs) == found["policies"]
    for row in theirs:
        line = dict(zip(COLUMNS, row, strict=True))
        line["policy_id"], line["insured_id"] = str(line["policy_id"]), str(line["insured_id"])
        assert ours[line["policy_id"]] == line
    assert table.schema.metadata[b"content_hash"].decode() == found["content_hash"]


def test_the_workbook_has_totals_sensitivities_lives_and_what_was_not_valued(
    book: TestDatabase, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "book.xlsx"
    found = valued(capsys, "--workbook", str(file))
    sheets = CalamineWorkbook.from_path(str(file))
    assert sheets.sheet_names == [
        "Run 评估", "Totals 汇总", "Reserve 准备金敏感性", "Policy value 保单价值敏感性", "Lives 风险保额",
        "Not valued 未评估", "Not valued policies 未评估保单",
    ]  # fmt: skip
    heads, *lines = sheets.get_sheet_by_name("Totals 汇总").to_python()
    place = heads.index("Reserve 法定责任准备金")
    reserve = sum(Decimal(str(line[place])) for line in lines)
    assert reserve == sum(Decimal(total["sums"]["reserve"]) for total in found["totals"])
    heads, *lines = sheets.get_sheet_by_name("Reserve 准备金敏感性").to_python()
    assert len(lines) == len(found["totals"])
    assert heads[-5:] == [
        "Base 基准", "Interest +50 bp 利率+50基点", "Interest -50 bp 利率-50基点", "Mortality +10% 死亡率+10%",
        "Mortality -10% 死亡率-10%",
    ]  # fmt: skip
    assert found["content_hash"] in [
        cell for row in sheets.get_sheet_by_name("Run 评估").to_python() for cell in row
    ]


def test_a_run_is_repeated_and_listed(book: TestDatabase, capsys: pytest.CaptureFixture[str]) -> None:
    found = valued(capsys)
    assert run(["--repeat", found["run_id"]]) == 0
    assert "results: the same" in capsys.readouterr().out
    assert run(["--list"]) == 0
    assert found["run_id"] in capsys.readouterr().out


def test_an_altered_run_is_said_not_to_come_out_again(
    book: TestDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    found = valued(capsys)
    with book.connect() as saboteur:
        saboteur.execute("SET session_replication_role = replica")
        saboteur.execute(
            "UPDATE valuation_run SET results_hash = 'x', basis = basis || '{\"scenarios\": []}' WHERE run_id = %s",
            (found["run_id"],),
        )
    assert run(["--repeat", found["run_id"]]) == 1
    told = capsys.readouterr().out
    assert "results: NOT the same" in told
    assert "basis: NOT the same" in told
    assert "inputs: the same" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as-of", str(UNTIL + timedelta(days=1))], "the books have not reached"),
        (["--as-of", "2010-01-01"], "valuation.interest_cap_ordinary"),
        (["--repeat", "00000000-0000-7000-8000-000000000000"], "there is no run"),
        (["--run", "00000000-0000-7000-8000-000000000000"], "there is no run"),
    ],
)
def test_a_refusal_is_an_exit_code_and_a_sentence(
    book: TestDatabase, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(arguments) == 1
    assert said in capsys.readouterr().err


def test_without_pyarrow_parquet_is_refused_with_what_to_install(
    book: TestDatabase, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run(["--as-of", str(UNTIL), "--parquet", str(tmp_path / "no.parquet")]) == 1
    assert "counterfoil[parquet]" in capsys.readouterr().err


def test_the_console_command_values_a_book(book: TestDatabase) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "counterfoil.cli", "value", "--as-of", str(UNTIL), "--known-on", "2024-06-30"],
        cwd=PROJECT,
        env=book.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "as recorded by the end of 2024-06-30" in done.stdout
