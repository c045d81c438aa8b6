"""A process that cannot be worked is refused with file, line and key, all faults at once (issue: processes as data)."""

from pathlib import Path

import pytest

from counterfoil.core.kernel.strict_files import StrictFileErrors
from counterfoil.core.work.process_check import Known, load_processes

KNOWN = Known(
    positions=frozenset({"clerk"}), acts=frozenset({"pay"}), papers=frozenset({"form"}), clocks=frozenset({"c.one"}),
    scripts=frozenset({"greet"}), letters=frozenset({"done"}),
)  # fmt: skip
GOOD = """kind: tiny
version: 1
title: {zh: 小, en: Tiny}
about: anyone
channels: [counter]
receivers: [clerk]
first: one
fields:
  - {field: way, title: {zh: 方式, en: Way}, kind: choice, choices: [{code: a, title: {zh: 甲, en: A}}]}
becomes:
  - {kind: tiny, exit: out, fields: {way: way}}
papers:
  - {one_of: [form], when: {way: [a]}}
clocks:
  - {rule: c.one, starts: received, stops: left one}
steps:
  - step: one
    title: {zh: 一, en: One}
    who: [clerk]
    acts: [pay]
    scripts: [greet]
    exits:
      - {exit: on, title: {zh: 下, en: On}, to: two, needs: [papers, act], fields: [way]}
  - step: two
    title: {zh: 二, en: Two}
    who: [clerk]
    exits:
      - {exit: out, title: {zh: 完, en: Out}, to: end, outcome: done, letter: done, not_by: [one]}
"""


def read(folder: Path, text: str) -> None:
    (folder / "tiny.yaml").write_text(text, encoding="utf-8")
    load_processes(folder, KNOWN)


def test_a_process_whose_names_are_known_is_read(tmp_path: Path) -> None:
    read(tmp_path, GOOD)
    (process,) = load_processes(tmp_path, KNOWN).values()
    assert [step.step for step in process.steps] == ["one", "two"]


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("to: end, outcome: done", "to: one", "steps[1].exits", "a case at this step can never end"),
        ("to: two,", "to: end, outcome: x,", "steps[1]", "no case comes to this step"),
        ("to: two,", "to: three,", "steps[0].exits[0].to", "there is no step 'three'"),
        ("first: one", "first: zero", "first", "there is no step 'zero'"),
        ("receivers: [clerk]", "receivers: [clown]", "receivers", "there is no position 'clown'"),
        ("who: [clerk]\n    acts", "who: [clown]\n    acts", "steps[0].who", "there is no position 'clown'"),
        ("who: [clerk]\n    acts", "who: []\n    acts", "steps[0].who", "somebody must do this step"),
        ("acts: [pay]", "acts: [fly]", "steps[0].acts", "there is no act 'fly'"),
        ("    acts: [pay]\n", "", "steps[0].exits[0].needs", "an act is needed, but the step names none"),
        ("one_of: [form]", "one_of: [leaf]", "papers[0].one_of", "there is no kind of paper 'leaf'"),
        ("when: {way: [a]}", "when: {way: [b]}", "papers[0].when.way", "there is no value of way 'b'"),
        ("when: {way: [a]}", "when: {walk: [a]}", "papers[0].when.walk", "there is no field of this process 'walk'"),
        ("rule: c.one", "rule: c.two", "clocks[0].rule", "there is no clock rule 'c.two'"),
        ("stops: left one", "stops: left nine", "clocks[0].stops", "there is no step 'nine'"),
        ("scripts: [greet]", "scripts: [sing]", "steps[0].scripts", "there is no script 'sing'"),
        ("letter: done", "letter: love", "steps[1].exits[0].letter", "there is no letter 'love'"),
        ("kind: tiny, exit: out", "kind: huge, exit: out", "becomes[0].kind", "there is no process 'huge'"),
        ("exit: out, fields", "exit: on, fields", "becomes[0].exit", "there is no exit to the end 'on'"),
        ("{way: way}", "{way: wish}", "becomes[0].fields", "there is no field of this process 'wish'"),
        ("{way: way}", "{wish: way}", "becomes[0].fields", "there is no field of tiny 'wish'"),
        ("not_by: [one]", "not_by: [nine]", "steps[1].exits[0].not_by", "there is no step 'nine'"),
        (", outcome: done", "", "steps[1].exits[0].outcome", "an exit to the end, and no other, has an outcome"),
        ("fields: [way]}", "fields: [when]}", "steps[0].exits[0].fields", "there is no field of this process 'when'"),
        ("step: two", "step: one", "steps", "'one' is there twice"),
        ("kind: tiny", "kind: large", "kind", "the file of this kind is large.yaml"),
        ("choices: [{code: a, title: {zh: 甲, en: A}}]", "choices: []", "fields[0].choices", "a choice, and only a choice, has choices"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_key_and_line(
    tmp_path: Path, old: str, new: str, key: str, message: str
) -> None:
    assert old in GOOD
    with pytest.raises(StrictFileErrors) as refused:
        read(tmp_path, GOOD.replace(old, new))
    told = [(error.key, error.message) for error in refused.value.errors]
    assert (key, message) in told
    assert all(error.line > 1 or error.key == "kind" for error in refused.value.errors)


def test_a_moment_that_nobody_knows_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(
        StrictFileErrors, match="there is no moment 'sunrise': closed, papers_complete, promised"
    ):
        read(tmp_path, GOOD.replace("starts: received", "starts: sunrise"))
