"""Decides the road of each kind of case: steps, who does them, what they wait for, papers, clocks and letters.

A process is data (``processes/<kind>.yaml``, ADR 0027). A case keeps the version that it was received under.
"""

from enum import StrEnum

from msgspec import Struct

END = "end"
"""The name of what comes after the last step."""


class Names(Struct, frozen=True):
    """What something is called on screens."""

    zh: str
    en: str
    ko: str = ""


class About(StrEnum):
    """What a case of this kind must name when it is received."""

    POLICY = "policy"
    CUSTOMER = "customer"
    ANYONE = "anyone"


class Channel(StrEnum):
    """By which way a case came (渠道)."""

    COUNTER = "counter"
    HOTLINE = "hotline"
    OUTLET = "outlet"
    ONLINE = "online"
    LETTER = "letter"
    FIELD = "field"
    REGULATOR = "regulator"


class FieldKind(StrEnum):
    """How a field of a case is written."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    DAY = "day"
    MONEY = "money"
    NUMBER = "number"
    YES_NO = "yes_no"


class Choice(Struct, frozen=True):
    """One value of a choice."""

    code: str
    title: Names


class Field(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that is written down with a case of this kind. ``help`` says how to fill it in."""

    field: str
    title: Names
    kind: FieldKind
    choices: tuple[Choice, ...] = ()
    help: Names | None = None


class PaperRule(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A paper that is asked for, one of several kinds where each will do; ``when`` names fields of the case and the
    values ("": not written down yet) for which it is asked (all must hold)."""

    one_of: tuple[str, ...]
    when: dict[str, tuple[str, ...]] = {}
    original: bool = False


class Need(StrEnum):
    """What must hold before a case may take an exit."""

    PAPERS = "papers"  # every paper asked for is there
    ACT = "act"  # an act of the step has been recorded for this case
    OPINION = "opinion"  # words of whoever decides
    TOLD = "told"  # a contact that reached the customer is noted in this step
    UNDERSTOOD = "understood"  # the answer was confirmed as understood (ENQ-5)


class Exit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A way out of a step. ``to`` is a step or ``end``, then with an outcome. ``not_by``: who did one of these steps
    may not take it (four eyes). ``fields`` must be filled in. ``when``: the cases for which it is open."""

    exit: str
    title: Names
    to: str
    outcome: str = ""
    needs: tuple[Need, ...] = ()
    fields: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    letter: str = ""
    when: dict[str, tuple[str, ...]] = {}


class Step(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step (环节) and who does it. ``up`` says how many levels above the case's unit its pool is; ``acts`` may be
    recorded here; ``scripts`` name situations; ``returns``: the customer may be asked for papers.
    ``kept_by``: who did one of these steps last has the case again here."""

    step: str
    title: Names
    who: tuple[str, ...]
    exits: tuple[Exit, ...]
    up: int = 0
    acts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    returns: bool = False
    hands_up: bool = False
    kept_by: tuple[str, ...] = ()


class ClockUse(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A clock of this kind of case: which rule, what starts it and what stops it. Moments are ``received``,
    ``closed``, ``told``, ``papers_complete``, ``entered <step>``, ``left <step>``. ``when`` as with papers."""

    rule: str
    starts: str
    stops: str
    when: dict[str, tuple[str, ...]] = {}


class Becomes(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A kind of case that this one may be turned into: the ``exit`` by which this one ends, and what is written there
    from what is written here (``fields``: field of that kind, field of this one). Fields of one name go along."""

    kind: str
    exit: str
    fields: dict[str, str] = {}


class Process(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a kind of case goes. ``first`` is the step it begins at; ``becomes``: what it may be turned into.
    ``interested_keep_off``: whom a case is about does nothing with it but write notes. ``extension_by``: positions that
    may approve more time. What a file leaves out is no part of its content's hash, so that the format may grow."""

    kind: str
    version: int
    title: Names
    about: About
    channels: tuple[Channel, ...]
    receivers: tuple[str, ...]
    first: str
    steps: tuple[Step, ...]
    fields: tuple[Field, ...] = ()
    papers: tuple[PaperRule, ...] = ()
    clocks: tuple[ClockUse, ...] = ()
    becomes: tuple[Becomes, ...] = ()
    reopens_at: str = ""
    review_at: str = ""
    rated: bool = True
    interested_keep_off: bool = False
    extension_by: tuple[str, ...] = ()

    def step(self, name: str) -> Step:
        """The step of this name; KeyError for another."""
        for step in self.steps:
            if step.step == name:
                return step
        raise KeyError(name)

    def field(self, name: str) -> Field:
        """The field of this name; KeyError for another."""
        for field in self.fields:
            if field.field == name:
                return field
        raise KeyError(name)

    def exit(self, step: str, name: str) -> Exit | None:
        """The way out of a step that has this name."""
        return next((exit_ for exit_ in self.step(step).exits if exit_.exit == name), None)


def papers_asked(process: Process, fields: dict[str, str]) -> tuple[PaperRule, ...]:
    """The papers that this case needs, by what is written down with it."""
    return tuple(rule for rule in process.papers if holds(rule.when, fields))


def holds(when: dict[str, tuple[str, ...]], fields: dict[str, str]) -> bool:
    """Whether each named field has one of the values."""
    return all(fields.get(name, "") in values for name, values in when.items())
