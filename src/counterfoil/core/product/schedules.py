"""Decides when instalments of a benefit are paid: by the calendar, or from an event on."""

from enum import StrEnum

from msgspec import Struct

from counterfoil.core.product.wording import Ages, Code, Days, Years


class Every(StrEnum):
    """How often a scheduled benefit is paid. by_choice: as the choice `annuity_mode` says, yearly or monthly."""

    ONCE = "once"
    YEAR = "year"
    MONTH = "month"
    BY_CHOICE = "by_choice"


ANNUITY_MODE = "annuity_mode"
"""The choice that `every: by_choice` reads; its values are `yearly` and `monthly`."""


class Schedule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a scheduled benefit is paid: from an age or policy year's end to another (both included), or at maturity.

    `from_age` means the first anniversary after that age is reached; `from_choice` names the choice that holds the
    age. Without an end it is paid for as long as the contract lasts. `guaranteed_years` are owed even on death.
    `every_years: 3` with `every: year`: every third year from the first payment on.
    `from_event: true`: an instalment a month or year from the event on (care, disability, illness, death), the first
    `after_days` of the state (the elimination period), `payments_at_most` of them, and with `while_state_lasts` none
    that falls due after the state has ended.
    """

    at_maturity: bool = False
    from_age: Ages | None = None
    from_choice: Code | None = None
    from_policy_year: Years | None = None
    to_age: Ages | None = None
    to_policy_year: Years | None = None
    every: Every = Every.YEAR
    every_years: Years = 1
    guaranteed_years: Years | None = None
    from_event: bool = False
    after_days: Days = 0
    payments_at_most: Years | None = None
    while_state_lasts: bool = False

    def __post_init__(self) -> None:
        starts = (self.at_maturity, self.from_age, self.from_choice, self.from_policy_year, self.from_event)
        if sum(one not in (None, False) for one in starts) != 1:
            raise ValueError(
                "a schedule states one of `at_maturity`, `from_age`, `from_choice`, `from_policy_year`, `from_event`"
            )
        self._check_every_years()
        self._check_from_event()
        if self.to_age is not None and self.to_policy_year is not None:
            raise ValueError("a schedule ends by `to_age` or by `to_policy_year`, not by both")
        if self.from_age is not None and self.to_age is not None and self.to_age < self.from_age:
            raise ValueError(f"no payment from age {self.from_age} to {self.to_age}")

    def _check_every_years(self) -> None:
        if self.every_years > 1 and (self.every is not Every.YEAR or self.guaranteed_years is not None):
            raise ValueError("`every_years` goes with `every: year`, and with no guaranteed years")

    def _check_from_event(self) -> None:
        own = (self.after_days, self.payments_at_most, self.while_state_lasts)
        if not self.from_event:
            if any(own):
                raise ValueError(
                    "`after_days`, `payments_at_most` and `while_state_lasts` go with `from_event: true`"
                )
            return
        if self.every not in (Every.YEAR, Every.MONTH) or self.every_years > 1:
            raise ValueError("payments from the event on are made every month or every year")
        if self.payments_at_most is None and not self.while_state_lasts:
            raise ValueError("payments from the event on end by `payments_at_most` or `while_state_lasts`")
        if self.to_age is not None or self.to_policy_year is not None or self.guaranteed_years is not None:
            raise ValueError(
                "payments from the event on end by their number or with the state, not by age or year"
            )
