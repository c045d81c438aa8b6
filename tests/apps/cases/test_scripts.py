"""What stood beside a step of a case is kept: which script, which version, with whom, its text as it was (ENQ-2)."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import transaction

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.cases import processes
from counterfoil.apps.cases.operations import NewCase, receive
from counterfoil.apps.cases.queries import load_case
from counterfoil.apps.cases.scripts import ScriptChanged, load_shown, scripts_of, show_scripts
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Channel
from counterfoil.core.work.scripts import load_scripts
from tests.apps.cases.test_cases import reading_as
from tests.builders.insurer import Cast, set_up_insurer

GREET = """situation: consultation
version: {version}
title: {{zh: 咨询, en: Consultation}}
steps: [{{do: "{do}"}}]
"""


@pytest.fixture
def cast(database: Any) -> Cast:
    """The insurer's staff."""
    return set_up_insurer()


@pytest.fixture
def case(cast: Cast) -> Case:
    """An enquiry at its first step."""
    made = receive(NewCase(kind="enquiry", channel=Channel.COUNTER, title="宽限期多久"), cast.clerk, "k1")
    assert isinstance(made, Case)
    return made


@pytest.fixture
def with_script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Sets the one script that the installation has."""

    def to(version: int, do: str) -> None:
        (tmp_path / "consultation.yaml").write_text(GREET.format(version=version, do=do), encoding="utf-8")
        found = load_scripts(tmp_path)
        monkeypatch.setattr("counterfoil.apps.cases.scripts.scripts", lambda: found)

    return to


def shown(cast: Cast, case: Case) -> list[tuple[str, int, str]]:
    with reading_as(cast.clerk) as (cursor, _):
        return [
            (one.situation, one.version, one.script.steps[0].do) for one in load_shown(cursor, case.case_id)
        ]


def show(cast: Cast, case: Case) -> list[str]:
    with reading_as(cast.clerk) as (cursor, _):
        file = load_case(cursor, case.case_id)
        assert file is not None
        return [one.situation for one in show_scripts(cursor, file.case, file.process, cast.clerk)]


def test_every_script_that_a_process_names_is_there(cast: Cast) -> None:
    for process in processes.processes().values():
        for step in process.steps:
            assert [one.situation for one in scripts_of(process, step.step)] == list(step.scripts)


def test_the_version_beside_a_step_is_noted_once_and_kept_as_it_was(
    cast: Cast, case: Case, with_script: Any
) -> None:
    with_script(1, "起立")
    assert show(cast, case) == ["consultation"]
    assert show(cast, case) == ["consultation"]
    with_script(2, "起立并微笑")
    show(cast, case)
    assert shown(cast, case) == [("consultation", 1, "起立"), ("consultation", 2, "起立并微笑")]


def test_another_text_under_the_same_version_is_refused(cast: Cast, case: Case, with_script: Any) -> None:
    with_script(1, "起立")
    show(cast, case)
    with_script(1, "坐着")
    with pytest.raises(ScriptChanged, match="consultation"):
        show(cast, case)
    assert shown(cast, case) == [("consultation", 1, "起立")]


def test_what_was_noted_is_never_changed(cast: Cast, case: Case) -> None:
    show(cast, case)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction.atomic():
        raw_connection("default").cursor().execute("DELETE FROM work_script_shown")
