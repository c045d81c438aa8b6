"""Decides the values per unit of one combination under a basis and its changes: policy value, statutory reserve.

Basis: docs/actuarial.md (policy value and reserve, rules 2.2 and 2.5). A change of basis values anew by the same rules:
net premiums and G' are solved again; the charged premium, the filed cash value and the sum stay what they are.
"""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct, structs

from counterfoil.core.actuarial.basis import Basis, Quotients
from counterfoil.core.actuarial.cash_value import cash_values_by_rule
from counterfoil.core.actuarial.contract import Contract
from counterfoil.core.actuarial.reserve import Reserves, reserves
from counterfoil.core.actuarial.survival import exact
from counterfoil.core.kernel.money import round_to
from counterfoil.core.product.tables import RateKey

METHOD = 2
"""Of the way book values come about; a change that moves a figure raises it, and runs name it."""

_NOTHING, _ONE = Decimal(0), Decimal(1)


class Scenario(Struct, frozen=True, kw_only=True):
    """A change of basis: `interest_shift` is added to every yearly rate, `mortality` multiplies every q (at most 1)."""

    code: str
    interest_shift: Decimal = _NOTHING
    mortality: Decimal = _ONE


SCENARIOS = (
    Scenario(code="base"),
    Scenario(code="interest_up", interest_shift=Decimal("0.005")),
    Scenario(code="interest_down", interest_shift=Decimal("-0.005")),
    Scenario(code="mortality_up", mortality=Decimal("1.1")),
    Scenario(code="mortality_down", mortality=Decimal("0.9")),
)
"""The basis itself, interest 50 basis points up and down, mortality a tenth up and down; base is always first."""


class UnitValues(Struct, frozen=True, kw_only=True):
    """Values of one combination per unit of sum assured, rounded as filed values are.

    `policy`: PVR_t for t = 0..n. `starts`: the reserve at the start of policy years 1..n once the year's premium is
    there; `ends`: at their end. Neither has the floor of the cash value, which is a policy's own, on its day.
    """

    policy: tuple[Decimal, ...]
    starts: tuple[Decimal, ...]
    ends: tuple[Decimal, ...]


def changed(basis: Basis, scenario: Scenario) -> Basis:
    """The basis with the scenario's interest and mortality."""
    shift = scenario.interest_shift
    with exact():
        q = {key: min(_ONE, rate * scenario.mortality) for key, rate in basis.q.items()}
        stated = structs.replace(
            basis.stated,
            pricing_interest=basis.stated.pricing_interest + shift,
            cash_value_interest=basis.stated.cash_value_interest + shift,
        )
    return structs.replace(basis, stated=stated, q=q)


def valuation_interest(basis: Basis, cap: Decimal) -> Decimal:
    """The yearly rate of the statutory reserve: pricing interest, at most the law's cap (rules 2.1)."""
    return min(basis.stated.pricing_interest, cap)


def unit_values(
    basis: Basis,
    key: RateKey,
    *,
    per: Decimal,
    cap: Decimal,
    charged: Decimal | None,
    scenario: Scenario,
    reserve_q: Quotients | None = None,
) -> UnitValues:
    """Values of a combination per `per` yuan of sum assured.

    cap: the law's cap of the valuation rate; the scenario shifts the rate after it. charged: the yearly premium per
    unit, for the deficiency. reserve_q: the law's life table for the reserve; None: that of the basis. Raises
    KeyError for a combination that the basis does not have.
    """
    base_rate = valuation_interest(basis, cap)
    moved = changed(basis, scenario)
    contract = moved.contract(key, per)
    rate = base_rate + scenario.interest_shift
    reserved = contract
    if reserve_q is not None:
        reserved = changed(structs.replace(basis, q=reserve_q), scenario).contract(key, per)
    found = reserves(reserved, rate, charged=charged)
    policy = cash_values_by_rule(contract, moved.cash_value_rule).policy_values
    how = basis.stated.cash_value

    def rounded(values: Sequence[Decimal]) -> tuple[Decimal, ...]:
        return tuple(round_to(value, how.places, how.rule) for value in values)

    starts, ends = within_years(reserved, rate, found)
    return UnitValues(policy=rounded(policy), starts=rounded(starts), ends=rounded(ends))


def within_years(contract: Contract, rate: Decimal, found: Reserves) -> tuple[list[Decimal], list[Decimal]]:
    """What the reserve runs between in policy years 1..n: I_t = V_{t-1} + π_t + v p D_t and V_t + D_t, unrounded.

    π_1 = α w_1, later β w_t: the net premium of the year (Bowers et al., ch. 7.8, interim reserves); D_t is the
    deficiency at the end of year t, which at its start is worth v p D_t.
    """
    with exact():
        v = 1 / (1 + rate)
        starts, ends = [], []
        for t, stay in enumerate(contract.stays()):
            weight = contract.premium_weights[t] if t < contract.premium_years else _NOTHING
            net = (found.premiums.first if t == 0 else found.premiums.renewal) * weight
            starts.append(found.method[t] + net + v * stay * found.deficiency[t + 1])
            ends.append(found.method[t + 1] + found.deficiency[t + 1])
    return starts, ends
