"""Parties for tests: numbers that can exist and are nobody's, a sealer without keys, parties as acts leave them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from counterfoil.core.kernel.decisions import Accepted, Decision, Refused
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.parties.sealer import FoundAs
from counterfoil.core.parties.state import PartyState, empty_party, fold
from counterfoil.core.parties.values import DataKey, Sealed
from counterfoil.core.policy.facts import Facts
from counterfoil.core.register import ACTS

RESIDENT_ID = "410423198001010016"  # a man, born 1 January 1980
OTHER_RESIDENT_ID = "410423198001010024"  # a woman, born the same day
CREDIT_CODE = "91110000600037341L"
CARD = "6222021001116245702"
PARTY_ID = uuid5(NAMESPACE_URL, "party:zeng")


def plain_person(**changes: Any) -> dict[str, Any]:
    """A person as typed: 曾伟, with a resident id and a mobile."""
    person = {
        "kind": "person",
        "name": "曾伟",
        "sex": "M",
        "birth_date": "1980-01-01",
        "nationality": "CHN",
        "occupation_code": "5050104",
        "occupation_class": 2,
        "papers": [{"kind": "RESIDENT_ID", "number": RESIDENT_ID}],
        "contacts": [{"kind": "mobile", "value": "138 0013 8000"}],
    }
    return person | changes


class OpenSealer:
    """Seals nothing: the clear text stands where a cipher would. For rules only, never for a database."""

    data_key = DataKey("1", "none", b"wrapped")

    def seal(self, field: str, value: str, masked: str, found_as: FoundAs | None = None) -> Sealed:
        bound = found_as or f"{PARTY_ID}{field}"
        lookup = hashlib.sha256(f"{bound}|{value}".encode()).digest()
        return Sealed(f"{field}={value}".encode(), lookup, masked, "1")


class PartyLife:
    """One party on which acts are sealed, decided and folded."""

    def __init__(self, known: Mapping[str, UUID] | None = None) -> None:
        self.state: PartyState = empty_party(PARTY_ID, "86320101")
        sealer = OpenSealer()
        self.known = {
            sealer.seal("", number, "", FoundAs.PAPER).lookup: party
            for number, party in (known or {}).items()
        }

    def decide(self, act: str, plain: Any, on: date, effective: date | None = None) -> Decision:
        """Seal and decide, change nothing."""
        spec = ACTS[act]
        assert spec.plain is not None
        assert spec.seal is not None
        request = spec.seal(msgspec.convert(plain, spec.plain, strict=False), OpenSealer())
        if isinstance(request, Refused):
            return request
        facts = Facts(
            business_date=on,
            received_on=on,
            serial="00000001",
            unit_code="86320101",
            parameters=Parameters([]),
            known_papers=self.known,
        )
        return spec.decide(self.state, facts, request, effective or on)

    def live(self, act: str, plain: Any, on: date, effective: date | None = None) -> "PartyLife":
        """Decide and fold."""
        decision = self.decide(act, plain, on, effective)
        assert isinstance(decision, Accepted), decision
        self.state = fold(self.state, decision.changes)
        return self


def codes(decision: Decision) -> Sequence[tuple[str, str | None]]:
    """Code and field of every reason, sorted."""
    assert isinstance(decision, Refused), decision
    return sorted(((v.code, v.field) for v in decision.violations), key=str)
