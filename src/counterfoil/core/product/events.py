"""Decides what is known of an event for which a benefit is asked: the contract then, and what was paid before."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.product.amounts import ZERO, Quantity
from counterfoil.core.product.benefits import DeathCause, Situation


class PastPayment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A payment made before under the benefit `benefit`: yuan, days, and where it belongs.

    `illness` is its code in the list of illnesses, whose group need not be said again. `days_before` the event asked
    for: days since that payment's own event. `same_event`: paid for the same accident, stay or illness.
    """

    benefit: str
    amount: Decimal = ZERO
    days: int = 0
    policy_year: int = 0
    same_event: bool = False
    other_contract: bool = False
    illness: str = ""
    group: str = ""
    days_before: int | None = None


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event on one contract, and the contract's quantities at that moment.

    `facts` hold what tables and choices are looked up by (text by dimension). `illness` is the code of the illness;
    `days_after_accident` of the event. A quantity that is not given and is asked for is an error.
    """

    issue_age: int
    policy_year: int
    cause: DeathCause = DeathCause.OTHER
    inside_waiting: bool = False
    paying_ended: bool = False
    annuity_begun: bool = False
    quantities: dict[Quantity, Decimal] = {}
    facts: dict[str, str] = {}
    past: tuple[PastPayment, ...] = ()
    illness: str = ""
    days_after_accident: int | None = None

    def situation(self, payment_number: int = 1) -> Situation:
        """What the cases are judged by; the age is that at the last anniversary."""
        return Situation(
            policy_year=self.policy_year,
            payment_number=payment_number,
            age=self.issue_age + self.policy_year - 1,
            cause=self.cause,
            inside_waiting=self.inside_waiting,
            paying_ended=self.paying_ended,
            annuity_begun=self.annuity_begun,
        )


class Why(StrEnum):
    """Why a benefit pays what it does."""

    CASE = "case"
    NO_CASE = "no_case"
    LIMITED = "limited"
    USED_UP = "used_up"
    TOO_SOON = "too_soon"
    ONE_OF_GROUP = "one_of_group"
    TOO_LATE_AFTER_ACCIDENT = "too_late_after_accident"
    NOT_IN_LIST = "not_in_list"
    NOTHING_BEFORE = "nothing_before"
