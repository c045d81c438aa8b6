"""Everything outside the subject's own state that an act may use; stored with the act, to be decided again."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.kernel.versions import Change
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.product.lookup import Product


class PartyFacts(Struct, frozen=True, gc=False):
    """What a rule may know of a person or organisation. ``sex`` M, F or empty; no name, no number."""

    party_id: UUID
    kind: str
    birth_date: date | None
    sex: str
    occupation_class: int
    account_ids: tuple[UUID, ...] = ()
    died_on: date | None = None


class PastAct(Struct, frozen=True):
    """An act already recorded on this policy, for undo and replay.

    With its ``request`` and the ``facts`` of that time it is decided again in a replay; without them its recorded
    ``changes`` are folded again.
    """

    seq: int
    act: str
    effective_date: date
    changes: tuple[Change, ...]
    moved_money: bool
    undone_by: int | None = None
    request: Struct | None = None
    facts: "Facts | None" = None


class History(Struct, frozen=True):
    """What undo needs: the policy as it was before an act, and every act from that one on; which act to begin with
    says ``timeline.history_start``."""

    before: PolicyState
    acts: tuple[PastAct, ...]


class Facts(Struct, frozen=True):
    """Facts of one act.

    ``business_date`` is the day of the books; ``received_on`` the day of receipt in Asia/Shanghai; ``serial`` the
    act's running number, from which its numbers are made; ``known_papers`` the parties that have a paper of the
    request, by keyed hash; ``again`` says that the act is decided again in a replay: money that came then is a fact
    and its amount is not questioned anew. The rest is present where the act lists it in ``needs``.
    """

    business_date: date
    received_on: date
    serial: str
    unit_code: str
    parameters: Parameters
    product: Product | None = None
    parties: Mapping[UUID, PartyFacts] = {}
    health_answers: Mapping[str, str] | None = None
    life_sum_assured: Decimal = Decimal("0.00")
    history: History | None = None
    known_papers: Mapping[bytes, UUID] = {}
    again: bool = False

    def the_product(self) -> Product:
        """The product version that the policy was sold on; the act must list ``product`` in ``needs``."""
        assert self.product is not None, "the act does not list 'product' in needs"
        return self.product

    def number(self, letter: str) -> str:
        """A number of this act: letter, unit code, serial; every kind of number has its own letter."""
        return f"{letter}{self.unit_code}{self.serial}"


class StoredFacts(Struct, frozen=True):
    """The part of Facts kept with the act: references and figures, no personal values."""

    business_date: date
    received_on: date
    serial: str
    unit_code: str
    product_hash: str = ""
    life_sum_assured: Decimal = Decimal("0.00")
    parties: tuple[UUID, ...] = ()


def stored(facts: Facts) -> bytes:
    """Facts as JSON for the act row."""
    return msgspec.json.encode(
        StoredFacts(
            facts.business_date,
            facts.received_on,
            facts.serial,
            facts.unit_code,
            facts.product.content_hash if facts.product else "",
            facts.life_sum_assured,
            tuple(facts.parties),
        )
    )
