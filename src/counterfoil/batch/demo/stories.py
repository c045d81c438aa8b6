"""What befalls each policy of the demo: drawn from one seed, so that every stage of life is there."""

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random

from msgspec import Struct, structs

from counterfoil.batch.demo.organisation import COUNTIES, County
from counterfoil.batch.demo.people import Crowd, Person


class Fate(StrEnum):
    """How far a policy of the demo gets, or how it ends."""

    KEPT = "kept"  # renewed as due to the last day
    LAPSED = "lapsed"  # a renewal premium is not paid
    SURRENDERED = "surrendered"
    SURRENDER_WAITS = "surrender_waits"  # above authority, nobody has approved yet
    WITHDRAWN = "withdrawn"  # in the cooling-off period
    APPLIED = "applied"
    HEALTH_REFUSED = "health_refused"  # an answer that a person would have to judge
    ACCEPTANCE_WAITS = "acceptance_waits"  # sum above authority, nobody has approved yet
    ACCEPTED = "accepted"  # not paid yet
    PAID = "paid"  # the first premium lies in suspense
    ISSUED = "issued"  # not signed for yet
    DEATH_PAID = "death_paid"
    DEATH_REPORTED = "death_reported"
    DEATH_APPROVED = "death_approved"  # decided, not yet paid
    DEATH_DECISION_WAITS = "death_decision_waits"  # above authority
    DEATH_REJECTED = "death_rejected"  # died after the cover had lapsed
    DEATH_EXCLUDED = "death_excluded"  # suicide within two years: the value goes back


class Story(Struct, frozen=True, kw_only=True):
    """One policy: who, what, when, and its fate. ``kin`` are the insured's relatives with their relation, of whom the
    first ``named`` are beneficiaries."""

    number: int
    county: County
    holder: Person
    insured: Person
    relation: str
    kin: tuple[tuple[Person, str], ...]
    named: int
    applied_on: date
    sum_assured: Decimal
    term_years: int
    pay_mode: str
    pay_years: int
    fate: Fate
    years: int  # completed policy years when the fate comes
    changes: tuple[str, ...]
    new_mobile: str
    draw: Random


# Of a hundred policies; the rest is kept. Recent ones are applied for in the last weeks.
LONG_PAST = (
    (Fate.LAPSED, 9), (Fate.SURRENDERED, 8), (Fate.WITHDRAWN, 4), (Fate.HEALTH_REFUSED, 3), (Fate.DEATH_PAID, 2),
    (Fate.DEATH_REJECTED, 1), (Fate.DEATH_EXCLUDED, 1),
)  # fmt: skip
RECENT = (
    (Fate.APPLIED, 2), (Fate.ACCEPTANCE_WAITS, 2), (Fate.ACCEPTED, 2), (Fate.PAID, 2), (Fate.ISSUED, 3),
    (Fate.SURRENDER_WAITS, 1), (Fate.DEATH_REPORTED, 2), (Fate.DEATH_APPROVED, 1), (Fate.DEATH_DECISION_WAITS, 1),
)  # fmt: skip
IN_LAST_WEEKS = frozenset({Fate.APPLIED, Fate.ACCEPTANCE_WAITS, Fate.ACCEPTED, Fate.PAID, Fate.ISSUED})
OPEN_AT_THE_END = frozenset(
    {Fate.SURRENDER_WAITS, Fate.DEATH_REPORTED, Fate.DEATH_APPROVED, Fate.DEATH_DECISION_WAITS}
)
DEATHS = frozenset(fate for fate in Fate if fate.startswith("death"))
PLANS = ((10, "annual", 10), (10, "annual", 5), (5, "annual", 5), (10, "single", 1), (5, "single", 1))
SUMS = ("50000", "100000", "100000", "200000", "200000", "300000", "400000", "500000")
CHANGES = ("beneficiary", "contact", "back_dated", "undone")


def stories(seed: int, policies: int, since: date, until: date) -> list[Story]:
    """So many policies, spread over households of four counties, in an order without meaning."""
    draw = Random(seed)  # noqa: S311 - to be repeated, not to be secret
    crowd = Crowd(seed)
    fates = _fates(policies)
    draw.shuffle(fates)
    told: list[Story] = []
    while len(told) < policies:
        county = draw.choice(COUNTIES)
        anchor = _workday(since + timedelta(days=draw.randint(0, (until - since).days)))
        family = _family(crowd, county, anchor)
        days: set[date] = set()
        for _ in range(draw.choice((1, 1, 1, 2, 2, 3))):
            if len(told) == policies:
                break
            number = len(told)
            story = _story(number, fates[number], family, county, since, until, seed, crowd.mobile())
            while (
                story.applied_on in days
            ):  # one application of a family a day: its people are registered once
                story = structs.replace(story, applied_on=_workday(story.applied_on - timedelta(days=3)))
            days.add(story.applied_on)
            told.append(story)
    return told


