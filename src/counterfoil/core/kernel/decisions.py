"""What a rule may answer: refused with every reason, or accepted with everything that follows from it.

architecture.md section 1: ``decide(state, facts, request, effective_date) -> Refused | Accepted``.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct


class Violation(Struct, frozen=True, gc=False):
    """One reason for a refusal: a code for the sentence in ``locale/``, the field of the request that it
    concerns (dotted path, None for the act as a whole), figures for the sentence, and the legal basis."""

    code: str
    field: str | None = None
    parameters: dict[str, str] = {}
    basis: str | None = None


class Refused(Struct, frozen=True):
    """The act does not hold; all reasons at once, never empty."""

    violations: tuple[Violation, ...]


class Posting(Struct, frozen=True, gc=False):
    """One line of double entry: yuan, debit positive, credit negative. ``unit_id`` None is the policy's unit."""

    account: str
    amount: Decimal
    unit_id: str | None = None


class Document(Struct, frozen=True):
    """A document that this act brings into being; rendered on demand from the act and its states."""

    kind: str
    number: str
    about: str = ""


class FollowUp(Struct, frozen=True):
    """Work outside the transaction, carried by the outbox: a payment, a message, an act on another subject."""

    kind: str
    payload: dict[str, str] = {}


class CalendarMark(Struct, frozen=True, gc=False):
    """An act of the calendar: its name and the day on which it counts."""

    act: str
    on: date


class Replayed(Struct, frozen=True):
    """What an act that went in between, or left one out, did to others: the latest day that now counts, the later acts
    decided again, those left out by choice, and the calendar's acts that came (``derived``) or fell away (``dropped``).
    """

    reached: date
    decided_again: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()
    derived: tuple[CalendarMark, ...] = ()
    dropped: tuple[CalendarMark, ...] = ()


class Accepted(Struct, frozen=True):
    """The act holds. ``amount`` is what authority is asked for (yuan, None when no money is decided);
    ``figures`` are the named sums shown in the preview and on the slip. ``replayed`` is there where later acts were
    decided again; changes and postings are then the difference to what was."""

    changes: tuple[Any, ...] = ()
    postings: tuple[Posting, ...] = ()
    documents: tuple[Document, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    amount: Decimal | None = None
    figures: dict[str, Decimal] = {}
    replayed: Replayed | None = None


Decision = Refused | Accepted


class Reasons:
    """Collects violations so that a rule refuses with all of them at once."""

    def __init__(self) -> None:
        self._found: list[Violation] = []

    def add(
        self, code: str, field: str | None = None, basis: str | None = None, **parameters: object
    ) -> None:
        """Note a violation; parameters are written as text."""
        self._found.append(Violation(code, field, {k: str(v) for k, v in parameters.items()}, basis))

    def extend(self, violations: tuple[Violation, ...]) -> None:
        """Note violations found elsewhere."""
        self._found.extend(violations)

    def __bool__(self) -> bool:
        return bool(self._found)

    def refused(self) -> Refused:
        """The refusal with everything noted so far."""
        assert self._found, "refused without a reason"
        return Refused(tuple(self._found))
