"""Time and books of this process where a test puts them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime

from django.db import connections

from counterfoil.apps.journal.ports import ports
from tests.builders.insurer import morning
from tests.builders.lives import open_books


class SetClock:
    """A clock that stands where the test puts it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment that was set."""
        return self.at

    def move_to(self, day: date) -> None:
        """Ten in the morning of a day, with the books of that day."""
        self.at = morning(day)
        aside(lambda: open_books(day))


def aside(work: Callable[[], None]) -> None:
    """Do something with the database in a thread of its own: a browser's loop may run in the test's."""

    def done() -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(done).result()


@contextmanager
def at_time(day: date) -> Iterator[SetClock]:
    """All of this process's clocks at ten in the morning of a day, with the books of that day, until moved."""
    clock = SetClock(morning(day))
    with ports(clock=clock):
        clock.move_to(day)
        yield clock
