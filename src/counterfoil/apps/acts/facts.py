"""Facts for a batch of acts: one statement a kind of fact, whatever the number of acts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.conf import settings
from msgspec import Struct

from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.acts.register import act_named
from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.acts.store import Head, Store
from counterfoil.apps.journal.ports import LEGAL_ZONE
from counterfoil.core.kernel.decisions import Accepted
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.kernel.versions import Change, Clear, Put
from counterfoil.core.policy.act import Act
from counterfoil.core.policy.facts import Facts, History, PartyFacts, PastAct, StoredFacts
from counterfoil.core.policy.state import SLICES, PolicyState
from counterfoil.core.policy.timeline import history_start
from counterfoil.core.product.lookup import Product

LIFE_SUMS = """
SELECT r.party_id, sum(c.sum_assured)
FROM policy_role r
JOIN policy_coverage c ON c.policy_id = r.policy_id AND c.superseded_seq IS NULL AND upper(c.valid) IS NULL
JOIN LATERAL (SELECT standing FROM policy_status s WHERE s.policy_id = r.policy_id AND s.superseded_seq IS NULL
              ORDER BY valid_from DESC LIMIT 1) s ON s.standing IN ('applied', 'accepted', 'issued')
WHERE r.part = 'insured' AND r.superseded_seq IS NULL AND r.party_id = ANY(%s::uuid[])
  AND NOT r.policy_id = ANY(%s::uuid[])
