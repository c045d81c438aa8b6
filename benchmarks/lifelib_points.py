"""Reads what modelx_side.py wrote: lifelib's tables and model points, for our descriptions of the same products."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from counterfoil.core.actuarial.projection import ProjectionBasis
from counterfoil.core.actuarial.projection_arrays import (
    ModelPoints,
    PremiumRateTable,
    ProjectionTables,
    SelectTable,
    project,
)
from counterfoil.core.kernel.strict_files import load_yaml

PRODUCTS = Path(__file__).parent / "products"


def given(name: str, folder: Path) -> tuple[Callable[..., Any], ModelPoints, dict[str, Any]]:
    """A projection of the points (all of them by default), the points, and what modelx makes of them."""
    basis = load_yaml(PRODUCTS / f"{name}.yaml", ProjectionBasis)
    with np.load(folder / f"{name}.npz") as held:
        values = dict(held)
    tables = ProjectionTables(
        mortality={"mortality": SelectTable(int(values["first_age"]), values["mortality"])},
        curves={curve: values[curve] for curve in ("zero_spot", "investment") if curve in values},
        premium_rates={
            "premium": PremiumRateTable(int(values["premium_first_age"]), 1, values["premium_rates"])
        }
        if "premium_rates" in values
        else {},
    )
    nothing = np.zeros(len(values["plan"]))
    points = ModelPoints(
        plan=values["plan"],
        sex=values["sex"],
        issue_age=values["age_at_entry"],
        term_years=values["policy_term"],
        duration_months=values["duration_mth"],
        lives=values["policy_count"].astype(float),
        sum_assured=values["sum_assured"].astype(float),
        premium=values.get("premium", nothing),
        account=values.get("account", nothing),
    )
    wanted = {key.removeprefix("pv "): held for key, held in values.items() if key.startswith("pv ")}
    return lambda some=points: project(basis, tables, some), points, wanted
