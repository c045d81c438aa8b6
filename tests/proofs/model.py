"""A plain model of a policy's life on product 611005: what each act must do to money, dates and people.

Imports nothing of counterfoil. Every method answers with the reason of a refusal, or "" and has then happened.
Accounts are the chart's numbers; amounts are yuan, debit positive.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from tests.proofs import model_tables as tables
from tests.proofs.model_claims import ClaimNumber, Claims, Judged, judge, payees
from tests.proofs.model_people import Designated, Designations, designation_fault
from tests.proofs.model_tables import ZERO

BANK, CASH, SUSPENSE = "1002", "1001", "2203"
REFUNDS, SURRENDERS, CLAIMS = "2241.1", "2241.2", "2241.3"
FIRST, RENEWAL, SURRENDER_EXPENSE, CLAIM_EXPENSE = "6031.1", "6031.2", "6531", "6511"
OPEN_PAYMENT = ("prepared", "unknown")


@dataclass
class Instalment:
    """One premium taken into income."""

    due: date
    amount: Decimal
    refunded: bool = False


@dataclass
class Payment:
    """Money owed to a payee."""

    account: str
    amount: Decimal
    state: str = "prepared"
    ordered: bool = True
    """Whether the payee's account is known, so that it went to the bank."""


@dataclass
class Plan:
    """What is applied for."""

    term: int
    mode: str
    pay_years: int
    sum_assured: Decimal


