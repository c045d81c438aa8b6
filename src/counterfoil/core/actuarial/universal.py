"""Decides a universal life account day by day: what is booked when, by the convention `actual_days`.

Clauses as of 131005: settlement 5.2, bonus 5.3, charges 5.4 to 5.7, grace and suspension 4.2, 7.1, 7.2, end 8.1.
Each act first books what the calendar owes up to its day. What is booked is never worked out again; `prove`
works it out from the outside acts alone and tells every difference. All days [a, b) begin at 0:00 of a; a
movement counts from its own day. An act before the last entry is the timeline's business, and refused here.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from counterfoil.core.actuarial.rates import ActNotPossible, band_value
from counterfoil.core.actuarial.universal_days import catch_up, settle
from counterfoil.core.actuarial.universal_ledger import NOTHING, PAYMENTS, Account, Book, Entry, EntryKind
from counterfoil.core.actuarial.universal_terms import DeclaredRate, PaymentKind
from counterfoil.core.kernel.calendar_dates import add_years, grace_interval
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.kernel.intervals import Interval
from counterfoil.core.kernel.money import yuan

ONE_DAY = timedelta(days=1)


class Status(StrEnum):
    """What an account's contract is in."""

    IN_FORCE = "in_force"
    GRACE = "grace"  # covered, but charges are owed
    SUSPENDED = "suspended"
    ENDED = "ended"


class Standing(Struct, frozen=True, kw_only=True):
    """An account on a day, as booked: yuan. `cash_value` is before what is owed is taken from it."""

    status: Status
    value: Decimal
    owed: Decimal
    premiums_paid: Decimal
    base: Decimal
    death_benefit: Decimal
    cash_value: Decimal
    settled_to: date
    grace: Interval | None
    suspended_on: date | None


class Payout(Struct, frozen=True, kw_only=True):
    """What an act pays: amount - charge - owed = payable; the account after it. Yuan.

    `amount` is what was applied for, the account value surrendered, or the death benefit.
    """

    account: Account
    amount: Decimal
    charge: Decimal
    owed_deducted: Decimal
    payable: Decimal


class Disproof(Struct, frozen=True):
    """An entry that the outside acts do not give: its place in the book, what is booked, what should be."""

    place: int
    booked: Entry | None
    proven: Entry | None


def standing(account: Account, on: date) -> Standing:
    """The account on a day, by the entries up to and with that day. ValueError before the contract."""
    entries = tuple(entry for entry in account.entries if entry.on <= on)
    book = Book(Account(contract=account.contract, terms=account.terms, entries=entries))
    status = Status.IN_FORCE
    if book.ended_on is not None:
        status = Status.ENDED
    elif book.lapsed_on is not None:
        status = Status.SUSPENDED
    elif book.grace_since is not None:
        status = Status.GRACE
    covered = status in {Status.IN_FORCE, Status.GRACE}
    grace = grace_interval(book.grace_since, account.terms.grace_days) if book.grace_since else None
    return Standing(
        status=status,
        value=book.value,
        owed=book.owed,
        premiums_paid=book.premiums,
        base=book.base,
        death_benefit=book.death_benefit(on) if covered else NOTHING,
        cash_value=book.value - _surrender_charge(book, book.lapsed_on or on),
        settled_to=book.settled_to,
        grace=grace if status is Status.GRACE else None,
        suspended_on=book.lapsed_on,
    )


def advance(account: Account, declared: Sequence[DeclaredRate], to: date) -> Account:
    """Book all that falls due at 0:00 of the days up to and with `to`: settlements, bonuses, suspension.

    On the 1st of each month, for the days since the last settlement: interest Σ value of the day × daily
    rate, the month's declared rate or the guarantee if that is more, and risk charge Σ yearly rate / 365 ×
    amount at risk of the day (5.2, 5.6). Raises RateMissing where a month's rate is not declared.
    """
    book = Book(account)
    catch_up(book, declared, to)
    return book.closed()


