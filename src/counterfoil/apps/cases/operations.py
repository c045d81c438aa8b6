"""Receiving a case and working on it: one transaction a verb, under the lock of the case, with the caller's key."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec
from django.db import transaction
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day, parameters
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases.drafts import drop_draft
from counterfoil.apps.cases.facts import held_above, load_worker, pool_above, pools_of, work_facts, worker_of
from counterfoil.apps.cases.papers_there import papers_there
from counterfoil.apps.cases.processes import clock_rules, keep_process, process_of, processes, tables
from counterfoil.apps.cases.store import Event, case_of, write_case
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor, current_actor
from counterfoil.core.complaints.merging import Merge, merge
from counterfoil.core.complaints.review import RESULT, RequestReview
from counterfoil.core.kernel.decisions import Reasons, Refused, Violation
from counterfoil.core.register import CASE_RULES, FOLLOWS
from counterfoil.core.work.case import ActDone, Case, Person, Pool, Role, Stage, Worker, WorkFacts
from counterfoil.core.work.process import END, Channel, Exit, Process
from counterfoil.core.work.verbs import Go, HandOver, HandUp, Reassign, Take
from counterfoil.core.work.working import received, work_on

LOCK = "SELECT state FROM work_case WHERE case_id = %s FOR UPDATE"
DONE = "SELECT body_hash FROM work_case_event WHERE case_id = %s AND key = %s"
SINCE = "SELECT verb, by_id, at FROM work_case_event WHERE case_id = %s AND seq > %s ORDER BY seq"
UNIT = "SELECT unit_id, path FROM organisation_unit WHERE unit_id = %s"
WAITING = """
SELECT state FROM work_case
WHERE (policy_id = %(subject)s::uuid OR party_ids @> ARRAY[%(subject)s::uuid]) AND state -> 'acts' @> %(waiting)s::jsonb
FOR UPDATE
"""
NEXT = """
SELECT case_id, state FROM work_case
WHERE stage = 'pool' AND pool_unit_id = %s AND pool_positions && %s::text[] AND NOT case_id = ANY(%s::uuid[])
ORDER BY due_at NULLS LAST, opened_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
NUMBER = "SELECT nextval('case_serial')"
MOST_SKIPPED = 50


class CaseNotFound(LookupError):
    """The case is not there, or not in the worker's scope."""


class KeyReused(ValueError):
    """The key was used for something else (422)."""


class NewCase(Struct, frozen=True, kw_only=True):
    """What is received: the kind, by which channel, in a line what it is about, and about whom."""

    kind: str
    channel: Channel
    title: str
    customer_id: UUID | None = None
    policy_id: UUID | None = None
    fields: dict[str, str] = {}
    persons: tuple[Person, ...] = ()
    came_from: UUID | None = None


class Moved(Struct, frozen=True):
    """Somebody did something with the case after it was read: what, since ``seen``; nothing was done now."""

    case: Case
    since: tuple[tuple[str, UUID, Any], ...]


def receive(new: NewCase, actor_id: UUID, key: str, draft: str = "") -> Case | Refused:
    """Receive a case; a repeat of the key gives the same case. What was kept half-typed under ``draft`` is forgotten
    with it. Raises KeyReused, ProcessChanged, NoSuchActor."""
    case_id = uuid5(NAMESPACE_OID, f"counterfoil case {actor_id} {key}")
    digest = _digest(new)
    with transaction.atomic():
        cursor, actor, today = _begin(actor_id)
        cursor.execute(DONE, (case_id, key))
        if (done := cursor.fetchone()) is not None:
            if done[0] != digest:
                raise KeyReused(key)
            return _locked(cursor, case_id)
        process = processes().get(new.kind)
        if process is None:
            return Refused((Violation("no_such_kind", "kind", {"kind": new.kind}),))
        held = held_above(cursor, actor.unit_path, today)
        pools = pools_of(process, actor.unit_path, held)
        pool = pools[process.first]
        if pool is None:
            return Refused((Violation("nobody_for_step", None, {"step": process.first}),))
        at = now()
        cursor.execute(NUMBER)
        case = Case(
            case_id=case_id, number=f"K{actor.unit_id}{cursor.fetchone()[0]:08}", kind=process.kind,
            version=process.version, channel=new.channel, unit_id=actor.unit_id, unit_path=actor.unit_path,
            title=new.title.strip(), opened_at=at, opened_by=actor_id, step=process.first, stage=Stage.POOL, pool=pool,
            customer_id=new.customer_id, policy_id=new.policy_id, persons=new.persons, came_from=new.came_from,
        )  # fmt: skip
        facts = WorkFacts(
            by=worker_of(cursor, actor, case, today),
            at=at,
            today=today,
            rules=clock_rules(),
            pools=pools,
            tables=tables(),
        )
        reasons = Reasons()
        opened = received(process, facts, case, new.fields, reasons)
        if reasons:
            return reasons.refused()
        followed = _followed(opened, process, today)
        if isinstance(followed, Refused):
            return followed
        opened = followed
        keep_process(cursor, process, at)
        write_case(cursor, opened, _event("receive", new, actor, key, at), today)
        if draft:
            drop_draft(cursor, actor_id, draft)
    return opened


