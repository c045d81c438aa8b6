"""What goes into ``perform`` and what comes out."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.core.kernel.decisions import Accepted, Violation
from counterfoil.core.policy.facts import Keep


class ActCall(Struct, frozen=True, kw_only=True):
    """One act asked for. ``key`` is the idempotency key; ``received_at`` fixes the legal day of receipt;
    ``based_on_seq`` is the state that the person saw; ``reason`` why it counts from a day before its receipt;
    ``choices`` what is to become of later acts that it touches, by their ``seq``."""

    act: str
    subject_id: UUID
    request: Any
    key: str
    effective_date: date
    received_at: datetime
    channel: str = "counter"
    based_on_seq: int | None = None
    requested: bool = True
    opinion: str = ""
    reason: str = ""
    choices: tuple[tuple[int, Keep], ...] = ()


class ActAccepted(Struct, frozen=True):
    """Recorded as ``seq``. ``decision`` and the states are there on the first answer and in a preview, not when
    the stored answer is given again."""

    call: ActCall
    seq: int
    answer: dict[str, Any]
    repeated: bool = False
    decision: Accepted | None = None
    before: Any = None
    after: Any = None


class ActRefused(Struct, frozen=True):
    """Nothing changed but the attempt. At an approval that does not bind, ``decision`` and the states are what the act
    would do now."""

    call: ActCall
    violations: tuple[Violation, ...]
    decision: Accepted | None = None
    before: Any = None
    after: Any = None


class ActReferred(Struct, frozen=True):
    """Above the actor's authority: a case waits for somebody who has it. ``decision``, the states and ``why`` (the
    grant that is wanting) are there on the first answer and in a preview, as with an accepted act."""

    call: ActCall
    referral_number: str
    waiting_position: str
    waiting_unit_id: str
    repeated: bool = False
    decision: Accepted | None = None
    before: Any = None
    after: Any = None
    why: Violation | None = None


class ActRetry(Struct, frozen=True):
    """Another transaction holds the subject or the key; the same call may be sent again."""

    call: ActCall


Outcome = ActAccepted | ActRefused | ActReferred | ActRetry


class KeyReused(Exception):
    """The key was used with another body (422); nothing was decided."""

    def __init__(self, call: ActCall) -> None:
        super().__init__(f"key {call.key!r} of {call.act} was used with another body")
        self.call = call
