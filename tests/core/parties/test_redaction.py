"""What is kept of requests on parties: nothing to open, and the same bytes when the same is asked again."""

from typing import Any

import msgspec
import pytest

from counterfoil.core.parties.values import DataKey
from counterfoil.core.policy.act import Subject
from counterfoil.core.register import ACTS
from tests.builders.parties import OpenSealer
from tests.core.parties.test_party_cases import MODELS

REQUESTS = {
    "register_party": MODELS["zeng"],
    "change_contact_details": {"contacts": MODELS["zeng"]["contacts"]},
    "add_bank_account": MODELS["card"],
    "record_health_notice": MODELS["notice"],
}
PARTY_ACTS = sorted(name for name, act in ACTS.items() if act.subject is Subject.PARTY)


class SecondSealer(OpenSealer):
    """As at a second attempt: other keys and other ciphers for the same values."""

    data_key = DataKey("1", "another", b"wrapped anew")

    def seal(self, field: str, value: str, masked: str, found_as: Any = None) -> Any:
        sealed = super().seal(field, value, masked, found_as)
        return msgspec.structs.replace(sealed, cipher=sealed.cipher[::-1])


@pytest.mark.parametrize("name", PARTY_ACTS)
def test_a_repeat_is_known_by_what_is_kept_although_its_ciphers_differ(name: str) -> None:
    act = ACTS[name]
    assert act.plain is not None
    assert act.seal is not None
    plain = msgspec.convert(REQUESTS[name], act.plain, strict=False)
    first, second = act.seal(plain, OpenSealer()), act.seal(plain, SecondSealer())
    assert msgspec.json.encode(first) != msgspec.json.encode(second)
    assert msgspec.json.encode(act.redact(first)) == msgspec.json.encode(act.redact(second))


@pytest.mark.parametrize("name", PARTY_ACTS)
def test_no_cipher_and_no_key_is_kept_of_a_request(name: str) -> None:
    act = ACTS[name]
    assert act.plain is not None
    assert act.seal is not None
    request = act.seal(msgspec.convert(REQUESTS[name], act.plain, strict=False), OpenSealer())
    kept = msgspec.to_builtins(act.redact(request))
    sealed = list(_all_under(kept, "cipher"))
    assert sealed
    assert set(sealed) == {""}
    assert set(_all_under(kept, "wrapped")) <= {""}


def _all_under(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from _all_under(one, key)
