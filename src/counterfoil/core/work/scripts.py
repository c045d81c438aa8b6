"""Decides what a standard script (标准话术) is, and refuses one that nobody could speak by (ENQ-2, service.md 1 and 2).

A script is data (``scripts/<situation>.yaml``): steps with what to do and what to say. All faults are found at once.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_yaml
from counterfoil.core.kernel.yaml_lines import key_line
from counterfoil.core.work.process import Names


class ScriptStep(Struct, frozen=True, kw_only=True):
    """One step: what to do, what to say in the customer's language, and what must not go wrong (控制点)."""

    do: str
    say: tuple[str, ...] = ()
    control: str = ""


class Branch(Struct, frozen=True, kw_only=True):
    """Steps for one of several circumstances of the same situation."""

    branch: str
    title: Names
    steps: tuple[ScriptStep, ...]


class Script(Struct, frozen=True, kw_only=True):
    """A situation (情景), by version: the steps that always go first, then those of the circumstance that is met."""

    situation: str
    version: int
    title: Names
    steps: tuple[ScriptStep, ...]
    branches: tuple[Branch, ...] = ()


def load_scripts(directory: Path) -> dict[str, Script]:
    """The scripts of ``directory`` by situation. Raises StrictFileErrors with the faults of every file."""
    errors: list[FileError] = []
    found: dict[str, Script] = {}
    for path in sorted(directory.glob("*.yaml")):
        try:
            script = load_yaml(path, Script)
        except StrictFileErrors as refused:
            errors.extend(refused.errors)
            continue
        for key, message in _faults(script, path.stem):
            errors.append(FileError(str(path), key_line(path, key), key, message))
        found[script.situation] = script
    if errors:
        raise StrictFileErrors(errors)
    return found


def _faults(script: Script, stem: str) -> Iterator[tuple[str, str]]:
    if script.situation != stem:
        yield "situation", f"the file of this situation is {script.situation}.yaml"
    if script.version < 1:
        yield "version", "versions count from 1"
    if not script.title.zh.strip():
        yield "title.zh", "there is no text"
    yield from _step_faults("steps", script.steps)
    seen: set[str] = set()
    for n, branch in enumerate(script.branches):
        if branch.branch in seen:
            yield f"branches[{n}].branch", f"{branch.branch!r} is there twice"
        seen.add(branch.branch)
        yield from _step_faults(f"branches[{n}].steps", branch.steps)


def _step_faults(key: str, steps: tuple[ScriptStep, ...]) -> Iterator[tuple[str, str]]:
    if not steps:
        yield key, "at least one step is needed"
    for n, step in enumerate(steps):
        if not step.do.strip():
            yield f"{key}[{n}].do", "there is no text"
        for line, words in enumerate(step.say):
            if not words.strip():
                yield f"{key}[{n}].say[{line}]", "there is no text"
