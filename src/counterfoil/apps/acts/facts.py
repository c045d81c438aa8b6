"""Facts for a batch of acts: one statement a kind of fact, whatever the number of acts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from msgspec import Struct

from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.acts.store import Head, Store
from counterfoil.apps.journal.ports import LEGAL_ZONE
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.policy.act import Act
from counterfoil.core.policy.calendar import calendar_facts
from counterfoil.core.policy.facts import Facts, History, PartyFacts
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
        if "product" in needs or self.act.derived_on is not None:
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

    def facts(self, call: ActCall, claimed: Claimed, state: Any, history: History | None = None) -> Facts:
        """The facts of one act; those of an act of the calendar are the same whenever it is derived."""
        if self.act.derived_on is not None:
            product = self._products[call.subject_id]
            assert product is not None, "the calendar acts on policies of a known product"
            return calendar_facts(state, product, parameters(), call.effective_date)
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
            history=history,
            known_papers=self._papers,
            choices=dict(call.choices),
            reason=call.reason,
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
        """The notice that the request names, else the application's."""
        if (named := getattr(call.request, "health_notice_id", None)) is not None:
            return UUID(str(named))
        found = state.slices.get("application", ())
        return found[-1].value.health_notice_id if found else None

    def _insured(self, call: ActCall, state: Any) -> UUID:
        if self.act.creates:
            return UUID(str(call.request.insured_id))
        return UUID(str(next(v.value.party_id for v in state.slices["roles"] if v.part == "insured")))
