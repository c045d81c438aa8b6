"""The code that hands one case over to a telephone: who may use it, for how long, for what, and how often.

The code carries a secret of which only a keyed hash is kept. The first telephone that takes it gets a secret of its
own, and the code is spent. Everything ends when somebody says so, when the minutes are over, or with another
code.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from msgspec import Struct

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.journal.ports import new_id, now
from counterfoil.apps.papers.keeping import Added, Sender, Target, UnableToFile, add, lock_case
from counterfoil.apps.papers.limits import case_limits, paper_types
from counterfoil.apps.papers.models import PaperHandover, PaperScan
from counterfoil.apps.papers.operations import examined, in_case
from counterfoil.apps.papers.queries import CasePlace, today
from counterfoil.apps.parties.sealing import secret_hash
from counterfoil.core.kernel.decisions import Violation

CODE, TELEPHONE = "paper handover code", "paper handover telephone"
SECRET_BYTES = 32
SCOPE = """
SELECT set_config('counterfoil.scope', %s, true), set_config('counterfoil.actor', %s, true),
       set_config('lock_timeout', '3s', true)
"""
SENT = """
SELECT p.type, count(*) FROM paper_scan s JOIN paper_page g ON g.scan_id = s.scan_id
JOIN paper p ON p.paper_id = g.paper_id
WHERE s.handover_id = %s::uuid GROUP BY p.type
"""


class Code(Struct, frozen=True):
    """A code just made; its secret is nowhere else."""

    handover_id: UUID
    secret: str
    expires_at: datetime


class Sent(Struct, frozen=True):
    """A type of paper that the telephone is asked for, and how many pages of it came from it."""

    type: str
    pages: int


class Telephone(Struct, frozen=True):
    """What the telephone's page shows: the papers asked for, until when, how many pages may still come."""

    papers: tuple[Sent, ...]
    expires_at: datetime
    pages_left: int


def hand_over(actor_id: UUID, case_id: UUID, types: Sequence[str]) -> Code:
    """Make a code for these types of paper; an earlier one of the case ends.

    Raises UnableToFile, CaseNotSeen, NoSuchActor.
    """
    wanted = [code for code in paper_types() if code in set(types)]
    if not wanted or set(types) - set(wanted):
        raise UnableToFile(Violation("handover_types_missing"))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with in_case(actor_id, case_id) as (_, _, place):
        moment = now()
        _open(case_id).update(closed_at=moment, closed_why="another")
        made = PaperHandover.objects.create(
            handover_id=new_id(),
            case_id=case_id,
            unit_id=place.unit_id,
            unit_path=place.unit_path,
            types=wanted,
            secret_hash=secret_hash(CODE, secret),
            made_by=actor_id,
            made_at=moment,
            expires_at=moment + timedelta(minutes=case_limits(today()).phone_minutes),
        )
    return Code(made.handover_id, secret, made.expires_at)


def revoke_handover(actor_id: UUID, case_id: UUID) -> None:
    """End the open code of a case, if there is one. Raises CaseNotSeen, NoSuchActor."""
    with in_case(actor_id, case_id):
        _open(case_id).update(closed_at=now(), closed_why="revoked")


def _open(case_id: UUID) -> Any:
    return PaperHandover.objects.filter(case_id=case_id, closed_at__isnull=True)


def is_waiting(secret: str) -> bool:
    """Whether a code may still be taken: not spent, not ended, not too old. One statement; changes nothing."""
    return PaperHandover.objects.filter(
        secret_hash=secret_hash(CODE, secret),
        claimed_at__isnull=True,
        closed_at__isnull=True,
        expires_at__gt=now(),
    ).exists()


def take_code(secret: str) -> str:
    """Spend a code: the telephone's own secret. Only one telephone gets it. Raises UnableToFile."""
    own = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        _scope("", "telephone")
        taken = PaperHandover.objects.filter(
            secret_hash=secret_hash(CODE, secret),
            claimed_at__isnull=True,
            closed_at__isnull=True,
            expires_at__gt=now(),
        ).update(claimed_at=now(), phone_hash=secret_hash(TELEPHONE, own))
    if not taken:
        raise UnableToFile(Violation("handover_over"))
    return own


def telephone(own: str) -> Telephone:
    """What the telephone with this secret may send. Raises UnableToFile once it is over."""
    with _telephone(own) as (cursor, held):
        return _state(cursor, held)


def add_by_telephone(own: str, type_: str, received: bytes) -> Added:
    """Take a page from a telephone for a paper of a type that was asked for: behind the pages of that type.

    Raises UnableToFile.
    """
    with _telephone(own) as (_, held):
        _refuse_what_was_not_asked(held, type_)
    content = examined(received)
    with _telephone(own) as (cursor, held):
        _refuse_what_was_not_asked(held, type_)
        lock_case(cursor, held.case_id)
        place = CasePlace(held.unit_id, held.unit_path)
        return add(
            held.case_id, place, Target(type=type_), Sender(held.made_by, "phone", held.handover_id), content
        )


def end_by_telephone(own: str) -> None:
    """The customer has sent everything: the code ends. Raises UnableToFile where it had ended before."""
    with _telephone(own) as (_, held):
        held.closed_at, held.closed_why = now(), "done"
        held.save(update_fields=["closed_at", "closed_why"])


@contextmanager
def _telephone(own: str) -> Iterator[tuple[Any, PaperHandover]]:
    """One transaction in the scope of the code's unit; uploads of one telephone follow each other."""
    with transaction.atomic():
        held = (
            PaperHandover.objects.select_for_update()
            .filter(phone_hash=secret_hash(TELEPHONE, own), closed_at__isnull=True, expires_at__gt=now())
            .first()
        )
        if held is None:
            raise UnableToFile(Violation("handover_over"))
        yield _scope(held.unit_path, f"telephone {held.handover_id}"), held


def _scope(unit_path: str, actor: str) -> Any:
    cursor = raw_connection("default").cursor(binary=True)
    cursor.execute(SCOPE, (unit_path, actor))
    return cursor


def _state(cursor: Any, held: PaperHandover) -> Telephone:
    sent: dict[str, int] = dict.fromkeys(held.types, 0)
    total = 0
    cursor.execute(SENT, (held.handover_id,))
    for type_, pages in cursor.fetchall():
        total += pages
        if type_ in sent:
            sent[type_] = pages
    left = max(case_limits(today()).phone_pages_most - total, 0)
    return Telephone(tuple(Sent(*one) for one in sent.items()), held.expires_at, left)


def _refuse_what_was_not_asked(held: PaperHandover, type_: str) -> None:
    limits = case_limits(today())
    scans = PaperScan.objects.filter(handover_id=held.handover_id)
    if type_ not in held.types:
        raise UnableToFile(Violation("handover_type_not_asked"))
    if scans.count() >= limits.phone_pages_most:
        raise UnableToFile(Violation("handover_full", None, {"most": str(limits.phone_pages_most)}))
    if scans.filter(added_at__gt=now() - timedelta(minutes=1)).count() >= limits.phone_pages_each_minute:
        figures = {"most": str(limits.phone_pages_each_minute)}
        raise UnableToFile(Violation("handover_too_fast", None, figures))
