"""``perform``: the only way that business rows come into being (decisions.md, Posting protocol).

One transaction holds one to many acts; acts of one kind on different subjects are decided and written as a set.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.conf import settings
from django.db import transaction
from msgspec.structs import replace

from counterfoil.apps.acts.apply import Prepared, Writer
from counterfoil.apps.acts.authority import (
    Approval,
    missing_authority,
    missing_permission,
    refer,
    told_who_could,
    who_could,
)
from counterfoil.apps.acts.calendar import CALENDAR, owed_call, owing
from counterfoil.apps.acts.calls import ActAccepted, ActCall, ActReferred, ActRefused, ActRetry, Outcome
from counterfoil.apps.acts.day_limits import DecidedToday
from counterfoil.apps.acts.facts import FactSource, legal_day
from counterfoil.apps.acts.four_eyes import against_approval, for_whom, own_business
from counterfoil.apps.acts.in_time import (
    back_dating_reasons,
    decide_in_time,
    history_for,
    mark,
    placed,
)
from counterfoil.apps.acts.keys import ClaimedKey
from counterfoil.apps.acts.reading import ActorChanged, read, read_again, read_whole
from counterfoil.apps.acts.refusals import record_refusals
from counterfoil.apps.acts.register import act_named, store_of
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.acts.store import Head
from counterfoil.apps.acts.wire import ROLLBACK, ask
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import SETTINGS, Actor, Opening, current_actor, kept_actor
from counterfoil.core.kernel.decisions import Accepted, Refused, Violation
from counterfoil.core.policy.act import Act, Subject
from counterfoil.core.policy.facts import Facts, History, stored
from counterfoil.core.policy.gates import money_gate
from counterfoil.core.policy.timeline import MOST_CALENDAR_ACTS, facts_of_moving_on

log = logging.getLogger(__name__)

TRIES = 5
ROLLED_BACK = (
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.InvalidSqlStatementName,  # see apps/acts/wire.py
)


class _NothingHalfDone(Exception):
    """One of several acts that belong together does not hold: all are rolled back."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__("rolled back")
        self.outcomes = outcomes


def perform(
    calls: Sequence[ActCall],
    actor_id: UUID,
    *,
    using: str = "default",
    together: bool = False,
    preview: bool = False,
    approval: Approval | None = None,
    version: int | None = None,
) -> list[Outcome]:
    """Perform acts in the order given and answer each, in the same order.

    ``together``: all or none; ``preview``: decide and show, then roll back. ``approval`` is the second opinion for a
    referred act. ``version``: only while this is the organisation's. Raises ActorChanged, KeyReused, UnknownAct,
    OutOfOrder; a database that stays in conflict gives ActRetry.
    """
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            return _in_one_transaction(calls, actor_id, using, together, preview, approval, version)
        except _NothingHalfDone as undone:
            return _after_rollback(undone.outcomes, calls, actor_id, using, preview)
        except psycopg.errors.LockNotAvailable:
            return [ActRetry(call) for call in calls]
        except ActorChanged:
            if version is not None or last:
                raise
        except ROLLED_BACK:
            if last:
                return [ActRetry(call) for call in calls]
        except psycopg.errors.UniqueViolation as clash:
            return _refuse_clash(clash, calls, actor_id, using, preview)
    raise AssertionError("unreachable")


