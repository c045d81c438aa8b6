"""The claim of the demo: a death is reported, decided, paid to each payee's own account, or answered with reasons."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from counterfoil.apps.acts.calls import ActAccepted
from counterfoil.batch.demo.asking import Asker, Asking, workday
from counterfoil.batch.demo.people import Person
from counterfoil.batch.demo.stories import Fate
from counterfoil.core.claims.decide_death_claim import DecideDeathClaim
from counterfoil.core.claims.findings import Cause
from counterfoil.core.claims.pay_claim import PayClaim, Payee
from counterfoil.core.claims.reject_death_claim import Ground, RejectDeathClaim
from counterfoil.core.claims.report_death import ReportChannel, ReportDeath, ReportedCause, Reporter
from counterfoil.core.policy.values import ClaimShare

PAPERS = ("claim_form", "contract", "beneficiary_identity", "death_certificate", "household_cancellation")
PLACES = {Cause.ILLNESS: "医院", Cause.ACCIDENT: "国道", Cause.SUICIDE: "家中"}


def claim(asker: Asker, died_on: date, reported: date) -> Asking:
    """From report to closing, as far as the fate goes."""
    story = asker.story
    cause = (
        Cause.SUICIDE
        if story.fate is Fate.DEATH_EXCLUDED
        else story.draw.choice((Cause.ILLNESS, Cause.ACCIDENT))
    )
    complete = story.draw.random() < 0.5
    request = ReportDeath(
        event_date=died_on,
        cause=ReportedCause(cause.value),
        reporter=Reporter.RELATIVE,
        channel=ReportChannel.COUNTER,
        place=PLACES[cause],
        police_reported=cause is not Cause.ILLNESS,
        papers_received=PAPERS if complete else PAPERS[:3],
    )
    outcome = yield from asker.ask(reported, asker.by("claims_report_taker"), "report_death", request)
    if not isinstance(outcome, ActAccepted) or story.fate is Fate.DEATH_REPORTED:
        return
    number = next(d["number"] for d in outcome.answer["documents"] if d["kind"] == "claim_report")
    complete_on = reported if complete else reported + timedelta(days=3)
    yield from _decide(
        asker, number, cause, workday(complete_on + timedelta(days=story.draw.randint(1, 8))), complete_on
    )


def _decide(asker: Asker, number: str, cause: Cause, day: date, complete_on: date) -> Asking:
    story, examiner = asker.story, asker.by("claims_approver")
    if story.fate is Fate.DEATH_REJECTED:
        rejection = RejectDeathClaim(
            claim_number=number,
            papers_complete_on=complete_on,
            cause=cause,
            opinion="出险时合同效力已中止,不属于保险责任",
            grounds=(Ground.NOT_COVERED,),
        )
        yield from asker.ask_up(day, examiner, "reject_death_claim", rejection)
        return
    decision = DecideDeathClaim(
        claim_number=number,
        papers_complete_on=complete_on,
        cause=cause,
        exclusion="suicide_2y" if cause is Cause.SUICIDE else "",
        opinion="合同成立两年内自杀,退还现金价值" if cause is Cause.SUICIDE else "属于保险责任,同意给付",
    )
    ask = asker.ask if story.fate is Fate.DEATH_DECISION_WAITS else asker.ask_up
    outcome = yield from ask(day, examiner, "decide_death_claim", decision)
    if isinstance(outcome, ActAccepted) and story.fate is not Fate.DEATH_APPROVED:
        yield from _pay(asker, number, workday(day + timedelta(days=3)))


def _pay(asker: Asker, number: str, day: date) -> Asking:
    """Each share to its payee's own account; an estate's to the spouse and the child in halves."""
    examiner = asker.by("claims_approver")
    file = yield from asker.look(day)
    rows: list[Payee] = []
    for version in file.state.claim_shares:
        share: ClaimShare = version.value
        if share.claim_number != number:
            continue
        place = int(version.part.rpartition(":")[2])
        for person, percent in _payees(asker, share):
            yield from asker.register(person, day)
            account_id = yield from asker.account(person, day, examiner)
            rows.append(
                Payee(
                    place,
                    asker.party(person),
                    account_id,
                    percent,
                    by_inheritance=share.payee_party_id is None,
                )
            )
    yield from asker.ask_up(day, examiner, "pay_claim", PayClaim(number, tuple(rows)))


def _payees(asker: Asker, share: ClaimShare) -> Iterator[tuple[Person, Decimal]]:
    story = asker.story
    if share.payee_party_id is None:
        heirs = [person for person, relation in story.kin if relation in ("spouse", "child")]
        yield from ((heir, Decimal(50)) for heir in heirs)
        return
    people = {asker.party(person): person for person in (story.holder, *(kin for kin, _ in story.kin))}
    yield people[share.payee_party_id], Decimal(100)
