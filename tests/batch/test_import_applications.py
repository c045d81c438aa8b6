"""Import of applications: row by row or as a whole, never twice, with a constant number of statements a chunk."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import override_settings
from django.utils import translation

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.batch.importing import applications, chunk
from counterfoil.batch.importing.applications import Imported, import_applications
from counterfoil.batch.importing.reading import UnreadableFile, read_applications
from counterfoil.batch.importing.said import error_line, write_errors
from counterfoil.commands.import_file import run
from tests.batch.application_files import Cells, good_rows, write_rows
from tests.builders.insurer import Cast, set_up_insurer
from tests.postgres.databases import TestDatabase


@pytest.fixture
def cast(fresh_database: TestDatabase) -> Cast:
    return set_up_insurer()


def count(table: str) -> int:
    cursor = raw_connection("batch").cursor()
    cursor.execute(f"SELECT count(*) FROM {table}")
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def take(cast: Cast, tmp_path: Path, rows: list[Cells], *, all_or_nothing: bool = False) -> Imported:
    path = write_rows(tmp_path / "applications.csv", rows)
    with override_settings(VERIFY_FOLD=True):
        return import_applications(path, cast.handler, all_or_nothing=all_or_nothing)


def found(done: Imported) -> set[tuple[int, str, str]]:
    return {(error.row, error.column, error.code) for error in done.errors}


def test_good_rows_become_applications_with_people_and_health_notices(cast: Cast, tmp_path: Path) -> None:
    done = take(cast, tmp_path, good_rows(9))
    assert (done.rows, done.taken, done.already, done.errors) == (9, 9, 0, [])
    assert count("policy") == 9
    assert count("party") == 9 + 3 + 9
    assert count("party_health_notice") == 9
    assert count("policy_beneficiary") == 9
    assert count("act WHERE channel = 'import'") == 9 + 21 + 9


def test_the_same_file_again_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    rows = good_rows(6)
    take(cast, tmp_path, rows)
    acts = count("act")
    again = take(cast, tmp_path, rows)
    assert (again.taken, again.already, again.errors) == (0, 6, [])
    assert count("act") == acts


def test_a_file_that_another_clerk_imports_again_is_not_doubled(cast: Cast, tmp_path: Path) -> None:
    rows = good_rows(3)
    take(cast, tmp_path, rows)
    path = write_rows(tmp_path / "again.csv", rows)
    again = import_applications(path, cast.clerk, all_or_nothing=False)
    assert (again.taken, again.already, again.errors) == (0, 3, [])
    assert count("policy") == 3


def test_a_row_that_came_before_with_other_content_is_an_error(cast: Cast, tmp_path: Path) -> None:
    rows = good_rows(3)
    take(cast, tmp_path, rows)
    rows[1]["sum_assured"] = "300000"
    again = take(cast, tmp_path, rows)
    assert again.already == 2
    assert found(again) == {(3, "application_number", "imported_with_other_content")}


BAD = [
    ("holder_paper_number", "320117199003072823", "holder_paper_number", "identifier.check_digit"),
    ("holder_birth_date", "1991-03-07", "holder_birth_date", "paper_birth_date_differs"),
    ("holder_mobile", "12345", "holder_mobile", "identifier.mobile"),
    ("holder_occupation_class", "none", "holder_occupation_class", "cell_wrong_kind"),
    ("sum_assured", "200.005", "sum_assured", "cell_wrong_kind"),
    ("sum_assured", "5000", "sum_assured", "sum_assured_outside"),
    ("term_years", "7", "term_years", "plan_not_offered"),
    ("pay_mode", "weekly", "pay_mode", "cell_not_a_choice"),
    ("product_code", "999999", "product_code", "product_unknown"),
    ("beneficiary_1_share", "90", "beneficiary_1_share", "shares_not_100"),
    ("beneficiary_1_id_number", "", "beneficiary_1_id_number", "cell_missing"),
    ("applied_on", "2027-01-01", "applied_on", "applied_in_future"),
    ("applied_on", "yesterday", "applied_on", "cell_wrong_kind"),
    ("answers_all_no", "no", "answers_all_no", "answers_need_a_counter"),
    ("health_data_consent", "no", "health_data_consent", "health_consent_missing"),
    ("exclusions_acknowledged", "no", "exclusions_acknowledged", "exclusions_not_acknowledged"),
    ("holder_signed", "no", "holder_signed", "policyholder_signature_missing"),
    ("insured_address", "somewhere", "insured_address", "insured_is_holder"),
]


def test_every_kind_of_error_names_row_and_column_and_leaves_the_others_alone(
    cast: Cast, tmp_path: Path
) -> None:
    rows = [row for row in good_rows(60) if "insured_name" not in row][: len(BAD) + 2]
    for row, (column, value, _, _) in zip(rows, BAD, strict=False):
        row[column] = value
    done = take(cast, tmp_path, rows)
    expected = {(n, column, code) for n, (_, _, column, code) in enumerate(BAD, 2)}
    assert expected <= found(done), expected - found(done)
    assert {error.row for error in done.errors} == set(range(2, len(BAD) + 2))
    assert done.taken == 2
    assert count("policy") == 2


def test_a_refused_row_leaves_no_party_and_no_notice_behind(cast: Cast, tmp_path: Path) -> None:
    (row,) = good_rows(1)
    row["sum_assured"] = "5000"
    done = take(cast, tmp_path, [row])
    assert done.taken == 0
    assert (count("party"), count("party_health_notice"), count("act")) == (0, 0, 0)
    row["sum_assured"] = "50000"
    assert take(cast, tmp_path, [row]).taken == 1


def test_all_or_nothing_takes_nothing_when_a_row_of_the_last_chunk_is_wrong(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applications, "MOST_ACTS", 10)
    rows = good_rows(8)
    rows[-1]["term_years"] = "7"
    done = take(cast, tmp_path, rows, all_or_nothing=True)
    assert (done.taken, found(done)) == (0, {(9, "term_years", "plan_not_offered")})
    assert (count("policy"), count("act")) == (0, 0)
    rows[-1]["term_years"] = "10"
    assert take(cast, tmp_path, rows, all_or_nothing=True).taken == 8
    assert count("policy") == 8


def test_one_person_in_many_rows_is_registered_once(cast: Cast, tmp_path: Path) -> None:
    rows = good_rows(4)[1:3]
    second = dict(rows[0], application_number="IM-SECOND", sum_assured="50000")
    done = take(cast, tmp_path, [*rows, second])
    assert done.errors == []
    assert count("party") == 4
    other = dict(rows[0], application_number="IM-OTHER", holder_name="别人")
    assert found(take(cast, tmp_path, [other])) == {(2, "holder_name", "name_differs_for_paper")}


def test_a_customer_of_another_unit_is_found_by_id_number_and_the_reason_recorded(
    cast: Cast, tmp_path: Path
) -> None:
    (_, row) = good_rows(2)
    first = import_applications(
        write_rows(tmp_path / "first.csv", [row]), cast.stranger, all_or_nothing=False
    )
    assert (first.taken, count("party"), count("party_unmasking")) == (1, 2, 0)
    second = dict(row, application_number="IM-ELSEWHERE", sum_assured="50000")
    done = import_applications(
        write_rows(tmp_path / "second.csv", [second]), cast.clerk, all_or_nothing=False
    )
    assert (done.taken, done.errors, count("party")) == (1, [], 2)
    assert count("party_unmasking WHERE reason = 'import second.csv'") == 2


def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(
    cast: Cast, tmp_path: Path, statements: Callable[[], int]
) -> None:
    def take_plain(rows: list[Cells]) -> Imported:
        with override_settings(VERIFY_FOLD=False):
            path = write_rows(tmp_path / "a.csv", rows)
            return import_applications(path, cast.handler, all_or_nothing=False)

    take_plain(good_rows(6, seed=1))
    before = statements()
    take_plain(good_rows(6, seed=2))
    few = statements() - before
    before = statements()
    done = take_plain(good_rows(60, seed=3))
    many = statements() - before
    assert done.taken == 60
    assert many == few
    assert many <= 22


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    counted = 0
    real = psycopg.Cursor.execute

    def execute(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        nonlocal counted
        counted += 1
        return real(self, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Cursor, "execute", execute)
    return lambda: counted


def test_personal_values_are_masked_in_errors_and_in_the_file_of_errors(cast: Cast, tmp_path: Path) -> None:
    rows = good_rows(1)
    number = rows[0]["holder_paper_number"][:17] + ("0" if rows[0]["holder_paper_number"][17] != "0" else "1")
    rows[0]["holder_paper_number"] = number
    done = take(cast, tmp_path, rows)
    with translation.override("zh-hans"):
        write_errors(tmp_path / "errors.csv", done.errors)
        lines = [error_line(error) for error in done.errors]
    text = (tmp_path / "errors.csv").read_text(encoding="utf-8-sig")
    assert number not in text + "".join(lines)
    (error,) = csv.DictReader(text.splitlines())
    assert (error["row"], error["column"], error["title"]) == ("2", "holder_paper_number", "投保人证件号码")
    assert error["value"] == number[:3] + "*" * 11 + number[-4:]
    assert "校验" in error["reason"]
    assert error["remedy"].startswith("更正")


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("", "empty"),
        ("application_number,colour", "'colour' is not known"),
        ("application_number,application_number", "there twice"),
        ("application_number", "holder_name is missing"),
    ],
)
def test_a_file_with_another_header_is_not_read(tmp_path: Path, header: str, says: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(header, encoding="utf-8")
    with pytest.raises(UnreadableFile, match=says):
        read_applications(path)


def test_the_command_imports_prints_progress_and_gives_its_exit_code(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = good_rows(3)
    rows[2]["pay_mode"] = "weekly"
    path = write_rows(tmp_path / "applications.csv", rows)
    assert run(["applications", str(path), "--as", "xu.lan"]) == 1
    printed = capsys.readouterr().out
    assert "3 rows: 2 taken in" in printed
    assert path.with_suffix(".errors.csv").exists()
    assert run(["applications", str(path), "--as", "qian.wei"]) == 2
    assert run(["applications", "--template"]) == 0
    header = capsys.readouterr().out.splitlines()[-2]
    path.write_text(header + "\n", encoding="utf-8")
    assert read_applications(path).rows == []


def test_a_busy_customer_is_reported_and_nothing_of_the_row_is_taken(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counterfoil.apps.acts.calls import ActRetry

    monkeypatch.setattr(chunk, "perform", lambda calls, *_, **__: [ActRetry(call) for call in calls])
    done = take(cast, tmp_path, good_rows(1))
    assert found(done) == {(2, "application_number", "busy")}
