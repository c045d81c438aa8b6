"""An enquiry from the question to the answer that was understood, with whose identity was shown and what was told.

Each of these is one transaction of verbs of the case (``apps/cases``); all of them or none (ENQ-1, 5, 6).
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from msgspec import Struct

from counterfoil.apps.acts.facts import legal_day
from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases.operations import CaseNotFound, Moved, NewCase, receive, work
from counterfoil.apps.cases.queries import load_case
from counterfoil.apps.enquiries.queries import Identity, IdentityKind, load_identity
from counterfoil.apps.journal.ports import new_id, now
from counterfoil.apps.organisation.queries import Actor, current_actor
from counterfoil.apps.parties.known import known_parties
from counterfoil.apps.parties.queries import load_seen_names
from counterfoil.apps.parties.search import paper_lookups
from counterfoil.apps.policies.queries import PolicyLine, load_policy_lines, parts_in_policies, search_numbers
from counterfoil.apps.work.queries import business_date
from counterfoil.core.kernel.decisions import Reasons, Refused
from counterfoil.core.work.case import Case, Person, Role, Stage
from counterfoil.core.work.process import Channel
from counterfoil.core.work.verbs import AddPerson, Contact, Fill, Go, Understood, Verb

KIND = "enquiry"
ANSWERED = "answered"
"""The exit of the process by which an answered enquiry ends."""
ENQ_6 = "ENQ-6"
LONGEST_TITLE = 60
TOLD_TO = frozenset({"policyholder", "insured"})
"""Who is told of a policy by own paper; a beneficiary is not, before the event."""
IDENTIFIED = """
INSERT INTO enquiry_identity (identity_id, case_id, kind, party_id, policy_id, proxy_name, by_id, at)
VALUES (%s::uuid, %s::uuid, %s, %s::uuid, %s::uuid, %s, %s::uuid, %s::timestamptz)
"""
NOTE = """
INSERT INTO enquiry_disclosure (case_id, policy_id, by_id, identity_id, at)
SELECT %s::uuid, one, %s::uuid, %s::uuid, %s::timestamptz FROM unnest(%s::uuid[]) AS one
ON CONFLICT DO NOTHING
"""
Answer = Case | Refused | Moved


class Asked(Struct, frozen=True, kw_only=True):
    """A question and who asks it: a customer, or a name only."""

    channel: Channel
    name: str
    question: str
    topic: str = ""
    customer_id: UUID | None = None


class ShownPaper(Struct, frozen=True, kw_only=True):
    """What the person at the counter shows. ``id_number`` is the customer's own, never kept; with a letter of authority
    also who came, the policy it is about, and that both papers' copies are there."""

    kind: IdentityKind
    id_number: str
    policy_number: str = ""
    proxy_name: str = ""
    copies: bool = False


def ask(asked: Asked, actor_id: UUID, key: str) -> Case | Refused:
    """Receive an enquiry. Raises as ``receive``."""
    with transaction.atomic():
        cursor, _ = _begin(actor_id)
        names = load_seen_names(cursor, [asked.customer_id] if asked.customer_id else [])
        name = names.get(asked.customer_id, asked.name) if asked.customer_id else asked.name
        reasons = Reasons()
        if not name.strip():
            reasons.add("shape_missing", "name")
        if not asked.question.strip():
            reasons.add("shape_missing", "question")
        if asked.customer_id and not names:
            reasons.add("party_not_found", "customer_id")
        if reasons:
            return reasons.refused()
        return receive(
            NewCase(
                kind=KIND,
                channel=asked.channel,
                title=" ".join(asked.question.split())[:LONGEST_TITLE],
                customer_id=asked.customer_id,
                persons=(Person(role=Role.CALLER, name=name.strip(), party_id=asked.customer_id),),
                fields={"topic": asked.topic, "question": asked.question},
            ),
            actor_id,
            key,
        )


def ask_next(case_id: UUID, asked: Asked, actor_id: UUID, key: str) -> Case | Refused:
    """Receive the next question of the same visit: the same person, and on the same day the identity that was shown.

    Raises CaseNotFound for a case that the actor does not see, and as ``receive``."""
    with transaction.atomic():
        cursor, _ = _begin(actor_id)
        before = _case(cursor, case_id)
        made = receive(
            NewCase(
                kind=KIND,
                channel=before.channel,
                title=" ".join(asked.question.split())[:LONGEST_TITLE],
                customer_id=before.customer_id,
                policy_id=before.policy_id,
                persons=before.persons,
                came_from=case_id,
                fields={"topic": asked.topic, "question": asked.question},
            ),
            actor_id,
            key,
        )
        identity = load_identity(cursor, case_id)
        again = isinstance(made, Case) and load_identity(cursor, made.case_id) is not None
        if (
            isinstance(made, Refused)
            or identity is None
            or again
            or legal_day(identity.at) != legal_day(now())
        ):
            return made
        _keep(cursor, made.case_id, identity)
        filled = _in_turn(
            made.case_id, (Fill({"identity_shown": identity.kind}),), actor_id, made.seq, f"{key} id"
        )
        assert isinstance(filled, Case), filled
        return filled


