"""Policies as acts leave them: a small cast, facts on a day, and a life lived by deciding and folding acts in order."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from msgspec import Struct

from counterfoil.core.kernel.decisions import Accepted, Decision, Refused
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.policy.calendar import calendar_facts, next_event
from counterfoil.core.policy.facts import Facts, History, Keep, PartyFacts, PastAct
from counterfoil.core.policy.state import PolicyState, empty_policy, fold
from counterfoil.core.policy.timeline import (
    Recorded,
    Replay,
    facts_of_moving_on,
    left_out_by,
    replay_start,
    undone_by,
)
from counterfoil.core.product.loading import load_product
from counterfoil.core.product.lookup import Product
from counterfoil.core.register import ACTS, DERIVED

PROJECT = Path(__file__).resolve().parents[2]
CASES = PROJECT / "cases"
UNIT_CODE = "3301"
UNIT_ID = "unit-3301"


class Person(Struct, frozen=True):
    """One of the cast as a case writes it."""

    born: date | None
    sex: str = "M"
    occupation_class: int = 1
    kind: str = "person"
    died: date | None = None


CAST: Mapping[str, Person] = {
    "wang": Person(date(1995, 6, 15)),  # Wang Wei, policyholder, 30 at the start of 2026
    "li": Person(date(1997, 3, 2), "F"),  # Li Na, his wife
    "son": Person(date(2020, 9, 1)),  # Wang Le
    "mother": Person(date(1968, 11, 20), "F"),  # Chen Guilan
    "friend": Person(date(1990, 1, 31)),  # Zhao Qiang, no relative
    "firm": Person(None, "", 0, "organisation"),  # a company
}


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One act of a case: received on a day, in effect on it or on ``effective``; facts beside the default ones.

    ``like`` names a stage: the request is that of the same act there, with what ``request`` says instead.
    """

    act: str
    on: date
    effective: date | None = None
    like: str = ""
    request: dict[str, Any] = {}
    health: dict[str, str] | None = None
    health_notice: bool = True
    life_sum_assured: Decimal = Decimal("0.00")
    business_date: date | None = None
    choices: dict[int, Keep] = {}


class Stage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A point in a life that many cases start from: another stage, then steps."""

    after: str = ""
    steps: tuple[Step, ...]


class Stages(Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``cases/stages.yaml``."""

    stages: dict[str, Stage]


def named(name: str) -> UUID:
    """The id of whatever a case calls by a name: a person, an account (``wang_account``), a notice."""
    return uuid5(NAMESPACE_URL, f"cast:{name}")


@cache
def parameters() -> Parameters:
    """The repository's own parameters."""
    return Parameters.load(PROJECT / "parameters")


@cache
def product() -> Product:
    """The real product 611005."""
    return load_product(PROJECT / "products" / "611005")


@cache
def stages() -> Mapping[str, Stage]:
    """The stages of ``cases/stages.yaml``."""
    return load_yaml(CASES / "stages.yaml", Stages).stages


def request_of(step: Step) -> Any:
    """The step's request as its act types it; a text that begins with $ is the id of that name."""
    written = step.request
    if step.like:
        model = next(one for one in stages()[step.like].steps if one.act == step.act)
        written = {**model.request, **written}
    return msgspec.convert(_with_ids(written), ACTS[step.act].request)


def _with_ids(written: Any) -> Any:
    if isinstance(written, str) and written.startswith("$"):
        return str(named(written[1:]))
    if isinstance(written, Mapping):
        return {key: _with_ids(value) for key, value in written.items()}
    if isinstance(written, Sequence) and not isinstance(written, str):
        return [_with_ids(value) for value in written]
    return written


class Refusal(AssertionError):
    """A step that a case takes as given was refused."""


