"""The writes of reception: a ticket, an appointment, a customer who left, an explanation; and a customer's rating."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.hall import statements
from counterfoil.apps.hall.catalogue import rating_reasons, rules, services
from counterfoil.apps.hall.models import Appointment, Rating
from counterfoil.apps.hall.operations import Doing, HallRefused, _move, doing
from counterfoil.apps.hall.queries import HallNow, calling, load_hall
from counterfoil.apps.journal.ports import LEGAL_ZONE, new_id
from counterfoil.apps.parties.queries import load_party_facts, load_seen_names
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.parties.names import plain_name
from counterfoil.core.work.hall import TicketState, Verb, Wish, masked_name, may_take, ticket_number
from counterfoil.core.work.hall_queue import NOT_GIVEN, Queued, expected_for, place
from counterfoil.core.work.hall_rules import HallRules, Mark, marks_of
from counterfoil.core.work.ratings import may_rate

LONGEST_NAME = 40
"""Characters of a name given for an appointment."""


class Asked(Struct, frozen=True, kw_only=True):
    """What a ticket is asked for with. ``appointment_id`` or ``party_id`` None: walk-in, or a customer not known."""

    unit_id: str
    service: str
    party_id: UUID | None = None
    name: str = ""
    marks: tuple[str, ...] = ()
    appointment_id: UUID | None = None
    explanation: str = ""


class Taken(Struct, frozen=True):
    """A ticket just given: minutes expected (None: no open window), how many are called before."""

    ticket_id: UUID
    number: str
    expected: int | None
    ahead: int


def take_ticket(employee_id: UUID, asked: Asked) -> Taken:
    """Give a ticket; its number counts by hall, day and letter of the service, without gap or repetition.

    Who would wait longer than promised is told why first: without the explanation the ticket is refused.
    Raises HallRefused.
    """
    with doing(employee_id, "hall_reception") as done:
        hall = _hall(done, asked.unit_id)
        name, party_id, marks = _who(done, asked, hall.rules)
        new = Queued(NOT_GIVEN, asked.service, hall.rules.rank(marks), done.at)
        known = asked.service in services()
        expected = _expected(hall, new) if known else None
        _, refused = may_take(
            asked.service, asked.marks, expected, hall.rules.wait_minutes_most, asked.explanation, services()
        )
        if refused:
            raise HallRefused(*refused.violations)
        letter = services()[asked.service].letter
        counted = done.one(statements.COUNT, (done.unit_id, done.unit_path, done.day, letter))
        assert counted is not None, "an upsert returns its row"
        taken = Taken(new_id(), ticket_number(letter, counted[0]), expected, _ahead(hall, new))
        done.do(
            statements.NEW_TICKET,
            {
                "ticket": taken.ticket_id, "unit": done.unit_id, "path": done.unit_path, "day": done.day,
                "number": taken.number, "services": [asked.service], "party": party_id,
                "name": masked_name(name), "appointment": asked.appointment_id,
                "marks": sorted(mark.value for mark in marks), "rank": new.rank, "at": done.at,
                "employee": employee_id, "expected": expected, "explanation": asked.explanation.strip(),
            },
        )  # fmt: skip
        done.note(
            Verb.TAKE, TicketState.WAITING, ticket=taken.ticket_id, service=asked.service,
            note=asked.explanation.strip(),
        )  # fmt: skip
        done.beat()
        return taken


def leave(employee_id: UUID, ticket_id: UUID) -> None:
    """Note at reception that a waiting customer is gone. Raises HallRefused."""
    with doing(employee_id, "hall_reception") as done:
        _move(done, ticket_id, Verb.LEAVE, None, Wish())
        done.beat()


def explain(employee_id: UUID, ticket_id: UUID, note: str) -> None:
    """Keep with a waiting ticket what its customer was told of a long wait. Raises HallRefused."""
    with doing(employee_id, "hall_reception") as done:
        _move(done, ticket_id, Verb.EXPLAIN, None, Wish(note=note))
        done.beat()


def book_appointment(
    employee_id: UUID, unit_id: str, at: datetime, service: str, name: str, party_id: UUID | None = None
) -> UUID:
    """Agree a time with a customer; the name is taken from the customer's record where one is given.

    Raises HallRefused with all reasons.
    """
    with doing(employee_id, "hall_reception") as done:
        _hall(done, unit_id)
        name = _name_of(done, party_id) if party_id else plain_name(name)
        wrong: list[Violation] = []
        if service not in services():
            wrong.append(Violation("hall_service_unknown", "service"))
        if not name or len(name) > LONGEST_NAME:
            wrong.append(Violation("hall_appointment_name", "name", {"most": str(LONGEST_NAME)}))
        if at <= done.at:
            wrong.append(Violation("hall_appointment_past", "at"))
        if wrong:
            raise HallRefused(*wrong)
        made = Appointment.objects.create(
            appointment_id=new_id(), unit_id=unit_id, unit_path=done.unit_path, day=legal_day(at), at=at,
            service=service, party_id=party_id, name=name, booked_by=employee_id, booked_at=done.at,
        )  # fmt: skip
        done.beat()
        return made.appointment_id


def cancel_appointment(employee_id: UUID, appointment_id: UUID) -> None:
    """Take an appointment back that nobody has come for. Raises HallRefused."""
    with doing(employee_id, "hall_reception") as done:
        found = Appointment.objects.select_for_update().filter(appointment_id=appointment_id).first()
        if found is None or found.state != "booked":
            raise HallRefused(Violation("hall_appointment_unknown"))
        done.unit_id, done.unit_path = found.unit_id, found.unit_path
        Appointment.objects.filter(appointment_id=appointment_id).update(state="cancelled")
        done.beat()


def rate_ticket(
    employee_id: UUID, ticket_id: UUID, score: int, reasons: Sequence[str] = (), comment: str = ""
) -> None:
    """Keep the rating that a customer gives at the window, once, while the window's screen asks for it.

    ``employee_id`` is whose session the screen is in; the rating is of who served. Raises HallRefused.
    """
    with doing(employee_id, "hall_customer") as done:
        row = done.one(statements.TO_BE_RATED, (ticket_id,))
        seconds = rules(done.day).rating_seconds
        if row is None or row[3] + timedelta(seconds=seconds) < done.at:
            raise HallRefused(Violation("rating_closed"))
        done.unit_id, done.unit_path = row[0], row[1]
        _rate(done, row[2], score, reasons, comment, ticket_id=ticket_id)
        done.do(statements.RATED, (ticket_id,))


def rate_service(
    actor_id: UUID, served_by: UUID, score: int, reasons: Sequence[str] = (), comment: str = "",
    case_id: UUID | None = None,
) -> None:  # fmt: skip
    """Keep a rating that another screen asked for, of a case or of no record; it counts for the actor's unit.

    Raises HallRefused.
    """
    with doing(actor_id, "hall_customer") as done:
        done.unit_id, done.unit_path = done.actor.unit_id, done.actor.unit_path
        _rate(done, served_by, score, reasons, comment, case_id=case_id)


def _rate(
    done: Doing, served_by: UUID, score: int, reasons: Sequence[str], comment: str,
    ticket_id: UUID | None = None, case_id: UUID | None = None,
) -> None:  # fmt: skip
    refused = may_rate(score, reasons, comment, rating_reasons())
    if refused:
        raise HallRefused(*refused.violations)
    try:
        with transaction.atomic():
            Rating.objects.create(
                rating_id=new_id(), unit_id=done.unit_id, unit_path=done.unit_path, ticket_id=ticket_id,
                case_id=case_id, employee_id=served_by, score=score, reasons=sorted(set(reasons)),
                comment=comment.strip(), at=done.at,
            )  # fmt: skip
    except IntegrityError:
        raise HallRefused(Violation("rating_closed")) from None


def _hall(done: Doing, unit_id: str) -> HallNow:
    hall = load_hall(done.cursor, unit_id, done.at)
    path = done.one(statements.HALL_PATH, (unit_id,))
    if hall is None or path is None:
        raise HallRefused(Violation("hall_unknown", "unit_id"))
    done.unit_id, done.unit_path = unit_id, path[0]
    return hall


def _who(done: Doing, asked: Asked, figures: HallRules) -> tuple[str, UUID | None, frozenset[Mark]]:
    """The customer's name, id and marks; an appointment is used up."""
    name, party_id, kept = plain_name(asked.name), asked.party_id, False
    if asked.appointment_id is not None:
        found = done.one(statements.APPOINTMENT, (asked.appointment_id,))
        if found is None or found[1] != asked.unit_id or found[6] != "booked":
            raise HallRefused(Violation("hall_appointment_unknown", "appointment"))
        early = found[2] - timedelta(minutes=figures.appointment_early_minutes)
        late = found[2] + timedelta(minutes=figures.appointment_late_minutes)
        kept = early <= done.at <= late
        name, party_id = found[5], found[4] or party_id
        if legal_day(found[2]) != done.at.astimezone(LEGAL_ZONE).date():
            raise HallRefused(Violation("hall_appointment_other_day", "appointment"))
        done.do(statements.ARRIVED, (asked.appointment_id,))
    born = None
    if party_id is not None:
        name = _name_of(done, party_id)
        facts = load_party_facts(done.cursor, [party_id]).get(party_id)
        born = facts.birth_date if facts else None
    given = frozenset(Mark(mark) for mark in asked.marks if mark in set(Mark))
    return name, party_id, marks_of(given, born, done.day, kept, figures)


def _name_of(done: Doing, party_id: UUID) -> str:
    name = load_seen_names(done.cursor, [party_id]).get(party_id)
    if name is None:
        raise HallRefused(Violation("party_not_found", "party"))
    return name


def _expected(hall: HallNow, new: Queued) -> int | None:
    queue = [one.ticket.queued for one in hall.waiting]
    return expected_for(
        new, queue, calling(hall.windows, hall.usual, hall.rules), hall.usual, hall.at, hall.rules
    )


def _ahead(hall: HallNow, new: Queued) -> int:
    """How many who wait for the same service are called before."""
    mine = place(new, hall.at, hall.rules)
    same = (one.ticket.queued for one in hall.waiting if one.ticket.service == new.service)
    return sum(place(one, hall.at, hall.rules) < mine for one in same)
