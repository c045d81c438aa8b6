"""Decides what is sold, new or as a renewal: every combination of sex, plan, choices and issue age under the limits."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

from msgspec import Struct

from counterfoil.core.product.definition import Terms
from counterfoil.core.product.plans import Plan

PERSONAL = frozenset(
    {"issue_age", "term", "term_years", "pay_mode", "pay_years", "policy_year", "attained_age", "renewal"}
)
UNBOUNDED = frozenset({"sum_assured", "premium"})
"""Dimensions of money: what is sold cannot be listed by them."""

AgesOf = Callable[[str, Plan, Mapping[str, str]], Sequence[int]]
"""sex, plan and choices -> the issue ages that they are sold at."""


class Sold(Struct, frozen=True):
    """One combination sold, as far as a table can be keyed by it."""

    sex: str
    plan: Plan
    choices: Mapping[str, str]
    issue_age: int
    term_years: int
    renewal: bool = False

    def facts(self) -> dict[str, str]:
        """What a table is looked up by, as text."""
        return {
            "sex": self.sex,
            "issue_age": str(self.issue_age),
            "term": self.plan.term,
            "term_years": str(self.term_years),
            "pay_mode": self.plan.base_mode.value,
            "pay_years": pay_years_text(self.plan),
            "renewal": yes_or_no(self.renewal),
            **self.choices,
        }


def yes_or_no(holds: bool) -> str:
    """A fact that holds or not, as tables write it."""
    return "yes" if holds else "no"


def pay_years_text(plan: Plan) -> str:
    """Years of paying as tables write them: the number, or the code of a plan that hangs on age."""
    return str(plan.pay_years or plan.paying)


def stated_ages(terms: Terms, sex: str, plan: Plan, choices: Mapping[str, str]) -> list[int]:
    """The issue ages of new contracts by lives, plan and limits, whatever the tables hold."""
    return [age for age in terms.lives.issue_ages if sold_at(terms, sex, plan, age, choices)]


def renewal_ages(terms: Terms, sex: str, plan: Plan, choices: Mapping[str, str]) -> list[int]:
    """The ages at which a renewal begins; none where the product does not state them."""
    if renewal_age_max(terms) is None:
        return []
    ages = range(terms.lives.issue_age_min, (renewal_age_max(terms) or 0) + 1)
    return [age for age in ages if sold_at(terms, sex, plan, age, choices, renewal=True)]


def renewal_age_max(terms: Terms) -> int | None:
    """The highest age at which a renewal begins, None where it is not stated apart."""
    return terms.renewal.issue_age_max if terms.renewal is not None else None


def sold_at(
    terms: Terms, sex: str, plan: Plan, age: int, choices: Mapping[str, str], *, renewal: bool = False
) -> bool:
    """True when a plan is sold to this sex at this issue age, by lives, plan and limits.

    A renewal goes on beyond the ages of new contracts, those of the plan too, up to its own highest age.
    """
    lives = terms.lives
    last = renewal_age_max(terms) if renewal else None
    highest = last if last is not None else min(lives.issue_age_max, plan.issue_age_max or 999)
    return (
        sex in lives.sexes
        and (not plan.sexes or sex in plan.sexes)
        and max(lives.issue_age_min, plan.issue_age_min or 0) <= age <= highest
        and _within(terms, plan, age, choices)
    )


def _within(terms: Terms, plan: Plan, age: int, choices: Mapping[str, str]) -> bool:
    term = plan.term_years_at(age, terms.lives.whole_life_to_age)
    paying = plan.pay_years_at(age, terms.lives.whole_life_to_age)
    if term < 1 or not 1 <= paying <= term:
        return False
    years = {"issue_age": age, "term_years": term, "pay_years": paying}
    for limit in terms.lives.limits:
        most = limit.at_most if isinstance(limit.at_most, int) else int(choices.get(limit.at_most, 999))
        if sum(years[name] for name in limit.sum_of) > most:
            return False
    return True


def base_plans(terms: Terms) -> tuple[Plan, ...]:
    """Plans as tables tell them apart: instalments of any kind stand under their yearly plan."""
    found: dict[tuple[str, str, str], Plan] = {}
    for plan in terms.plans:
        found.setdefault((plan.term, plan.base_mode.value, str(plan.paying)), plan)
    return tuple(found.values())


def sold(terms: Terms, ages_of: AgesOf, choices: Sequence[str] = ()) -> Iterator[Sold]:
    """Every combination sold, told apart by these choices and those that limit ages."""
    limiting = {limit.at_most for limit in terms.lives.limits if isinstance(limit.at_most, str)}
    chosen = [one for one in terms.named_values if one.code in limiting or one.code in choices]
    for plan in base_plans(terms):
        for sex in terms.lives.sexes:
            for values in product(*(one.for_sex(sex) for one in chosen)):
                picked = {one.code: value for one, value in zip(chosen, values, strict=True)}
                ages = [(age, False) for age in ages_of(sex, plan, picked)]
                ages += [(age, True) for age in renewal_ages(terms, sex, plan, picked)]
                for age, renewal in ages:
                    term = plan.term_years_at(age, terms.lives.whole_life_to_age)
                    yield Sold(sex.value, plan, picked, age, term, renewal)


def wanted_keys(terms: Terms, dimensions: Sequence[str], ages_of: AgesOf) -> Iterator[tuple[str, ...]]:
    """Every key that a table with these dimensions needs for what is sold; some come more than once."""
    own = {one.code for one in terms.named_values}
    classes = (
        [str(one) for one in terms.lives.occupation_classes] if "occupation_class" in dimensions else [""]
    )
    for base in _bases(terms, dimensions, ages_of, [name for name in dimensions if name in own]):
        for occupation in classes:
            facts = base | {"occupation_class": occupation}
            if "policy_year" in dimensions:
                for year in range(1, int(facts["term_years"]) + 1):
                    yield _key(dimensions, facts | {"policy_year": str(year)})
            elif "attained_age" in dimensions:
                for passed in range(int(facts["term_years"])):
                    yield _key(dimensions, facts | {"attained_age": str(int(facts["issue_age"]) + passed)})
            else:
                yield _key(dimensions, facts)


def _bases(
    terms: Terms, dimensions: Sequence[str], ages_of: AgesOf, choices: Sequence[str]
) -> Iterator[dict[str, str]]:
    if PERSONAL & set(dimensions):
        for one in sold(terms, ages_of, choices):
            yield one.facts()
        return
    chosen = [one for one in terms.named_values if one.code in choices]
    for sex in terms.lives.sexes:
        for values in product(*(one.for_sex(sex) for one in chosen)):
            yield {"sex": sex.value, **{one.code: v for one, v in zip(chosen, values, strict=True)}}


def _key(dimensions: Sequence[str], facts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(facts[name] for name in dimensions)
