"""Decides the tables of values by formula for every combination of a product: cells at once, exact where in doubt."""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from counterfoil.core.actuarial.book import Places, ValueTable
from counterfoil.core.actuarial.cash_value import (
    CashValueRule,
    cash_values_by_rule,
    on_rule,
    release_factor,
    release_factors,
)
from counterfoil.core.actuarial.cells import Rounded, cells_of, premiums, released, rounded, values
from counterfoil.core.actuarial.compiled import Floats
from counterfoil.core.actuarial.contract import Contract
from counterfoil.core.actuarial.recursion import NoPremium, RefersTo


class FormulaTables(NamedTuple):
    """PVR_t and MCV_t of every combination, rounded per unit; `decided_exactly` cells were settled in Decimal."""

    policy_values: ValueTable
    cash_values: ValueTable
    decided_exactly: int


def tabulate(
    contracts: Mapping[Hashable, Contract],
    rule: CashValueRule,
    *,
    per: Decimal,
    how: Places,
    charged: Mapping[Hashable, Decimal] | None = None,
) -> FormulaTables:
    """Policy values and minimum cash values for t = 0..n, as `cash_values_by_rule` gives them, rounded by `how`.

    The contracts are per `per` yuan of sum assured. charged: what the customer pays, where benefits count premiums.
    Raises NoPremium with the key of a contract that no premium pays for.
    """
    keys = list(contracts)
    plain = [on_rule(contracts[key], rule) for key in keys]
    paid = [None if charged is None else charged[key] for key in keys]
    refers = [
        RefersTo(paid=amount, releases=release_factors(contract, rule))
        for contract, amount in zip(plain, paid, strict=True)
    ]
    cells = cells_of(plain, [rule.interest] * len(plain), refers)
    premium = premiums(cells)
    if np.isnan(premium).any():
        raise NoPremium(f"no premium for {keys[int(np.flatnonzero(np.isnan(premium))[0])]}")
    found = values(cells, premium)
    at_issue = np.array(
        [
            float(release_factor(rule.first_release, rule.years_to_full_release, contract.premium_years, 0))
            for contract in plain
        ]
    )

    def exactly(cell: int, what: str) -> Sequence[Decimal]:
        known = cash_values_by_rule(contracts[keys[cell]], rule, paid[cell])
        return known.policy_values if what == "policy" else known.cash_values

    def table(amounts: Floats, what: str) -> tuple[ValueTable, Rounded]:
        units = rounded(amounts, how.places, how.rule, lambda cell: exactly(cell, what))
        rows = {key: place for place, key in enumerate(keys)}
        return ValueTable(rows, units.units, cells.years, how.places, int(per)), units

    policy, first = table(found, "policy")
    cash, second = table(released(cells, found, at_issue), "cash")
    return FormulaTables(policy, cash, first.decided_exactly + second.decided_exactly)
