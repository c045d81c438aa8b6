"""The worked example of docs/universal-life.md is what the code gives."""

from datetime import date
from pathlib import Path

from counterfoil.core.actuarial.rates import Band
from counterfoil.core.actuarial.universal import advance, pay_in
from counterfoil.core.actuarial.universal_illustration import PlannedPayment, illustrate
from counterfoil.core.actuarial.universal_ledger import Account, Entry, EntryKind
from counterfoil.core.actuarial.universal_terms import AccountContract, DeclaredRate, PaymentKind
from counterfoil.core.kernel.calendar_dates import add_months
from tests.core.actuarial.universal_131005 import TERMS, D

PAGE = Path(__file__).parents[3] / "docs" / "universal-life.md"
START, YEARS, PAID = date(2025, 1, 1), 6, D(100000)
CONTRACT = AccountContract(effective=START, sex="F", issue_age=35)
RATES = tuple(
    DeclaredRate(month=add_months(START, month), annual_rate=D("0.015")) for month in range(12 * YEARS)
)


def settled() -> Account:
    """The account by actual days, up to the end of the last policy year."""
    account = pay_in(Account(contract=CONTRACT, terms=TERMS), RATES, START, PaymentKind.PREMIUM, PAID)
    return advance(account, RATES, CONTRACT.anniversary(YEARS))


def line(*cells: object) -> str:
    """A row of a table in the page."""
    return "| " + " | ".join(f"{cell:,}" if isinstance(cell, D) else str(cell) for cell in cells) + " |"


def of(entries: tuple[Entry, ...], kind: EntryKind, start: date, end: date) -> object:
    """What the entries of a kind of the days after `start` up to and with `end` sum up to."""
    return sum((e.amount for e in entries if e.kind is kind and start < e.on <= end), D("0.00"))


def test_the_years_by_both_conventions_are_as_the_page_shows_them() -> None:
    planned = [PlannedPayment(policy_year=1, kind=PaymentKind.PREMIUM, amount=PAID)]
    shown = illustrate(TERMS, CONTRACT, planned, (Band(D("0.015"), 1),), YEARS).years
    account, page = settled(), PAGE.read_text(encoding="utf-8")
    for row in shown:
        start, end = CONTRACT.anniversary(row.policy_year - 1), CONTRACT.anniversary(row.policy_year)
        charge = of(account.entries, EntryKind.RISK_CHARGE, start, end)
        interest = of(account.entries, EntryKind.INTEREST, start, end)
        value = account.value_on(end)
        cells = line(
            row.policy_year,
            row.risk_charge_taken,
            row.interest,
            row.bonus,
            row.account_value,
            -charge,  # type: ignore[operator]
            interest,
            value,
            value - row.account_value,
        )
        assert cells in page, cells


def test_the_first_settlements_are_as_the_page_shows_them() -> None:
    page, running = PAGE.read_text(encoding="utf-8"), D("0.00")
    for entry in settled().entries[:6]:
        running += entry.amount
        cells = line(entry.on, entry.kind.value, entry.since or "", entry.amount, running)
        assert cells in page, cells
