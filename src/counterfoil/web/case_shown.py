"""What the page of a case says: its clocks, its road, what happened, and which verbs the reader may try.

Which verbs are offered is guidance; ``core/work/working.py`` decides.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext, ngettext
from msgspec import Struct

from counterfoil.apps.cases.queries import CaseFile, CaseLine, ClockState, EventLine
from counterfoil.apps.organisation.queries import Actor
from counterfoil.core.register import ACTS
from counterfoil.core.work.case import Case, Stage, may_work
from counterfoil.core.work.process import Exit, FieldKind, Need, Process, holds
from counterfoil.web import labels, links
from counterfoil.web.case_words import (
    exit_name,
    field_name,
    kind_name,
    rule_name,
    spoken,
    step_name,
    value_name,
)
from counterfoil.web.forms.case_verbs import FORMS, VerbForm
from counterfoil.web.labels import label

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class ClockShown(Struct, frozen=True):
    """A time limit: its state as word and colour, when it is due, and how much is left or over."""

    name: str
    state: str
    due_at: datetime | None
    left: str


class RoadStep(Struct, frozen=True):
    """A step of the road: ``state`` is done, now or ahead; who left it last, when and how."""

    title: str
    state: str
    by: str = ""
    at: datetime | None = None
    how: str = ""


class Happened(Struct, frozen=True):
    """Something that was done with the case."""

    seq: int
    what: str
    detail: str
    words: str
    by: str
    unit: str
    at: datetime
    is_contact: bool


class FieldShown(Struct, frozen=True):
    """A field of the step as a form needs it; ``stored`` is what the case has."""

    name: str
    title: str
    kind: str
    value: str
    stored: str
    help: str
    choices: tuple[tuple[str, str], ...] = ()
    wrong: tuple[str, ...] = ()


class ActLink(Struct, frozen=True):
    """An act that may be recorded at this step."""

    label: str
    path: str
    key: str


def clock_state(due_at: datetime | None, warn_at: datetime | None, paused: bool, at: datetime) -> str:
    """Where a running time limit stands, by what was computed for it."""
    if due_at is not None and at >= due_at:
        return "breached"
    if paused:
        return "paused"
    return "warned" if warn_at is not None and at >= warn_at else "running"


def line_state(line: CaseLine, at: datetime) -> str:
    """Where the nearest time limit of a case in a list stands; empty where there is none."""
    if line.stage == Stage.CLOSED or (line.due_at is None and not line.paused):
        return ""
    return clock_state(line.due_at, line.warn_at, line.paused and line.due_at is None, at)


def left_of(due_at: datetime | None, at: datetime) -> str:
    """How long there is until a moment, or how long it is past, in the largest unit that says something."""
    if due_at is None:
        return ""
    span = abs(due_at - at)
    if span >= DAY:
        amount = ngettext("%(n)s day", "%(n)s days", span // DAY) % {"n": span // DAY}
    elif span >= HOUR:
        amount = ngettext("%(n)s hour", "%(n)s hours", span // HOUR) % {"n": span // HOUR}
    else:
        minutes = int(span.total_seconds() // 60)
        amount = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    said = gettext("%(amount)s left") if due_at > at else gettext("%(amount)s over")
    return said % {"amount": amount}


def clocks_shown(clocks: Iterable[ClockState], at: datetime) -> list[ClockShown]:
    """The clocks of a case, those that run first, the nearest before the others."""
    shown = []
    for clock in clocks:
        if clock.problem:
            state = "not_computable"
        elif clock.stopped_at is not None:
            state = "stopped_late" if clock.late else "stopped_in_time"
        else:
            state = clock_state(clock.due_at, clock.warn_at, clock.paused, at)
        left = left_of(clock.due_at, at) if clock.stopped_at is None and state != "paused" else ""
        shown.append(
            (clock.stopped_at is not None, ClockShown(rule_name(clock.rule), state, clock.due_at, left))
        )
    far = at + timedelta(days=36500)
    return [one for _, one in sorted(shown, key=lambda pair: (pair[0], pair[1].due_at or far))]


def road_of(file: CaseFile) -> list[RoadStep]:
    """The steps in the order of the process: left, where it is, ahead."""
    names = {event.by_id: event.by_name for event in file.events}
    case, process = file.case, file.process
    road = []
    for step in process.steps:
        done = next((one for one in reversed(case.passed) if one.step == step.step), None)
        here = step.step == case.step and case.stage is not Stage.CLOSED
        title = spoken(step.title)
        if done is None:
            road.append(RoadStep(title, "now" if here else "ahead"))
        else:
            how = exit_name(process, done.step, done.exit)
            road.append(RoadStep(title, "now" if here else "done", names.get(done.by, ""), done.at, how))
    return road


def happened(file: CaseFile) -> list[Happened]:
    """What was done, the newest first."""
    return list(reversed(since(file, 0)))


def since(file: CaseFile, seen: int) -> list[Happened]:
    """What was done after the state that somebody saw, in order."""
    before = [file.process.first, *(event.step for event in file.events)]
    pairs = zip(file.events, before, strict=False)
    return [_happened(file.process, event, step) for event, step in pairs if event.seq > seen]


def _happened(process: Process, event: EventLine, before: str) -> Happened:
    data = event.data
    words = next((str(data[name]) for name in ("words", "reason", "opinion") if data.get(name)), "")
    detail = _detail(process, event, before)
    what = label(labels.CASE_VERB, event.verb)
    contact = event.verb in ("contact", "note")
    return Happened(event.seq, what, detail, words, event.by_name, event.unit_name, event.at, contact)


def _detail(process: Process, event: EventLine, before: str) -> str:
    data: dict[str, Any] = event.data
    match event.verb:
        case "go":
            # The event keeps the step that was come to; the exit is one of the step before.
            return f"{step_name(process, before)} → {exit_name(process, before, data['exit'])}"
        case "fill" | "receive":
            written = (data.get("fields") or {}).items()
            pairs = [f"{field_name(process, f)}：{value_name(process, f, v)}" for f, v in written if v]
            return "；".join(pairs)
        case "contact":
            reached = gettext("reached") if data["reached"] else gettext("not reached")
            return f"{label(labels.CONTACT_WAY, data['way'])} · {data['whom']} · {reached}"
        case "understood":
            return gettext("understood") if data["yes"] else gettext("to be explained again")
        case "add_person":
            person = data["person"]
            return f"{label(labels.CASE_ROLE, person['role'])} {person['name']}"
        case "hold":
            return f"{gettext('until')} {data['until']}"
        case "promise":
            return str(data["on"])
        case "hand_over":
            return f"{data['unit']} {labels.position_name(data['position'])}"
        case "record_act":
            return _act_detail(data)
        case _:
            return ""


def _act_detail(data: dict[str, Any]) -> str:
    name = label(labels.ACT, data["act"])
    if data.get("declined"):
        return f"{name} · {gettext('declined')} {data['referral']}"
    if data.get("seq"):
        return f"{name} · {gettext('recorded')}"
    return f"{name} · {gettext('waits for approval')} {data['referral']}"


def fields_shown(
    file: CaseFile, names: Iterable[str], typed: dict[str, str], wrong: dict[str, list[str]]
) -> list[FieldShown]:
    """Fields of the process as inputs; what was typed goes before what the case has."""
    case, process = file.case, file.process
    return [
        field_shown(process, name, typed.get(f"fields.{name}"), case.fields.get(name, ""), wrong)
        for name in names
    ]


def field_shown(
    process: Process, name: str, typed: str | None, stored: str, wrong: dict[str, list[str]]
) -> FieldShown:
    """One field as an input."""
    field = process.field(name)
    choices = tuple((one.code, spoken(one.title)) for one in field.choices)
    if field.kind is FieldKind.YES_NO:
        choices = (("yes", gettext("yes")), ("no", gettext("no")))
    return FieldShown(
        name=f"fields.{name}",
        title=spoken(field.title),
        kind="choice" if choices else field.kind,
        value=stored if typed is None else typed,
        stored=stored,
        help=spoken(field.help) if field.help else "",
        choices=choices,
        wrong=tuple(wrong.get(f"fields.{name}", ())),
    )


def verbs_for(case: Case, process: Process, actor: Actor, worker: Any) -> list[VerbForm]:
    """The verbs that the reader may try now, in the order of the table."""
    mine = case.owner_id == actor.employee_id
    mine_to_take = may_work(case, worker)
    supervises = actor.may("assign_cases")
    step = process.step(case.step)
    open_ = case.stage is not Stage.CLOSED
    at_work = mine and case.stage is Stage.TAKEN
    offered = {
        "take": open_ and case.owner_id is None and mine_to_take,
        "resume": mine and case.stage is Stage.HELD,
        "contact": True,
        "note": True,
        "understood": mine and case.told and any(Need.UNDERSTOOD in one.needs for one in step.exits),
        "promise": at_work,
        "return_for_supplement": at_work and step.returns,
        "supplement": case.stage is Stage.RETURNED and (mine or mine_to_take),
        "add_person": mine,
        "hold": at_work,
        "release": mine,
        "reassign": open_ and supervises,
        "hand_over": mine,
        "hand_up": at_work and step.hands_up,
        "reopen": not open_ and bool(process.reopens_at),
        "withdraw": open_ and (mine or mine_to_take or supervises),
    }
    return [form for verb, form in FORMS.items() if offered[verb]]


def exits_for(case: Case, process: Process) -> list[tuple[Exit, str]]:
    """The ways out of the present step with their names, without those that another case goes on from or that are
    not for this one."""
    turns = {turn.exit for turn in process.becomes}
    exits = process.step(case.step).exits
    return [
        (one, spoken(one.title)) for one in exits if one.exit not in turns and holds(one.when, case.fields)
    ]


def acts_for(case: Case, process: Process, actor: Actor) -> list[ActLink]:
    """Links to the forms of the acts of the present step, on the case's policy or customer, with keys 1 to 9."""
    found = []
    for name in process.step(case.step).acts:
        act = ACTS[name]
        if not actor.may(name):
            continue
        if act.subject == "policy" and case.policy_id:
            path = links.policy_act(case.policy_id, name)
        elif act.subject == "party" and case.customer_id:
            path = links.customer_act(case.customer_id, name)
        else:
            continue
        key = str(len(found) + 1) if len(found) < 9 else ""
        found.append(ActLink(label(labels.ACT, name), f"{path}?case={case.case_id}", key))
    return found


def turns_of(process: Process) -> list[tuple[str, str]]:
    """The kinds that a case may become."""
    return [(turn.kind, kind_name(turn.kind)) for turn in process.becomes]


def place_of(case: Case, process: Process) -> str:
    """The name of the step that the case is at."""
    return step_name(process, case.step)
