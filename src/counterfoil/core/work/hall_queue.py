"""Decides who is next in a business hall and how long each will wait: by rank and time, recent services, open windows.

The wait is played forward: customers in their order, each to the window that is free first among those that serve them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from counterfoil.core.work.hall_rules import HallRules

MINUTE = 60
NOT_GIVEN = "\U0010ffff"
"""The number of a ticket not given yet: behind all that came at the same moment."""


class Queued(Struct, frozen=True):
    """A customer who waits. ``to_window``: sent to this window by another, which no other may call."""

    number: str
    service: str
    rank: int
    queued_at: datetime
    to_window: UUID | None = None


class OpenWindow(Struct, frozen=True):
    """A window that calls customers. ``services`` empty: all; ``free_in`` seconds until its customer is done;
    ``transfers_only``: only those sent here."""

    window_id: UUID
    services: frozenset[str]
    free_in: int
    transfers_only: bool = False

    def serves(self, one: Queued) -> bool:
        """Whether this window may call the customer."""
        if one.to_window is not None:
            return one.to_window == self.window_id
        return not self.transfers_only and (not self.services or one.service in self.services)


class Forecast(Struct, frozen=True):
    """Seconds until each waiting number is called, and until a new ordinary customer of each service would be; None
    where no open window serves them."""

    waiting: Mapping[str, int | None]
    services: Mapping[str, int | None]


def place(one: Queued, now: datetime, rules: HallRules) -> tuple[int, datetime, str]:
    """What the queue is sorted by: rank, then the time of coming. Who has waited ``waited_first_minutes`` is of the
    first rank, so that no row of preferred customers holds another for ever."""
    waited_long = one.queued_at <= now - timedelta(minutes=rules.waited_first_minutes)
    return 0 if waited_long else one.rank, one.queued_at, one.number


def in_order(queue: Sequence[Queued], now: datetime, rules: HallRules) -> list[Queued]:
    """Who is called first comes first."""
    return sorted(queue, key=lambda one: place(one, now, rules))


def usual_seconds(recent: Sequence[int], typical_minutes: int, rules: HallRules) -> int:
    """How long a service takes: the mean of the recent ones (seconds), or the typical time while they are too few."""
    if len(recent) < rules.recent_services_least:
        return typical_minutes * MINUTE
    return sum(recent) // len(recent)


def seconds_left(usual: int, served: int, rules: HallRules) -> int:
    """How long the customer at a window still takes; one over the usual time is assumed to take a little more."""
    return max(usual - served, rules.overrun_minutes * MINUTE)


def forecast(
    queue: Sequence[Queued],
    windows: Sequence[OpenWindow],
    usual: Mapping[str, int],
    now: datetime,
    rules: HallRules,
) -> Forecast:
    """Play the queue forward. ``usual``: seconds of each service of the hall."""
    free = {window.window_id: window.free_in for window in windows}
    waiting: dict[str, int | None] = {}
    for one in in_order(queue, now, rules):
        able = [window.window_id for window in windows if window.serves(one)]
        first = min(able, key=lambda window_id: (free[window_id], window_id), default=None)
        waiting[one.number] = None if first is None else free[first]
        if first is not None:
            free[first] += usual[one.service]
    services: dict[str, int | None] = {}
    for service in usual:
        new = Queued("", service, rules.rank_ordinary, now)
        services[service] = min((free[w.window_id] for w in windows if w.serves(new)), default=None)
    return Forecast(waiting, services)


def expected_for(
    new: Queued,
    queue: Sequence[Queued],
    windows: Sequence[OpenWindow],
    usual: Mapping[str, int],
    now: datetime,
    rules: HallRules,
) -> int | None:
    """Minutes, rounded up, that a customer who comes now will wait; None where no open window serves them."""
    seconds = forecast([*queue, new], windows, usual, now, rules).waiting[new.number]
    return None if seconds is None else minutes_up(seconds)


def minutes_up(seconds: int) -> int:
    """Whole minutes, begun ones counted: nobody is promised less than it takes."""
    return -(-seconds // MINUTE)


def waited_minutes(queued_at: datetime, now: datetime) -> int:
    """Whole minutes waited so far. Plain minutes: a hall calls only while it is open, and its opening hours, when they
    are data, would be taken out here."""
    return max(int((now - queued_at).total_seconds()) // MINUTE, 0)


def breaks_promise(queued_at: datetime, seconds_to_come: int | None, now: datetime, rules: HallRules) -> bool:
    """Whether the customer has waited, or will have waited when called, longer than promised."""
    if seconds_to_come is None:
        return True
    done = queued_at + timedelta(minutes=rules.wait_minutes_most)
    return now + timedelta(seconds=seconds_to_come) > done
