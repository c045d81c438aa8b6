"""Parameters: the value that held on a day as it was known on a day, and files that say it exactly."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from counterfoil.core.kernel.parameters import (
    Brackets,
    Certainty,
    ParameterMissing,
    Parameters,
    ParameterValue,
    Unit,
)
from counterfoil.core.kernel.strict_files import StrictFileErrors

SHIPPED = Parameters.load(Path(__file__).parents[3] / "parameters")
TODAY = date(2026, 11, 22)


def version(value: int, valid_from: date, known_from: date) -> ParameterValue:
    return ParameterValue(
        name="x.days",
        value=value,
        unit=Unit.DAYS,
        source="test",
        certainty=Certainty.ASSUMPTION,
        valid_from=valid_from,
        known_from=known_from,
    )


# 30 days from 2020; raised to 40 from 2024, announced late; the figure of 2020 corrected to 31 in 2025.
THREE = Parameters(
    [
        version(30, date(2020, 1, 1), date(2020, 1, 1)),
        version(40, date(2024, 1, 1), date(2024, 3, 1)),
        version(31, date(2020, 1, 1), date(2025, 1, 1)),
    ]
)


@pytest.mark.parametrize(
    ("valid_on", "known_on", "expected"),
    [
        (date(2020, 1, 1), date(2020, 1, 1), 30),
        (date(2023, 12, 31), date(2024, 12, 31), 30),
        (date(2024, 1, 1), date(2024, 2, 29), 30),  # it held already, but nobody knew
        (date(2024, 1, 1), date(2024, 3, 1), 40),
        (date(2023, 6, 1), date(2025, 1, 1), 31),  # the correction
        (date(2024, 6, 1), date(2026, 1, 1), 40),  # a correction of the old value leaves the newer one
    ],
)
def test_a_value_is_the_last_begun_of_those_known(valid_on: date, known_on: date, expected: int) -> None:
    assert THREE.get("x.days", valid_on, known_on).number == expected


@pytest.mark.parametrize(
    ("name", "valid_on", "known_on"),
    [
        ("x.days", date(2019, 12, 31), TODAY),
        ("x.days", TODAY, date(2019, 12, 31)),
        ("y.days", TODAY, TODAY),
    ],
)
def test_a_value_that_does_not_hold_or_is_unknown_is_missed_by_name(
    name: str, valid_on: date, known_on: date
) -> None:
    with pytest.raises(ParameterMissing) as missing:
        THREE.get(name, valid_on, known_on)
    assert isinstance(missing.value, KeyError)
    assert name in str(missing.value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("contract.suicide_exclusion", 2),
        ("contract.limitation_life", 5),
        ("claims.denial_letter", 3),
        ("claims.payment", 10),
        ("servicing.surrender_payout", 30),
        ("servicing.accept", 2),
    ],
)
def test_the_shipped_figures_of_the_law_are_those_of_its_text(name: str, expected: int) -> None:
    found = SHIPPED.get(name, TODAY, TODAY)
    assert (found.number, found.certainty) == (expected, Certainty.LAW)


def test_the_threshold_for_claims_of_other_contracts_changed_on_1_january_2026() -> None:
    name = "identification.other_claim_threshold"
    assert SHIPPED.get(name, date(2025, 12, 31), TODAY).decimal == Decimal("10000.00")
    assert SHIPPED.get(name, date(2026, 1, 1), TODAY).decimal == Decimal("50000.00")


@pytest.mark.parametrize(("age", "cap"), [(0, "200000"), (9, "200000"), (10, "500000"), (17, "500000")])
def test_a_minors_death_cap_steps_at_ten(age: int, cap: str) -> None:
    table = SHIPPED.get("contract.minor_death_cap", TODAY, TODAY).brackets
    assert table.at(age) == Decimal(cap)
    assert table.at(18) is None


def test_no_automatic_acceptance_of_a_minor_is_above_the_laws_cap() -> None:
    cap = SHIPPED.get("contract.minor_death_cap", TODAY, TODAY).brackets
    limit = SHIPPED.get("underwriting.automatic_acceptance_limit", TODAY, TODAY).brackets
    for age in range(18):
        allowed, accepted = cap.at(age), limit.at(age)
        assert allowed is not None
        assert accepted is not None
        assert accepted <= allowed


def test_every_shipped_value_names_a_source_and_company_figures_are_marked_as_demonstration() -> None:
    for name in SHIPPED.names():
        for value in SHIPPED.history(name):
            assert len(value.source) > 10, name
            if name.startswith("underwriting."):
                assert value.certainty in (Certainty.MEMORY, Certainty.ASSUMPTION)


def test_a_table_has_nothing_below_its_first_step() -> None:
    with pytest.raises(ValueError):
        Brackets((0, 10), (Decimal(1), None)).at(-1)


def test_a_value_is_read_only_as_what_its_unit_says() -> None:
    days = THREE.get("x.days", TODAY, TODAY)
    table = SHIPPED.get("contract.minor_death_cap", TODAY, TODAY)
    with pytest.raises(TypeError):
        _ = days.decimal
    with pytest.raises(TypeError):
        _ = table.number
    with pytest.raises(TypeError):
        _ = days.brackets


def test_values_stored_with_an_act_come_back_equal() -> None:
    for name in SHIPPED.names():
        for value in SHIPPED.history(name):
            assert msgspec.json.decode(msgspec.json.encode(value), type=ParameterValue) == value


ENTRY = """\
- name: {name}
  unit: {unit}
  meaning: for the test
  values:
    - value: {value}
      valid_from: 2020-01-01
      known_from: 2020-01-01
      source: test
      certainty: assumption