@dataclass
class Policy:
    """One policy, from application on."""

    holder: UUID
    insured: UUID
    sex: str
    birth: date
    plan: Plan
    applied_on: date
    premium: Decimal
    issue_age: int
    designations: Designations
    standings: list[tuple[date, str, str]]
    seq: int = 1
    """The act that is just being done."""
    amount: Decimal = ZERO
    """What the last act came to, where its authority goes by an amount."""
    policy_number: str = ""
    due: tuple[date, Decimal, str] | None = None
    """The premium that fell due and is not paid: its day, its amount, and whether grace runs."""
    noted: set[date] = field(default_factory=set)
    """Due dates that the calendar came to."""
    balances: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    held: Decimal = ZERO
    premium_received: date | None = None
    effective: date | None = None
    formed: date | None = None
    issued: date | None = None
    cover_until: date | None = None
    signed: date | None = None
    instalments: dict[int, Instalment] = field(default_factory=dict)
    paid: list[tuple[date, date, date | None]] = field(default_factory=list)
    payments: dict[str, Payment] = field(default_factory=dict)
    claims: Claims = field(default_factory=Claims)

    # -- looking

    @property
    def key(self) -> tables.Key:
        return (self.sex, self.issue_age, self.plan.term, self.plan.mode, self.plan.pay_years)

    def standing(self, on: date) -> tuple[str, str]:
        """Where the paper stands on a day, and why it ended."""
        held = [one for one in self.standings if one[0] <= on]
        return held[-1][1:] if held else ("", "")

    def stand(self, start: date, standing: str, reason: str = "") -> None:
        """A new standing from a day on; later ones are gone."""
        self.standings = [one for one in self.standings if one[0] < start] + [(start, standing, reason)]

    def paid_to(self, on: date) -> tuple[date, date | None] | None:
        """Up to which day premiums received by ``on`` pay, and when the next is due."""
        held = [one for one in self.paid if one[0] <= on]
        return held[-1][1:] if held else None

    def in_force(self, on: date) -> bool:
        """Whether a death on that day would be covered."""
        if self.effective is None or self.cover_until is None or not self.effective <= on < self.cover_until:
            return False
        if any(reason == "cooling_off" for _, _, reason in self.standings) or self.standing(on)[0] == "ended":
            return False
        paid = self.paid_to(on)
        return paid is None or paid[1] is None or on < tables.lapses_on(paid[1])

    def owed(self, on: date) -> Decimal:
        """The premium due and unpaid on a day of cover."""
        paid = self.paid_to(on)
        due = paid[1] if paid else None
        return self.premium if due is not None and due <= on and self.in_force(on) else ZERO

    def value(self, on: date, paid_to: date | None = None) -> Decimal:
        """The cash value on a day of the term."""
        assert self.effective is not None
        paid = self.paid_to(on)
        until = paid_to or (paid[0] if paid else self.effective)
        return tables.cash_value(self.key, self.plan.sum_assured, self.effective, until, on)

    def has_value(self, on: date) -> bool:
        """Whether there is a contract in its term that has not ended."""
        if self.effective is None or self.cover_until is None:
            return False
        return self.effective <= on < self.cover_until and self.standing(on)[0] in ("issued", "lapsed")

    def _issued_fault(self, on: date) -> str:
        faults = {"issued": "", "lapsed": "", "ended": "policy_ended"}
        return faults.get(self.standing(on)[0], "policy_not_issued")

    def done(self, act: str, *entries: tuple[str, Decimal], amount: Decimal = ZERO) -> str:
        """The act has happened, with these entries."""
        entries = tuple((account, money) for account, money in entries if money)
        assert sum(money for _, money in entries) == 0, f"{act}: {entries}"
        for account, money in entries:
            self.balances[account] += money
        self.amount = amount
        return ""

    # -- new business

    def decide(self, today: date, life_sum: Decimal) -> str:
        """Accepted by the rules, or for a person to decide. ``life_sum``: all open policies of the life."""
        if self.standing(today)[0] != "applied":
            return "application_not_open"
        age = tables.age(self.birth, today)
        if not tables.YOUNGEST <= age <= tables.OLDEST:
            return "uw_age"
        if life_sum > tables.automatic_limit(age):
            return "uw_sum_over_limit"
        self.stand(today, "accepted")
        return self.done("decide_application")

    def collect_first(self, today: date, amount: Decimal, cash: bool, received: date) -> str:
        """The first premium, into suspense."""
        if self.standing(today)[0] not in ("applied", "accepted"):
            return "application_not_open"
        if self.premium_received is not None:
            return "first_premium_already_collected"
        if amount != self.premium:
            return "amount_not_premium_due"
        if received < self.applied_on:
            return "received_too_early"
        self.held, self.premium_received = amount, received
        return self.done("collect_first_premium", (CASH if cash else BANK, amount), (SUSPENSE, -amount))

    def issue(self, today: date, effective: date) -> str:
        """The contract; the premium from suspense into income."""
        if self.claims.open:
            return "claim_open"
        accepted_on, standing, _ = self.standings[-1]
        if standing != "accepted":
            return "application_not_accepted"
        if effective < accepted_on:
            return "effective_before_acceptance"
        if self.held != self.premium or self.premium_received is None:
            return "first_premium_not_held"
        if effective < self.premium_received:
            return "effective_before_premium"
        if effective > today + timedelta(days=tables.EFFECTIVE_DAYS_AHEAD):
            return "effective_too_far_ahead"
        age = tables.age(self.birth, effective)
        if not tables.YOUNGEST <= age <= tables.OLDEST:
            return "issue_age_outside"
        key = (self.sex, age, self.plan.term, self.plan.mode, self.plan.pay_years)
        if tables.premium(key, self.plan.sum_assured) != self.premium:
            return "premium_changed_by_birthday"
        self.issue_age, self.effective, self.formed = age, effective, accepted_on
        self.issued = max(today, self.premium_received)
        self.cover_until = tables.years_after(effective, self.plan.term)
        self.stand(effective, "issued")
        self.held = ZERO
        self.instalments[1] = Instalment(effective, self.premium)
        self._pay_up(effective)
        return self.done("issue_policy", (SUSPENSE, self.premium), (FIRST, -self.premium))

    def _pay_up(self, received: date) -> None:
        paid_to = self.paid_to_after(len(self.instalments))
        due = None if paid_to == self.cover_until else paid_to
        self.paid = [one for one in self.paid if one[0] < received] + [(received, paid_to, due)]

    def paid_to_after(self, instalments: int) -> date:
        """To which day so many premiums pay."""
        assert self.effective is not None
        assert self.cover_until is not None
        if self.plan.mode == "single" or instalments >= self.plan.pay_years:
            return self.cover_until
        return tables.years_after(self.effective, instalments)

    def sign(self, today: date, signed: date) -> str:
        """The receipt of the contract."""
        if self.effective is None or self.issued is None:
            return "policy_not_issued"
        if self.standings[-1][1] == "ended":
            return "policy_ended"
        if self.signed is not None:
            return "receipt_already_recorded"
        if signed < self.issued:
            return "signed_before_issue"
        if signed > today:
            return "signed_in_future"
        self.signed = signed
        return self.done("record_contract_receipt")

    def _cooling_off_over(self, on: date) -> bool:
        return self.signed is not None and on >= self.signed + timedelta(days=tables.COOLING_OFF_DAYS + 1)

    def withdraw(self, today: date) -> str:
        """Everything paid goes back."""
        if self.claims.open:
            return "claim_open"
        if self.effective is None:
            return "policy_not_issued"
        if self.standings[-1][1] == "ended":
            return "policy_ended"
        if self._cooling_off_over(today):
            return "cooling_off_over"
        kept = {n: one for n, one in self.instalments.items() if not one.refunded}
        first = sum((one.amount for n, one in kept.items() if n == 1), ZERO)
        refund = sum((one.amount for one in kept.values()), ZERO)
        for one in kept.values():
            one.refunded = True
        self.stand(today, "ended", "cooling_off")
        self.due = None
        return self.done(
            "withdraw_in_cooling_off", (FIRST, first), (RENEWAL, refund - first), (REFUNDS, -refund),
            amount=refund,
        )  # fmt: skip

    # -- premiums and value

    def collect_renewal(self, today: date, amount: Decimal, cash: bool, received: date) -> str:
        """The next instalment; money that came before the day of a death only reported stands beside the claim."""
        if self.claims.stops_money_of(received):
            return "claim_open"
        if self.effective is None:
            return "policy_not_issued"
        fault = self._issued_fault(max(today, self.effective))
        if fault:
            return fault
        if amount != self.premium:
            return "amount_not_premium_due"
        due = self.paid[-1][2]
        if due is None:
            return "nothing_more_due"
        if received > today:
            return "received_in_future"
        if received < due - timedelta(days=tables.COLLECT_DAYS_BEFORE):
            return "received_too_early"
        if received >= tables.lapses_on(due):
            return "grace_over"
        self.instalments[len(self.instalments) + 1] = Instalment(due, amount)
        self._pay_up(received)
        self.due = None
        return self.done("collect_renewal_premium", (CASH if cash else BANK, amount), (RENEWAL, -amount))

    def surrender(self, today: date) -> str:
        """The value, less the premium owed in grace; a premium paid for a year not begun goes back."""
        if self.claims.open:
            return "claim_open"
        if self.effective is None or self.cover_until is None:
            return "policy_not_issued"
        fault = self._issued_fault(max(today, self.effective))
        if fault:
            return fault
        if not self._cooling_off_over(today):
            return "use_cooling_off"
        if today >= self.cover_until:
            return "cover_expired"
        if today < self.effective:
            return "not_yet_effective"
        value = self.value(today)
        paid = self.paid_to(today)
        owed = ZERO if paid is not None and paid[1] == today else self.owed(today)
        taken = min(value, owed)
        ahead = [one for one in self.instalments.values() if one.due >= today and not one.refunded]
        refund = sum((one.amount for one in ahead), ZERO)
        for one in ahead:
            one.refunded = True
        if taken and paid is not None and paid[1] is not None:
            self.instalments[len(self.instalments) + 1] = Instalment(paid[1], taken)
        self.stand(today, "ended", "surrender")
        self.due = None
        return self.done(
            "surrender", (SURRENDER_EXPENSE, value), (SURRENDERS, taken - value), (RENEWAL, refund - taken),
            (REFUNDS, -refund), amount=value - taken + refund,
        )  # fmt: skip

    # -- people

    def change_beneficiary(self, effective: date, named: tuple[Designated, ...], consent: bool) -> str:
        """A new designation, until the next one already recorded."""
        fault = self._issued_fault(effective)
        if fault:
            return fault
        if self.holder != self.insured and not consent:
            return "insured_consent_missing"
        fault = designation_fault(named, self.insured)
        if fault:
            return fault
        self.designations.add(self.seq, effective, named)
        return self.done("change_beneficiary")

    # -- claims

    def report_death(self, today: date, event: date, number: ClaimNumber) -> str:
        """A claim is opened."""
        if self.effective is None:
            return "policy_never_issued"
        if event < self.effective:
            return "event_before_effective"
        if event > today:
            return "event_in_future"
        if any(claim.state != "rejected" for claim in self.claims.all):
            return "already_reported"
        self.claims.report(event, number)
        return self.done("report_death")

    def _judge(self, cause: str) -> Judged | str:
        claim = self.claims.last
        if claim is None:
            return "claim_unknown"
        if claim.state != "reported":
            return "claim_state_wrong"
        for start, standing, reason in self.standings:
            by_itself = (
                "cooling_off",
                "maturity",
                "lapse",
            )  # the calendar knew of no death, and nothing is ordered
            if standing == "ended" and start > claim.event and reason not in by_itself:
                return "ended_after_event"
        return judge(self, claim.event, cause)

    def decide_death(self, today: date, cause: str) -> str:
        """What is payable, to whom."""
        judged, claim = self._judge(cause), self.claims.last
        if isinstance(judged, str):
            return judged
        if judged.net <= 0:
            return "nothing_payable"
        assert claim is not None
        claim.state, claim.shares = "approved", payees(self, judged, claim.event)
        self.stand(claim.event, "ended", "excluded_death" if judged.excluded else "death_claim")
        self.due = None
        unordered = {number for number, payment in self.payments.items() if not payment.ordered}
        value = sum((self.payments.pop(number).amount for number in unordered), ZERO)
        return self._settle("decide_death_claim", judged, (SURRENDERS, value), (SURRENDER_EXPENSE, -value))

    def reject_death(self, today: date, cause: str) -> str:
        """Nothing is payable; premiums paid for time after the death go back."""
        judged, claim = self._judge(cause), self.claims.last
        if isinstance(judged, str):
            return judged
        if judged.net > 0:
            return "rule_says_payable"
        assert claim is not None
        judged.benefit = judged.taken = ZERO
        claim.state, claim.shares, claim.closed = "rejected", payees(self, judged, claim.event), today
        if judged.excluded:
            self.stand(claim.event, "ended", "excluded_death")
            self.due = None
        return self._settle("reject_death_claim", judged)

    def _settle(self, act: str, judged: Judged, *also: tuple[str, Decimal]) -> str:
        if judged.taken:
            self.instalments[len(self.instalments) + 1] = Instalment(judged.due, judged.taken)
        back = {n: self.instalments[n].amount for n in judged.refunds}
        for n in back:
            self.instalments[n].refunded = True
        first, refund = back.get(1, ZERO), sum(back.values(), ZERO)
        expense = SURRENDER_EXPENSE if judged.excluded else CLAIM_EXPENSE
        return self.done(
            act, (expense, judged.benefit), (RENEWAL, refund - first - judged.taken), (FIRST, first),
            (CLAIMS, judged.taken - judged.benefit - refund), *also, amount=judged.benefit - judged.taken + refund,
        )  # fmt: skip

    def pay_claim(self) -> str:
        """Payments prepared for all shares that are not paid yet."""
        claim = self.claims.last
        if claim is None or claim.state not in ("approved", "rejected"):
            return "claim_state_wrong"
        claim.paid = True
        if claim.state == "approved":
            claim.state = "paid"
        return self.done("pay_claim", amount=sum((amount for _, amount in claim.shares), ZERO))

    # -- the bank

    def answer(self, number: str, result: str) -> str:
        """The bank's answer to a payment."""
        payment = self.payments.get(number)
        if payment is None:
            return "payment_unknown"
        if payment.state not in OPEN_PAYMENT:
            return "payment_already_answered"
        if not payment.ordered:
            return "payment_has_no_account"
        payment.state = result
        paid = payment.amount if result == "confirmed" else ZERO
        return self.done("confirm_payment", (payment.account, paid), (BANK, -paid))
