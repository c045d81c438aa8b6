"""Every act's cases: each YAML file under ``cases/<capability>/`` is one act's, each case one test."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from counterfoil.core.kernel.decisions import Accepted, Refused
from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.policy.accounts import Account
from counterfoil.core.policy.state import OPEN_SLICES, PolicyState, fold
from counterfoil.core.register import ACTS
from tests.builders.policy_states import CASES, Life, Person, Step, named

OF_OTHER_TESTS = ("parties", "work")


class Expected(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an accepted act brings. Postings by name of account, yuan, all of them; ``slices`` by slice and part
    (``-`` for a part that must not be there) fields of the last version, with ``from`` and ``until`` its days."""

    amount: Decimal | None = None
    figures: dict[str, Decimal] = {}
    postings: dict[str, Decimal] = {}
    documents: list[str] = []
    follow_ups: list[str] = []
    slices: dict[str, dict[str, dict[str, Any] | None]] = {}


class ExpectedViolation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One reason of a refusal; the basis and the parameters named are compared where given."""

    code: str
    field: str | None = None
    basis: str | None = None
    parameters: dict[str, str] = {}


class Case(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sentence, a life so far (stage, then given steps, then the calendar up to the day ``until``), one act, and what
    comes of it."""

    name: str
    basis: str = ""
    stage: str = ""
    people: dict[str, Person] = {}
    given: tuple[Step, ...] = ()
    until: date | None = None
    when: Step
    accepted: Expected | None = None
    refused: list[ExpectedViolation] = []


class CaseFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of cases; ``act`` is tested by all of them."""

    act: str
    cases: list[Case]


def _files() -> list[Path]:
    return sorted(path for path in CASES.glob("*/*.yaml") if path.parent.name not in OF_OTHER_TESTS)


def _all() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case.name}")
        for path in _files()
        for case in load_yaml(path, CaseFile).cases
    ]


@pytest.mark.parametrize("case", _all())
def test_a_case_comes_out_as_written(case: Case) -> None:
    life = Life(case.people)
    if case.stage:
        life.live_to(case.stage)
    for step in case.given:
        life.live(step)
    if case.until is not None:
        life.pass_time(case.until)
    decision = life.decide(case.when)
    if case.accepted is not None:
        assert isinstance(decision, Accepted), decision
        assert {change.slice for change in decision.changes} <= ACTS[case.when.act].reads
        _check_accepted(decision, case.accepted, fold(life.state, decision.changes))
    else:
        assert isinstance(decision, Refused), decision
        _check_refused(decision, case.refused)


@pytest.mark.parametrize("path", _files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_is_named_after_the_act_its_cases_are_about(path: Path) -> None:
    found = load_yaml(path, CaseFile)
    assert found.act == path.stem
    assert {case.when.act for case in found.cases} == {path.stem}
    names = [case.name for case in found.cases]
    assert len(set(names)) == len(names)
    assert all((case.accepted is None) != (not case.refused) for case in found.cases)


def _check_accepted(decision: Accepted, expected: Expected, after: PolicyState) -> None:
    assert sum((p.amount for p in decision.postings), Decimal(0)) == 0
    found = {"amount": decision.amount, "figures": decision.figures}
    assert found == {"amount": expected.amount, "figures": expected.figures}
    assert {Account(p.account).name.lower(): p.amount for p in decision.postings} == expected.postings
    assert len(decision.postings) == len(expected.postings), "an account is posted twice"
    assert [document.kind for document in decision.documents] == expected.documents
    assert [follow_up.kind for follow_up in decision.follow_ups] == expected.follow_ups
    for name, parts in expected.slices.items():
        for part, fields in parts.items():
            _check_part(after, name, part, fields)


def _check_part(after: PolicyState, name: str, part: str, fields: dict[str, Any] | None) -> None:
    versions = [version for version in after.slices[name] if version.part == part]
    if fields is None:
        assert not versions, f"{name} {part} should not be there"
        return
    assert versions, f"{name} has no {part}, only {[v.part for v in after.slices[name]]}"
    last = versions[-1]
    days = {"from": last.valid.start}
    if name not in OPEN_SLICES:
        days["until"] = last.valid.end  # type: ignore[assignment]
    found = {key: days[key] if key in days else getattr(last.value, key) for key in fields}
    assert {key: _plain(value) for key, value in found.items()} == {
        key: _plain(v) for key, v in fields.items()
    }


def _plain(value: Any) -> str:
    if isinstance(value, str) and value.startswith("$"):
        return str(named(value[1:]))
    if isinstance(value, date) or value is None or isinstance(value, bool):
        return repr(value)
    return str(value)


def _check_refused(decision: Refused, expected: list[ExpectedViolation]) -> None:
    found = [(v.code, v.field) for v in decision.violations]
    assert sorted(found, key=str) == sorted(((e.code, e.field) for e in expected), key=str)
    for one in expected:
        violation = next(v for v in decision.violations if (v.code, v.field) == (one.code, one.field))
        assert one.basis is None or violation.basis == one.basis
        named = {key: violation.parameters.get(key) for key in one.parameters}
        assert named == one.parameters
