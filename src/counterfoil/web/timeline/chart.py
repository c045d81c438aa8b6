"""Draws a policy's acts on two axes: to the right the day on which an act counts, upwards when it was recorded.

Only places are worked out here, in whole units of the drawing; the template gives them their look by classes. Marks
that would lie on each other are drawn as one with their number.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from counterfoil.apps.policies.as_of import ActLine, CalendarMark, Standing, gone_by
from counterfoil.core.kernel.calendar_dates import add_months
from counterfoil.web.timeline.points import BY_DAY, PAGE, Point, Reading

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 900, 196, 14, 18, 22
TALLEST, ROW = 288, 19
CELL, DENSE, NEIGHBOURS = 12, (28, 16), 12
"""Marks nearer to the first of a heap than this are one mark; wide and high where the rows are too near. Only the last
few heaps are looked at: acts near to each other are recorded one after the other."""
MOST_BARS = 60
"""With more acts than this the bars would hide the marks."""
STEPS = (1, 3, 6, 12, 24, 60, 120)
MOST_TICKS = 9


class Bar(Struct, frozen=True):
    """The days on which terms of an act hold; ``open``: without an end that is drawn."""

    x: int
    y: int
    width: int
    open: bool

    @property
    def top(self) -> int:
        """Its upper edge."""
        return self.y - 2


class Stray(Struct, frozen=True):
    """From the day of record to the day on which an act counts, where they differ."""

    x: int
    y: int
    end: int


class Dot(Struct, frozen=True):
    """One act. ``state``: known, gone, replaced, or later (recorded after the point that is read)."""

    x: int
    y: int
    line: ActLine
    state: str


class CalendarDot(Struct, frozen=True):
    """An act of the calendar that an act brought by going in between."""

    x: int
    y: int
    line: ActLine
    mark: CalendarMark
    state: str


class Group(Struct, frozen=True):
    """Several acts that lie too near to each other; ``address`` is that of the page of lines with the last of them."""

    x: int
    y: int
    lines: tuple[ActLine, ...]
    later: bool
    address: str

    @property
    def last(self) -> ActLine:
        """The last recorded."""
        return self.lines[-1]

    @property
    def width(self) -> int:
        """By the digits of its number."""
        return 10 + 6 * len(str(len(self.lines)))

    @property
    def left(self) -> int:
        """Its left edge."""
        return self.x - self.width // 2

    @property
    def top(self) -> int:
        """Its upper edge."""
        return self.y - 7


class Label(Struct, frozen=True):
    """A row's day of record and, where rows are few, its act."""

    y: int
    line: ActLine
    state: str
    day: bool
    act: bool


class Tick(Struct, frozen=True):
    """A day on the axis of effect."""

    x: int
    text: str


class Cross(Struct, frozen=True):
    """A point that is read."""

    x: int
    y: int
    point: Point

    @property
    def label_x(self) -> int:
        """Where its day stands, inside the drawing."""
        return min(max(self.x, LEFT + 32), WIDTH - RIGHT - 32)


class Chart(Struct, frozen=True, kw_only=True):
    """Everything that is drawn."""

    width: int
    height: int
    left: int
    top: int
    right: int
    bottom: int
    bars: tuple[Bar, ...]
    strays: tuple[Stray, ...]
    dots: tuple[Dot, ...]
    calendar: tuple[CalendarDot, ...]
    groups: tuple[Group, ...]
    labels: tuple[Label, ...]
    ticks: tuple[Tick, ...]
    today_x: int
    cross: Cross
    then: Cross | None
    first: date
    days: int
    rows: str

    @property
    def plot_width(self) -> int:
        """From the axis of record to the right edge."""
        return self.right - self.left

    @property
    def plot_height(self) -> int:
        """From the upper edge to the axis of effect."""
        return self.bottom - self.top

    @property
    def read_width(self) -> int:
        """From the axis of record to the day of effect that is read."""
        return self.cross.x - self.left

    @property
    def read_height(self) -> int:
        """From the axis of effect to what was known."""
        return self.bottom - self.cross.y


