"""Plays one story: a policy from application to its fate, each act asked of the position that does it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from counterfoil.apps.acts.calls import ActAccepted
from counterfoil.batch.demo.asking import Asker, Asking, Registry, workday
from counterfoil.batch.demo.beginnings import METHODS, begin
from counterfoil.batch.demo.deaths import claim
from counterfoil.batch.demo.organisation import Staff
from counterfoil.batch.demo.stage import Life, Wait
from counterfoil.batch.demo.stories import DEATHS, OPEN_AT_THE_END, Fate, Story
from counterfoil.core.billing.collect_renewal_premium import CollectRenewalPremium
from counterfoil.core.kernel.calendar_dates import add_years
from counterfoil.core.newbusiness.withdraw_in_cooling_off import WithdrawInCoolingOff
from counterfoil.core.parties.change_contact_details import PlainChangeContactDetails
from counterfoil.core.parties.contacts import PlainContact
from counterfoil.core.parties.values import ContactKind
from counterfoil.core.policy.designation import Designation
from counterfoil.core.servicing.change_beneficiary import ChangeBeneficiary
from counterfoil.core.servicing.surrender import Surrender, SurrenderReason
from counterfoil.core.servicing.undo_act import UndoAct

Event = tuple[date, Callable[[date], Asking]]
UNPAID = frozenset({Fate.LAPSED, Fate.DEATH_REJECTED})
REASONS = tuple(SurrenderReason)


def life(story: Story, staff: Staff, registry: Registry, until: date) -> Life:
    """The life of the story's policy, in the order of time."""
    asker = Asker(story, staff, registry)
    yield Wait(day=story.applied_on)  # who is registered already is asked on that day, not before the play
    begun = yield from begin(asker)
    if begun is None:
        return
    effective, premium, received = begun
    if story.fate is Fate.WITHDRAWN:
        day = workday(received + timedelta(days=story.draw.randint(3, 9)))
        yield Wait(day=day)
        yield from _withdraw(asker, day)
        return
    end = _end(story, effective, until)
    events = [*_renewals(asker, effective, premium), *_changes(asker, received, end[0] if end else until)]
    if end is not None:
        events = [event for event in events if event[0] < end[0]] + [end_event(asker, end)]
    for day, happen in sorted(events, key=lambda event: event[0]):
        yield Wait(day=day)
        yield from happen(day)


End = tuple[date, date]
"""The day on which the fate comes, and the day on which somebody comes to the counter."""


def _end(story: Story, effective: date, until: date) -> End | None:
    draw = story.draw
    anniversary = add_years(effective, story.years)
    if story.fate is Fate.DEATH_REJECTED:
        day = anniversary + timedelta(days=61 + draw.randint(20, 150))
        return day, workday(day + timedelta(days=draw.randint(3, 15)))
    if story.fate is Fate.DEATH_EXCLUDED:
        day = anniversary + timedelta(days=draw.randint(30, 300))
        return day, workday(day + timedelta(days=draw.randint(3, 15)))
    if story.fate in OPEN_AT_THE_END:
        came = workday(until - timedelta(days=draw.randint(16, 30)))
        return came - timedelta(days=draw.randint(2, 10)), came
    if story.fate in DEATHS or story.fate is Fate.SURRENDERED:
        day = workday(anniversary + timedelta(days=draw.randint(10, 300)))
        return day, workday(day + timedelta(days=draw.randint(3, 15)))
    return None


def end_event(asker: Asker, end: End) -> Event:
    """The last event of a life: a surrender or a death."""
    day, came = end
    if asker.story.fate in DEATHS:
        return day, lambda died_on: claim(asker, died_on, came)
    return came, partial(_surrender, asker)


def _renewals(asker: Asker, effective: date, premium: Decimal) -> Iterator[Event]:
    """Each further instalment around its due date, within grace; those that the fate leaves unpaid are not there."""
    story = asker.story
    if story.pay_mode == "single":
        return
    paid = story.years if story.fate in UNPAID else story.pay_years
    for n in range(1, paid):
        due = add_years(effective, n)
        yield workday(due + timedelta(days=story.draw.randint(-25, 40))), partial(_renew, asker, premium)


def _renew(asker: Asker, premium: Decimal, day: date) -> Asking:
    request = CollectRenewalPremium(premium, asker.story.draw.choice(METHODS), day)
    return asker.ask(day, asker.clerk, "collect_renewal_premium", request)


def _changes(asker: Asker, received: date, until: date) -> Iterator[Event]:
    """The changes of the story, on days between the cooling-off period and the end."""
    first = received + timedelta(days=70)
    for change in asker.story.changes:
        days = min((until - first).days, 700)
        if days > 0:
            day = workday(first + timedelta(days=asker.story.draw.randint(0, days)))
            yield day, partial(CHANGES[change], asker)


def _change_contact(asker: Asker, day: date) -> Asking:
    holder = asker.story.holder
    request = PlainChangeContactDetails(contacts=(PlainContact(ContactKind.MOBILE, asker.story.new_mobile),))
    return asker.ask(
        day, asker.by("servicing_handler"), "change_contact_details", request, subject=asker.party(holder)
    )


def _change_beneficiary(
    asker: Asker, day: date, days_back: int = 0, percents: tuple[int, ...] = (60, 40)
) -> Asking:
    """Spouse and child, by default 60 to 40."""
    shares = tuple(map(Decimal, percents))
    kin = asker.story.kin[: len(shares)]
    for person, _ in kin:
        yield from asker.register(person, day)
    request = ChangeBeneficiary(
        tuple(Designation(asker.party(p), 1, r, share) for (p, r), share in zip(kin, shares, strict=True)),
        insured_consents=True,
    )
    effective = day - timedelta(days=days_back)
    actor = asker.by("servicing_handler")
    return (yield from asker.ask(day, actor, "change_beneficiary", request, effective=effective))


def _change_and_undo(asker: Asker, day: date) -> Asking:
    changed = yield from _change_beneficiary(asker, day, percents=(45, 30, 25))
    if isinstance(changed, ActAccepted):
        request = UndoAct(changed.seq, "客户申请撤回变更")
        later = workday(day + timedelta(days=2))
        yield from asker.ask(later, asker.by("servicing_handler"), "undo_act", request)


CHANGES: dict[str, Callable[[Asker, date], Asking]] = {
    "beneficiary": _change_beneficiary,
    "contact": _change_contact,
    "back_dated": partial(_change_beneficiary, days_back=40),
    "undone": _change_and_undo,
}


def _withdraw(asker: Asker, day: date) -> Asking:
    handler = asker.by("servicing_handler")
    account_id = yield from asker.account(asker.story.holder, day, handler)
    yield from asker.ask_up(
        day, handler, "withdraw_in_cooling_off", WithdrawInCoolingOff(account_id, "客户改变主意")
    )


def _surrender(asker: Asker, day: date) -> Asking:
    handler = asker.by("servicing_handler")
    account_id = yield from asker.account(asker.story.holder, day, handler)
    request = Surrender(account_id, asker.story.draw.choice(REASONS))
    ask = asker.ask if asker.story.fate is Fate.SURRENDER_WAITS else asker.ask_up
    yield from ask(day, handler, "surrender", request)
