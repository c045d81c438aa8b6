"""Decides which time limits there are: read once from `processes/clocks.yaml`, their lengths from `parameters/`."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct

from counterfoil.core.kernel.parameters import Certainty, Parameters, ParameterValue, Unit
from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_yaml
from counterfoil.core.kernel.strict_values import did_you_mean

FILE = "clocks.yaml"


class Level(StrEnum):
    """Who set the limit."""

    LAW = "law"
    COMPANY = "company"
    UNIT = "unit"  # a promise of some units only, on top of the company's


class Counting(StrEnum):
    """What a clock counts."""

    CALENDAR_DAYS = "calendar_days"  # 自然日
    WORKING_DAYS = "working_days"  # 工作日
    OPENING_MINUTES = "opening_minutes"  # minutes in which the unit is open
    MINUTES = "minutes"  # of the wall clock, nights and holidays included
    SAME_BUSINESS_DAY = (
        "same_business_day"  # until the unit closes on the day; asked later, on the next open day
    )
    PROMISED = "promised"  # until the moment that the customer was told


class PauseCause(StrEnum):
    """Why a clock may stand still."""

    SUPPLEMENT = "supplement"  # 补充材料 papers asked for in one notice
    EXAMINATION = "examination"  # 体检、生存调查
    APPRAISAL = "appraisal"  # 鉴定、检测 by somebody outside
    MEDIATION = "mediation"  # 调解
    CUSTOMER_WISH = "customer_wish"  # the customer asked to wait


class Bound(StrEnum):
    """Who must act in time."""

    INSURER = "insurer"
    CUSTOMER = "customer"  # the customer's own time limit: its end is told, it is no breach of ours


class ClockEvent(StrEnum):
    """What happens to a case that starts or stops clocks."""

    APPLICATION_RECEIVED = "application_received"
    PAPERS_COMPLETE = "papers_complete"
    MISSING_PAPERS_TOLD = "missing_papers_told"
    ACCEPTED = "accepted"
    PREMIUM_FULL = "premium_full"
    CHANGE_DONE = "change_done"
    SUSPENDED = "suspended"
    LAPSE_TOLD = "lapse_told"
    SURRENDER_RECEIVED = "surrender_received"
    MONEY_PAID = "money_paid"
    EXAMINATION_TOLD = "examination_told"
    EXAMINATION_REPORTED = "examination_reported"
    POLICY_DELIVERED = "policy_delivered"
    MISSELLING_FOUND = "misselling_found"
    MISSELLING_SOLVED = "misselling_solved"
    AGENT_LEFT = "agent_left"
    ORPHAN_TOLD = "orphan_told"
    CLAIM_RECEIVED = "claim_received"
    CLAIM_DECIDED = "claim_decided"
    CLAIM_DENIED = "claim_denied"
    DENIAL_SENT = "denial_sent"
    PAYMENT_AGREED = "payment_agreed"
    COMPLAINT_RECEIVED = "complaint_received"
    COMPLAINT_ANSWERED = "complaint_answered"
    CLAIMS_CENTRE_HAS_IT = "claims_centre_has_it"
    RESULT_RECEIVED = "result_received"
    REVIEW_REQUESTED = "review_requested"
    REVIEW_ANSWERED = "review_answered"
    ENQUIRY_ASKED = "enquiry_asked"
    ENQUIRY_ANSWERED = "enquiry_answered"
    ANSWER_PROMISED = "answer_promised"
    TICKET_TAKEN = "ticket_taken"
    SERVICE_BEGUN = "service_begun"
    SERVICE_TIME_TOLD = "service_time_told"
    SERVICE_DONE = "service_done"
    ENTRY_BEGUN = "entry_begun"
    POLICY_PRINTED = "policy_printed"


DAY_COUNTS = frozenset({Counting.CALENDAR_DAYS, Counting.WORKING_DAYS})
# The units that the parameter of a length may have; nothing: the rule has no length of its own.
UNITS: dict[Counting, tuple[Unit, ...]] = {
    Counting.CALENDAR_DAYS: (Unit.DAYS,),
    Counting.WORKING_DAYS: (Unit.WORKING_DAYS,),
    Counting.OPENING_MINUTES: (Unit.MINUTES, Unit.HOURS),
    Counting.MINUTES: (Unit.MINUTES, Unit.HOURS),
    Counting.SAME_BUSINESS_DAY: (),
    Counting.PROMISED: (),
}
_NOT_LAW = (Certainty.COMPANY, Certainty.ASSUMPTION)


class Title(Struct, frozen=True, forbid_unknown_fields=True):
    """What a clock is called on the screen."""

    zh: str
    en: str
    ko: str = ""


class ClockRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One time limit. `warn` is how long before its end it warns: in days for clocks of days, else in minutes.

    `parameter` names the length, `extension` what an approved and notified extension adds. The first `stops` ends
    it. A pause whose cause is not in `pauses` does not stop it. `units` are the codes for which a unit's promise holds.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z_]*\.[a-z][a-z_]*$")]
    title: Title
    level: Level
    binds: Bound = Bound.INSURER
    counting: Counting
    parameter: str | None = None
    starts: ClockEvent
    stops: ClockEvent
    pauses: tuple[PauseCause, ...] = ()
    warn: Annotated[int, Meta(ge=0)]
    extension: str | None = None
    restarts: bool = False
    units: tuple[str, ...] = ()
    source: Annotated[str, Meta(min_length=1)]

    def __post_init__(self) -> None:
        if self.has_length != (self.parameter is not None):
            wanted = "needs the parameter of its length" if self.has_length else "has no parameter"
            raise ValueError(f"a clock that counts {self.counting} {wanted}")
        if not self.has_length and (self.pauses or self.extension or self.restarts):
            raise ValueError(f"a clock that counts {self.counting} is not paused, extended or restarted")
        if (self.level is Level.UNIT) != bool(self.units):
            raise ValueError("units are named where the level is unit, and only there")
        if len(set(self.pauses)) < len(self.pauses):
            raise ValueError("a cause of pauses is there twice")

    @property
    def has_length(self) -> bool:
        """True where a parameter says how long the clock runs."""
        return bool(UNITS[self.counting])

    @property
    def counts_days(self) -> bool:
        """True for days, whose clocks end with a day; the others end at a moment, which is still in time."""
        return self.counting in DAY_COUNTS


class ClockRules:
    """All rules by id, in the order of the file; immutable."""

    def __init__(self, rules: tuple[ClockRule, ...]) -> None:
        self._rules = {rule.id: rule for rule in rules}

    def __getitem__(self, rule_id: str) -> ClockRule:
        """The rule with that id; KeyError where there is none."""
        return self._rules[rule_id]

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._rules

    def __iter__(self) -> Iterator[ClockRule]:
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)


def load_rules(directory: Path, parameters: Parameters) -> ClockRules:
    """Return the rules of `directory`/clocks.yaml, whose lengths are among `parameters`.

    Raises StrictFileErrors with all that is wrong: shape, words, parameters that do not exist or do not fit; OSError.
    """
    path = directory / FILE
    errors: list[FileError] = []
    rules: tuple[ClockRule, ...] = ()
    try:
        rules = load_yaml(path, tuple[ClockRule, ...])
        written: Any = [
            {"id": rule.id, "parameter": rule.parameter, "extension": rule.extension} for rule in rules
        ]
    except StrictFileErrors as refused:
        errors.extend(refused.errors)
        try:
            written = load_yaml(path, list[Any])
        except StrictFileErrors:
            written = []
    place = _Places(path)
    for number, entry in enumerate(written):
        for key in ("parameter", "extension") if isinstance(entry, dict) else ():
            name = entry.get(key)
            if isinstance(name, str) and not parameters.history(name):
                problem = f"there is no parameter {name!r}{did_you_mean(name, parameters.names())}"
                errors.append(place.error(number, key, problem))
    for number, rule in enumerate(rules):
        if rule.id in [other.id for other in rules[:number]]:
            errors.append(place.error(number, "id", f"the rule {rule.id} is there twice"))
        errors.extend(place.error(number, key, problem) for key, problem in _misfits(rule, parameters))
    if errors:
        raise StrictFileErrors(errors)
    return ClockRules(rules)


def length_in_unit(value: ParameterValue) -> int:
    """A length in the unit in which a clock counts: days, working days or minutes."""
    return value.number * 60 if value.unit is Unit.HOURS else value.number


def _misfits(rule: ClockRule, parameters: Parameters) -> Iterator[tuple[str, str]]:
    """Yield key and problem of what does not fit between a rule and the parameters that it names."""
    for key, name in (("parameter", rule.parameter), ("extension", rule.extension)):
        values = parameters.history(name) if name else ()
        fitting = UNITS[rule.counting]
        wrong = sorted({str(value.unit) for value in values if value.unit not in fitting})
        if wrong:
            yield key, f"{name} is in {', '.join(wrong)}, the clock counts {rule.counting}"
        elif rule.level is Level.LAW and any(value.certainty in _NOT_LAW for value in values):
            yield key, f"{name} was decided by the company, it is no length of the law"
        elif key == "parameter" and any(length_in_unit(value) <= rule.warn for value in values):
            yield (
                "warn",
                f"a warning {rule.warn} before the end would come with the start: {name} is not longer",
            )


class _Places:
    """The lines of the file in which keys of its entries stand."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        starts = [number for number, line in enumerate(lines) if line.startswith("- ")]
        self._entries = [
            (start, lines[start:end]) for start, end in zip(starts, [*starts[1:], None], strict=True)
        ]

    def error(self, entry: int, key: str, message: str) -> FileError:
        """The error at that key of the entry with that number; at its first line where the key is not found."""
        start, lines = self._entries[entry] if entry < len(self._entries) else (0, [])
        before = len(list(takewhile(lambda line: not _has_key(line, key), lines)))
        line = start + 1 + (before if before < len(lines) else 0)
        return FileError(str(self._path), line, f"[{entry}].{key}", message)


def _has_key(line: str, key: str) -> bool:
    return line.removeprefix("- ").strip().startswith(f"{key}:") or f"{{{key}:" in line or f", {key}:" in line