def pay_in(
    account: Account, declared: Sequence[DeclaredRate], on: date, kind: PaymentKind, amount: Decimal
) -> Account:
    """A payment enters less its initial charge (5.1, 5.4); charges owed are then taken (4.2).

    The first premium is paid in on the effective date. Raises ActNotPossible, RateMissing.
    """
    book = _opened(account, declared, on)
    if book.lapsed_on is not None:
        raise ActNotPossible(Violation("account_suspended", parameters={"on": str(book.lapsed_on)}))
    _pay_in(book, on, kind, amount)
    return book.closed()


def withdraw(account: Account, declared: Sequence[DeclaredRate], on: date, amount: Decimal) -> Payout:
    """部分领取 (5.7): the account falls by the amount applied for, of which the charge is kept.

    Raises ActNotPossible with every reason: below the least amount, more than the account, too little left,
    charges owed, suspended, ended.
    """
    book = _opened(account, declared, on)
    amount = yuan(amount)
    left = book.value - amount
    reasons = []
    if book.lapsed_on is not None:
        reasons.append(Violation("account_suspended", parameters={"on": str(book.lapsed_on)}))
    if book.owed > 0:
        reasons.append(Violation("charges_owed", parameters={"owed": str(book.owed)}))
    if amount <= 0 or amount < book.terms.withdrawal_minimum:
        least = {"least": str(book.terms.withdrawal_minimum)}
        reasons.append(Violation("withdrawal_too_small", "amount", least))
    if left < 0:
        reasons.append(Violation("more_than_account", "amount", {"value": str(book.value)}))
    elif left < book.terms.remaining_minimum:
        least = {"least": str(book.terms.remaining_minimum), "left": str(left)}
        reasons.append(Violation("too_little_remains", "amount", least))
    if reasons:
        raise ActNotPossible(*reasons)
    rate = band_value(book.terms.withdrawal_charges, book.policy_year(on), "the withdrawal charge")
    charge = book.rounded(amount * rate)
    book.post(on, EntryKind.WITHDRAWAL, charge - amount, rate=rate)
    if charge:
        book.post(on, EntryKind.WITHDRAWAL_CHARGE, -charge, rate=rate)
    return Payout(
        account=book.closed(), amount=amount, charge=charge, owed_deducted=NOTHING, payable=amount - charge
    )


def surrender(account: Account, declared: Sequence[DeclaredRate], on: date) -> Payout:
    """解除合同 (8.1): the days of the month are settled at the guaranteed rate (5.2), the cash value is the
    account value × (1 - charge), and what is owed is taken from it (9.4). In suspension nothing is settled
    and the charge is that of the suspension's policy year (7.2)."""
    book = _opened(account, declared, on)
    if book.lapsed_on is None:
        settle(book, on, None)
    value = book.value
    charge = _surrender_charge(book, book.lapsed_on or on)
    return _paid_out(book, on, EntryKind.SURRENDER, value, charge)


def die(account: Account, declared: Sequence[DeclaredRate], on: date) -> Payout:
    """身故 (2.3): the days of the month are settled at the guaranteed rate, the death benefit is taken at the
    value then, what is owed is taken from it (4.2), the account is nil. Not payable in suspension."""
    book = _opened(account, declared, on)
    if book.lapsed_on is not None:
        raise ActNotPossible(Violation("account_suspended", parameters={"on": str(book.lapsed_on)}))
    settle(book, on, None)
    return _paid_out(book, on, EntryKind.DEATH, book.death_benefit(on), NOTHING)


def reinstate(
    account: Account, declared: Sequence[DeclaredRate], on: date, kind: PaymentKind, amount: Decimal
) -> Account:
    """效力恢复 (7.2): a payment enters less its charge, the charges owed from before the suspension are taken,
    and the contract is in force from 0:00 of the next day (or of the day, by the terms).

    Raises ActNotPossible when not suspended, too late, or the account does not cover what is owed.
    """
    book = _opened(account, declared, on)
    if book.lapsed_on is None:
        raise ActNotPossible(Violation("account_not_suspended"))
    last = add_years(book.lapsed_on, book.terms.reinstatement_years)
    if on > last:
        raise ActNotPossible(Violation("too_late_to_reinstate", parameters={"last": str(last)}))
    _pay_in(book, on, kind, amount)
    if book.owed > 0:
        raise ActNotPossible(Violation("does_not_cover_owed", "amount", {"owed": str(book.owed)}))
    resumes = on + ONE_DAY if book.terms.resumes_next_day else on
    book.post(resumes, EntryKind.REINSTATEMENT, NOTHING)
    return book.closed()


