"""The story of a late premium, lived through the pipeline step by step, and told as a page of the docs.

Each step is taken on its day by whoever would take it; what is told of it is read from the books afterwards: the policy
of that day as known then, the act's entries, the balances, and what it did to other acts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from textwrap import fill
from uuid import UUID

from django.db import transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.organisation.queries import current_actor
from counterfoil.apps.policies.as_of import ActLine, balances_after, lines_of, load_points
from counterfoil.apps.policies.history import BookEntry, entries_of
from counterfoil.apps.policies.queries import PolicyFile
from counterfoil.batch.day import derive
from counterfoil.core.billing.collect_renewal_premium import CollectRenewalPremium
from counterfoil.core.kernel.versions import at
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.designation import Designation
from counterfoil.core.policy.money_in import PaymentMethod
from counterfoil.core.servicing.change_beneficiary import ChangeBeneficiary
from counterfoil.core.servicing.correct_insured import CorrectInsured
from counterfoil.core.servicing.undo_act import UndoAct
from counterfoil.web.policy_on_day import HeadLine, head_line
from tests.builders import lives
from tests.builders.insurer import Cast
from tests.builders.lives import Life
from tests.journeys.clock import SetClock

ISSUED = date(2025, 3, 3)
LAPSE, CHANGE = 8, 9
"""The running numbers of the lapse and of the change of beneficiary."""


@dataclass(frozen=True)
class Told:
    """What a step came to: the last act, the head of the screen on its day, names and shares, and money."""

    title: str
    day: date
    who: str
    text: str
    acts: tuple[ActLine, ...]
    head: HeadLine
    beneficiaries: tuple[str, ...]
    suspense: Decimal
    short: Decimal
    entries: tuple[BookEntry, ...]
    balances: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Scene:
    """One step: its title, the day, what the clerk does and why the figures are what they are, and the doing."""

    title: str
    day: date
    who: str
    text: str
    do: Callable[[Cast, Life], object]


def _late(cast: Cast, life: Life) -> None:
    son = lives.register_person(cast.clerk, "王一诺", birth=date(2018, 5, 1), on=date(2026, 6, 10))
    named = (
        Designation(life.beneficiary, 1, "spouse", Decimal("40.00")),
        Designation(son, 1, "child", Decimal("60.00")),
    )
    _asked(
        cast, life, "change_beneficiary", ChangeBeneficiary(named, True), date(2026, 6, 10), date(2026, 4, 1)
    )


def _asked(cast: Cast, life: Life, act: str, request: object, on: date, effective: date) -> None:
    lives.do(cast.clerk, act, life.policy_id, request, on, effective=effective)


def _found(cast: Cast, life: Life) -> None:
    money = CollectRenewalPremium(life.premium, PaymentMethod.SUSPENSE, date(2026, 3, 20))
    lives.do(cast.clerk, "collect_renewal_premium", life.policy_id, money, date(2026, 10, 12))


def _corrected(cast: Cast, life: Life) -> None:
    true = CorrectInsured(birth_date=date(1993, 1, 15), evidence="户口簿")
    _asked(cast, life, "correct_insured", true, date(2026, 9, 16), date(2025, 3, 4))


def _undone(cast: Cast, life: Life) -> None:
    undo = UndoAct(seq=CHANGE, reason="客户填错受益人")
    lives.do(cast.handler, "undo_act", life.policy_id, undo, date(2026, 10, 15))


def _derived(*days: date) -> Callable[[Cast, Life], None]:
    def run(cast: Cast, life: Life) -> None:
        for day in days:
            lives.open_books(day)
            derive(day)

    return run


SCENES = (
    Scene(
        "The premium of March is not paid", date(2026, 3, 5), "the calendar",
        """
        The second premium falls due on 4 March 2026. Nobody asks for anything: `counterfoil day next` lets the
        calendar record `premium_due` on that day, with the premium notice, and `begin_grace` on the next, with the
        reminder. Cover goes on until the end of grace, sixty days after the due date. Nothing is booked: a life
        premium may not be sued for, so it is income when it is paid.
        """,
        _derived(date(2026, 3, 4), date(2026, 3, 5)),
    ),
    Scene(
        "The policy lapses in May", date(2026, 5, 4), "the calendar",
        """
        Grace ended on 3 May. From 0:00 of 4 May there is no cover; `lapse` prints the notice with the last day of
        reinstatement. Nothing is booked, and nothing is owed any more.
        """,
        _derived(date(2026, 5, 4)),
    ),
    Scene(
        "In June the beneficiaries are changed with effect from April", date(2026, 6, 10), "the counter",
        """
        On the policy's screen, *Change beneficiary* (`change_beneficiary`): the wife gets 40%, the son 60%,
        effective date 1 April 2026, and, as that day is past, why: the customer had asked in writing in April. Days
        back are authority; the counter has 800. The change goes in between grace and lapse: the lapse is derived
        again behind it, the same. The contract is suspended, but it is there, so its beneficiaries can be changed.
        """,
        _late,
    ),
    Scene(
        "In September the birth date is corrected from the first day", date(2026, 9, 16), "the counter",
        """
        *Correct insured's age or sex* (`correct_insured`), effective from the first day of the contract, as clause
        7.4 has it: the household register says 15 January 1993 where the application said 1995. At the start he was
        32, not 30, and for 500,000 yuan over ten years that costs 885.00 yuan a year, not 770.00. The one premium
        paid so far was 770.00, so 115.00 is wanting of it: it stays short on the instalment and is collected, or
        lessens a death benefit in proportion (Insurance Law 32). Nothing is booked, as no money moved: the 770.00
        stays income. Everything after the first day is decided again, the receipt and the change of beneficiary
        among it.
        """,
        _corrected,
    ),
    Scene(
        "In October the premium of March is found", date(2026, 10, 12), "the counter",
        """
        770.00 yuan lay among the unidentified receipts since 20 March: the bank's line had no policy number.
        *Collect renewal premium* (`collect_renewal_premium`), way of payment *from suspense*, received on 20 March
        2026. Money counts on the day it came, inside grace, so the act stands at 20 March: premium due and grace
        before it, the change of April after it. It is 770.00 where 885.00 is due since the correction; what was
        asked for then is taken as it came, and another 115.00 stays short, 230.00 with the first. The lapse of May
        falls away by itself, and cover was never interrupted. The books get the difference of the two replays:
        770.00 out of the unidentified receipts, 770.00 of renewal premium income. The credit of March was on no
        policy, so it is not among the balances of this one.
        """,
        _found,
    ),
    Scene(
        "The change of beneficiary is undone", date(2026, 10, 15), "the handler",
        """
        *Undo an act* (`undo_act`) with the number of the change, 9, and the reason. The policy becomes what it
        would be had the change not been: all to the wife again, from 1 April as if nothing had happened in between.
        No money moves. The timeline still shows what was believed from June to October.
        """,
        _undone,
    ),
)  # fmt: skip


def begun(cast: Cast, clock: SetClock) -> Life:
    """王建国, 30 by what he wrote, insures himself for 500,000 yuan over ten years."""
    clock.move_to(ISSUED)
    life = lives.issued(cast.clerk, on=ISSUED, receipt=False)
    clock.move_to(date(2025, 3, 5))
    lives.record_receipt(cast.clerk, life.policy_id, on=date(2025, 3, 5))
    return life


def told(cast: Cast, clock: SetClock, life: Life) -> Iterator[Told]:
    """Take each step and tell it."""
    seen = 5
    for scene in SCENES:
        clock.move_to(scene.day)
        scene.do(cast, life)
        found = _read(cast, life.policy_id, scene, seen)
        seen = found.acts[-1].seq
        yield found


def _read(cast: Cast, policy_id: UUID, scene: Scene, seen: int) -> Told:
    with transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        current_actor(cursor, cast.clerk, scene.day)
        lines = lines_of(cursor, policy_id)
        last = lines[-1].seq
        points = load_points(cursor, policy_id, [last])
        assert points is not None
        balances = balances_after(cursor, policy_id, [last])[last]
        entries = [one for one in entries_of(cursor, policy_id) if one.seq > seen]
    file = points[last]
    return Told(
        scene.title, scene.day, scene.who, " ".join(scene.text.split()),
        acts=tuple(line for line in lines if line.seq > seen),
        head=head_line(file, scene.day),
        beneficiaries=tuple(_named(file, scene.day)),
        suspense=sum((v.value.held for v in at(file.state.suspense, scene.day)), Decimal("0.00")),
        short=sum((v.value.short for v in at(file.state.instalments, scene.day)), Decimal("0.00")),
        entries=tuple(entries),
        balances=tuple((Account(account).name.lower(), amount) for account, amount in balances if amount),
    )  # fmt: skip


def _named(file: PolicyFile, day: date) -> Iterator[str]:
    for version in at(file.state.beneficiaries, day):
        yield f"{file.names[version.value.party_id]} {version.value.share_percent:.0f}%"


def page(premium: Decimal, steps: list[Told]) -> str:
    """The page of the docs."""
    out = [OPENING.format(premium=f"{premium:,.2f}")]
    for number, step in enumerate(steps, 1):
        out += [
            "",
            f"## {number}. {step.title}",
            "",
            fill(f"{step.day:%-d %B %Y}, {step.who}. {step.text}", 120),
            "",
        ]
        out += ["| recorded | counts on | act | what it did to others |", "|---|---|---|---|"]
        out += [
            f"| {line.seq} | {line.effective_date} | `{line.act}` | {_others(line)} |" for line in step.acts
        ]
        out += ["", f"The policy on {step.day:%-d %B %Y}, as known then:", "", "| | |", "|---|---|"]
        out += [f"| {name} | {value} |" for name, value in _figures(step)]
        booked = [f"{_account(one.account)} {one.amount:,.2f}" for one in step.entries]
        out += ["", f"Booked: {', '.join(booked) or 'nothing'}."]
        out += [f"Balances after it: {', '.join(f'{name} {amount:,.2f}' for name, amount in step.balances)}."]
        if step.title in PICTURES:
            out += ["", f"![{step.title}](screenshots/{PICTURES[step.title]})"]
    return "\n".join(out) + "\n"


def _account(code: str) -> str:
    return Account(code).name.lower()


def _figures(step: Told) -> Iterator[tuple[str, str]]:
    head = step.head
    assert head.coverage is not None
    assert head.paid_to is not None
    yield "standing", f"{head.standing.code}, {'covered' if head.covered else 'no cover'}"
    if head.grace_until is not None:
        yield "last day of grace", str(head.grace_until)
    yield "premium", f"{head.coverage.premium:,.2f}"
    yield "paid to", str(head.paid_to.paid_to_date)
    yield "due and not paid", f"{head.due.amount:,.2f}" if head.due else "–"
    yield "short of premiums paid", f"{step.short:,.2f}"
    yield "beneficiaries", ", ".join(step.beneficiaries)


def _others(line: ActLine) -> str:
    if line.act == "undo_act":
        return f"left out: {CHANGE}"
    if line.replayed is None:
        return "–"
    again = ", ".join(str(seq) for seq in line.replayed.decided_again)
    said = [f"decided again: {again}"] if again else []
    said += [f"took away `{mark.act}` of {mark.on}" for mark in line.replayed.dropped]
    said += [f"brought `{mark.act}` of {mark.on}" for mark in line.replayed.derived]
    return "; ".join(said) or "went in between; nothing came out otherwise"


FOUND, UNDONE = SCENES[4].title, SCENES[5].title
PICTURES = {FOUND: "story-premium-found.png", UNDONE: "story-change-undone.png"}
OPENING = """# The story of a late premium

One policy on which everything comes late: the worked example of how changes dated before others are taken. It
is lived through the pipeline by `tests/journeys/test_late_premium.py`, which also holds this page to what came
out; the rule is [ADR 0024](adr/0024-order-of-effect.md). Amounts are yuan; in the books debit is positive. The
clerk's screens are Chinese; here are their English names.

王建国 applies on 3 March 2025. He writes that he was born on 15 January 1995, so he is 30, and insures himself for
500,000 over ten years with product 611005, premium {premium} a year, for the benefit of his wife 李秀英. The
contract is in effect from 4 March 2025; application, decision, first premium, issue and receipt are acts 1 to
5."""