def work(
    case_id: UUID, verb: Struct, actor_id: UUID, *, seen: int, key: str, draft: str = ""
) -> Case | Refused | Moved:
    """Do a verb with a case as it was when ``seen`` was its ``seq``; a repeat of the key does nothing more. What was
    kept half-typed under ``draft`` is forgotten with it.

    Raises CaseNotFound, KeyReused, NoSuchActor; psycopg's LockNotAvailable where somebody holds the case for over 3 s.
    """
    digest = _digest(verb)
    with transaction.atomic():
        cursor, actor, today = _begin(actor_id)
        case = _locked(cursor, case_id)
        cursor.execute(DONE, (case_id, key))
        if (done := cursor.fetchone()) is not None:
            if done[0] != digest:
                raise KeyReused(key)
            return case
        if case.seq != seen:
            cursor.execute(SINCE, (case_id, seen))
            return Moved(case, tuple(cursor.fetchall()))
        after = _do(cursor, actor, today, case, verb, key)
        if draft and isinstance(after, Case):
            drop_draft(cursor, actor_id, draft)
        return after


def merge_into(case_id: UUID, verb: Merge, actor_id: UUID, *, seen: int, key: str) -> Case | Refused | Moved:
    """Merge a case into an earlier one of the same complainant and matter: this one is closed, its persons join the
    other. Answers this one. A repeat of the key does nothing more. Raises as ``work``."""
    with transaction.atomic():
        cursor, actor, today = _begin(actor_id)
        for one in sorted({case_id, verb.into}):
            cursor.execute(LOCK, (one,))
        case = _locked(cursor, case_id)
        cursor.execute(DONE, (case_id, key))
        if (done := cursor.fetchone()) is not None:
            if done[0] != _digest(verb):
                raise KeyReused(key)
            return case
        if case.seq != seen:
            cursor.execute(SINCE, (case_id, seen))
            return Moved(case, tuple(cursor.fetchall()))
        cursor.execute(LOCK, (verb.into,))
        row = cursor.fetchone()
        process, at = process_of(cursor, case.kind, case.version), now()
        facts = work_facts(cursor, case, process, actor, at, today)
        outcome = merge(case, process, facts, verb, case_of(row[0]) if row else None)
        if isinstance(outcome, Refused):
            return outcome
        joined = _followed(outcome[1], process, today)
        if isinstance(joined, Refused):
            return joined
        write_case(cursor, outcome[0], _event("merge", verb, actor, key, at), today)
        write_case(cursor, joined, _event("merged_in", Merge(case_id, verb.words), actor, key, at), today)
        return outcome[0]


def become(
    case_id: UUID, kind: str, actor_id: UUID, *, seen: int, key: str, policy_id: UUID | None = None
) -> Case | Refused | Moved:
    """Turn a case into one of another kind: that one is received with channel, customer, policy, persons and fields
    of this one, and this one ends by the exit that its process names. ``policy_id`` names the policy where this one has
    none. Answers the new case; where it is refused, nothing is done. Raises as ``receive`` and ``work``."""
    with transaction.atomic():
        cursor, _, _ = _begin(actor_id)
        case = _locked(cursor, case_id)
        process = process_of(cursor, case.kind, case.version)
        turn = next((one for one in process.becomes if one.kind == kind), None)
        there = processes().get(kind)
        if turn is None or there is None:
            return _refused("kind_not_become", "kind", kind=kind)
        ended = work(case_id, Go(exit=turn.exit), actor_id, seen=seen, key=key)
        if not isinstance(ended, Case):
            return ended
        names = {field.field: turn.fields.get(field.field, field.field) for field in there.fields}
        new = NewCase(
            kind=kind,
            channel=case.channel,
            title=case.title,
            customer_id=case.customer_id or _customer_named(case),
            policy_id=case.policy_id or policy_id,
            fields={name: ended.fields[own] for name, own in names.items() if ended.fields.get(own)},
            persons=case.persons,
            came_from=case_id,
        )
        opened = receive(new, actor_id, key)
        if isinstance(opened, Refused):
            transaction.set_rollback(True)
        return opened


