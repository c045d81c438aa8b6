"""Policies as acts leave them: a small cast, facts on a day, and a life lived by deciding and folding acts in order."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from msgspec import Struct

from counterfoil.core.kernel.decisions import Accepted, Decision
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.policy.calendar import next_event
from counterfoil.core.policy.facts import Facts, History, PartyFacts, PastAct
from counterfoil.core.policy.state import PolicyState, empty_policy, fold
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
            history=self._history(step) if "history" in needs else None,
        )

    def _history(self, step: Step) -> History:
        """From the very first act on: more than is needed, never less."""
        return History(self.before[0], tuple(self.acts)) if self.acts else History(self.state, ())

    def decide(self, step: Step) -> Decision:
        """The decision on the step; nothing changes. The state holds no slice that the act does not list."""
        act = ACTS[step.act]
        slices = {name: versions for name, versions in self.state.slices.items() if name in act.reads}
        narrow = PolicyState(self.state.policy_id, self.state.seq, self.state.unit_id, slices)
        return act.decide(narrow, self.facts(step), request_of(step), step.effective or step.on)

    def live(self, step: Step) -> Accepted:
        """The step decided and folded. Raises Refusal."""
        decision = self.decide(step)
        if not isinstance(decision, Accepted):
            raise Refusal(f"{step.act} on {step.on} was refused: {[v.code for v in decision.violations]}")
        facts = self.facts(step)
        request = request_of(step)
        past = PastAct(
            seq=self.state.seq + 1,
            act=step.act,
            effective_date=step.effective or step.on,
            changes=decision.changes,
            moved_money=bool(decision.postings),
            request=request,
            facts=facts,
        )
        self.before.append(self.state)
        self.state = fold(self.state, decision.changes)
        self.acts.append(past)
        if step.act == "undo_act":
            undone = request.seq - 1
            self.acts[undone] = msgspec.structs.replace(self.acts[undone], undone_by=past.seq)
        return decision

    def pass_time(self, until: date) -> None:
        """Let the calendar do what it owes up to a day."""
        while (event := next_event(self.state, product(), DERIVED)) and event.on <= until:
            facts = Facts(
                business_date=event.on,
                received_on=event.on,
                serial=f"{event.on:%Y%m%d}",
                unit_code=self.state.contract[-1].value.policy_number,
                parameters=parameters(),
                product=product(),
            )
            request = event.act.request()
            decision = event.act.decide(self.state, facts, request, event.on)
            assert isinstance(decision, Accepted), decision
            seq = self.state.seq + 1
            moved = bool(decision.postings)
            self.before.append(self.state)
            self.state = fold(self.state, decision.changes)
            self.acts.append(
                PastAct(seq, event.act.name, event.on, decision.changes, moved, None, request, facts)
            )

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
