"""The recorded acts of one policy as a replay needs them: constant statements, whatever the number of acts.

One statement finds where the replay begins, one reads the acts from there on, one each their entries, the parties, the
health notices and the orders to the bank that they name, and one a slice the policy as it was known before.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from counterfoil.apps.acts.reading import read_whole
from counterfoil.apps.acts.register import act_named
from counterfoil.apps.acts.store import Head, Store
from counterfoil.core.kernel.decisions import Accepted, Posting
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.kernel.versions import Change, Clear, Put
from counterfoil.core.policy.act import Act
from counterfoil.core.policy.facts import Facts, History, Keep, PastAct, StoredFacts
from counterfoil.core.policy.state import SLICES
from counterfoil.core.policy.timeline import UNDO, Recorded, replay_start

RECORDED = """
SELECT seq, act, effective_date, (facts ->> 'received_on')::date, facts -> 'choices',
       (decision -> 'replayed' ->> 'reached')::date, CASE act WHEN 'undo_act' THEN (request ->> 'seq')::int END
FROM act WHERE subject_id = %s ORDER BY seq
"""
PAST_ACTS = """
SELECT seq, act, effective_date, decision::text, request::text, facts::text FROM act
WHERE subject_id = %s AND seq >= %s ORDER BY seq
"""
ORDERS = """
SELECT payload ->> 'payment_number', state FROM outbox
WHERE subject_id = %s AND kind = 'bank_payment' ORDER BY seq, line FOR UPDATE
"""
ENTRIES = """
SELECT seq, account, nullif(unit_id, %s), amount FROM entry
WHERE policy_id = %s AND seq >= %s ORDER BY seq, line
"""
STILL_HERE = frozenset({"prepared", "withdrawn"})
"""States of an order to the bank that has not left the house."""


class _Past(NamedTuple):
    seq: int
    act: str
    effective_date: date
    decision: str
    request: str
    facts: str


_decision = msgspec.json.Decoder(Accepted)
_facts = msgspec.json.Decoder(StoredFacts)


def load_history(
    cursor: Any,
    store: Store,
    head: Head,
    parameters: Parameters,
    until: date,
    place: date,
    left_out: int | None,
) -> History:
    """What a replay needs so that an act can count on ``place``, or act ``left_out`` be left out.

    ``until`` is the day up to which the calendar's acts are recorded. The orders to the bank of this policy are locked:
    the outbox sends none of them before this transaction ends.
    """
    from counterfoil.apps.catalogue.queries import product_by_hash
    from counterfoil.apps.parties.queries import load_health_answers, load_party_facts

    subject = head.subject_id
    cursor.execute(RECORDED, (subject,), prepare=True)
    recorded = [_recorded(*row) for row in cursor.fetchall()]
    begin = replay_start(recorded, place, left_out)
    cursor.execute(PAST_ACTS, (subject, begin), prepare=True)
    rows = [_Past(*row) for row in cursor.fetchall()]
    told = [_facts.decode(row.facts) for row in rows]
    requests = [_request(row) for row in rows]
    parties = load_party_facts(cursor, sorted({party for one in told for party in one.parties}))
    notices = {one.health_notice_id for one in requests if hasattr(one, "health_notice_id")}
    answers = load_health_answers(cursor, sorted(notices)) if notices else {}
    cursor.execute(ORDERS, (subject,), prepare=True)
    sent = frozenset(number for number, state in cursor.fetchall() if state not in STILL_HERE)
    posted = _posted(cursor, head, begin)
    acts = []
    for row, one, request in zip(rows, told, requests, strict=True):
        act = act_named(row.act)
        facts = Facts(
            business_date=one.business_date,
            received_on=one.received_on,
            serial=one.serial,
            unit_code=one.unit_code,
            parameters=parameters,
            product=product_by_hash(one.product_hash) if one.product_hash else None,
            parties={party: parties[party] for party in one.parties if party in parties},
            health_answers=answers.get(getattr(request, "health_notice_id", None)),
            life_sum_assured=one.life_sum_assured,
            choices=one.choices,
            reason=one.reason,
        )
        acts.append(
            PastAct(
                seq=row.seq,
                act=row.act,
                effective_date=row.effective_date,
                counts_on=act.counts_on(row.effective_date, one.received_on),
                changes=_as_recorded(row.decision),
                postings=posted.get(row.seq, ()),
                request=request if _can_be_decided_again(act, facts) else None,
                facts=facts,
                requested=act.derived_on is None,
            )
        )
    return History(
        before=read_whole(cursor.connection, store, head, begin - 1),
        acts=tuple(acts),
        product=product_by_hash(head.product_hash) if head.product_hash else None,
        parameters=parameters,
        calendar_until=until,
        sent_payments=sent,
    )


def _can_be_decided_again(act: Act, facts: Facts) -> bool:
    """An act that needs health answers its request does not name is taken as recorded; an undoing is never decided."""
    return act.name == UNDO or "health" not in act.needs or facts.health_answers is not None


def _recorded(
    seq: int,
    act: str,
    effective_date: date,
    received_on: date,
    choices: Mapping[str, str] | None,
    reached: date | None,
    undone: int | None,
) -> Recorded:
    place = act_named(act).counts_on(effective_date, received_on)
    dropped = sorted(int(later) for later, keep in (choices or {}).items() if keep == Keep.DROP)
    left_out = (undone, *dropped) if undone is not None else tuple(dropped)
    return Recorded(seq, place, max(place, reached or place), left_out)


def _request(row: _Past) -> Any:
    return msgspec.json.decode(row.request, type=act_named(row.act).request)


def _posted(cursor: Any, head: Head, begin: int) -> dict[int, tuple[Posting, ...]]:
    """What the books have of each act from ``begin`` on: the entries, not what the act says that it posted."""
    cursor.execute(ENTRIES, (head.unit_id, head.subject_id, begin), prepare=True)
    found: dict[int, list[Posting]] = {}
    for seq, account, unit, amount in cursor.fetchall():
        found.setdefault(seq, []).append(Posting(account, amount, unit))
    return {seq: tuple(postings) for seq, postings in found.items()}


def _as_recorded(decision: str) -> tuple[Change, ...]:
    found = _decision.decode(decision)
    changes: list[Change] = []
    for raw in found.changes:
        change: Change = msgspec.convert(raw, Put | Clear)
        if isinstance(change, Put):
            value = msgspec.convert(change.value, SLICES[change.slice])
            change = Put(change.slice, change.part, change.valid, value)
        changes.append(change)
    return tuple(changes)
