"""The compiled projection gives, to the cent, what a month-by-month Decimal calculation gives for each point."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.core.actuarial.lifetable import AgeOutsideTable
from counterfoil.core.actuarial.projection import (
    AccountTerms,
    MonthlyRate,
    PlanTerms,
    PremiumTerms,
    ProjectionBasis,
    SexTable,
    Spending,
)
from counterfoil.core.actuarial.projection_arrays import (
    ModelPoints,
    PremiumRateTable,
    Projected,
    ProjectionTables,
    SelectTable,
    project,
)
from counterfoil.core.actuarial.projection_kernels import FLOWS
from counterfoil.core.kernel.strict_files import StrictFileErrors, load_yaml
from tests.core.actuarial.contracts import rates
from tests.core.actuarial.projected import project_point

D = Decimal
AGES, YEARS = range(30, 40), 6
PRODUCTS = Path(__file__).parents[3] / "benchmarks" / "products"
COLUMNS = ModelPoints._fields


@st.composite
def plans(draw: st.DrawFn, number: int) -> PlanTerms:
    vector = st.lists(rates("1", 2), min_size=1, max_size=3).map(tuple)
    premium = PremiumTerms(
        months_between=draw(st.sampled_from([0, 1, 3, 12])),
        pay_years=draw(st.none() | st.integers(1, 3)),
    )
    shared: dict[str, Any] = {
        "code": str(number), "premium": premium, "commission_of_premium": draw(vector), "death": draw(vector)
    }  # fmt: skip
    if draw(st.booleans()):
        return PlanTerms(
            **shared, surrender=draw(vector), survival=draw(vector), maturity=draw(rates("1", 2))
        )
    account = AccountTerms(
        premium_load=draw(rates("0.1", 2)),
        fee_yearly=draw(rates("0.02")),
        risk_multiple=draw(rates("2", 1)),
        credited="credited",
        surrender_charge=draw(vector),
    )
    return PlanTerms(**shared, account=account)


@st.composite
def books(draw: st.DrawFn) -> tuple[ProjectionBasis, dict[str, Any], list[dict[str, Decimal]]]:
    basis = ProjectionBasis(
        name="random",
        mortality=(SexTable(sex="M", table="men"), SexTable(sex="F", table="women")),
        mortality_multiple=draw(st.sampled_from([D(1), D("1.5")])),
        mortality_monthly=draw(st.sampled_from(MonthlyRate)),
        lapses=tuple(draw(st.lists(rates("0.3"), min_size=1, max_size=3))),
        lapses_monthly=draw(st.sampled_from(MonthlyRate)),
        spending=Spending(at_issue=D(300), yearly=D(60), inflation_yearly=draw(rates("0.03"))),
        spot_curve="spot",
        plans=tuple(draw(plans(number)) for number in range(2)),
    )
    tables: dict[str, Any] = {
        name: {(age, since): draw(rates("0.2")) for age in AGES for since in (0, 1)}
        for name in ("men", "women")
    }
    tables["spot"] = draw(st.lists(rates("0.05"), min_size=YEARS, max_size=YEARS))
    tables["credited"] = [draw(rates("0.01")) - D("0.002") for _ in range(12)] * YEARS
    points = draw(st.lists(_points(), min_size=1, max_size=8))
    return basis, tables, points


@st.composite
def _points(draw: st.DrawFn) -> dict[str, Decimal]:
    term = draw(st.integers(1, 3))
    return {
        "plan": D(draw(st.integers(0, 1))),
        "sex": D(draw(st.integers(0, 1))),
        "issue_age": D(draw(st.integers(30, 35))),
        "term_years": D(term),
        "duration_months": D(draw(st.integers(-5, 12 * term))),
        "lives": D(draw(st.integers(1, 3))),
        "sum_assured": D(draw(st.integers(0, 100_000))),
        "premium": D(draw(st.integers(0, 5_000))),
        "account": D(draw(st.integers(0, 10_000))),
    }


@settings(max_examples=60, deadline=None)
@given(books())
def test_the_book_and_the_month_by_month_measure_agree_to_the_cent(
    book: tuple[ProjectionBasis, dict[str, Any], list[dict[str, Decimal]]],
) -> None:
    basis, tables, points = book
    found = _run(basis, tables, points)
    for place, point in enumerate(points):
        expected = project_point(
            basis,
            basis.plans[int(point["plan"])],
            tables["men" if point["sex"] == 0 else "women"],
            tables["spot"],
            tables["credited"],
            point,
        )
        for name in FLOWS:
            assert abs(D(float(found.column(name)[place])) - expected[name]) < D("1e-6"), name


def test_points_that_are_alike_are_projected_once_and_scaled() -> None:
    basis, tables, points = _small()
    twice = _run(basis, tables, [{**points[0], "sum_assured": D(5000) * (1 + n % 3)} for n in range(30)])
    assert twice.cells == 1
    alone = _run(basis, tables, [{**points[0], "sum_assured": D(15_000)}])
    assert twice.flows[2] == pytest.approx(alone.flows[0], rel=1e-14)


def test_the_net_value_is_income_less_outgo() -> None:
    basis, tables, points = _small()
    found = _run(basis, tables, points)
    outgo = sum(found.column(name) for name in FLOWS if name not in {"premiums", "income"})
    assert found.net() == pytest.approx(found.column("premiums") + found.column("income") - outgo)


def test_a_rated_premium_is_rounded_half_to_even() -> None:
    basis, tables, points = _small(rate_table="rates")
    rated = PremiumRateTable(first_age=30, first_term=1, rates=np.array([[np.nan, 0.000125]]))
    found = _run(basis, tables, [{**points[0], "sum_assured": D(100)}], rated)
    stated = _run(_small()[0], tables, [{**points[0], "sum_assured": D(100), "premium": D("0.01")}])
    assert found.column("premiums") == pytest.approx(stated.column("premiums"))
    with pytest.raises(ValueError, match="a premium rate is asked for that is not offered"):
        _run(basis, tables, [{**points[0], "term_years": D(1)}], rated)


@pytest.mark.parametrize(("age", "named"), [(29, 29), (39, 40)])
def test_an_age_outside_the_table_is_named(age: int, named: int) -> None:
    basis, tables, points = _small()
    with pytest.raises(AgeOutsideTable, match=f"life table men: no probability at age {named}"):
        _run(basis, tables, [{**points[0], "issue_age": D(age)}])


def test_a_curve_that_is_too_short_is_an_error() -> None:
    basis, tables, points = _small()
    with pytest.raises(ValueError, match="a projection of 24 months, the spot curve has 12"):
        _run(basis, tables | {"spot": [D("0.01")]}, points)


@pytest.mark.parametrize("name", ["basic_term", "cash_value"])
def test_the_descriptions_of_the_benchmark_are_read_strictly(name: str, tmp_path: Path) -> None:
    path = PRODUCTS / f"{name}.yaml"
    assert load_yaml(path, ProjectionBasis).plans
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(path.read_text(encoding="utf-8").replace("lapses:", "lapse:"), encoding="utf-8")
    with pytest.raises(StrictFileErrors, match="did you mean 'lapses'"):
        load_yaml(wrong, ProjectionBasis)


def test_an_account_pays_its_own_surrender() -> None:
    with pytest.raises(ValueError, match="an account pays maturity and surrender from itself"):
        PlanTerms(
            code="X",
            premium=PremiumTerms(),
            maturity=D(1),
            account=AccountTerms(premium_load=D(0), fee_yearly=D(0), risk_multiple=D(1), credited="c"),
        )


def _small(
    rate_table: str | None = None,
) -> tuple[ProjectionBasis, dict[str, Any], list[dict[str, Decimal]]]:
    basis = ProjectionBasis(
        name="small",
        mortality=(SexTable(sex="M", table="men"),),
        lapses=(D("0.1"), D("0.05")),
        spending=Spending(at_issue=D(300), yearly=D(60)),
        spot_curve="spot",
        plans=(PlanTerms(code="term", premium=PremiumTerms(rate_table=rate_table), maturity=D(1)),),
    )
    tables: dict[str, Any] = {"men": {(age, since): D("0.01") for age in AGES for since in (0, 1)}}
    tables |= {"women": tables["men"], "spot": [D("0.02")] * YEARS, "credited": [D(0)] * 12 * YEARS}
    values = (0, 0, 30, 2, 0, 1, 1000, 10, 0)
    return basis, tables, [{name: D(value) for name, value in zip(COLUMNS, values, strict=True)}]


def _run(
    basis: ProjectionBasis,
    tables: dict[str, Any],
    points: list[dict[str, Decimal]],
    rated: PremiumRateTable | None = None,
) -> Projected:
    whole = {"plan", "sex", "issue_age", "term_years", "duration_months"}
    return project(
        basis,
        ProjectionTables(
            mortality={name: _table(tables[name]) for name in ("men", "women")},
            curves={name: np.array([float(rate) for rate in tables[name]]) for name in ("spot", "credited")},
            premium_rates={} if rated is None else {"rates": rated},
        ),
        ModelPoints(
            *(
                np.array([float(point[name]) for point in points], dtype=np.int64 if name in whole else float)
                for name in COLUMNS
            )
        ),
    )


def _table(q: dict[tuple[int, int], Decimal]) -> SelectTable:
    return SelectTable(
        first_age=AGES[0], q=np.array([[float(q[age, since]) for since in (0, 1)] for age in AGES])
    )
