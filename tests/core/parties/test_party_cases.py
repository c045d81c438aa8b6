"""The cases of acts on parties: each YAML file under ``cases/parties/`` is one act's, each case one test."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from msgspec import Struct

from counterfoil.core.kernel.decisions import Accepted, Refused
from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.parties.state import PartyState, fold
from counterfoil.core.parties.values import Sealed
from counterfoil.core.policy.act import Subject
from counterfoil.core.register import ACTS
from tests.builders.parties import CARD, CREDIT_CODE, PartyLife, plain_person

CASES = Path(__file__).resolve().parents[3] / "cases" / "parties"
KNOWN = UUID("00000000-0000-0000-0000-0000000000aa")
MODELS: dict[str, dict[str, Any]] = {
    "zeng": plain_person(),
    "cooperative": {
        "kind": "organisation",
        "name": "鲁山县果蔬专业合作社",
        "papers": [{"kind": "CREDIT_CODE", "number": CREDIT_CODE}],
    },
    "card": {
        "account_id": "00000000-0000-0000-0000-00000000000c",
        "bank": "中国工商银行",
        "number": CARD,
    },
    "notice": {
        "notice_id": "00000000-0000-0000-0000-00000000000e",
        "product_code": "611005",
        "answers": {"q1": "no", "q2": "no"},
        "signed_on": "2026-03-01",
        "consents_to_health_data": True,
    },
}


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One act as typed, received on a day."""

    act: str
    on: date
    effective: date | None = None
    like: str = ""
    plain: dict[str, Any] = {}


class Reason(Struct, frozen=True, forbid_unknown_fields=True):
    """One reason of a refusal; the basis is compared where it is given."""

    code: str
    field: str | None = None
    basis: str | None = None


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence, what was before, one act, and what comes of it: by slice and part the last version's fields
    (of a sealed value what is shown), or all reasons. ``<part> before`` is the version before the last."""

    name: str
    when: Step
    given: tuple[Step, ...] = ()
    known: tuple[str, ...] = ()
    accepted: dict[str, dict[str, dict[str, Any]]] | None = None
    refused: tuple[Reason, ...] = ()


class CaseFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of cases; ``act`` is tested by all of them."""

    act: str
    cases: list[Case]


FILES = sorted(CASES.glob("*.yaml"))


def _all() -> list[Any]:
    return [pytest.param(c, id=f"{f.stem}: {c.name}") for f in FILES for c in load_yaml(f, CaseFile).cases]


@pytest.mark.parametrize("case", _all())
def test_a_case_comes_out_as_written(case: Case) -> None:
    life = PartyLife(dict.fromkeys(case.known, KNOWN))
    for step in case.given:
        life.live(step.act, _plain(step), step.on, step.effective)
    before = life.state
    decision = life.decide(case.when.act, _plain(case.when), case.when.on, case.when.effective)
    if case.accepted is None:
        assert isinstance(decision, Refused), decision
        found = {(v.code, v.field): v.basis for v in decision.violations}
        assert found.keys() == {(reason.code, reason.field) for reason in case.refused}
        for reason in case.refused:
            assert reason.basis is None or found[(reason.code, reason.field)] == reason.basis
    else:
        assert isinstance(decision, Accepted), decision
        _check(fold(before, decision.changes), case.accepted)


def test_every_act_on_a_party_has_its_file_of_cases() -> None:
    party_acts = {name for name, act in ACTS.items() if act.subject is Subject.PARTY}
    assert {path.stem for path in FILES} == party_acts
    for path in FILES:
        found = load_yaml(path, CaseFile)
        assert found.act == path.stem
        assert {case.when.act for case in found.cases} == {path.stem}


def _plain(step: Step) -> dict[str, Any]:
    return (MODELS[step.like] if step.like else {}) | step.plain


def _check(after: PartyState, expected: dict[str, dict[str, dict[str, Any]]]) -> None:
    for name, parts in expected.items():
        for key, fields in parts.items():
            part, _, before = key.partition(" ")
            version = [v for v in after.slices[name] if v.part == part][-2 if before else -1]
            days = {"from": version.valid.start, "until": version.valid.end}
            for field, value in fields.items():
                found = days[field] if field in days else getattr(version.value, field)
                shown = found.masked if isinstance(found, Sealed) else found
                assert str(shown) == str(value), f"{name} {key} {field}"
