"""The state machine: every act on the system and on the plain model at once, compared after every step."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from msgspec import Struct

from counterfoil.apps.acts.calendar import policies_owing_among
from counterfoil.apps.acts.calls import ActAccepted, ActRefused, Outcome
from counterfoil.apps.acts.intake import policy_id_for
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.organisation.counted import BACK_DATING
from counterfoil.apps.organisation.operations import assign_position, grant_authority, hire
from counterfoil.batch import day as day_roll
from counterfoil.core.newbusiness.submit_application import SubmitApplication
from counterfoil.core.policy.facts import Keep
from counterfoil.core.product.definition import PayMode, SaleChannel
from counterfoil.core.servicing.undo_act import UndoAct
from tests.builders import lives
from tests.builders.insurer import SET_UP, SINCE, set_up_insurer
from tests.proofs import attempts, model, model_people, model_tables
from tests.proofs.attempts import ATTEMPTS, Case, Draw, named_people, of, resolve
from tests.proofs.comparing import compare, snapshot
from tests.proofs.model_people import Designated, designation_fault
from tests.proofs.model_timeline import Timeline
from tests.proofs.observing import BUSINESS_TABLES, counts

BEGIN = date(2026, 3, 2)
ORDINARY = (date(1996, 1, 15), date(1986, 1, 15))
EDGES = (
    date(1996, 3, 3),
    date(2008, 3, 2),
    date(2008, 3, 4),
    date(1975, 3, 3),
    date(1985, 2, 28),
    date(1980, 2, 29),
)
"""A birthday tomorrow; eighteen today; not yet; turning fifty-one; over forty; born on 29 February."""
REGIONS = ("320102", "320104", "320105", "320106", "320111", "320113", "320114", "320115")
ALL_POSITIONS = (
    "outer_counter",
    "inner_counter",
    "underwriter",
    "servicing_handler",
    "claims_approver",
    "finance",
)
UNLIMITED = Decimal("100000000")
PLANS = sorted([*model_tables.PLANS, *(plan for plan in model_tables.PLANS if plan[1] == "annual")], key=str)
ODD_PLANS = [*PLANS, (10, "annual", 7)]
SUMS = [Decimal(n) for n in (300_000, 20_000)]
ODD_SUMS = [*SUMS, *(Decimal(n) for n in (10_000, 610_000, 1_000_000, 15_000, 1_010_000, 0))]
WAITS = (1, 1, 9, 10, 11, 30, 60, 61, 90, 300, 365)


@cache
def own_ids(birth: date, sex: str) -> Iterator[str]:
    """Valid resident id numbers, more than a district has for one birthday: examples are many."""
    return (
        body + "10X98765432"[sum(int(c) * w for c, w in zip(body, lives.WEIGHTS, strict=True)) % 11]
        for region in REGIONS
        for n in range(500)
        for body in (f"{region}{birth:%Y%m%d}{2 * n + (sex == 'M'):03d}",)
    )


def usual(values: Any) -> Any:
    """Draws the first of the values: every attempt names the usual one first."""
    return values.elements[0] if hasattr(values, "elements") else False


@dataclass
class Office:
    """What all examples share: an employee who may do everything, and people to name, with accounts."""

    actor: UUID
    people: list[tuple[UUID, UUID]]


def set_up() -> Office:
    """The insurer, and somebody in the county who may do everything up to any amount."""
    set_up_insurer()
    actor = hire("wu.nen", "吴能", "86320101", None, SET_UP, employee_id=uuid4()).employee_id
    for position in ALL_POSITIONS:
        assign_position(actor, position, SINCE, None, SET_UP)
    for act in ("*", BACK_DATING):
        grant_authority(
            holder_kind="employee", holder=str(actor), act=act, product="*", amount_limit=UNLIMITED,
            valid_from=SINCE, valid_until=None, source="test", actor=SET_UP, unit_level="",
        )  # fmt: skip
    people = []
    for n in range(4):
        party = lives.register_person(actor, f"赵{'甲乙丙丁'[n]}", birth=date(1970 + n, 5, 5), on=BEGIN)
        people.append((party, lives.add_account(actor, party, on=BEGIN)))
    return Office(actor, people)


class PolicyLives(RuleBasedStateMachine):
    """At most two policies on one life, their days in common. See ``attempts.Life``."""

    office: ClassVar[Office]
    seen: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.today = BEGIN
        self.cases: list[Case] = []
        self.people = self.office.people
        self.sound = True
        self.caught = 0
        """How many acts of the calendar come before the act that is just sent."""

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """A life, a first application, and most often the way to the contract."""
        draw, actor = data.draw, self.office.actor
        self.birth = draw(of([*ORDINARY * 8, *EDGES]))
        self.sex = draw(of("MF"))
        number = next(own_ids(self.birth, self.sex))
        self.insured = lives.register_person(
            actor, "王建国", birth=self.birth, sex=self.sex, id_number=number, on=BEGIN
        )
        self.notice = lives.answer_health(actor, self.insured, on=BEGIN)
        self.holder = self.insured
        if draw(st.booleans()):
            born = date(1990, 3, 8)
            self.holder = lives.register_person(
                actor, "李平", birth=born, id_number=next(own_ids(born, "M")), on=BEGIN
            )
        self.account = lives.add_account(actor, self.holder, on=BEGIN)
        self.after = counts()
        self.submit(draw(of(PLANS)), draw(of(SUMS)), resolve(self, draw(of([[(1, 1, None)], []]))))
        if self.cases and draw(of([True] * 5 + [False])):
            for attempt in (attempts.decide, attempts.collect_first, attempts.issue, attempts.sign):
                attempt(self, self.cases[0], usual)

    @rule(data=st.data())
    def step(self, data: st.DataObject) -> None:
        """One act, where it is likely to hold or, now and then, anywhere; or time goes on."""
        likely = [
            (attempt, case)
            for weight, attempt, holds in ATTEMPTS
            for case in self.cases
            if holds(case.model)
            for _ in range(weight)
        ]
        anywhere = [(attempt, case) for _, attempt, _ in ATTEMPTS for case in self.cases]
        kinds = ["wait", "wait_for", "wait_for", "years", "roll", "anywhere" if anywhere else "submit"]
        kinds += ["submit"] * (len(self.cases) < 2) + ["likely"] * 8 * bool(likely)
        kind = data.draw(of(kinds), "kind")
        if kind in ("likely", "anywhere"):
            pool = likely if kind == "likely" else anywhere
            attempt, case = pool[data.draw(st.integers(0, len(pool) - 1), "which")]
            attempt(self, case, data.draw)
        elif kind == "submit" and len(self.cases) < 2:
            plan, amount = data.draw(of(ODD_PLANS)), data.draw(of(ODD_SUMS))
            self.submit(plan, amount, resolve(self, named_people(data.draw)))
        elif kind == "roll":
            self.roll()
        elif kind == "years" and self.cases:
            self._years(data.draw)
        elif kind == "wait" or not self.cases:
            self.go_to(self.today + timedelta(days=data.draw(of(WAITS))))
        else:
            self.go_to(self._boundary(data.draw))

    def _years(self, draw: Draw) -> None:
        """Years in which every premium is paid on its day or ahead of it: values come late."""
        case = draw(of(self.cases))
        for _ in range(draw(st.integers(1, 5))):
            due = case.model.paid[-1][2] if case.model.paid else None
            if due is None or case.model.standings[-1][1] != "issued" or due < self.today:
                return
            self.go_to(max(self.today, due - timedelta(days=draw(of([0, 0, 0, 30, 60])))))
            attempts.collect_renewal(self, case, usual)

    def _boundary(self, draw: Draw) -> date:
        """A day at which something changes, the day before, or the day after."""
        policy = draw(of(self.cases)).model
        due = policy.paid[-1][2] if policy.paid else None
        days = {
            "due": due,
            "grace": model_tables.lapses_on(due) if due else None,
            "cooling_off": policy.signed + timedelta(days=11) if policy.signed else None,
            "end": policy.cover_until,
        }
        coming = [day for name in ("due", "due", "grace", "cooling_off") if (day := days[name])]
        coming += [policy.cover_until] if policy.cover_until and due is None else []
        ahead = [day for day in coming if day + timedelta(days=1) >= self.today]
        shift = draw(of([-1, 0, 1]))
        return (
            max(self.today, draw(of(ahead)) + timedelta(days=shift))
            if ahead
            else self.today + timedelta(days=1)
        )

    def go_to(self, day: date) -> None:
        """The day comes, and model and system still agree."""
        self.today = day
        for case in self.cases:
            compare(case.policy_id, case.model, day, len(case.line.rows))

    def roll(self) -> None:
        """The day roll records what the calendar owes both policies."""
        lives.open_books(self.today)
        cursor = raw_connection("batch").cursor(binary=True)
        behind = policies_owing_among(cursor, self.today, [case.policy_id for case in self.cases])
        day_roll._chunk(behind, self.today, "batch")
        for case in self.cases:
            case.line.catch_up(self.today)
            self._look(case)
        self.after = counts()

    # -- on the system and on the model

    def submit(self, plan: tuple[int, str, int], amount: Decimal, named: tuple[Designated, ...]) -> None:
        """Apply for a policy."""
        term, mode, years = plan
        age = model_tables.age(self.birth, self.today)
        premium = model_tables.premium((self.sex, age, term, mode, years), amount)
        request = SubmitApplication(
            product_code="611005", policyholder_id=self.holder, insured_id=self.insured,
            relation="self" if self.holder == self.insured else "spouse", sum_assured=amount, term_years=term,
            pay_mode=PayMode(mode), pay_years=years, beneficiaries=attempts.designations(named),
            health_notice_id=self.notice, applied_on=self.today, sales_channel=SaleChannel.COUNTER,
            exclusions_acknowledged=True, insured_consents=True, policyholder_signed=True, insured_signed=True,
        )  # fmt: skip
        expected = application_fault(age, plan, amount) or designation_fault(named, self.insured)
        policy_id = policy_id_for(self.office.actor, key := uuid4().hex)
        self.caught = 0
        outcome = self._send("submit_application", policy_id, request, self.today, key, expected)
        if isinstance(outcome, ActAccepted):
            assert premium is not None
            made = model.Policy(
                self.holder, self.insured, self.sex, self.birth, model.Plan(term, mode, years, amount), self.today,
                premium, age, model_people.Designations(), [(self.today, "applied", "")],
            )  # fmt: skip
            made.designations.add(1, self.today, named)
            self.cases.append(Case(policy_id, Timeline(made)))
            self._look(self.cases[-1])

    def act(
        self,
        case: Case,
        act: str,
        request: Struct,
        step: Callable[[model.Policy], str],
        on: date | None = None,
        came: date | None = None,
    ) -> Outcome:
        """The model first, then the system; then both are looked at. ``on`` is asked for as the first day, ``came`` is
        the day that the request says."""
        self.sound = False
        keeping = (
            dict.fromkeys(case.model.designations.standing(), Keep.LATER)
            if act == "change_beneficiary"
            else {}
        )
        place = came or on or self.today
        place = min(place, self.today) if act == "issue_policy" else place
        before, line = len(case.line.rows), case.line
        expected = line.attempt(act, place, self.today, step)
        self.caught = len(line.rows) - before - (not expected)
        outcome = self._send(act, case.policy_id, request, on or self.today, uuid4().hex, expected, keeping)
        if isinstance(outcome, ActAccepted):
            assert outcome.seq == len(line.rows)
            self._note_payments(case, outcome)
        self._look(case)
        self.sound = True
        return outcome

    def undo(self, case: Case, seq: int) -> None:
        """An act is left out, on the model and on the system."""
        self.sound = False
        before = len(case.line.rows)
        kind = case.line.rows[seq - 1].act if seq <= before else ""
        expected = case.line.undo(seq, self.today)
        self.caught = len(case.line.rows) - before - (not expected)
        self._send("undo_act", case.policy_id, UndoAct(seq, "录入错误"), self.today, uuid4().hex, expected)
        self.seen[f"undo of {kind} {expected or 'accepted'}"] += 1
        self._look(case)
        self.sound = True

    def _send(
        self,
        act: str,
        policy_id: UUID,
        request: Any,
        on: date,
        key: str,
        expected: str,
        choices: Mapping[int, Keep] | None = None,
    ) -> Outcome:
        call = lives.call(act, policy_id, request, self.today, effective=on, key=key, choices=choices or {})
        (outcome,) = lives.run([call], self.office.actor)
        if expected:
            assert isinstance(outcome, ActRefused), f"{act}: the model refuses by {expected}, got {outcome}"
            codes = {violation.code for violation in outcome.violations}
            assert expected in codes, f"{act}: the model refuses by {expected}, the system by {codes}"
            then, self.after = self.after, counts()
            if not self.caught:
                assert self.after == then, f"{act}: a refusal left more than the attempt"
            acts = BUSINESS_TABLES.index("act")
            assert self.after[acts] == then[acts] + self.caught, f"{act}: not what the calendar owed"
        else:
            assert isinstance(outcome, ActAccepted), f"{act}: the model accepts, got {outcome}"
            self.after = counts()
        self.seen[f"{act} {expected or 'accepted'}"] += 1
        return outcome

    def _note_payments(self, case: Case, outcome: ActAccepted) -> None:
        """Payments that the act prepared, by the numbers that the system gave them."""
        assert outcome.decision is not None
        account = {"premium_refund": model.REFUNDS, "surrender": model.SURRENDERS, "claim": model.CLAIMS}
        for order in outcome.decision.follow_ups:
            if order.kind == "bank_payment":
                payment = model.Payment(account[order.payload["kind"]], Decimal(order.payload["amount"]))
                case.line.steps[-1].payments[order.payload["payment_number"]] = payment
                case.model.payments[order.payload["payment_number"]] = copy(payment)

    def _look(self, case: Case) -> None:
        for seq, known in case.line.caught_up:
            case.history[seq] = compare(case.policy_id, known, self.today, seq, as_of=seq)
        case.line.caught_up = []
        now = compare(case.policy_id, case.model, self.today, len(case.line.rows))
        assert case.history.setdefault(now.seq, now) == now, "a refusal changed the policy"

    def teardown(self) -> None:
        """As of every act, the policy is what it was then."""
        for case in self.cases if self.sound else ():
            assert len(case.history) == len(case.line.rows)
            for seq, then in case.history.items():
                assert snapshot(case.policy_id, as_of=seq) == then, f"as of act {seq}"


def application_fault(age: int, plan: tuple[int, str, int], amount: Decimal) -> str:
    """Why an application does not hold, or nothing."""
    if not model_tables.YOUNGEST <= age <= model_tables.OLDEST:
        return "issue_age_outside"
    if plan not in model_tables.PLANS:
        return "plan_not_offered"
    if amount <= 0:
        return "not_an_amount"
    if not model_tables.LEAST <= amount <= model_tables.MOST:
        return "sum_assured_outside"
    return "sum_assured_not_multiple" if amount % model_tables.STEP else ""