def _customer_named(case: Case) -> UUID | None:
    return next((person.party_id for person in case.persons if person.role is Role.CUSTOMER), None)


def take_next(actor_id: UUID, key: str) -> Case | None:
    """Take the most urgent case of the actor's pools that nobody holds and that he may work on; None: nothing waits.

    A repeat of the key gives the same case. Raises NoSuchActor."""
    with transaction.atomic():
        cursor, actor, today = _begin(actor_id)
        cursor.execute("SELECT case_id FROM work_case_event WHERE by_id = %s AND key = %s", (actor_id, key))
        if (done := cursor.fetchone()) is not None:
            return _locked(cursor, done[0])
        skipped: list[UUID] = []
        while len(skipped) < MOST_SKIPPED:
            cursor.execute(NEXT, (actor.unit_id, list(actor.positions), skipped))
            row = cursor.fetchone()
            if row is None:
                return None
            verb = Take()
            taken = _do(cursor, actor, today, case_of(row[1]), verb, key)
            if isinstance(taken, Case):
                return taken
            skipped.append(row[0])
    return None


def record_act(case_id: UUID, act: ActDone, actor_id: UUID, key: str) -> Case:
    """Note that an act was recorded, or referred, for a case; call it in the transaction of the act. The step is the
    one at which the case is; a repeat of the key notes nothing more.

    Raises CaseNotFound, KeyReused; ``NotOfCase`` where the case is not taken by the actor, or neither its step nor its
    policy and persons are those of the act."""
    cursor, actor, today = _begin(actor_id)
    case = _locked(cursor, case_id)
    act = msgspec.structs.replace(act, step=case.step)
    cursor.execute(DONE, (case_id, key))
    if cursor.fetchone() is not None:
        return case
    if case.owner_id != actor_id or case.stage is Stage.CLOSED:
        raise NotOfCase(Violation("case_not_taken_by_you"))
    process = process_of(cursor, case.kind, case.version)
    about = {case.policy_id, case.customer_id, *(person.party_id for person in case.persons)}
    if act.act not in process.step(case.step).acts or act.subject_id not in about:
        raise NotOfCase(Violation("act_not_of_case", None, {"act": act.act, "case": case.number}))
    return _note_acts(cursor, case, (*case.acts, act), act, actor, key, today)


def answer_referral(
    referral: str, subject_id: UUID, approver_id: UUID, *, seq: int = 0, declined: bool = False
) -> Case | None:
    """Note in the case of a referred act that it was approved (``seq``) or declined; call it in the transaction of the
    answer. None where no case waits for it. Two statements, then those of the case."""
    cursor, actor, today = _begin(approver_id)
    waiting = msgspec.json.encode([{"referral": referral}]).decode()
    cursor.execute(WAITING, {"subject": subject_id, "waiting": waiting})
    row = cursor.fetchone()
    if row is None:
        return None
    case = case_of(row[0])
    acts = tuple(
        msgspec.structs.replace(one, seq=seq, declined=declined) if one.referral == referral else one
        for one in case.acts
    )
    answered = next(one for one in acts if one.referral == referral)
    return _note_acts(cursor, case, acts, answered, actor, f"referral {referral}", today)


def _note_acts(
    cursor: Any, case: Case, acts: tuple[ActDone, ...], act: ActDone, actor: Actor, key: str, today: date
) -> Case:
    noted = msgspec.structs.replace(case, acts=acts, seq=case.seq + 1)
    write_case(cursor, noted, _event("record_act", act, actor, key, now()), today)
    return noted