"""


def load(tmp_path: Path, **files: str) -> Parameters:
    for folder_and_name, text in files.items():
        file = tmp_path / folder_and_name.replace("__", "/")
        file.parent.mkdir(exist_ok=True)
        file.with_suffix(".yaml").write_text(text, encoding="utf-8")
    return Parameters.load(tmp_path)


def errors_of(tmp_path: Path, **files: str) -> list[str]:
    with pytest.raises(StrictFileErrors) as refused:
        load(tmp_path, **files)
    return [f"{Path(error.file).name}:{error.line} {error.message}" for error in refused.value.errors]


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        ("yuan", "10000.5", Decimal("10000.50")),
        ("ratio", "0.8", Decimal("0.8")),
        ("days", "30", 30),
        ("yuan_by_age", "{0: 1.00, 18: null}", Brackets((0, 18), (Decimal("1.00"), None))),
    ],
)
def test_the_unit_decides_the_type_of_the_value(
    tmp_path: Path, unit: str, value: str, expected: object
) -> None:
    parameters = load(tmp_path, law__x=ENTRY.format(name="x.y", unit=unit, value=value))
    found = parameters.get("x.y", TODAY, TODAY).value
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("yuan", "1.005"),
        ("yuan", "-1.00"),
        ("days", "1.5"),
        ("days", "{0: 1}"),
        ("yuan_by_age", "5"),
        ("yuan_by_age", "{10: 1.00}"),
        ("yuan_by_age", "{0: 1.00, 20: 1.00, 10: 1.00}"),
    ],
)
def test_a_value_that_does_not_fit_its_unit_is_refused_at_its_line(
    tmp_path: Path, unit: str, value: str
) -> None:
    first = ENTRY.format(name="x.fits", unit="days", value=1)
    (error,) = errors_of(tmp_path, law__x=first + ENTRY.format(name="x.y", unit=unit, value=value))
    assert error.startswith("x.yaml:10 the value valid from 2020-01-01:")


def test_errors_of_all_files_come_together(tmp_path: Path) -> None:
    errors = errors_of(
        tmp_path,
        law__x=ENTRY.format(name="y.days", unit="days", value=1),
        company__z=ENTRY.format(name="z.days", unit="dayz", value=1),
    )
    assert len(errors) == 2
    assert "x.yaml:1 the name of a parameter in this file begins with 'x.'" in errors
    assert any(error.startswith("z.yaml:2 ") and "did you mean 'days'?" in error for error in errors)


def test_one_parameter_is_in_one_place_only(tmp_path: Path) -> None:
    entry = ENTRY.format(name="x.days", unit="days", value=1)
    (error,) = errors_of(tmp_path, law__x=entry, company__x=entry)
    assert "the parameter is already in" in error
    (tmp_path / "company" / "x.yaml").unlink()
    (error,) = errors_of(tmp_path, law__x=entry + entry)
    assert error.startswith("x.yaml:10 the parameter is already in")


def test_two_values_of_the_same_days_are_refused(tmp_path: Path) -> None:
    entry = ENTRY.format(name="x.days", unit="days", value=1)
    twice = entry + entry[entry.index("    - value") :]
    (error,) = errors_of(tmp_path, law__x=twice)
    assert "no two of the same valid_from and known_from" in error


def test_a_folder_without_files_is_no_set_of_parameters(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Parameters.load(tmp_path)