class _Plot:
    """The way from days and acts to places."""

    def __init__(self, lines: Sequence[ActLine], reading: Reading, today: date) -> None:
        self.lines = lines
        self.by_day = reading.axis == BY_DAY
        points = [reading.point, *([reading.then] if reading.then else [])]
        days = [line.effective_date for line in lines] + [p.on for p in points] + [today]
        slack = timedelta(days=max(5, (max(days) - min(days)).days // 40))
        self.first, self.last = min(days) - slack, max(days) + slack
        count = max(len(lines), 1)
        self.plot = min(max(count * ROW, 3 * ROW), TALLEST) if not self.by_day else TALLEST - 60
        self.pitch = self.plot / count
        self.bottom = TOP + self.plot
        recorded = [line.recorded_on for line in lines] + [today]
        self.first_record, self.record_days = min(recorded), max((max(recorded) - min(recorded)).days, 1)
        self.index = {line.seq: n for n, line in enumerate(lines)}

    def x(self, day: date) -> int:
        """Days outside the drawing lie on its edge."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(LEFT + min(max(share, 0.0), 1.0) * (WIDTH - RIGHT - LEFT))

    def y(self, line: ActLine) -> int:
        if self.by_day:
            return self._y_of_day(line.recorded_on)
        return round(self.bottom - (self.index[line.seq] + 0.5) * self.pitch)

    def y_of_point(self, point: Point) -> int:
        """The line up to which acts are known."""
        if self.by_day:
            return self._y_of_day(point.known)
        known = sum(1 for line in self.lines if line.seq <= point.seq)
        return round(self.bottom - known * self.pitch)

    def _y_of_day(self, day: date) -> int:
        share = min(max((day - self.first_record).days / self.record_days, 0.0), 1.0)
        return round(self.bottom - 8 - share * (self.plot - 16))


def chart(lines: Sequence[ActLine], left: Mapping[int, Standing], reading: Reading, today: date) -> Chart:
    """The drawing of ``lines`` (in order of record); ``left`` is what is left of each as known at the point read."""
    plot = _Plot(lines, reading, today)
    states = {line.seq: _state(line, left) for line in lines}
    dots, groups = _marks(lines, states, plot, reading)
    gone = gone_by(lines)
    return Chart(
        width=WIDTH,
        height=plot.bottom + BOTTOM,
        left=LEFT,
        top=TOP,
        right=WIDTH - RIGHT,
        bottom=plot.bottom,
        bars=_bars(lines, left, plot),
        strays=_strays(lines, plot),
        dots=dots,
        calendar=tuple(
            CalendarDot(plot.x(mark.on), plot.y(line), line, mark, states[line.seq])
            for line in lines
            if line.replayed and line.seq not in gone
            for mark in line.replayed.derived
        ),
        groups=groups,
        labels=_labels(lines, states, plot),
        ticks=_ticks(plot),
        today_x=plot.x(today),
        cross=Cross(plot.x(reading.point.on), plot.y_of_point(reading.point), reading.point),
        then=Cross(plot.x(reading.then.on), plot.y_of_point(reading.then), reading.then)
        if reading.then
        else None,
        first=plot.first,
        days=(plot.last - plot.first).days,
        rows=" ".join(f"{plot.y(line)}:{line.seq}" for line in lines),
    )


def _state(line: ActLine, left: Mapping[int, Standing]) -> str:
    standing = left.get(line.seq)
    if standing is None:
        return "later"
    if standing.undone_by:
        return "gone"
    return "replaced" if standing.replaced else "known"


def _bars(lines: Sequence[ActLine], left: Mapping[int, Standing], plot: _Plot) -> tuple[Bar, ...]:
    if len(lines) > MOST_BARS:
        return ()
    found = []
    for line in lines:
        for span in _joined(left[line.seq]) if line.seq in left else ():
            if span[1] is not None and span[1] <= plot.first:
                continue
            start, end = plot.x(span[0]), plot.x(span[1]) if span[1] else WIDTH - RIGHT
            found.append(Bar(start, plot.y(line), max(end - start, 1), span[1] is None))
    return tuple(found)


def _joined(standing: Standing) -> list[tuple[date, date | None]]:
    """The spans of all terms together, without overlap."""
    joined: list[tuple[date, date | None]] = []
    for span in standing.spans:
        if joined and (joined[-1][1] is None or span.start <= joined[-1][1]):
            last = joined[-1][1]
            end = None if last is None or span.end is None else max(last, span.end)
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((span.start, span.end))
    return joined


def _strays(lines: Sequence[ActLine], plot: _Plot) -> tuple[Stray, ...]:
    found = []
    for line in lines if len(lines) <= MOST_BARS else ():
        ends = sorted((plot.x(line.effective_date), plot.x(line.recorded_on)))
        if ends[1] - ends[0] > CELL:
            found.append(Stray(ends[0], plot.y(line), ends[1]))
    return tuple(found)


def _marks(
    lines: Sequence[ActLine], states: Mapping[int, str], plot: _Plot, reading: Reading
) -> tuple[tuple[Dot, ...], tuple[Group, ...]]:
    wide, high = (CELL, CELL) if plot.pitch >= CELL else DENSE
    heaps: list[tuple[int, int, bool, list[ActLine]]] = []
    for line in lines:
        x, y, later = plot.x(line.effective_date), plot.y(line), states[line.seq] == "later"
        near = (
            held
            for at_x, at_y, was_later, held in reversed(heaps[-NEIGHBOURS:])
            if was_later == later and abs(at_x - x) < wide and abs(at_y - y) < high
        )
        held = next(near, None)
        if held is None:
            heaps.append((x, y, later, [line]))
        else:
            held.append(line)
    dots, groups = [], []
    for x, y, later, held in heaps:
        if len(held) == 1:
            dots.append(Dot(x, y, held[0], states[held[0].seq]))
        else:
            number = (len(lines) - 1 - plot.index[held[-1].seq]) // PAGE + 1
            groups.append(Group(x, y, tuple(held), later, reading.address(page=number)))
    return tuple(dots), tuple(groups)


def _labels(lines: Sequence[ActLine], states: Mapping[int, str], plot: _Plot) -> tuple[Label, ...]:
    """From the top down as many rows as have room; a day is said once where rows follow each other."""
    found: list[Label] = []
    last_y, last_day = -CELL, None
    few = plot.pitch >= CELL and not plot.by_day
    for line in reversed(lines):
        y = plot.y(line)
        if y - last_y < (CELL if few else CELL + 2):
            continue
        day = line.recorded_on != last_day
        if day or few:
            found.append(Label(y, line, states[line.seq], day, few))
        last_y, last_day = y, line.recorded_on
    return tuple(found)


def _ticks(plot: _Plot) -> tuple[Tick, ...]:
    months = (plot.last.year - plot.first.year) * 12 + plot.last.month - plot.first.month
    step = next((s for s in STEPS if months / s <= MOST_TICKS), STEPS[-1])
    begin = plot.first.year * 12 + plot.first.month - 1
    number = -(-begin // step) * step
    day = date(number // 12, number % 12 + 1, 1)
    found = []
    while day <= plot.last:
        x = plot.x(day)
        if day >= plot.first and LEFT + 12 <= x <= WIDTH - RIGHT - 12:
            found.append(Tick(x, str(day.year) if step >= 12 else f"{day:%Y-%m}"))
        day = add_months(day, step)
    return tuple(found)
