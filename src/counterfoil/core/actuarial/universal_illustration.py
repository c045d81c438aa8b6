"""Decides the illustration of a universal life account: the convention `equal_months`, year by policy year.

Recovered from the printed figures of 131005 (68 of 68 to the cent): twelve equal months; in each the charge
first, c = round(q/12 × (D - V)), then the interest round(V × ((1+i)^(1/12) - 1)). Clauses 5.2 and 5.6 settle
by actual days instead (`universal.py`). Payments and withdrawals stand at the beginning of a policy year.
"""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from counterfoil.core.actuarial.rates import ActNotPossible, Band, band_value
from counterfoil.core.actuarial.survival import exact
from counterfoil.core.actuarial.universal_days import bonus
from counterfoil.core.actuarial.universal_ledger import (
    NOTHING,
    Account,
    Book,
    Entry,
    EntryKind,
    Item,
    benefit,
    death_items,
    risk_charge,
)
from counterfoil.core.actuarial.universal_terms import (
    AccountContract,
    AccountTerms,
    MonthlyRate,
    Order,
    PaymentKind,
    PrintedRiskCharge,
    RiskAmount,
)
from counterfoil.core.kernel.calendar_dates import add_months
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.money import yuan


class PlannedPayment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A payment at the beginning of a policy year, yuan."""

    policy_year: int
    kind: PaymentKind
    amount: Decimal


class PlannedWithdrawal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amount applied for at the beginning of a policy year, after that day's payments, yuan."""

    policy_year: int
    amount: Decimal


class IllustratedYear(Struct, frozen=True, kw_only=True):
    """A row: payments, charges on them and withdrawals at the year's beginning, the rest at its end. Yuan.

    `withdrawn` is the amount applied for. `basic_sum` is what was paid in less withdrawals, as the terms lessen
    it. `risk_charge` is printed by the product's convention,
    `risk_charge_taken` is what was taken. `death_benefit` goes by the percentage of the year that ends.
    """

    policy_year: int
    age_end: int
    premium: Decimal
    top_up: Decimal
    transferred_in: Decimal
    premiums_paid_total: Decimal
    initial_charge: Decimal
    credited_to_account: Decimal
    withdrawn: Decimal
    basic_sum: Decimal
    policy_fee: Decimal
    risk_charge: Decimal
    risk_charge_taken: Decimal
    interest: Decimal
    bonus: Decimal
    account_value: Decimal
    death_benefit: Decimal
    cash_value: Decimal


class Illustration(Struct, frozen=True, kw_only=True):
    """The rows, the entries that they sum up, and the policy year in which the account could not meet its
    charges, None where it always could; that year has no row."""

    years: tuple[IllustratedYear, ...]
    entries: tuple[Entry, ...]
    exhausted_in: int | None


class _Exhausted(Exception):
    """The account cannot meet a charge."""


def illustrate(
    terms: AccountTerms,
    contract: AccountContract,
    payments: Sequence[PlannedPayment],
    credited: Sequence[Band],
    years: int,
    withdrawals: Sequence[PlannedWithdrawal] = (),
) -> Illustration:
    """The account over `years` policy years by `equal_months`.

    credited: yearly rate by policy year; where the guarantee is more, that holds. Raises RateMissing for an
    age, policy year or kind outside the terms' tables, ActNotPossible for a withdrawal of more than there is.
    """
    book = Book(Account(contract=contract, terms=terms))
    rows: list[IllustratedYear] = []
    with exact():
        for year in range(1, years + 1):
            own = [payment for payment in payments if payment.policy_year == year]
            out = [withdrawal.amount for withdrawal in withdrawals if withdrawal.policy_year == year]
            try:
                rows.append(_year(book, year, own, out, credited))
            except _Exhausted:
                return Illustration(years=tuple(rows), entries=tuple(book.entries), exhausted_in=year)
    return Illustration(years=tuple(rows), entries=tuple(book.entries), exhausted_in=None)