def show_identity(case_id: UUID, shown: ShownPaper, actor_id: UUID, *, seen: int, key: str) -> Answer:
    """Note that the identity of who asks was shown. The number must be that of a paper of the enquiry's customer, or,
    where it has none yet, of any customer that the actor sees; nothing is said of whom another number belongs to.

    Raises CaseNotFound, and as ``work``."""
    with transaction.atomic():
        cursor, _ = _begin(actor_id)
        case = _case(cursor, case_id)
        reasons = Reasons()
        party_id, name = _party_of(cursor, case, shown, reasons)
        policy_id = _policy_of(cursor, party_id, shown, reasons)
        if reasons:
            return reasons.refused()
        assert party_id is not None
        verbs: list[Verb] = [Fill({"identity_shown": shown.kind})]
        people = [Person(role=Role.CUSTOMER, name=name, party_id=party_id, identified=True)]
        if shown.kind is IdentityKind.LETTER_OF_AUTHORITY:
            people.append(Person(role=Role.PROXY, name=shown.proxy_name.strip(), identified=True))
        verbs += [AddPerson(person) for person in people if person not in case.persons]
        done = _in_turn(case_id, verbs, actor_id, seen, key)
        if isinstance(done, Case):
            identity = Identity(
                new_id(), shown.kind, party_id, policy_id, shown.proxy_name.strip(), actor_id, now()
            )
            _keep(cursor, case_id, identity)
        return done


def answer(
    case_id: UUID, fields: dict[str, str], told: Contact, actor_id: UUID, *, seen: int, key: str
) -> Answer:
    """Write the answer down and note that it was told. Raises as ``work``."""
    return _in_turn(case_id, (Fill(fields), told), actor_id, seen, key)


def understood(case_id: UUID, words: str, actor_id: UUID, *, seen: int, key: str) -> Answer:
    """The customer understood the answer: the enquiry ends, and says whether an identity was shown in it. Raises as
    ``work``."""
    with transaction.atomic():
        cursor, _ = _begin(actor_id)
        identity = load_identity(cursor, case_id)
        shown = {"identity_shown": str(identity.kind) if identity else "none"}
        verbs = (Understood(yes=True, words=words), Go(exit=ANSWERED, fields=shown))
        return _in_turn(case_id, verbs, actor_id, seen, key)


def disclose(cursor: Any, case: Case, actor: Actor) -> tuple[Identity | None, list[PolicyLine]]:
    """The policies of which something may be told now, with who showed what; noted as told. None
    without an identity shown, and none when the enquiry is over. Inside the actor's scope; at most six statements."""
    identity = load_identity(cursor, case.case_id)
    if identity is None or case.stage is Stage.CLOSED:
        return identity, []
    if identity.policy_id is not None:
        policies = [identity.policy_id]
    else:
        parts = parts_in_policies(cursor, identity.party_id)
        policies = [policy_id for policy_id, roles in parts.items() if TOLD_TO & set(roles)]
    lines = load_policy_lines(cursor, policies, business_date(cursor))
    if lines:
        told = [line.policy_id for line in lines]
        cursor.execute(
            NOTE, (case.case_id, actor.employee_id, identity.identity_id, now(), told), prepare=True
        )
    return identity, lines


def _in_turn(
    case_id: UUID, verbs: tuple[Verb, ...] | list[Verb], actor_id: UUID, seen: int, key: str
) -> Answer:
    """The verbs one after the other, or none of them."""
    done: Answer
    with transaction.atomic():
        for n, verb in enumerate(verbs):
            done = work(case_id, verb, actor_id, seen=seen, key=f"{key} {n}" if n else key)
            if not isinstance(done, Case):
                transaction.set_rollback(True)
                return done
            seen = done.seq
    return done


def _party_of(cursor: Any, case: Case, shown: ShownPaper, reasons: Reasons) -> tuple[UUID | None, str]:
    if not shown.id_number.strip():
        reasons.add("shape_missing", "id_number", ENQ_6)
        return None, ""
    wanted = customer_of(case)
    found = {
        known.party_id: known for known in known_parties(cursor, paper_lookups(shown.id_number)).values()
    }
    known = found.get(wanted) if wanted else next((one for one in found.values() if one.seen), None)
    if known is None:
        reasons.add("identity_not_of_customer", "id_number", ENQ_6)
        return None, ""
    return known.party_id, known.name


def _policy_of(cursor: Any, party_id: UUID | None, shown: ShownPaper, reasons: Reasons) -> UUID | None:
    if shown.kind is IdentityKind.OWN_ID:
        return None
    if not shown.proxy_name.strip():
        reasons.add("shape_missing", "proxy_name", ENQ_6)
    if not shown.copies:
        reasons.add("copies_needed", "copies", ENQ_6)
    number = shown.policy_number.strip()
    if not number:
        reasons.add("shape_missing", "policy_number", ENQ_6)
        return None
    numbered = {
        one.policy_id
        for one in search_numbers(cursor, number)
        if one.number == number and one.kind == "policy"
    }
    parts = parts_in_policies(cursor, party_id) if party_id else {}
    policy_id = next((one for one in numbered if TOLD_TO & set(parts.get(one, ()))), None)
    if party_id and policy_id is None:
        reasons.add("policy_not_of_customer", "policy_number", ENQ_6)
    return policy_id


def customer_of(case: Case) -> UUID | None:
    """The customer of an enquiry: as it was received, or found when the identity was shown."""
    found = (person.party_id for person in case.persons if person.role is Role.CUSTOMER and person.party_id)
    return case.customer_id or next(found, None)


def _keep(cursor: Any, case_id: UUID, identity: Identity) -> None:
    about = (identity.party_id, identity.policy_id, identity.proxy_name, identity.by_id, identity.at)
    cursor.execute(IDENTIFIED, (new_id(), case_id, identity.kind, *about), prepare=True)


def _case(cursor: Any, case_id: UUID) -> Case:
    file = load_case(cursor, case_id)
    if file is None or file.case.kind != KIND:
        raise CaseNotFound(str(case_id))
    return file.case


def _begin(actor_id: UUID) -> tuple[Any, Actor]:
    cursor = raw_connection("default").cursor(binary=True)
    return cursor, current_actor(cursor, actor_id, legal_day(now()))
