"""Decides which point of the two axes is read: a day of effect, and a day of record or the last act known.

What makes no sense in an address is left out: the point is then today, as known now.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

from msgspec import Struct

from counterfoil.apps.policies.as_of import ActLine, known_on
from counterfoil.web.forms.parsing import parse_date

AHEAD = timedelta(days=820)
"""How far the scrubber of effect goes beyond today: past grace, lapse and the two years to reinstate."""
BY_ACT, BY_DAY = "act", "day"
PAGE = 50
"""Acts on a page of the table."""


class Point(Struct, frozen=True):
    """What is read: the policy on day ``on``, as known at the end of day ``known``; ``seq`` is the last act known then.
    ``by_act``: the act itself was asked for, of several recorded on that day."""

    on: date
    known: date
    seq: int
    by_act: bool = False

    def query(self, begin: str = "") -> dict[str, str]:
        """The point as parts of an address."""
        said = {f"{begin}on": self.on.isoformat(), f"{begin}known": self.known.isoformat()}
        return said | ({f"{begin}seq": str(self.seq)} if self.by_act else {})


class Reading(Struct, frozen=True, kw_only=True):
    """What the timeline is asked to show: a point, perhaps one to compare it with, how it is drawn, which page."""

    point: Point
    then: Point | None = None
    axis: str = BY_ACT
    page: int = 1

    def address(self, **other: object) -> str:
        """The address of this reading, with ``page`` or ``axis`` as said."""
        said = self.point.query() | (self.then.query("then_") if self.then else {})
        axis, page = other.get("axis", self.axis), other.get("page", self.page)
        said |= {"axis": str(axis)} if axis != BY_ACT else {}
        said |= {"page": str(page)} if page != 1 else {}
        return "?" + urlencode(said)


def read(asked: Mapping[str, str], lines: Sequence[ActLine], business_day: date, today: date) -> Reading:
    """The reading that an address asks for; ``today`` is the last day of the axis of record."""
    now = Point(business_day, today, known_on(lines, today))
    point = _point(asked, "", lines, now) or now
    page = asked.get("page", "")
    return Reading(
        point=point,
        then=_point(asked, "then_", lines, point),
        axis=BY_DAY if asked.get("axis") == BY_DAY else BY_ACT,
        page=int(page) if page.isdecimal() and 0 < int(page) < 10_000 else 1,
    )


def _point(asked: Mapping[str, str], begin: str, lines: Sequence[ActLine], rest: Point) -> Point | None:
    """The point of which at least one part is given; what is not given is as in ``rest``."""
    on, known = (_day(asked.get(begin + name, "")) for name in ("on", "known"))
    text = asked.get(begin + "seq", "")
    line = next((one for one in lines if str(one.seq) == text), None)
    if on is None and known is None and line is None:
        return None
    if line is not None:
        return Point(on or rest.on, line.recorded_on, line.seq, by_act=True)
    if known is None:
        return Point(on or rest.on, rest.known, rest.seq, rest.by_act)
    return Point(on or rest.on, known, known_on(lines, known))


def _day(text: str) -> date | None:
    try:
        return parse_date(text) if text else None
    except ValueError:
        return None


class Track(Struct, frozen=True):
    """One scrubber: its first and last day, and the days (with the act, on the axis of record) of its acts."""

    first: date
    last: date
    stops: tuple[tuple[int, int], ...]

    @property
    def length(self) -> int:
        """Days from the first to the last."""
        return (self.last - self.first).days

    @property
    def stops_text(self) -> str:
        """The stops as ``days after the first:act`` for the scrubber's keys."""
        return " ".join(f"{day}:{seq}" if seq else str(day) for day, seq in self.stops)


def effect_track(lines: Sequence[ActLine], business_day: date) -> Track:
    """From the first day of effect to two years ahead; a stop on each day on which an act counts."""
    days = sorted({line.effective_date for line in lines})
    first, last = (days[0], days[-1]) if days else (business_day, business_day)
    stops = tuple(((day - first).days, 0) for day in days)
    return Track(first, max(last, business_day + AHEAD), stops)


def record_track(lines: Sequence[ActLine], today: date) -> Track:
    """From the first day of record to today; a stop at each act."""
    first = lines[0].recorded_on if lines else today
    stops = tuple(((line.recorded_on - first).days, line.seq) for line in lines)
    return Track(first, max(today, lines[-1].recorded_on) if lines else today, stops)
