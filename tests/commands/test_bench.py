"""`make bench` runs every part and fails when one of them fails."""

import pytest

from benchmarks.__main__ import run_parts


def boom() -> int:
    raise RuntimeError("the floor is gone")


def gives_up() -> int:
    raise SystemExit("3 acts were not accepted")


@pytest.mark.parametrize("bad", [lambda: 1, boom, gives_up])
def test_a_part_that_fails_makes_the_whole_fail_and_the_others_are_run(
    bad: object, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = {"first": bad, "silent": lambda: None, "good": lambda: 0}
    assert run_parts(parts, parts) == 1  # type: ignore[arg-type]
    told = capsys.readouterr().out
    assert "== good" in told
    assert told.endswith("FAILED: first\n")


def test_parts_that_pass_make_the_whole_pass() -> None:
    assert run_parts({"good": lambda: 0, "silent": lambda: None}, ["good", "silent"]) == 0