class Life:
    """One policy on which acts are decided and folded, with all that an undo needs to know of them."""

    def __init__(self, people: Mapping[str, Person] | None = None) -> None:
        self.state: PolicyState = empty_policy(named("policy"), UNIT_ID)
        self.before: list[PolicyState] = []
        self.acts: list[PastAct] = []
        self.reached: dict[int, date] = {}
        self.today = date.min
        self.parties = {
            named(name): PartyFacts(
                named(name), p.kind, p.born, p.sex, p.occupation_class, (named(f"{name}_account"),), p.died
            )
            for name, p in {**CAST, **(people or {})}.items()
        }

    def facts(self, step: Step) -> Facts:
        """What the step's act may know: everybody, the real product and parameters, all health answers "no"."""
        needs = ACTS[step.act].needs
        questions = product().terms.disclosure.questions
        answers = {question.id: "no" for question in questions} | (step.health or {})
        return Facts(
            business_date=step.business_date or step.on,
            received_on=step.on,
            serial=f"{1 + sum(ACTS[past.act].derived_on is None for past in self.acts):06d}",
            unit_code=UNIT_CODE,
            parameters=parameters(),
            product=product() if "product" in needs else None,
            parties=self.parties if "parties" in needs else {},
            health_answers=answers if "health" in needs and step.health_notice else None,
            life_sum_assured=step.life_sum_assured,
            choices=step.choices,
        )

    def history(self, begin: int = 1) -> History:
        """From the act ``begin`` on."""
        before = self.before[begin - 1] if begin <= len(self.acts) else self.state
        until = max([self.today, *(past.effective_date for past in self.acts if not past.requested)])
        return History(before, tuple(self.acts[begin - 1 :]), product(), parameters(), until)

    def keeping_later(self) -> dict[int, Keep]:
        """The choice that every change of beneficiary that stands is to stand from its day on."""
        undone = undone_by(self.acts)
        return {
            past.seq: Keep.LATER
            for past in self.acts
            if past.act == "change_beneficiary" and past.seq not in undone
        }

    def _recorded(self) -> list[Recorded]:
        found = []
        for past in self.acts:
            choices = past.facts.choices if past.facts else {}
            reached = max(past.counts_on, self.reached[past.seq])
            found.append(
                Recorded(past.seq, past.counts_on, reached, left_out_by(past.act, past.request, choices))
            )
        return found

    def decide(self, step: Step) -> Decision:
        """The decision on the step; nothing changes. An act that counts before others goes in between; otherwise the
        state holds no slice that the act does not list."""
        act, request = ACTS[step.act], request_of(step)
        day = act.effect_day(request) if act.effect_day else step.effective or step.on
        facts = self.facts(step)
        if against := act.against(self.state, facts, request):
            return Refused(against)
        recorded = self._recorded()
        between = bool(recorded) and day < max(one.reached for one in recorded)
        if between and not act.before_contract and act.name != "undo_act":
            begin = replay_start(recorded, day)
            new = PastAct(self.state.seq + 1, step.act, day, day, request=request, facts=facts)
            return Replay(self.state, self.history(begin), ACTS).insert(new)
        if "history" in act.needs:
            begin = replay_start(recorded, day, request.seq) if request.seq <= len(recorded) else 1
            facts = msgspec.structs.replace(facts, history=self.history(min(begin, request.seq)))
        slices = {name: versions for name, versions in self.state.slices.items() if name in act.reads}
        narrow = PolicyState(self.state.policy_id, self.state.seq, self.state.unit_id, slices)
        return act.decide(narrow, facts, request, day)

    def live(self, step: Step) -> Accepted:
        """What the calendar owes up to the step's day, then the step decided and folded. Raises Refusal."""
        self.pass_time(step.business_date or step.on)
        decision = self.decide(step)
        if not isinstance(decision, Accepted):
            raise Refusal(f"{step.act} on {step.on} was refused: {[v.code for v in decision.violations]}")
        act, request = ACTS[step.act], request_of(step)
        day = act.effect_day(request) if act.effect_day else step.effective or step.on
        self._record(PastAct(
            self.state.seq + 1, step.act, day, act.counts_on(day, step.on),
            decision.changes, decision.postings, request, self.facts(step),
        ), decision)  # fmt: skip
        return decision

    def pass_time(self, until: date) -> None:
        """Let the calendar do what it owes up to a day."""
        self.today = max(self.today, until)
        while event := next_event(self.state, product(), DERIVED):
            if event.on > until:
                break
            latest = max((one.reached for one in self._recorded()), default=date.min)
            facts = calendar_facts(self.state, product(), parameters(), event.on)
            if latest < event.on:
                decision = event.act.decide(self.state, facts, event.act.request(), event.on)
            else:
                day_before = event.on - timedelta(days=1)
                begin = replay_start(self._recorded(), day_before)
                history = msgspec.structs.replace(self.history(begin), calendar_until=day_before)
                decision = Replay(self.state, history, ACTS).move_on(until)
            assert isinstance(decision, Accepted), decision
            facts = facts_of_moving_on(facts, decision)
            self._record(PastAct(
                self.state.seq + 1, event.act.name, event.on, event.on, decision.changes, decision.postings,
                event.act.request(), facts, requested=False,
            ), decision)  # fmt: skip
            assert next_event(self.state, product(), DERIVED) != event, "the calendar does not move on"

    def _record(self, past: PastAct, decision: Accepted) -> None:
        self.before.append(self.state)
        self.state = fold(self.state, decision.changes)
        self.acts.append(past)
        self.reached[past.seq] = decision.replayed.reached if decision.replayed else past.counts_on

    def live_to(self, stage: str) -> "Life":
        """Live the stages before a stage, then its own steps."""
        found = stages()[stage]
        if found.after:
            self.live_to(found.after)
        for step in found.steps:
            self.live(step)
        return self


def life(stage: str = "") -> Life:
    """A life lived to a stage of ``cases/stages.yaml``."""
    return Life().live_to(stage) if stage else Life()
