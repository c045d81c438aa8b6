"""Acts by chance: for each act what is asked of the system, and the same of the plain model.

Every attempt draws its own details, mostly such that the act holds, so that boundaries are met on both sides.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from hypothesis import strategies as st
from msgspec import Struct

from counterfoil.apps.acts.calls import ActAccepted, Outcome
from counterfoil.core.billing.collect_renewal_premium import CollectRenewalPremium
from counterfoil.core.billing.confirm_payment import BankResult, ConfirmPayment
from counterfoil.core.claims.decide_death_claim import DecideDeathClaim
from counterfoil.core.claims.findings import Cause
from counterfoil.core.claims.pay_claim import PayClaim, Payee
from counterfoil.core.claims.reject_death_claim import Ground, RejectDeathClaim
from counterfoil.core.claims.report_death import ReportChannel, ReportDeath, ReportedCause, Reporter
from counterfoil.core.newbusiness.collect_first_premium import CollectFirstPremium
from counterfoil.core.newbusiness.decide_application import DecideApplication
from counterfoil.core.newbusiness.issue_policy import IssuePolicy
from counterfoil.core.newbusiness.record_contract_receipt import RecordContractReceipt
from counterfoil.core.newbusiness.withdraw_in_cooling_off import WithdrawInCoolingOff
from counterfoil.core.policy.designation import Designation
from counterfoil.core.policy.money_in import PaymentMethod
from counterfoil.core.servicing.change_beneficiary import ChangeBeneficiary
from counterfoil.core.servicing.surrender import Surrender, SurrenderReason
from tests.proofs import model
from tests.proofs.comparing import Snapshot, snapshot
from tests.proofs.model_claims import ClaimNumber
from tests.proofs.model_people import Designated
from tests.proofs.model_timeline import UNDONE_FREELY, UNDONE_UNTIL_PAID, Timeline

CENT = Decimal("0.01")
INSURED = 9
"""The number by which drawn designations name the insured."""
WHOLES: tuple[tuple[Decimal | None, ...], ...] = (
    (None,), (Decimal(100),), (None, None), (None, None, None), (Decimal(60), Decimal(40)),
    (Decimal("33.40"), Decimal("33.30"), Decimal("33.30")),
)  # fmt: skip
BROKEN: tuple[tuple[Decimal | None, ...], ...] = ((Decimal(60), Decimal(30)), (Decimal(50), None))


@dataclass
class Case:
    """One policy: its id, the model, the snapshot after every act."""

    policy_id: UUID
    line: Timeline
    history: dict[int, Snapshot] = field(default_factory=dict)

    @property
    def model(self) -> model.Policy:
        """The model as it is known now."""
        return self.line.policy


class Life(Protocol):
    """What an attempt needs of the machine."""

    today: date
    cases: list[Case]
    people: list[tuple[UUID, UUID]]
    insured: UUID
    holder: UUID
    account: UUID

    def act(
        self,
        case: Case,
        act: str,
        request: Struct,
        step: Callable[[model.Policy], str],
        on: date | None = None,
        came: date | None = None,
    ) -> Outcome: ...

    def undo(self, case: Case, seq: int) -> None: ...


Draw = Callable[[Any], Any]
of = st.sampled_from


def named_people(draw: Draw) -> list[tuple[int, int, Decimal | None]]:
    """Numbers of people with order and share; one in five does not hold."""
    kind = draw(of(["nobody", "gap", "broken", "insured", "second", "second", *["one"] * 6]))
    if kind == "nobody":
        return []
    heads = draw(st.permutations(range(4)))
    first = draw(of(BROKEN if kind == "broken" else WHOLES))
    named: list[tuple[int, int, Decimal | None]] = [(heads[n], 1, share) for n, share in enumerate(first)]
    if kind in ("second", "gap"):
        named.append((heads[3], 2 if kind == "second" else 3, None))
    if kind == "insured":
        named.append((INSURED, 2, None))
    return named


def resolve(life: Life, people: list[tuple[int, int, Decimal | None]]) -> tuple[Designated, ...]:
    """The drawn numbers as parties."""
    ids = {n: party for n, (party, _) in enumerate(life.people)} | {INSURED: life.insured}
    return tuple(Designated(ids[n], order, share) for n, order, share in people)


def designations(named: tuple[Designated, ...]) -> tuple[Designation, ...]:
    """As the acts take them."""
    return tuple(Designation(one.party, one.order, "relative", one.share) for one in named)


# -- new business


def decide(life: Life, case: Case, draw: Draw) -> None:
    open_ = [c.model for c in life.cases if c.model.standings[-1][1] in ("applied", "accepted", "issued")]
    others = sum((one.plan.sum_assured for one in open_ if one is not case.model), Decimal(0))
    total = others + case.model.plan.sum_assured
    life.act(
        case, "decide_application", DecideApplication(), lambda m, today=life.today: m.decide(today, total)
    )


def collect_first(life: Life, case: Case, draw: Draw) -> None:
    amount = case.model.premium + draw(of([0, 0, 0, 0, 1])) * CENT
    received = life.today - timedelta(days=draw(of([0, 0, 0, 1])))
    cash = draw(st.booleans())
    request = CollectFirstPremium(amount, PaymentMethod.CASH if cash else PaymentMethod.CARD, received)
    today = life.today
    life.act(
        case, "collect_first_premium", request,
        lambda m: m.collect_first(today, amount, cash, received), came=received,
    )  # fmt: skip


def issue(life: Life, case: Case, draw: Draw) -> None:
    on = life.today + timedelta(days=draw(of([1, 1, 1, 1, 0, -1, 60, 61])))
    today = life.today
    outcome = life.act(case, "issue_policy", IssuePolicy(), lambda m: m.issue(today, on), on)
    if isinstance(outcome, ActAccepted):
        case.line.number(snapshot(case.policy_id).slices["contract"][-1].value.policy_number)


def sign(life: Life, case: Case, draw: Draw) -> None:
    signed = life.today - timedelta(days=draw(of([0, 0, 0, -1, 1, 20])))
    today = life.today
    life.act(case, "record_contract_receipt", RecordContractReceipt(signed), lambda m: m.sign(today, signed))


def withdraw(life: Life, case: Case, draw: Draw) -> None:
    request = WithdrawInCoolingOff(life.account)
    today = life.today
    life.act(case, "withdraw_in_cooling_off", request, lambda m: m.withdraw(today))


# -- on an issued policy


def collect_renewal(life: Life, case: Case, draw: Draw) -> None:
    amount = case.model.premium - draw(of([0] * 9 + [1])) * CENT
    received = life.today - timedelta(days=draw(of([0, 0, 0, 1, 5])))
    cash = draw(st.booleans())
    request = CollectRenewalPremium(amount, PaymentMethod.CASH if cash else PaymentMethod.TRANSFER, received)
    today = life.today
    life.act(
        case, "collect_renewal_premium", request,
        lambda m: m.collect_renewal(today, amount, cash, received), came=received,
    )  # fmt: skip


def surrender(life: Life, case: Case, draw: Draw) -> None:
    request = Surrender(life.account, SurrenderReason.OTHER)
    today = life.today
    life.act(case, "surrender", request, lambda m: m.surrender(today))


def change_beneficiary(life: Life, case: Case, draw: Draw) -> None:
    wanted = resolve(life, named_people(draw))
    if not wanted and not all(named for _, _, named in case.model.designations.recorded):
        return  # a second designation of nobody: see test_beneficiary_orders.py
    effective = life.today - timedelta(days=draw(of([0, 0, 1, 2, 3, 5, 20, 40, 100, 400, -1, -30])))
    consent = draw(of([True] * 5 + [False]))
    life.act(
        case, "change_beneficiary", ChangeBeneficiary(designations(wanted), consent),
        lambda m: m.change_beneficiary(effective, wanted, consent), effective,
    )  # fmt: skip


def undo(life: Life, case: Case, draw: Draw) -> None:
    rows = case.line.rows
    likely = [
        n
        for n, one in enumerate(rows, 1)
        if one.act in UNDONE_FREELY + UNDONE_UNTIL_PAID and one.step is not None and one.step.standing
    ]
    seq = draw(of([*likely * 2, *likely[-1:] * 4, draw(st.integers(1, len(rows) + 1))]))
    life.undo(case, seq)


# -- death and payments


def report_death(life: Life, case: Case, draw: Draw) -> None:
    event = life.today - timedelta(days=draw(of([0, 0, 0, 1, 30, 100, -1])))
    request = ReportDeath(
        event_date=event, cause=ReportedCause.UNKNOWN, reporter=Reporter.RELATIVE, channel=ReportChannel.COUNTER,
        place="溧水", circumstances="家属报案",
    )  # fmt: skip
    today, number = life.today, ClaimNumber()
    outcome = life.act(case, "report_death", request, lambda m: m.report_death(today, event, number))
    if isinstance(outcome, ActAccepted):
        number.known = outcome.answer["documents"][0]["number"]


def _claim(case: Case) -> str:
    return case.model.claims.last.number.known if case.model.claims.last else "C0"


def decide_death(life: Life, case: Case, draw: Draw) -> None:
    cause = draw(of(["illness", "accident", "suicide"]))
    request = DecideDeathClaim(
        claim_number=_claim(case), papers_complete_on=life.today, cause=Cause(cause), opinion="同意给付"
    )
    life.act(case, "decide_death_claim", request, lambda m, today=life.today: m.decide_death(today, cause))


def reject_death(life: Life, case: Case, draw: Draw) -> None:
    cause = draw(of(["illness", "suicide"]))
    request = RejectDeathClaim(
        claim_number=_claim(case), papers_complete_on=life.today, cause=Cause(cause), opinion="不属于保险责任",
        grounds=(Ground.NOT_COVERED,),
    )  # fmt: skip
    life.act(case, "reject_death_claim", request, lambda m, today=life.today: m.reject_death(today, cause))


def pay_claim(life: Life, case: Case, draw: Draw) -> None:
    claim = case.model.claims.last
    if claim is None or claim.paid or not claim.shares:
        return
    accounts = dict([*life.people, (life.holder, life.account)])
    heir = life.people[0][0]
    rows = tuple(
        Payee(n, payee or heir, accounts[payee or heir], by_inheritance=payee is None)
        for n, (payee, _) in enumerate(claim.shares, 1)
    )
    outcome = life.act(case, "pay_claim", PayClaim(claim.number.known, rows), lambda m: m.pay_claim())
    if isinstance(outcome, ActAccepted):
        prepared = sorted(p.amount for p in case.model.payments.values() if p.account == model.CLAIMS)
        shares = [share for one in case.model.claims.all if one.paid for share in one.shares]
        assert prepared == sorted(amount for _, amount in shares)


def answer(life: Life, case: Case, draw: Draw) -> None:
    number = draw(of([*sorted(case.model.payments) * 3, "Y0"]))
    result = draw(of(["confirmed", "confirmed", "refused", "unknown"]))
    request = ConfirmPayment(number, BankResult(result), life.today, "REF")
    life.act(case, "confirm_payment", request, lambda m: m.answer(number, result))


# -- which is likely to hold where


def _standing(name: str) -> Callable[[model.Policy], bool]:
    return lambda policy: policy.standings[-1][1] == name


def _unpaid(policy: model.Policy) -> bool:
    return policy.premium_received is None and policy.standings[-1][1] != "ended"


def _unsigned(policy: model.Policy) -> bool:
    return policy.signed is None and policy.standings[-1][1] == "issued"


def _reported(policy: model.Policy) -> bool:
    return policy.claims.last is not None and policy.claims.last.state == "reported"


def _unpaid_claim(policy: model.Policy) -> bool:
    claim = policy.claims.last
    return claim is not None and bool(claim.shares) and not claim.paid


def _owes(policy: model.Policy) -> bool:
    return any(payment.state in model.OPEN_PAYMENT for payment in policy.payments.values())


issued = _standing("issued")
Attempt = Callable[[Life, Case, Draw], None]
ATTEMPTS: tuple[tuple[int, Attempt, Callable[[model.Policy], bool]], ...] = (
    (3, decide, _standing("applied")),
    (3, collect_first, _unpaid),
    (2, issue, _standing("accepted")),
    (4, sign, _unsigned),
    (1, withdraw, issued),
    (4, collect_renewal, issued),
    (2, surrender, issued),
    (6, change_beneficiary, issued),
    (3, undo, lambda policy: policy.effective is not None),
    (1, report_death, issued),
    (4, decide_death, _reported),
    (3, reject_death, _reported),
    (4, pay_claim, _unpaid_claim),
    (3, answer, _owes),
)
"""Weight, attempt, and the policies on which it is likely to hold."""
