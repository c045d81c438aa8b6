"""`counterfoil product` tells of every fault and exits by it."""

import shutil
from pathlib import Path

import pytest

from counterfoil.commands.product import run

FOLDER = Path(__file__).parents[2] / "products" / "611005"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "611005"))


def test_a_sound_folder_exits_with_0_and_says_how_the_tables_agree(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["check", str(FOLDER)]) == 0
    out = capsys.readouterr().out
    assert "premiums by the basis: 322 of 330 equal, 330 within a last digit" in out
    assert out.endswith(f"{FOLDER}: no fault\n")


def test_without_a_folder_every_product_of_the_installation_is_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["check"]) == 0
    assert f"{FOLDER}: no fault" in capsys.readouterr().out


def test_faults_go_to_standard_error_with_their_place_and_the_exit_code_is_1(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copy / "cash_values_computed.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("M,38,5,single,1,1,63.67,", "M,38,5,single,1,1,63.68,")
    )
    assert run(["check", str(copy)]) == 1
    captured = capsys.readouterr()
    assert f"{path}:3: M 38, 5 years, single 1, year 1: stated 63.68" in captured.err
    assert captured.out.endswith("1 fault\n")


def test_fill_restores_the_table_of_computed_values(copy: Path) -> None:
    path = copy / "cash_values_computed.csv"
    path.unlink()
    assert run(["check", str(copy)]) == 1
    assert run(["fill", str(copy)]) == 0
    assert path.read_bytes() == (FOLDER / path.name).read_bytes()
    assert run(["check", str(copy)]) == 0


def test_fill_without_a_basis_says_so_and_writes_nothing(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (copy / "cash_values_computed.csv").read_bytes()
    (copy / "basis.yaml").write_text("status: fitted\n", encoding="utf-8")
    assert run(["fill", str(copy)]) == 1
    assert "basis.yaml:1: loadings: the key is missing" in capsys.readouterr().err
    assert (copy / "cash_values_computed.csv").read_bytes() == before


def test_fill_takes_the_columns_of_a_filed_table_that_check_takes(copy: Path) -> None:
    filed = copy / "cash_values.csv"
    head, *rows = filed.read_text(encoding="utf-8").splitlines()
    filed.write_text(
        "\n".join([f"{head},unit,note", *(f"{row},yuan," for row in rows), ""]), encoding="utf-8"
    )
    (copy / "cash_values_computed.csv").unlink()
    assert run(["fill", str(copy)]) == 0
    assert run(["check", str(copy)]) == 0


def test_an_illustration_shows_the_years_that_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    folder = FOLDER.parent / "121006"
    printed = [
        line.split(",")[0] for line in (folder / "example.csv").read_text(encoding="utf-8").splitlines()[1:]
    ]
    assert run(["illustrate", str(folder)]) == 0
    shown = [line.split()[0] for line in capsys.readouterr().out.splitlines()[2:-1]]
    assert shown == printed


@pytest.mark.parametrize("rate", ["3", "three", "-0.01", "NaN"])
def test_a_rate_that_is_no_fraction_is_refused_with_an_example(
    rate: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(["illustrate", str(FOLDER.parent / "131005"), f"--credited-rate={rate}"])
    assert f"the rate is a fraction such as 0.03 for 3 %, not '{rate}'" in capsys.readouterr().err


def test_an_illustration_of_an_account_says_the_rate_that_it_assumes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = str(FOLDER.parent / "131005")
    run(["illustrate", folder, "--credited-rate", "0.03"])
    assert "credited 3.00 %, not guaranteed (guaranteed: 1.5" in capsys.readouterr().out
    run(["illustrate", folder, "--credited-rate", "0.01"])
    assert "(more than the 1.00 % asked for)" in capsys.readouterr().out
