"""One chunk of an import: what is there already, then the acts of its rows, all in one transaction.

The number of statements does not depend on the number of rows. A row is taken in as a whole or not at all: rows whose
acts are refused are left out, and the others are performed without them.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from msgspec import Struct

from counterfoil.apps.acts.calls import ActAccepted, ActCall, ActRefused, Outcome
from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.keys import body_mac
from counterfoil.apps.acts.perform import perform
from counterfoil.apps.acts.register import act_named
from counterfoil.apps.acts.sql import array_literal, raw_connection
from counterfoil.apps.catalogue.queries import product_on_sale
from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import load_actor
from counterfoil.apps.parties.known import KnownParty, known_parties, record_found
from counterfoil.apps.parties.sealing import DataKeyMissing, OpenKey, PartySealer, new_key
from counterfoil.batch.importing.columns import MOST_BENEFICIARIES, TEMPLATE
from counterfoil.batch.importing.people import PersonInRow, people_of
from counterfoil.batch.importing.reading import Row, RowError
from counterfoil.core.kernel.decisions import Refused, Violation
from counterfoil.core.newbusiness.submit_application import SubmitApplication
from counterfoil.core.parties.names import plain_name
from counterfoil.core.parties.record_health_notice import PlainRecordHealthNotice
from counterfoil.core.policy.designation import Designation
from counterfoil.core.product.definition import PayMode, SaleChannel

SELF = "self"
TRIES = 5
THERE = """
SELECT p.application_number, p.policy_id, (SELECT i.body_hmac FROM idempotency i WHERE i.subject_id = p.policy_id
  AND i.act = 'submit_application' AND i.state = 'accepted' LIMIT 1)
FROM policy p WHERE p.application_number = ANY(%s::text[])
"""
COLUMN_OF = {
    "policyholder_id": "holder_paper_number", "insured_id": "insured_paper_number", "signed_on": "applied_on",
    "policyholder_signed": "holder_signed", "consents_to_health_data": "health_data_consent",
    "answers": "answers_all_no", "health_notice_id": "answers_all_no",
}  # fmt: skip


class Taken(Struct, frozen=True):
    """What became of a chunk's rows."""

    taken: int
    already: int
    errors: list[RowError]


class _Ready(Struct):
    """A row whose people are known by their papers."""

    row: Row
    people: dict[str, PersonInRow]
    policy_id: UUID
    notice: ActCall | None = None

    def lookup(self, prefix: str) -> bytes:
        """The paper of somebody in the row; the insured is the holder where nobody else is named."""
        return self.people[prefix if prefix in self.people else "holder"].lookup


def policy_id_of(application_number: str) -> UUID:
    """The policy of a printed application number: the same whoever imports it again."""
    return uuid5(NAMESPACE_OID, f"counterfoil import {TEMPLATE} {application_number}")


