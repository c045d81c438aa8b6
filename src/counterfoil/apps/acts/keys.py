"""Idempotency keys: the first to claim a key decides, a twin waits and gets the same answer.

Basis: the posting protocol of decisions.md, step 1.
"""

import hmac
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from msgspec import Struct

from counterfoil.apps.acts.calls import ActAccepted, ActCall, ActReferred, KeyReused, Outcome
from counterfoil.apps.acts.facts import Claimed
from counterfoil.apps.acts.register import act_named
from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.acts.wire import Row, Statement

CLAIM = """
INSERT INTO idempotency AS i (subject_id, actor_id, act, key, body_hmac, state, touched)
{rows}
ON CONFLICT (subject_id, actor_id, act, key) DO UPDATE SET touched = i.touched + 1,
  body_hmac = CASE WHEN i.state = 'refused' THEN excluded.body_hmac ELSE i.body_hmac END
RETURNING subject_id, key, body_hmac, state, answer,
          nextval('act_serial'), (SELECT business_date FROM business_day)
"""
ONE = CLAIM.format(rows="VALUES ($3::uuid, $1::uuid, $2::text, $4::text, $5::bytea, 'claimed', 0)")
MANY = CLAIM.format(
    rows="""SELECT u.subject, $1::uuid, $2::text, u.key, u.mac, 'claimed', 0
FROM unnest($3::uuid[], $4::text[], $5::bytea[]) AS u(subject, key, mac) ORDER BY u.subject, u.key"""
)


class ClaimedKey(Struct, frozen=True):
    """A key that this transaction holds: decide anew (``earlier`` None) or give the earlier answer."""

    claimed: Claimed
    earlier: Outcome | None


@cache
def _key() -> bytes:
    return bytes(settings.SECRET_OF("lookup"))


def body_mac(call: ActCall) -> bytes:
    """HMAC of what was asked, so that a key cannot be used for something else."""
    request = act_named(call.act).redact(call.request)
    asked: tuple[Any, ...] = (call.act, str(call.subject_id), call.effective_date, request)
    if call.choices:
        asked += (call.choices,)
    body = msgspec.json.encode(asked, order="sorted")
    return hmac.digest(_key(), body, "sha256")


def claim(calls: Sequence[ActCall], actor_id: UUID) -> tuple[Statement, list[bytes]]:
    """The statement that claims the keys of all calls, and the HMAC of each."""
    macs = [body_mac(call) for call in calls]
    whose = str(actor_id).encode(), calls[0].act.encode()
    if len(calls) == 1:
        (call,) = calls
        mine = str(call.subject_id).encode(), call.key.encode(), b"\\x" + macs[0].hex().encode()
        return Statement(ONE, (*whose, *mine)), macs
    arrays = (
        array_literal([call.subject_id for call in calls], "uuid"),
        array_literal([call.key for call in calls], "text"),
        array_literal(macs, "bytea"),
    )
    return Statement(MANY, (*whose, *[array.encode() for array in arrays])), macs


def claimed_keys(
    answer: Sequence[Row], calls: Sequence[ActCall], macs: Sequence[bytes], approving: bool
) -> list[ClaimedKey]:
    """What the statement of ``claim`` answered, a key for each call. Raises KeyReused."""
    rows = {(row[0], row[1]): row[2:] for row in answer}
    day = date.fromisoformat(str(answer[0][6]))
    found = []
    for call, mac in zip(calls, macs, strict=True):
        stored_mac, state, answered, serial, _ = rows[(str(call.subject_id), call.key)]
        claimed = Claimed(str(serial).rjust(8, "0"), day)
        earlier: Outcome | None = None
        if state in ("accepted", "referred") and not (approving and state == "referred"):
            if stored_mac != "\\x" + mac.hex():
                raise KeyReused(call)
            earlier = _earlier(call, state, msgspec.json.decode(answered or "{}"))
        found.append(ClaimedKey(claimed, earlier))
    return found


def _earlier(call: ActCall, state: str, answer: dict[str, Any]) -> Outcome:
    if state == "accepted":
        return ActAccepted(call, answer["seq"], answer, repeated=True)
    return ActReferred(call, answer["case"], answer["position"], answer["unit"], repeated=True)