class NotOfCase(PermissionError):
    """An act is recorded for a case by the one who has taken it, at a step and for a subject of the case."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(violation.code)
        self.violation = violation


def _do(cursor: Any, actor: Actor, today: date, case: Case, verb: Struct, key: str) -> Case | Refused:
    process = process_of(cursor, case.kind, case.version)
    at = now()
    papers = papers_there(cursor, actor, case, process)
    beside = _beside(cursor, case, process, verb, today)
    facts = work_facts(cursor, case, process, actor, at, today, papers=papers, **beside)
    after = work_on(case, process, facts, verb, CASE_RULES)
    if isinstance(after, Case):
        after = _followed(after, process, today)
    if isinstance(after, Refused):
        return after
    write_case(cursor, after, _event(_name(verb), verb, actor, key, at), today)
    return after


def _followed(case: Case, process: Process, today: date) -> Case | Refused:
    """The case with what follows by law for its kind."""
    follow = FOLLOWS.get(case.kind)
    return follow(case, process, parameters(), today) if follow else case


def _event(name: str, body: Struct, actor: Actor, key: str, at: datetime) -> Event:
    return Event(
        verb=name,
        data=msgspec.json.encode(body),
        by=actor.employee_id,
        at=at,
        key=key,
        body_hash=_digest(body),
    )


def _beside(cursor: Any, case: Case, process: Process, verb: Struct, today: date) -> Mapping[str, Any]:
    """What some verbs ask for beside: the person, or the pool, that they name."""
    if isinstance(verb, Reassign):
        return {"other": load_worker(cursor, verb.to, case, today)}
    if isinstance(verb, HandUp):
        return {"pool": _above(cursor, case, process, case.step, today)}
    if isinstance(verb, RequestReview):
        decided = [
            passed.by for passed in case.passed if _issues_result(process.exit(passed.step, passed.exit))
        ]
        decider = load_worker(cursor, decided[-1], case, today) if decided else None
        return {"pool": _above(cursor, case, process, process.review_at, today, decider)}
    if isinstance(verb, Go):
        return {"keeper": _keeper(cursor, case, process, verb, today)}
    if isinstance(verb, HandOver):
        cursor.execute(UNIT, (verb.unit,))
        unit = cursor.fetchone()
        held = held_above(cursor, unit[1], today) if unit else []
        there = [row for row in held if row[1] == verb.unit]
        return {"pool": pool_above((verb.position,), unit[1], there) if unit else None}
    return {}


def _issues_result(exit_: Exit | None) -> bool:
    return exit_ is not None and exit_.letter == RESULT


def _above(
    cursor: Any, case: Case, process: Process, step: str, today: date, decider: Worker | None = None
) -> Pool | None:
    """The pool of a step at the nearest unit above the one that has the case, and above whoever decided it."""
    paths = [case.pool.unit_path] + ([decider.unit_path] if decider else [])
    above = min(paths, key=len).rstrip(".").rpartition(".")[0]
    if not above or not step:
        return None
    return pool_above(process.step(step).who, above + ".", held_above(cursor, above + ".", today))


def _keeper(cursor: Any, case: Case, process: Process, verb: Go, today: date) -> Worker | None:
    """Who did last a step that the next one is kept by."""
    exit_ = process.exit(case.step, verb.exit)
    steps = process.step(exit_.to).kept_by if exit_ is not None and exit_.to != END else ()
    did = [passed.by for passed in case.passed if passed.step in steps]
    return load_worker(cursor, did[-1], case, today) if did else None


def _begin(actor_id: UUID) -> tuple[Any, Actor, date]:
    cursor = raw_connection("default").cursor(binary=True)
    today = legal_day(now())
    return cursor, current_actor(cursor, actor_id, today), today


def _locked(cursor: Any, case_id: UUID) -> Case:
    cursor.execute(LOCK, (case_id,))
    row = cursor.fetchone()
    if row is None:
        raise CaseNotFound(str(case_id))
    return case_of(row[0])


def _digest(body: Struct) -> str:
    return sha256(msgspec.json.encode(body, order="sorted")).hexdigest()


def _name(verb: Struct) -> str:
    return str(type(verb).__struct_config__.tag)


def _refused(code: str, field: str | None, **parameters: str) -> Refused:
    return Refused((Violation(code, field, parameters),))