class Chunk:
    """Takes in some rows; make it inside a transaction of the connection ``using``."""

    def __init__(self, rows: list[Row], actor_id: UUID, source: str, using: str) -> None:
        self.rows = rows
        self.actor_id = actor_id
        self.source = source
        self.using = using
        self.errors: list[RowError] = []
        self.received_at: datetime = now()
        self.today: date = legal_day(self.received_at)
        self.known: Mapping[bytes, KnownParty] = {}
        self.keys: dict[bytes, OpenKey] = {}
        self.registrations: dict[bytes, ActCall | Refused] = {}
        self._questions: dict[str, tuple[str, ...]] = {}

    def take(self) -> Taken:
        """Take in what can be taken."""
        ready = [one for row in self.rows if (one := self._ready(row)) is not None]
        self._look_up(ready)
        ready, already = self._not_there_yet(self._same_names(ready))
        ready = [one for one in ready if self._seal(one)]
        taken = self._perform(ready)
        return Taken(taken, already, self.errors)

    def _ready(self, row: Row) -> _Ready | None:
        errors: list[RowError] = []
        people = {person.prefix: person for person in people_of(row, errors)}
        self.errors.extend(errors)
        return None if errors else _Ready(row, people, policy_id_of(row.number))

    def _look_up(self, ready: list[_Ready]) -> None:
        """Which people are known; those of other units are found by their id number, with the file as the reason."""
        cursor = raw_connection(self.using).cursor()
        actor = load_actor(cursor, self.actor_id, self.today)
        lookups = sorted({person.lookup for one in ready for person in one.people.values()})
        self.known = known_parties(cursor, lookups)
        unseen = sorted(party.party_id for party in self.known.values() if not party.seen)
        if unseen:
            record_found(cursor, unseen, f"import {self.source}", actor)

    def _same_names(self, ready: list[_Ready]) -> list[_Ready]:
        """A paper has one name, in the database and in the file."""
        names = {lookup: party.name for lookup, party in self.known.items()}
        good = []
        for one in ready:
            wrong = [
                one.row.error(person.columns["name"], "name_differs_for_paper")
                for person in one.people.values()
                if names.setdefault(person.lookup, plain_name(person.plain.name))
                != plain_name(person.plain.name)
            ]
            self.errors.extend(wrong)
            if not wrong:
                good.append(one)
        return good

    def _not_there_yet(self, ready: list[_Ready]) -> tuple[list[_Ready], int]:
        """Leave out applications that are there with the same content; another content is an error."""
        cursor = raw_connection(self.using).cursor()
        cursor.execute(THERE, (array_literal([one.row.number for one in ready], "text"),))
        there = {number: (policy_id, mac) for number, policy_id, mac in cursor.fetchall()}
        left, already = [], 0
        for one in ready:
            policy_id, mac = there.get(one.row.number, (None, None))
            if policy_id is None:
                left.append(one)
            elif policy_id != one.policy_id:
                self.errors.append(one.row.error("application_number", "application_number_used"))
            elif mac is not None and bytes(mac) == body_mac(self._submission(one)):
                already += 1
            else:
                self.errors.append(one.row.error("application_number", "imported_with_other_content"))
        return left, already

    def party_id(self, lookup: bytes) -> UUID:
        """The party with a paper: the known one, or the one to be registered."""
        party = self.known.get(lookup)
        return party.party_id if party else uuid5(NAMESPACE_OID, f"counterfoil import party {lookup.hex()}")

    def _seal(self, one: _Ready) -> bool:
        """Seal new people's numbers and the health notice; False, with the errors noted, where it does not go."""
        wrong: list[RowError] = []
        for person in one.people.values():
            if person.lookup not in self.keys:
                self._make_key(person)
            registration = self.registrations.get(person.lookup)
            if isinstance(registration, Refused):
                wrong += [_error(one.row, person.column_of(v), v) for v in registration.violations]
        insured = one.lookup("insured")
        if insured not in self.keys:
            wrong.append(one.row.error("insured_paper_number", "party_erased"))
        if not wrong:
            one.notice = self._notice(one, insured)
        self.errors.extend(wrong)
        return not wrong

    def _make_key(self, person: PersonInRow) -> None:
        party = self.known.get(person.lookup)
        if party is not None:
            try:
                self.keys[person.lookup] = party.key()
            except DataKeyMissing:
                return
            return
        party_id = self.party_id(person.lookup)
        self.keys[person.lookup] = new_key(party_id)
        seal = act_named("register_party").seal
        assert seal is not None, "numbers of papers are sealed"
        request = seal(person.plain, PartySealer(self.keys[person.lookup]))
        key = f"import:{TEMPLATE}:person:{person.lookup.hex()[:32]}"
        self.registrations[person.lookup] = (
            request
            if isinstance(request, Refused)
            else self._call("register_party", party_id, request, key, self.today)
        )

    def _notice(self, one: _Ready, insured: bytes) -> ActCall:
        values = one.row.values
        questions = dict.fromkeys(self.questions(values["product_code"]), "no")
        plain = PlainRecordHealthNotice(
            notice_id=self._notice_id(one),
            product_code=values["product_code"],
            answers=questions,
            signed_on=values["applied_on"],
            consents_to_health_data=values["health_data_consent"],
        )
        seal = act_named("record_health_notice").seal
        assert seal is not None, "health answers are sealed"
        request = seal(plain, PartySealer(self.keys[insured]))
        key = f"import:{TEMPLATE}:{one.row.number}:notice"
        return self._call("record_health_notice", self.party_id(insured), request, key, self.today)

    def questions(self, product_code: str) -> tuple[str, ...]:
        """The ids of a product's health questions; one of no meaning where the product is unknown."""
        if product_code not in self._questions:
            product = product_on_sale(product_code)
            found = tuple(q.id for q in product.terms.disclosure.questions) if product else ("unknown",)
            self._questions[product_code] = found
        return self._questions[product_code]

    def _notice_id(self, one: _Ready) -> UUID:
        return uuid5(one.policy_id, "health notice")

    def _submission(self, one: _Ready) -> ActCall:
        values = one.row.values
        beneficiaries = tuple(
            Designation(
                self.party_id(one.lookup(prefix)),
                values[f"{prefix}_order"] or 1,
                values[f"{prefix}_relation"],
                values[f"{prefix}_share"],
            )
            for prefix in (f"beneficiary_{n}" for n in range(1, MOST_BENEFICIARIES + 1))
            if prefix in one.people
        )
        request = SubmitApplication(
            application_number=one.row.number,
            product_code=values["product_code"],
            policyholder_id=self.party_id(one.lookup("holder")),
            insured_id=self.party_id(one.lookup("insured")),
            relation=values["relation"] or SELF,
            sum_assured=values["sum_assured"],
            term_years=values["term_years"],
            pay_mode=PayMode(values["pay_mode"]),
            pay_years=values["pay_years"],
            beneficiaries=beneficiaries,
            health_notice_id=self._notice_id(one),
            applied_on=values["applied_on"],
            sales_channel=SaleChannel(values["sales_channel"]),
            exclusions_acknowledged=values["exclusions_acknowledged"],
            insured_consents=values["insured_consents"],
            policyholder_signed=values["holder_signed"],
            insured_signed=values["insured_signed"],
        )
        key = f"import:{TEMPLATE}:{one.row.number}"
        # the day of the application, so that the same row is the same act on whatever day it is imported again
        return self._call("submit_application", one.policy_id, request, key, values["applied_on"])

    def _call(self, act: str, subject: UUID, request: Any, key: str, effective: date) -> ActCall:
        return ActCall(
            act=act,
            subject_id=subject,
            request=request,
            key=key,
            effective_date=effective,
            received_at=self.received_at,
            channel="import",
        )

    def _perform(self, ready: list[_Ready]) -> int:
        """Perform all acts of the rows together; rows that do not hold are found by a preview and left out."""
        for _ in range(TRIES):
            if not ready:
                return 0
            calls = self._calls(ready)
            outcomes = perform(calls, self.actor_id, using=self.using, together=True)
            if all(isinstance(outcome, ActAccepted) for outcome in outcomes):
                return len(ready)
            if any(isinstance(outcome, ActRefused) for outcome in outcomes):
                shown = perform(calls, self.actor_id, using=self.using, preview=True)
                ready = self._without_refused(ready, shown)
        self.errors += [one.row.error("application_number", "busy") for one in ready]
        return 0

    def _calls(self, ready: list[_Ready]) -> list[ActCall]:
        """Registrations, notices, submissions: a run for each act. Somebody's second notice comes last, because a run
        has a subject once."""
        people = {p.lookup for one in ready for p in one.people.values()}
        calls = [c for lookup, c in self.registrations.items() if lookup in people and isinstance(c, ActCall)]
        notices = [one.notice for one in ready if one.notice is not None]
        calls += _first_of_each(notices)
        return calls + [self._submission(one) for one in ready]

    def _without_refused(self, ready: list[_Ready], outcomes: Iterable[Outcome]) -> list[_Ready]:
        refused = {
            (o.call.act, o.call.subject_id, o.call.key): o.violations
            for o in outcomes
            if isinstance(o, ActRefused)
        }
        good = []
        for one in ready:
            wrong = self._reasons(one, refused)
            self.errors.extend(wrong)
            if not wrong:
                good.append(one)
        return good

    def _reasons(
        self, one: _Ready, refused: Mapping[tuple[str, UUID, str], tuple[Violation, ...]]
    ) -> list[RowError]:
        """Why a row does not hold. What follows from an unregistered person is not said a second time."""
        wrong: list[RowError] = []
        for person in one.people.values():
            call = self.registrations.get(person.lookup)
            if isinstance(call, ActCall):
                found = refused.get((call.act, call.subject_id, call.key), ())
                wrong += [_error(one.row, person.column_of(v), v) for v in found]
        if wrong:
            return wrong
        for call in (one.notice, self._submission(one)):
            if call is not None:
                found = refused.get((call.act, call.subject_id, call.key), ())
                wrong += [_error(one.row, _column(one, v), v) for v in found]
        return wrong


def _first_of_each(notices: list[ActCall]) -> list[ActCall]:
    seen: dict[UUID, int] = {}
    turn = []
    for call in notices:
        seen[call.subject_id] = n = seen.get(call.subject_id, 0) + 1
        turn.append((n, call))
    return [call for _, call in sorted(turn, key=lambda one: one[0])]


def _column(one: _Ready, violation: Violation) -> str:
    """The column that a reason against notice or application is about; none: the row as a whole."""
    field = violation.field or ""
    head, _, rest = field.partition(".")
    if head == "beneficiaries" and rest:
        n, _, part = rest.partition(".")
        names = {"share_percent": "share", "order": "order", "relation": "relation"}
        return f"beneficiary_{int(n) + 1}_{names.get(part, 'id_number')}"
    if head == "beneficiaries":
        return "beneficiary_1_share"
    column = COLUMN_OF.get(head, head)
    if column == "insured_paper_number" and "insured" not in one.people:
        return "holder_paper_number"
    return column


def _error(row: Row, column: str, violation: Violation) -> RowError:
    return row.error(column, violation.code, violation.parameters)
