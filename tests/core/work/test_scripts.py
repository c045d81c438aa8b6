"""A script that nobody could speak by is refused, all faults at once; the installation's own are whole (ENQ-2)."""

from pathlib import Path

import pytest

from counterfoil.core.kernel.strict_files import StrictFileErrors
from counterfoil.core.work.scripts import load_scripts

PROJECT = Path(__file__).resolve().parents[3]
GOOD = """situation: greet
version: 1
title: {zh: 问候, en: Greeting}
steps:
  - {do: 起立, say: [您好], control: 看着客户}
branches:
  - branch: child
    title: {zh: 带孩子, en: With a child}
    steps: [{do: 请坐}]
"""


def test_the_situations_of_a_counter_each_have_a_script_in_chinese_with_titles_in_three_languages() -> None:
    scripts = load_scripts(PROJECT / "scripts")
    assert {
        "reception", "consultation", "waiting_explained", "policy_issue", "handing_over_papers", "surrender_wish",
        "claims_first_call", "appointment_call", "complaint_calming", "return_for_papers", "goodbye_and_rating",
    } <= set(scripts)  # fmt: skip
    for script in scripts.values():
        assert script.title.en, script.situation
        assert script.title.ko, script.situation
        assert any(step.say for step in script.steps), script.situation
        assert any(step.control for step in script.steps), script.situation


def test_a_wish_to_surrender_has_five_circumstances_and_is_never_hindered() -> None:
    script = load_scripts(PROJECT / "scripts")["surrender_wish"]
    assert len(script.branches) == 5
    assert any("不阻拦" in step.control for step in script.steps)
    assert "原因" in script.steps[0].do


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("situation: greet", "situation: wave", "situation", "the file of this situation is wave.yaml"),
        ("version: 1", "version: 0", "version", "versions count from 1"),
        ("zh: 问候", "zh: ''", "title.zh", "there is no text"),
        ("do: 起立", "do: ' '", "steps[0].do", "there is no text"),
        ("say: [您好]", "say: ['']", "steps[0].say[0]", "there is no text"),
        ("[{do: 请坐}]", "[]", "branches[0].steps", "at least one step is needed"),
        ("[{do: 请坐}]\n", "[{do: 请坐}]\n  - {branch: child, title: {zh: 又, en: A}, steps: [{do: 坐}]}\n",
         "branches[1].branch", "'child' is there twice"),
    ],
)  # fmt: skip
def test_a_fault_of_a_script_is_told_with_its_key(
    tmp_path: Path, old: str, new: str, key: str, message: str
) -> None:
    assert old in GOOD
    (tmp_path / "greet.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(StrictFileErrors) as refused:
        load_scripts(tmp_path)
    assert (key, message) in [(error.key, error.message) for error in refused.value.errors]


def test_the_faults_of_all_scripts_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "greet.yaml").write_text(GOOD.replace("version: 1", "version: 0"), encoding="utf-8")
    (tmp_path / "wave.yaml").write_text("situation: wave\n", encoding="utf-8")
    with pytest.raises(StrictFileErrors) as refused:
        load_scripts(tmp_path)
    assert {Path(error.file).name for error in refused.value.errors} == {"greet.yaml", "wave.yaml"}
