"""Contracts of cash flows for the tests: random ones of every kind of benefit, small ones by hand."""

from decimal import Decimal

from hypothesis import strategies as st

from counterfoil.core.actuarial.contract import Combine, Contract, Cover
from counterfoil.core.actuarial.survival import DeathTiming

D = Decimal


def rates(most: str, places: int = 4) -> st.SearchStrategy[Decimal]:
    """Fractions from 0 to `most`, with that many places."""
    return st.decimals(min_value=D(0), max_value=D(most), places=places, allow_nan=False)


def amounts(most: int) -> st.SearchStrategy[Decimal]:
    """Whole amounts from 0 to `most`."""
    return st.integers(0, most).map(D)


@st.composite
def contracts(draw: st.DrawFn, *, of_premiums: bool = True, of_value: bool = True) -> Contract:
    """A contract of 1 to 12 years with one or two decrements; its premium exists."""
    years = draw(st.integers(1, 12))
    paying = draw(st.integers(1, years))

    def vector(entries: st.SearchStrategy[Decimal], length: int = years) -> tuple[Decimal, ...]:
        return tuple(draw(st.lists(entries, min_size=length, max_size=length)))

    covers = [
        Cover(
            rates=vector(rates("0.2")),
            fixed=vector(amounts(20_000)) if number == 0 or draw(st.booleans()) else (),
            of_premiums=vector(rates("1.6", 2)) if of_premiums and draw(st.booleans()) else (),
            of_value=vector(rates("1", 2)) if of_value and draw(st.booleans()) else (),
            combine=draw(st.sampled_from(Combine)),
            timing=draw(st.sampled_from(DeathTiming)),
        )
        for number in range(draw(st.integers(1, 2)))
    ]
    return Contract(
        years=years,
        covers=tuple(covers),
        premium_weights=(D(1), *vector(rates("1", 2), paying - 1)),
        loadings=vector(rates("0.3", 2), paying),
        at_start=vector(amounts(500)) if draw(st.booleans()) else (),
        at_end=vector(amounts(10_000)) if draw(st.booleans()) else (),
        costs=vector(amounts(100)) if draw(st.booleans()) else (),
        maturity_of_premiums=draw(rates("0.3", 2)) if of_premiums else D(0),
    )


INTEREST = rates("0.08")


def level(
    q: list[str],
    benefit: int,
    paying: int,
    *,
    endowment: int = 0,
    timing: DeathTiming = DeathTiming.END_OF_YEAR,
) -> Contract:
    """A level sum at death and, with `endowment`, at maturity, for level premiums without loadings."""
    years = len(q)
    return Contract(
        years=years,
        covers=(Cover(rates=tuple(map(D, q)), fixed=(D(benefit),) * years, timing=timing),),
        premium_weights=(D(1),) * paying,
        loadings=(D(0),) * paying,
        at_end=(D(0),) * (years - 1) + (D(endowment),),
    )