def _in_one_transaction(
    calls: Sequence[ActCall],
    actor_id: UUID,
    using: str,
    together: bool,
    preview: bool,
    approval: Approval | None,
    version: int | None,
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    calls = [placed(call) for call in calls]
    inside = transaction.get_connection(using).in_atomic_block
    try:
        with transaction.atomic(using=using):
            connection = raw_connection(using)
            cursor, today = connection.cursor(binary=True), legal_day(now())
            kept = kept_actor(connection, actor_id, today)
            if version is not None and (kept is None or kept[1].version != version):
                raise ActorChanged
            actor, opening = kept or (_actor(cursor, actor_id), None)
            batches = list(_batches(calls))
            for batch in batches:
                last = batch is batches[-1] and not (inside or preview or settings.VERIFY_FOLD)
                work = _Batch(cursor, batch, actor, approval, opening)
                outcomes.extend(work.run(commit=last, together=together))
                opening = None
                if together and any(not isinstance(o, ActAccepted) for o in outcomes):
                    break
            else:
                if not preview:
                    return outcomes
            if not inside:
                ask(connection, ROLLBACK)  # psycopg would forget every prepared statement with it
            raise _NothingHalfDone(outcomes)
    except _NothingHalfDone as undone:
        if preview:
            return undone.outcomes
        raise


CALENDAR_SETTINGS = SETTINGS.replace("'3s'", "'100ms'")
"""The run of a day waits for nobody: a policy that somebody holds is done in its next pass."""


def _actor(cursor: Any, actor_id: UUID) -> Actor:
    """Who acts, with the settings of the transaction; the calendar is nobody's employee."""
    if actor_id == CALENDAR.employee_id:
        cursor.execute(CALENDAR_SETTINGS, ("", str(actor_id)), prepare=True)
        return CALENDAR
    return current_actor(cursor, actor_id, legal_day(now()))


def _batches(calls: Sequence[ActCall]) -> Iterator[list[ActCall]]:
    """Runs of calls of one act in which no subject comes twice."""
    for _, run in groupby(calls, key=lambda call: call.act):
        batch: list[ActCall] = []
        seen: set[UUID] = set()
        for call in run:
            if call.subject_id in seen:
                yield batch
                batch, seen = [], set()
            batch.append(call)
            seen.add(call.subject_id)
        yield batch


def _after_rollback(
    outcomes: list[Outcome], calls: Sequence[ActCall], actor_id: UUID, using: str, preview: bool
) -> list[Outcome]:
    """Only the attempt stays of acts that were rolled back together."""
    refused = [o for o in outcomes if isinstance(o, ActRefused)]
    if refused and not preview:
        with transaction.atomic(using=using):
            cursor = raw_connection(using).cursor()
            record_refusals(cursor, refused, _actor(cursor, actor_id), keys=False)
    others = [ActRetry(call) for call in calls[len(outcomes) :]]
    return [o if isinstance(o, ActRefused | ActReferred) else ActRetry(o.call) for o in outcomes] + others


CLASHES = {
    "policy_application_number_key": Violation("application_number_used", "application_number"),
    "policy_pkey": Violation("application_number_used", "application_number"),
    "act_pkey": Violation("already_recorded"),
    "party_pkey": Violation("already_recorded"),
}


def _refuse_clash(
    clash: psycopg.errors.UniqueViolation, calls: Sequence[ActCall], actor_id: UUID, using: str, preview: bool
) -> list[Outcome]:
    """A constraint failure is a refusal, recorded by a second transaction; an unknown one is a fault."""
    name = clash.diag.constraint_name or ""
    violation = next((v for constraint, v in CLASHES.items() if name.startswith(constraint[:28])), None)
    if violation is None:
        raise clash
    outcomes: list[Outcome] = [ActRefused(call, (violation,)) for call in calls]
    return _after_rollback(outcomes, calls, actor_id, using, preview)


class _Batch:
    """Acts of one kind on different subjects, in one transaction."""

    def __init__(
        self,
        cursor: Any,
        calls: list[ActCall],
        actor: Actor,
        approval: Approval | None,
        opening: Opening | None,
    ) -> None:
        self.cursor = cursor
        self.opening = opening
        self.calls = calls
        self.actor = actor
        self.approval = approval
        self.act: Act = act_named(calls[0].act)
        self.store = store_of(self.act.subject)
        self.outcomes: dict[UUID, Outcome] = {}
        self.waiting: dict[UUID, str] = {}
        self.today = DecidedToday(cursor, actor, self.act.name)

    def run(self, *, commit: bool, together: bool) -> list[Outcome]:
        """Do it all. With ``commit`` the transaction ends with the last statement, where nothing is left to do after
        it; acts that belong ``together`` end only if all of them hold."""
        missing = missing_permission(self.actor, self.act, self.approval is not None)
        keys, heads, states = self._read(reading=not missing)
        claimed = {call.subject_id: key.claimed for call, key in zip(self.calls, keys, strict=True)}
        open_calls = self._without_answered(keys)
        if missing:
            self._refuse_all(open_calls, missing)
        open_calls = self._by_another_hand([call for call in open_calls if call.subject_id in heads])
        if open_calls:
            seen = {subject: head.seq for subject, head in heads.items()}
            business_date = keys[0].claimed.business_date
            if self._catch_up(heads, business_date):
                heads, states = self._read_again([call.subject_id for call in open_calls])
            source = FactSource(self.cursor, self.act, self.store, self._unit())
            source.load(open_calls, heads, states)
            writer = Writer(self.act, self.store)
            afters: dict[UUID, Any] = {}
            for call in open_calls:
                head, state = heads[call.subject_id], states[call.subject_id]
                history = history_for(self.cursor, self.store, self.act, call, head, business_date)
                if history is not None:
                    state = read_whole(self.cursor.connection, self.store, head)
                facts = source.facts(call, self._claimed(claimed[call.subject_id]), state, history)
                stopped = self._gates(call, seen[call.subject_id], head, state, facts)
                prepared = self._decide(call, head, state, facts, history, business_date, stopped)
                if prepared is not None:
                    writer.add(prepared)
                    afters[call.subject_id] = prepared.after
            if writer.answers:
                others = [o for o in self.outcomes.values() if not isinstance(o, ActAccepted)]
                done = not others if together else not any(isinstance(o, ActRefused) for o in others)
                writer.write(self.cursor.connection, commit=commit and done)
                if settings.VERIFY_FOLD:
                    self._verify(afters)
        refused = [o for o in self.outcomes.values() if isinstance(o, ActRefused)]
        if refused:
            record_refusals(self.cursor, refused, self.actor)
        return [self.outcomes[call.subject_id] for call in self.calls]

    def _key_owner(self) -> UUID:
        return self.approval.maker_id if self.approval else self.actor.employee_id

    def _unit(self) -> str:
        """The unit that acts: at an approval the maker's, whose numbers the approver was shown."""
        return self.approval.unit_code if self.approval else self.actor.unit_id

    def _claimed(self, claimed: Any) -> Any:
        """At an approval the act keeps the serial that its maker saw."""
        if self.approval:
            return type(claimed)(self.approval.serial, claimed.business_date)
        return claimed

    def _without_answered(self, keys: list[ClaimedKey]) -> list[ActCall]:
        left = []
        for call, key in zip(self.calls, keys, strict=True):
            if key.earlier is None:
                left.append(call)
            else:
                self.outcomes[call.subject_id] = key.earlier
        return left

    def _by_another_hand(self, calls: list[ActCall]) -> list[ActCall]:
        """Without those that the actor may not lay hands on: what concerns the actor, and approvals of the own side."""
        if self.approval:
            for call in calls:
                if against := against_approval(self.cursor, self.approval, self.actor, call):
                    self._refuse_all([call], against)
        for subject, why in own_business(self.cursor, self.actor, self.act, calls).items():
            self._refuse_all([call for call in calls if call.subject_id == subject], (why,))
        return [call for call in calls if call.subject_id not in self.outcomes]

    def _refuse_all(self, calls: list[ActCall], violations: tuple[Violation, ...]) -> None:
        for call in calls:
            self.outcomes[call.subject_id] = ActRefused(call, violations)

    def _read(self, *, reading: bool) -> tuple[list[ClaimedKey], dict[UUID, Head], dict[UUID, Any]]:
        """Keys, heads and states. What is not there, or out of the reader's scope, is refused."""
        found = read(
            self.cursor.connection, self.act, self.store, self.calls, self._key_owner(),
            opening=self.opening, reading=reading, approving=self.approval is not None,
        )  # fmt: skip
        if not reading:
            return found.keys, {}, {}
        if self.act.creates:
            return found.keys, *self._new_subjects()
        unseen = [call for call in self.calls if call.subject_id not in found.heads]
        self._refuse_all(unseen, (Violation(f"{self.act.subject}_not_found"),))
        self.waiting = found.waiting
        return found.keys, found.heads, self._states(found.heads, found.slices)

    def _new_subjects(self) -> tuple[dict[UUID, Head], dict[UUID, Any]]:
        """Heads and states of subjects that the act brings into being, in the actor's unit."""
        unit, path = self.actor.unit_id, self.actor.unit_path
        heads = {call.subject_id: Head(call.subject_id, 0, None, unit, path) for call in self.calls}
        empty: dict[str, tuple[Any, ...]] = dict.fromkeys(self.store.tables, ())
        return heads, {i: self.store.state(head, empty) for i, head in heads.items()}

    def _catch_up(self, heads: dict[UUID, Head], business_date: date) -> bool:
        """Record what the calendar owes the policies of this batch up to the day of the books; whether it owed any."""
        if self.act.subject is not Subject.POLICY or self.act.derived_on is not None:
            return False
        behind = owing(heads.values(), business_date)
        for _ in range(MOST_CALENDAR_ACTS):
            if not behind:
                return False
            for calls in _batches([owed_call(head, now()) for head in behind]):
                outcomes = _Batch(self.cursor, calls, CALENDAR, None, None).run(commit=False, together=True)
                refused = [o for o in outcomes if not isinstance(o, ActAccepted)]
                if refused:
                    raise RuntimeError(f"the calendar's act does not hold: {refused[0]}")
            heads, _ = self._read_again([head.subject_id for head in behind])
            behind = owing(heads.values(), business_date)
            if not behind:
                return True
        raise RuntimeError("the calendar does not come to an end")

    def _read_again(self, ids: Sequence[UUID]) -> tuple[dict[UUID, Head], dict[UUID, Any]]:
        """Heads and states after the calendar's acts; the locks are held already."""
        heads, slices = read_again(self.cursor.connection, self.act, self.store, ids)
        return heads, self._states(heads, slices)

    def _states(self, heads: dict[UUID, Head], slices: Any) -> dict[UUID, Any]:
        return {
            i: self.store.state(head, {name: rows.get(i, ()) for name, rows in slices.items()})
            for i, head in heads.items()
        }

    def _gates(self, call: ActCall, seen: int, head: Head, state: Any, facts: Facts) -> tuple[Violation, ...]:
        """What holds for every act, whatever its rule. ``seen`` is the last act before the calendar caught up: what it
        owes is no news to anybody."""
        found: list[Violation] = []
        if call.based_on_seq is not None and call.based_on_seq != seen:
            found.append(Violation("policy_moved", None, {"seen": str(call.based_on_seq), "now": str(seen)}))
        found.extend(back_dating_reasons(self.act, call, facts.received_on))
        found.extend(self.act.against(state, facts, call.request))
        if head.subject_id in self.waiting:
            found.append(Violation("waits_for_approval", None, {"case": self.waiting[head.subject_id]}))
        if self.act.moves_money and not self.act.part_of_claim and "claims" in self.act.reads:
            found.extend(money_gate(state, call.effective_date if self.act.effect_day else None))
        return tuple(found)

    def _decide(
        self,
        call: ActCall,
        head: Head,
        state: Any,
        facts: Facts,
        history: History | None,
        business_date: date,
        stopped: tuple[Violation, ...],
    ) -> Prepared | None:
        decision = (
            Refused(stopped)
            if stopped
            else decide_in_time(self.act, call, state, facts, history, business_date)
        )
        if isinstance(decision, Refused):
            self.outcomes[call.subject_id] = ActRefused(call, decision.violations)
            return None
        wanting = missing_authority(
            self.actor, self.act, call, decision, head, facts, self.approval is not None, self.today
        )
        if wanting and self.approval is not None:
            could = who_could(self.cursor, head, facts, self.actor, wanting, (self.approval.maker_id,))
            self.outcomes[call.subject_id] = ActRefused(
                call, (wanting.violation, told_who_could(could, wanting))
            )
            return None
        if wanting:
            answer = refer(self.cursor, call, head, decision, facts, self.actor, wanting)
            if isinstance(answer, ActReferred):
                after = self.store.fold(state, decision.changes, state.seq + 1)
                answer = replace(answer, decision=decision, before=state, after=after)
            self.outcomes[call.subject_id] = answer
            return None
        if self.approval is not None and not self.approval.binds(decision):
            differs = (Violation("decision_differs_from_the_one_approved"),)
            after = self.store.fold(state, decision.changes, state.seq + 1)
            self.outcomes[call.subject_id] = ActRefused(call, differs, decision, state, after)
            return None
        if decision.amount is not None:
            self.today.note(call.subject_id, decision.amount)
        return self._prepare(call, head, state, facts, decision, business_date)

    def _prepare(
        self, call: ActCall, head: Head, state: Any, facts: Facts, decision: Accepted, business_date: date
    ) -> Prepared:
        after = self.store.fold(state, decision.changes, state.seq + 1)
        if self.act.derived_on is not None:
            facts = facts_of_moving_on(facts, decision)
        moment = now()
        recorded_at = max(moment, head.recorded_at) if head.recorded_at else moment
        answer = {
            "seq": after.seq,
            "subject_id": call.subject_id,
            "figures": decision.figures,
            "documents": [{"kind": d.kind, "number": d.number} for d in decision.documents],
        }
        answer_json = msgspec.json.encode(answer)
        self.outcomes[call.subject_id] = ActAccepted(
            call, after.seq, msgspec.json.decode(answer_json), False, decision, state, after
        )
        return Prepared(
            call, head, state, after, decision, msgspec.json.encode(self.act.redact(call.request)), stored(facts),
            answer_json, business_date, recorded_at, self._key_owner(), self._unit() or head.unit_id,
            mark(self.act, call, head, state, after, decision),
            self._authority_of(decision, head, facts),
        )  # fmt: skip

    def _authority_of(self, decision: Accepted, head: Head, facts: Facts) -> bytes | None:
        """On whose authority the act stands beside its maker's own: the approver's, an absent colleague's."""
        kept: dict[str, Any] = dict(self.approval.as_json()) if self.approval else {}
        if self.actor.stands_in:
            amount = decision.amount if self.act.amount_needs_authority else None
            absent = for_whom(
                self.actor, self.act, self.approval is not None, amount, head.product_code, facts.received_on
            )
            if absent:
                kept["for"] = absent
        return msgspec.json.encode(kept) if kept else None

    def _verify(self, afters: dict[UUID, Any]) -> None:
        """assemble(after apply) == fold(before, changes), for every act in every test (architecture.md section 1)."""
        names = sorted({name for after in afters.values() for name in after.slices})
        read = {name: self.store.tables[name].read(self.cursor, list(afters)) for name in names}
        for subject, after in afters.items():
            for name in after.slices:
                rows = read[name].get(subject, ())
                assert rows == after.slices[name], (
                    f"{self.act.name}: {name} folded {after.slices[name]}, stored {rows}"
                )
