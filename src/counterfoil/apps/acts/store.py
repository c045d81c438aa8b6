"""How a kind of subject is kept: its head row, its slices, its state. One store for policies, one for parties."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.acts.slices import SliceTable
from counterfoil.apps.acts.sql import Rows
from counterfoil.apps.acts.wire import Row, Statement
from counterfoil.core.kernel.versions import Change


class Head(Struct, frozen=True):
    """The locked head row. Unit, product and places in time (``apps/policies/models.py``) are empty for a party."""

    subject_id: UUID
    seq: int
    recorded_at: datetime | None
    unit_id: str
    unit_path: str
    product_hash: str = ""
    product_code: str = ""
    latest_effect: date = date.min
    calendar_on: date | None = None
    calendar_act: str | None = None


class TimeMark(Struct, frozen=True):
    """What an act tells the head of its place in time: the latest day that counts by it, and, where the act may have
    moved it (``calendar_known``), the next act that the calendar owes and its day."""

    latest_effect: date
    calendar_known: bool = False
    calendar_on: date | None = None
    calendar_act: str | None = None


class Store(Protocol):
    """What ``perform`` needs of a kind of subject. States have ``seq`` and ``slices``."""

    tables: dict[str, SliceTable]
    head_table: str
    key: str

    def lock(self, keys: bytes, one: bool) -> Statement:
        """The statement that locks the head row of a key, or those of an array of keys in order of their key; a row out
        of the reader's scope is not among them."""

    def head(self, subject_id: UUID, row: Row) -> Head:
        """The head from a row of the answer, whose first cell is the key."""

    def state(self, head: Head, slices: dict[str, tuple[Any, ...]]) -> Any:
        """The state of one subject from its slices."""

    def fold(self, state: Any, changes: Sequence[Change], seq: int) -> Any:
        """The state after the changes."""

    def head_rows(self) -> Rows:
        """The set of head rows to insert, empty."""

    def head_row(self, head: Head, call: ActCall, after: Any, recorded_at: datetime) -> tuple[Any, ...]:
        """The head row of a new subject."""

    def beside_rows(self) -> Rows | None:
        """The set of rows that come with new heads (a party's data key), empty; None where there are none."""

    def beside_row(self, call: ActCall) -> tuple[Any, ...]:
        """The row beside a new head."""

    def head_update(self) -> tuple[str, Sequence[tuple[str, str]]]:
        """Columns of the head that an act may set: the SET clause over ``u``, and the columns of ``u`` beyond
        key and seq."""

    def head_values(self, after: Any, recorded_at: datetime, mark: TimeMark) -> tuple[Any, ...]:
        """The values for ``head_update``."""


def moment_of(cell: str | None) -> datetime | None:
    """A time as the server writes it."""
    return datetime.fromisoformat(cell) if cell else None


def day_of(cell: str | None) -> date | None:
    """A day as the server writes it."""
    return date.fromisoformat(cell) if cell else None
