"""Decides by which figures a business hall works: every one a parameter of the company, by date, with its source."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.kernel.calendar_dates import age_on
from counterfoil.core.kernel.parameters import Parameters


class Mark(StrEnum):
    """Why a customer goes before others; the rank of each is a parameter."""

    TIER = "tier"  # 贵宾客户
    SENIOR = "senior"  # 老年客户
    DISABILITY = "disability"  # 残障人士
    PREGNANT = "pregnant"  # 孕妇
    INFANT = "infant"  # 携带婴幼儿
    SERVICEMAN = "serviceman"  # 现役军人
    APPOINTMENT = "appointment"  # 预约客户; given by an appointment kept in time, never by hand


BY_HAND = tuple(mark for mark in Mark if mark is not Mark.APPOINTMENT)
"""The marks that reception may set."""


class HallRules(Struct, frozen=True, kw_only=True):
    """The figures of a day. Ranks: the lowest goes first. Waiting is plain minutes; opening hours do not count yet."""

    wait_minutes_most: int
    waited_first_minutes: int
    senior_age: int
    ranks: Mapping[Mark, int]
    rank_ordinary: int
    appointment_early_minutes: int
    appointment_late_minutes: int
    recent_services: int
    recent_services_least: int
    overrun_minutes: int
    lost_after_seconds: int
    seen_every_seconds: int
    calls_before_left: int
    rating_low_most: int
    rating_satisfied_least: int
    rating_seconds: int
    satisfaction_target: Decimal

    @classmethod
    def of(cls, parameters: Parameters, on: date) -> "HallRules":
        """The figures that hold on a day as known on it. Raises ParameterMissing."""

        def number(name: str) -> int:
            return parameters.get(f"hall.{name}", on, on).number

        names = set(cls.__struct_fields__) - {"ranks", "satisfaction_target", "wait_minutes_most"}
        return cls(
            wait_minutes_most=parameters.get("counter.waiting", on, on).number,
            ranks={mark: number(f"rank_{mark}") for mark in Mark},
            satisfaction_target=parameters.get("hall.satisfaction_target", on, on).decimal,
            **{name: number(name) for name in names},
        )

    def rank(self, marks: frozenset[Mark]) -> int:
        """The rank of a customer with these marks: that of the best of them."""
        return min((self.ranks[mark] for mark in marks), default=self.rank_ordinary)


def marks_of(
    given: frozenset[Mark], birth_date: date | None, on: date, keeps_appointment: bool, rules: HallRules
) -> frozenset[Mark]:
    """The marks of a customer: those given by hand, old age by a known date of birth, an appointment kept in time."""
    found = given - {Mark.APPOINTMENT}
    if birth_date is not None and age_on(birth_date, on) >= rules.senior_age:
        found |= {Mark.SENIOR}
    return found | {Mark.APPOINTMENT} if keeps_appointment else found
