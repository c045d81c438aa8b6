"""What may be done with a case: one request a verb; the words are those of the screens (POS-1)."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from counterfoil.core.work.case import Person
from counterfoil.core.work.clock_rules import PauseCause

Words = Annotated[str, Meta(max_length=4000)]


class Take(Struct, frozen=True, tag="take"):
    """Take the case out of the pool (领取)."""


class Release(Struct, frozen=True, tag="release"):
    """Put the case back into the pool (退回公共池)."""

    reason: Words


class Reassign(Struct, frozen=True, tag="reassign"):
    """Give the case to somebody (改派); a supervisor's verb."""

    to: UUID
    reason: Words


class Hold(Struct, frozen=True, tag="hold"):
    """Put the case aside until a day (挂起). A ``cause`` stops the clocks whose rules know it; None stops none."""

    reason: Words
    until: date
    cause: PauseCause | None = None


class Resume(Struct, frozen=True, tag="resume"):
    """Go on with a case that was put aside (恢复)."""


class ReturnForSupplement(Struct, frozen=True, tag="return_for_supplement"):
    """Ask the customer for everything that is missing, in one letter (退回补充)."""

    words: Words = ""


class Supplement(Struct, frozen=True, tag="supplement"):
    """The customer answered (补充资料已到)."""

    words: Words = ""


class HandOver(Struct, frozen=True, tag="hand_over"):
    """Hand the case to another department, at its present step (移交)."""

    unit: str
    position: str
    reason: Words


class HandUp(Struct, frozen=True, tag="hand_up"):
    """Hand the case to the next level that has authority, with the first opinion (初审上报)."""

    opinion: Words


class Go(Struct, frozen=True, tag="go"):
    """Leave the step by one of its exits (提交)."""

    exit: str
    opinion: Words = ""
    fields: dict[str, str] = {}


class Fill(Struct, frozen=True, tag="fill"):
    """Write down fields of the case (登记要素)."""

    fields: dict[str, str]


class AddPerson(Struct, frozen=True, tag="add_person"):
    """Name somebody in the case (增加人员)."""

    person: Person


class Contact(Struct, frozen=True, tag="contact"):
    """A call, visit, letter or message with somebody about the case (联系记录, CUS-5)."""

    way: str
    whom: str
    reached: bool
    words: Words
    next_on: date | None = None


class Understood(Struct, frozen=True, tag="understood"):
    """Whether the answer was understood; if not, it is explained again (ENQ-5)."""

    yes: bool
    words: Words = ""


class Promise(Struct, frozen=True, tag="promise"):
    """Promise the customer an answer by a day (约定答复日)."""

    on: date
    words: Words = ""


class Note(Struct, frozen=True, tag="note"):
    """Words for those who work on the case (备注)."""

    words: Words


class Reopen(Struct, frozen=True, tag="reopen"):
    """Open a closed case again (重开)."""

    reason: Words


class Withdraw(Struct, frozen=True, tag="withdraw"):
    """The customer takes it back; the case ends the same day (撤回)."""

    reason: Words


Verb = (
    Take | Release | Reassign | Hold | Resume | ReturnForSupplement | Supplement | HandOver | HandUp | Go | Fill
    | AddPerson | Contact | Understood | Promise | Note | Reopen | Withdraw
)  # fmt: skip
VERBS: dict[str, type[Any]] = {str(one.__struct_config__.tag): one for one in Verb.__args__}
