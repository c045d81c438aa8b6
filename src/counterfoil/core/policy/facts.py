"""Everything outside the subject's own state that an act may use; stored with the act, to be decided again."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.core.kernel.decisions import Posting
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


class Keep(StrEnum):
    """What a person says of a later act that an act going in between touches."""

    NEW = "keep_new"  # the act that goes in between prevails, also from the later act's day on
    LATER = "keep_later"  # the later act stands from its day on
    DROP = "drop_later"  # the later act is left out, which another person approves


class PastAct(Struct, frozen=True):
    """An act already recorded on this policy, or the one that goes in between, for replay.

    ``counts_on`` is its place in order of effect (``Act.counts_on``). With its ``request`` and the ``facts`` of that
    time it is decided again in a replay; without them its recorded ``changes`` and ``postings`` are taken as they are.
    ``requested``: asked for by somebody, not owed by the calendar.
    """

    seq: int
    act: str
    effective_date: date
    counts_on: date
    changes: tuple[Change, ...] = ()
    postings: tuple[Posting, ...] = ()
    request: Struct | None = None
    facts: "Facts | None" = None
    requested: bool = True


class History(Struct, frozen=True):
    """What a replay needs: the policy as it was known before the first of ``acts``, every act from that one on in order
    of record (``timeline.replay_start`` says which is the first), the product of the contract, the parameters, the day
    up to which the calendar's acts are recorded, and the numbers of payments whose order may have left the house."""

    before: PolicyState
    acts: tuple[PastAct, ...]
    product: Product | None
    parameters: Parameters
    calendar_until: date
    sent_payments: frozenset[str] = frozenset()


class Facts(Struct, frozen=True):
    """Facts of one act.

    ``business_date`` is the day of the books; ``received_on`` the day of receipt in Asia/Shanghai; ``serial`` the
    act's running number, from which its numbers are made; ``known_papers`` the parties that have a paper of the
    request, by keyed hash; ``again`` says that the act is decided again in a replay: money that came then is a fact
    and its amount is not questioned anew. ``choices`` are what a person said of later acts, by their ``seq``;
    ``reason`` why the act counts from a day before its receipt. The rest is present where the act lists it in
    ``needs``.
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
    choices: Mapping[int, Keep] = {}
    reason: str = ""

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
    choices: dict[int, Keep] = {}
    reason: str = ""


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
            dict(facts.choices),
            facts.reason,
        )
    )