def prove(account: Account, declared: Sequence[DeclaredRate]) -> tuple[Disproof, ...]:
    """Every difference between the book and what its outside acts (payments, withdrawals, end) give.

    Empty for a true book. Raises what an act raises that could never have been booked.
    """
    proven = Account(contract=account.contract, terms=account.terms)
    entries = account.entries
    for place, entry in enumerate(entries):
        if entry.kind in PAYMENTS:
            kind = PaymentKind(entry.kind.value)
            caught_up = advance(proven, declared, entry.on)
            act = reinstate if Book(caught_up).lapsed_on is not None else pay_in
            proven = act(caught_up, declared, entry.on, kind, entry.amount)
        elif entry.kind is EntryKind.WITHDRAWAL:
            after = entries[place + 1] if place + 1 < len(entries) else None
            kept = after.amount if after and after.kind is EntryKind.WITHDRAWAL_CHARGE else NOTHING
            proven = withdraw(proven, declared, entry.on, -(entry.amount + kept)).account
        elif entry.kind is EntryKind.SURRENDER:
            proven = surrender(proven, declared, entry.on).account
        elif entry.kind is EntryKind.DEATH:
            proven = die(proven, declared, entry.on).account
    if entries:
        proven = advance(proven, declared, entries[-1].on)
    pairs = zip(
        [*entries, *[None] * max(0, len(proven.entries) - len(entries))],
        [*proven.entries, *[None] * max(0, len(entries) - len(proven.entries))],
        strict=True,
    )
    return tuple(
        Disproof(place, booked, worked_out)
        for place, (booked, worked_out) in enumerate(pairs)
        if booked != worked_out
    )


def _opened(account: Account, declared: Sequence[DeclaredRate], on: date) -> Book:
    last = account.entries[-1].on if account.entries else account.contract.effective
    if on < last:
        raise ActNotPossible(Violation("before_last_entry", "on", {"last": str(last)}))
    book = Book(account)
    catch_up(book, declared, on)
    if book.ended_on is not None:
        raise ActNotPossible(Violation("account_ended", parameters={"on": str(book.ended_on)}))
    return book


def _pay_in(book: Book, on: date, kind: PaymentKind, amount: Decimal) -> None:
    amount = yuan(amount)
    if amount <= 0:
        raise ActNotPossible(Violation("nothing_paid", "amount"))
    bands = [charge.by_policy_year for charge in book.terms.initial_charges if charge.kind is kind]
    if not bands:
        raise ActNotPossible(Violation("payment_not_accepted", "kind", {"kind": kind.value}))
    rate = band_value(bands[0], book.policy_year(on), f"the initial charge on {kind}")
    charge = book.rounded(amount * rate)
    book.post(on, EntryKind(kind.value), amount)
    if charge:
        book.post(on, EntryKind.INITIAL_CHARGE, -charge, rate=rate)
    if book.owed > 0:
        book.take(on, NOTHING, NOTHING)


def _surrender_charge(book: Book, on: date) -> Decimal:
    rate = band_value(book.terms.surrender_charges, book.policy_year(on), "the surrender charge")
    return book.value - book.rounded(book.value * (1 - rate))


def _paid_out(book: Book, on: date, kind: EntryKind, amount: Decimal, charge: Decimal) -> Payout:
    """End the contract: the account goes to nil, what is owed is taken from the payment as far as it goes."""
    due = amount - charge
    deducted = min(book.owed, due)
    book.post(on, kind, charge - book.value, owed=-deducted if deducted else NOTHING)
    if charge:
        book.post(on, EntryKind.SURRENDER_CHARGE, -charge)
    return Payout(
        account=book.closed(), amount=amount, charge=charge, owed_deducted=deducted, payable=due - deducted
    )