def _fates(policies: int) -> list[Fate]:
    fates: list[Fate] = []
    for fate, percent in (*LONG_PAST, *RECENT):
        fates += [fate] * max(1, policies * percent // 100)
    return (fates + [Fate.KEPT] * policies)[:policies]


def _family(crowd: Crowd, county: County, on: date) -> dict[str, Person]:
    """A holder, a spouse of the other sex, a child and a parent."""
    draw = crowd.random
    sex = draw.choice("MF")
    other = "F" if sex == "M" else "M"
    holder = crowd.person(county.region, county.place, crowd.birthday(on, 26, 40), sex)
    spouse = crowd.person(
        county.region, county.place, holder.born + timedelta(days=draw.randint(-1500, 1500)), other
    )
    surname = holder.name[0] if sex == "M" else spouse.name[0]
    child = crowd.person(
        county.region,
        county.place,
        min(on, date(2018, 12, 1)) - timedelta(days=draw.randint(30, 3000)),
        draw.choice("MF"),
        surname,
    )
    child.mobile, child.occupation = "", ("8000001", 1)
    parent = crowd.person(
        county.region,
        county.place,
        holder.born - timedelta(days=draw.randint(9000, 11000)),
        draw.choice("MF"),
    )
    return {"holder": holder, "spouse": spouse, "child": child, "parent": parent}


def _story(
    number: int,
    fate: Fate,
    family: dict[str, Person],
    county: County,
    since: date,
    until: date,
    seed: int,
    new_mobile: str,
) -> Story:
    draw = Random(seed * 100003 + number)  # noqa: S311 - a life of its own, whatever the others draw
    own = draw.random() < 0.75
    holder = family["holder"]
    insured = holder if own else family["spouse"]
    term, mode, pay_years = draw.choice(PLANS)
    if fate in (Fate.SURRENDER_WAITS, Fate.DEATH_EXCLUDED):
        term, mode, pay_years = (
            10,
            "single",
            1,
        )  # the plan with a value: above a county's authority, never nothing
    elif fate in (Fate.LAPSED, Fate.DEATH_REJECTED):
        term, mode, pay_years = 10, "annual", 10
    years = draw.randint(1, 4) if fate is not Fate.DEATH_EXCLUDED else 1
    if fate in IN_LAST_WEEKS:
        applied = until - timedelta(days=draw.randint(3, 20) + (14 if fate is Fate.ISSUED else 0))
    else:
        span = (until - since).days
        latest = span - years * 366 - 60
        applied = since + timedelta(days=draw.randint(10, max(20, latest)))
        if fate in OPEN_AT_THE_END:
            applied = until - timedelta(days=years * 365 + draw.randint(70, 300))
    sums = {
        Fate.DEATH_PAID: ("50000", "100000"),
        Fate.DEATH_APPROVED: ("100000",),
        Fate.ACCEPTANCE_WAITS: ("400000", "500000"),
        Fate.SURRENDER_WAITS: ("300000",),
        Fate.DEATH_DECISION_WAITS: ("200000", "300000"),
    }
    amount = Decimal(draw.choice(sums.get(fate, SUMS)))
    return Story(
        number=number,
        county=county,
        holder=holder,
        insured=insured,
        relation="self" if own else "spouse",
        kin=_kin(family, own),
        named=draw.choice((1, 1, 2, 2, 3, 0)),
        applied_on=_workday(applied),
        sum_assured=amount,
        term_years=term,
        pay_mode=mode,
        pay_years=pay_years,
        fate=fate,
        years=years,
        changes=tuple(draw.sample(CHANGES, draw.choice((0, 0, 0, 1, 1, 2)))),
        new_mobile=new_mobile,
        draw=draw,
    )


def _kin(family: dict[str, Person], own: bool) -> tuple[tuple[Person, str], ...]:
    mate = family["spouse"] if own else family["holder"]
    return ((mate, "spouse"), (family["child"], "child"), (family["parent"], "parent" if own else "other"))


def _workday(day: date) -> date:
    """The day, or the Friday before a weekend; holidays are left out of the play."""
    return day - timedelta(days=max(0, day.weekday() - 4))
