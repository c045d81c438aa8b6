"""Idempotency keys: the first to claim a key decides, a twin waits and gets the same answer.

Basis: the posting protocol of decisions.md, step 1.
"""

import hmac
from collections.abc import Sequence
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

CLAIM = """
INSERT INTO idempotency AS i (subject_id, actor_id, act, key, body_hmac, state, touched)
SELECT u.subject, %s, %s, u.key, u.mac, 'claimed', 0
FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) AS u(subject, key, mac) ORDER BY u.subject, u.key
ON CONFLICT (subject_id, actor_id, act, key) DO UPDATE SET touched = i.touched + 1,
  body_hmac = CASE WHEN i.state = 'refused' THEN excluded.body_hmac ELSE i.body_hmac END
RETURNING subject_id, key, body_hmac, state, answer,
          nextval('act_serial'), (SELECT business_date FROM business_day),
          set_config('plan_cache_mode', 'force_generic_plan', true)
"""


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
    body = msgspec.json.encode((call.act, str(call.subject_id), call.effective_date, request), order="sorted")
    return hmac.digest(_key(), body, "sha256")


def ask_for_keys(cursor: Any, calls: Sequence[ActCall], macs: Sequence[bytes], actor_id: UUID) -> None:
    """Send the statement that claims the keys of all calls."""
    arrays = (
        array_literal([call.subject_id for call in calls], "uuid"),
        array_literal([call.key for call in calls], "text"),
        array_literal(macs, "bytea"),
    )
    cursor.execute(CLAIM, (actor_id, calls[0].act, *arrays), prepare=True)


def claimed_keys(
    cursor: Any, calls: Sequence[ActCall], macs: Sequence[bytes], approving: bool
) -> list[ClaimedKey]:
    """Take the answer to ``ask_for_keys``, a key for each call. Raises KeyReused."""
    rows = {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
    found = []
    for call, mac in zip(calls, macs, strict=True):
        stored_mac, state, answer, serial, business_date, _ = rows[(call.subject_id, call.key)]
        claimed = Claimed(f"{serial:08d}", business_date)
        earlier: Outcome | None = None
        if state in ("accepted", "referred") and not (approving and state == "referred"):
            if bytes(stored_mac) != mac:
                raise KeyReused(call)
            earlier = _earlier(call, state, answer)
        found.append(ClaimedKey(claimed, earlier))
    return found


def _earlier(call: ActCall, state: str, answer: dict[str, Any]) -> Outcome:
    if state == "accepted":
        return ActAccepted(call, answer["seq"], answer, repeated=True)
    return ActReferred(call, answer["case"], answer["position"], answer["unit"], repeated=True)
