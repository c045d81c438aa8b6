"""From requests as typed to calls that ``perform`` takes: personal values are sealed before any act sees them.

A new subject's id comes from actor and key, so that a repeated key names the same subject (decisions.md, step 1).
"""

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from msgspec.structs import replace

from counterfoil.apps.acts.calls import ActCall, ActRefused
from counterfoil.apps.acts.register import act_named
from counterfoil.apps.parties.sealing import (
    DataKeyMissing,
    OpenKey,
    PartySealer,
    load_key,
    new_key,
    party_id_for,
)
from counterfoil.core.kernel.decisions import Refused, Violation

__all__ = ["party_id_for", "policy_id_for", "seal_calls", "thing_id_for"]


def policy_id_for(actor_id: UUID, key: str) -> UUID:
    """The id of the policy that this actor applies for under this idempotency key."""
    return uuid5(NAMESPACE_OID, f"counterfoil policy {actor_id} {key}")


def thing_id_for(actor_id: UUID, key: str) -> UUID:
    """The id of an account or a notice that this actor records under this key."""
    return uuid5(NAMESPACE_OID, f"counterfoil thing {actor_id} {key}")


def seal_calls(cursor: Any, calls: Sequence[ActCall]) -> list[ActCall | ActRefused]:
    """The calls with sealed requests, in order; a call whose values cannot exist is refused instead.

    Requests of acts without a typed form stay as they are, as do those sealed already. A party that one of the calls
    registers has no key in the database yet: later calls on it are sealed under the key made here.
    """
    made: dict[UUID, OpenKey] = {}
    return [_sealed(cursor, call, made) for call in calls]


def _sealed(cursor: Any, call: ActCall, made: dict[UUID, OpenKey]) -> ActCall | ActRefused:
    act = act_named(call.act)
    if act.plain is None or act.seal is None or not isinstance(call.request, act.plain):
        return call
    if act.creates:
        made[call.subject_id] = new_key(call.subject_id)
    try:
        key = made.get(call.subject_id) or load_key(cursor, call.subject_id)
    except DataKeyMissing:
        return ActRefused(call, (Violation("party_not_found"),))
    request = act.seal(call.request, PartySealer(key))
    if isinstance(request, Refused):
        return ActRefused(call, request.violations)
    return replace(call, request=request)