GROUP BY r.party_id
"""
PAST_ACTS = """
SELECT seq, act, effective_date, decision, request, facts FROM act WHERE subject_id = %s ORDER BY seq
"""


@cache
def parameters() -> Parameters:
    """The dated parameters of law and company, read once a process."""
    return Parameters.load(settings.PARAMETERS_DIR)


class Claimed(Struct, frozen=True, gc=False):
    """What claiming the key gave beside the key itself."""

    serial: str
    business_date: date


def legal_day(moment: datetime) -> date:
    """The day of receipt as law counts it, in Asia/Shanghai."""
    return moment.astimezone(LEGAL_ZONE).date()


class FactSource:
    """Loads what the acts of one batch need and makes the Facts of each."""

    def __init__(self, cursor: Any, act: Act, store: Store, unit_code: str) -> None:
        self.cursor = cursor
        self.act = act
        self.store = store
        self.unit_code = unit_code
        self._parties: Mapping[UUID, PartyFacts] = {}
        self._health: Mapping[UUID, Mapping[str, str]] = {}
        self._sums: Mapping[UUID, Decimal] = {}
        self._products: dict[UUID, Product | None] = {}
        self._papers: Mapping[bytes, UUID] = {}

    def load(self, calls: Sequence[ActCall], heads: Mapping[UUID, Head], states: Mapping[UUID, Any]) -> None:
        """Read for all calls at once; constant statements."""
        needs = self.act.needs
        if "product" in needs:
            self._load_products(calls, heads)
        if "parties" in needs:
            ids = {party for call in calls for party in self._party_ids(call, states[call.subject_id])}
            from counterfoil.apps.parties.queries import load_party_facts

            self._parties = load_party_facts(self.cursor, sorted(ids))
        if "health" in needs:
            from counterfoil.apps.parties.queries import load_health_answers

            notices = {call.subject_id: self._health_notice(call, states[call.subject_id]) for call in calls}
            self._health = load_health_answers(self.cursor, sorted({n for n in notices.values() if n}))
        if "known_papers" in needs:
            from counterfoil.apps.parties.queries import load_known_papers

            lookups = {lookup for call in calls for lookup in self.act.lookups_of(call.request)}
            self._papers = load_known_papers(self.cursor, sorted(lookups))
        if "life_sums" in needs:
            insured = {self._insured(call, states[call.subject_id]) for call in calls}
            keys = array_literal(insured, "uuid"), array_literal([call.subject_id for call in calls], "uuid")
            self.cursor.execute(LIFE_SUMS, keys, prepare=True)
            self._sums = dict(self.cursor.fetchall())

    def facts(self, call: ActCall, claimed: Claimed, state: Any) -> Facts:
        """The facts of one act."""
        needs = self.act.needs
        mine: Mapping[UUID, PartyFacts] = {}
        if "parties" in needs:
            ids = self._party_ids(call, state)
            mine = {party: self._parties[party] for party in ids if party in self._parties}
        health = None
        if "health" in needs and (notice := self._health_notice(call, state)):
            health = self._health.get(notice)
        return Facts(
            business_date=claimed.business_date,
            received_on=legal_day(call.received_at),
            serial=claimed.serial,
            unit_code=self.unit_code,
            parameters=parameters(),
            product=self._products.get(call.subject_id),
            parties=mine,
            health_answers=health,
            life_sum_assured=self._sums.get(self._insured(call, state), Decimal("0.00"))
            if "life_sums" in needs
            else Decimal("0.00"),
            history=self._history(call, state) if "history" in needs else None,
            known_papers=self._papers,
        )

    def _load_products(self, calls: Sequence[ActCall], heads: Mapping[UUID, Head]) -> None:
        from counterfoil.apps.catalogue.queries import product_by_hash, product_on_sale

        on_sale: dict[str, Product | None] = {}
        for call in calls:
            if self.act.creates:
                code = call.request.product_code
                if code not in on_sale:
                    on_sale[code] = product_on_sale(code)
                self._products[call.subject_id] = on_sale[code]
            else:
                self._products[call.subject_id] = product_by_hash(heads[call.subject_id].product_hash)

    def _party_ids(self, call: ActCall, state: Any) -> set[UUID]:
        ids = set(self.act.parties_of(call.request))
        for name in ("roles", "beneficiaries"):
            ids.update(version.value.party_id for version in state.slices.get(name, ()))
        payees = {version.value.payee_party_id for version in state.slices.get("claim_shares", ())}
        return ids | (payees - {None})

    def _health_notice(self, call: ActCall, state: Any) -> UUID | None:
        if self.act.creates:
            return getattr(call.request, "health_notice_id", None)
        found = state.slices.get("application", ())
        return found[-1].value.health_notice_id if found else None

    def _insured(self, call: ActCall, state: Any) -> UUID:
        if self.act.creates:
            return UUID(str(call.request.insured_id))
        return UUID(str(next(v.value.party_id for v in state.slices["roles"] if v.part == "insured")))

    def _history(self, call: ActCall, state: PolicyState) -> History:
        """Every act from the one in question on, with what was asked and known then; the state before them comes from
        what was live then. Two statements, one more for the parties, and one a slice."""
        self.cursor.execute(PAST_ACTS, (call.subject_id,), prepare=True)
        rows = [_Past(*row) for row in self.cursor.fetchall()]
        undone: dict[int, int] = {row.request["seq"]: row.seq for row in rows if row.act == "undo_act"}
        start = history_start(call.request.seq, undone)
        told = [msgspec.convert(row.facts, StoredFacts) for row in rows]
        from counterfoil.apps.catalogue.queries import product_by_hash
        from counterfoil.apps.parties.queries import load_party_facts

        known = load_party_facts(self.cursor, sorted({party for one in told for party in one.parties}))
        acts = []
        for row, one in zip(rows, told, strict=True):
            if row.seq < start:
                continue
            facts = Facts(
                business_date=one.business_date,
                received_on=one.received_on,
                serial=one.serial,
                unit_code=one.unit_code,
                parameters=parameters(),
                product=product_by_hash(one.product_hash) if one.product_hash else None,
                parties={party: known[party] for party in one.parties if party in known},
                life_sum_assured=one.life_sum_assured,
            )
            past = act_named(row.act)
            # Health answers and histories are not loaded again: such an act is folded as it was recorded.
            again = None if past.needs & {"health", "history"} else msgspec.convert(row.request, past.request)
            changes, moved_money = _decision_parts(row.decision)
            acts.append(
                PastAct(
                    row.seq,
                    row.act,
                    row.effective_date,
                    changes,
                    moved_money,
                    undone.get(row.seq),
                    again,
                    facts,
                )
            )
        before = max(start - 1, 0)
        slices = {
            name: self.store.tables[name]
            .read(self.cursor, [call.subject_id], before)
            .get(call.subject_id, ())
            for name in sorted(self.act.reads)
        }
        return History(PolicyState(call.subject_id, before, state.unit_id, slices), tuple(acts))


class _Past(NamedTuple):
    seq: int
    act: str
    effective_date: date
    decision: Any
    request: Any
    facts: Any


def _decision_parts(stored: Any) -> tuple[tuple[Change, ...], bool]:
    decision = msgspec.convert(stored, Accepted)
    changes: list[Change] = []
    for raw in decision.changes:
        change: Change = msgspec.convert(raw, Put | Clear)
        if isinstance(change, Put):
            value = msgspec.convert(change.value, SLICES[change.slice])
            change = Put(change.slice, change.part, change.valid, value)
        changes.append(change)
    return tuple(changes), bool(decision.postings)