def _year(
    book: Book,
    year: int,
    payments: Sequence[PlannedPayment],
    withdrawals: Sequence[Decimal],
    credited: Sequence[Band],
) -> IllustratedYear:
    terms, contract = book.terms, book.contract
    start = len(book.entries)
    for payment in payments:
        _pay_in(book, year, payment)
    for amount in withdrawals:
        _withdraw(book, year, amount)
    begins, ends = contract.anniversary(year - 1), contract.anniversary(year)
    items = death_items(terms, contract, begins, book.base, book.premiums)
    at_start, q = book.value, NOTHING
    if benefit(at_start, items) > at_start:
        q = terms.risk_rate(contract.sex, contract.issue_age + year - 1)
    yearly_charge = book.rounded(risk_charge(at_start, items, q, RiskAmount.BEFORE_CHARGE))
    _months(book, year, items, q, credited)
    for rule in terms.bonuses:
        if amount := bonus(book, rule, year):
            book.post(ends, EntryKind.BONUS, amount, rate=rule.rate)
    sums: dict[EntryKind, Decimal] = {}
    for entry in book.entries[start:]:
        sums[entry.kind] = sums.get(entry.kind, NOTHING) + entry.amount
    paid = sum((payment.amount for payment in payments), NOTHING)
    initial, taken = -sums.get(EntryKind.INITIAL_CHARGE, NOTHING), -sums.get(EntryKind.RISK_CHARGE, NOTHING)
    yearly = terms.illustration.printed_risk_charge is PrintedRiskCharge.YEARLY_AT_START
    surrender_rate = band_value(terms.surrender_charges, year, "the surrender charge")
    return IllustratedYear(
        policy_year=year,
        age_end=contract.issue_age + year,
        premium=sums.get(EntryKind.PREMIUM, NOTHING),
        top_up=sums.get(EntryKind.TOP_UP, NOTHING),
        transferred_in=sums.get(EntryKind.TRANSFER_IN, NOTHING),
        premiums_paid_total=book.premiums,
        initial_charge=initial,
        credited_to_account=paid - initial,
        withdrawn=sum(withdrawals, NOTHING),
        basic_sum=book.base,
        policy_fee=-sums.get(EntryKind.POLICY_FEE, NOTHING),
        risk_charge=yearly_charge if yearly else taken,
        risk_charge_taken=taken,
        interest=sums.get(EntryKind.INTEREST, NOTHING),
        bonus=sums.get(EntryKind.BONUS, NOTHING),
        account_value=book.value,
        death_benefit=book.rounded(benefit(book.value, items)),
        cash_value=book.rounded(book.value * (1 - surrender_rate)),
    )


def _pay_in(book: Book, year: int, payment: PlannedPayment) -> None:
    on, amount = book.contract.anniversary(year - 1), yuan(payment.amount)
    bands = [charge.by_policy_year for charge in book.terms.initial_charges if charge.kind is payment.kind]
    if not bands:
        raise ActNotPossible(Violation("payment_not_accepted", "kind", {"kind": payment.kind.value}))
    rate = band_value(bands[0], year, f"the initial charge on {payment.kind}")
    book.post(on, EntryKind(payment.kind.value), amount)
    if charge := book.rounded(amount * rate):
        book.post(on, EntryKind.INITIAL_CHARGE, -charge, rate=rate)


def _withdraw(book: Book, year: int, amount: Decimal) -> None:
    on, amount = book.contract.anniversary(year - 1), yuan(amount)
    if amount > book.value:
        raise ActNotPossible(Violation("more_than_account", "amount", {"value": str(book.value)}))
    rate = band_value(book.terms.withdrawal_charges, year, "the withdrawal charge")
    charge = book.rounded(amount * rate)
    book.post(on, EntryKind.WITHDRAWAL, charge - amount, rate=rate)
    if charge:
        book.post(on, EntryKind.WITHDRAWAL_CHARGE, -charge, rate=rate)


def _months(book: Book, year: int, items: Sequence[Item], q: Decimal, credited: Sequence[Band]) -> None:
    """Book charge and interest of the twelve months of a policy year."""
    terms, how = book.terms, book.terms.illustration
    annual = max(
        band_value(credited, year, "the credited rate"),
        band_value(terms.guaranteed_rates, year, "the guaranteed rate"),
    )
    root = how.monthly_rate is MonthlyRate.ROOT
    monthly = (1 + annual) ** (Decimal(1) / 12) - 1 if root else annual / 12
    fee = book.rounded(band_value(terms.policy_fees, year, "the policy fee"))
    q_month = q / 12
    for month in range(12 * (year - 1), 12 * year):
        begins = add_months(book.contract.effective, month)
        ends = add_months(book.contract.effective, month + 1)
        if how.order is Order.INTEREST_FIRST:
            book.post(ends, EntryKind.INTEREST, book.rounded(book.value * monthly), since=begins, rate=annual)
        on = begins if how.order is Order.CHARGE_FIRST else ends
        charge = (
            book.rounded(risk_charge(book.value, items, q_month, how.risk_amount)) if q_month else NOTHING
        )
        if fee + charge > book.value:
            raise _Exhausted
        if fee:
            book.post(on, EntryKind.POLICY_FEE, -fee, since=begins)
        if charge:
            book.post(on, EntryKind.RISK_CHARGE, -charge, since=begins)
        if how.order is Order.CHARGE_FIRST:
            book.post(ends, EntryKind.INTEREST, book.rounded(book.value * monthly), since=begins, rate=annual)
