"""Decides whether a process can be worked: every step is reached, every case can end, every name exists.

All faults of all files are found at once, each with file, line and key.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from counterfoil.core.kernel.strict_files import FileError, StrictFileErrors, load_yaml
from counterfoil.core.kernel.yaml_lines import key_line
from counterfoil.core.work.process import END, FieldKind, Process, Step

MOMENTS = frozenset({"received", "closed", "told", "promised", "papers_complete"})
STEP_MOMENTS = frozenset({"entered", "left"})


class Known(Struct, frozen=True):
    """The names that a process may use."""

    positions: frozenset[str]
    acts: frozenset[str]
    papers: frozenset[str]
    clocks: frozenset[str]
    scripts: frozenset[str]
    letters: frozenset[str]


def load_processes(directory: Path, known: Known) -> dict[str, Process]:
    """The processes of ``directory``, by kind. Raises StrictFileErrors with the faults of every file; the files
    ``clocks.yaml`` beside them holds no process."""
    errors: list[FileError] = []
    found: dict[str, tuple[Path, Process]] = {}
    for path in sorted(directory.glob("*.yaml")):
        if path.stem in NOT_PROCESSES:
            continue
        try:
            process = load_yaml(path, Process)
        except StrictFileErrors as refused:
            errors.extend(refused.errors)
            continue
        if process.kind != path.stem:
            problem = f"the file of this kind is {process.kind}.yaml"
            errors.append(FileError(str(path), key_line(path, "kind"), "kind", problem))
        found[process.kind] = (path, process)
    kinds = {kind: process for kind, (_, process) in found.items()}
    for path, process in found.values():
        for key, message in faults(process, known, kinds):
            errors.append(FileError(str(path), key_line(path, key), key, message))
    if errors:
        raise StrictFileErrors(errors)
    return kinds


Fault = tuple[str, str]
NOT_PROCESSES = frozenset({"clocks"})


def faults(process: Process, known: Known, kinds: Mapping[str, Process]) -> Iterator[Fault]:
    """What is wrong with a process: the path of the key, and why."""
    yield from _repeated("steps", (step.step for step in process.steps))
    yield from _repeated("fields", (field.field for field in process.fields))
    yield from _unknown("receivers", process.receivers, known.positions, "position")
    yield from _becomes(process, kinds)
    yield from _unknown("extension_by", process.extension_by, known.positions, "position")
    for n, paper in enumerate(process.papers):
        yield from _unknown(f"papers[{n}].one_of", paper.one_of, known.papers, "kind of paper")
        if not paper.one_of:
            yield f"papers[{n}].one_of", "at least one kind of paper is named"
        yield from _when(process, f"papers[{n}].when", paper.when)
    for n, use in enumerate(process.clocks):
        yield from _unknown(f"clocks[{n}].rule", (use.rule,), known.clocks, "clock rule")
        yield from _when(process, f"clocks[{n}].when", use.when)
        for key, moment in (("starts", use.starts), ("stops", use.stops)):
            yield from _moment(process, f"clocks[{n}].{key}", moment)
    for n, field in enumerate(process.fields):
        if (field.kind is FieldKind.CHOICE) != bool(field.choices):
            yield f"fields[{n}].choices", "a choice, and only a choice, has choices"
    names = {step.step for step in process.steps}
    if END in names:
        yield "steps", f"a step may not be called {END!r}"
    for key, name in (
        ("first", process.first),
        ("reopens_at", process.reopens_at),
        ("review_at", process.review_at),
    ):
        if name not in names and (name or key == "first"):
            yield key, f"there is no step {name!r}"
    for n, step in enumerate(process.steps):
        yield from _step_faults(process, step, f"steps[{n}]", known)
    yield from _road_faults(process)


def _step_faults(process: Process, step: Step, at: str, known: Known) -> Iterator[Fault]:
    names = {one.step for one in process.steps}
    fields = frozenset(field.field for field in process.fields)
    if not step.who:
        yield f"{at}.who", "somebody must do this step"
    yield from _unknown(f"{at}.who", step.who, known.positions, "position")
    yield from _unknown(f"{at}.acts", step.acts, known.acts, "act")
    yield from _unknown(f"{at}.scripts", step.scripts, known.scripts, "script")
    yield from _unknown(f"{at}.fields", step.fields, fields, "field of this process")
    yield from _unknown(f"{at}.kept_by", step.kept_by, frozenset(names), "step")
    yield from _repeated(f"{at}.exits", (exit_.exit for exit_ in step.exits))
    for n, exit_ in enumerate(step.exits):
        key = f"{at}.exits[{n}]"
        if exit_.to != END and exit_.to not in names:
            yield f"{key}.to", f"there is no step {exit_.to!r}"
        if (exit_.to == END) != bool(exit_.outcome):
            yield f"{key}.outcome", "an exit to the end, and no other, has an outcome"
        if "act" in exit_.needs and not step.acts:
            yield f"{key}.needs", "an act is needed, but the step names none"
        if "papers" in exit_.needs and not process.papers:
            yield f"{key}.needs", "papers are needed, but the process asks for none"
        yield from _unknown(f"{key}.fields", exit_.fields, fields, "field of this process")
        yield from _when(process, f"{key}.when", exit_.when)
        yield from _unknown(f"{key}.not_by", exit_.not_by, frozenset(names), "step")
        if exit_.letter:
            yield from _unknown(f"{key}.letter", (exit_.letter,), known.letters, "letter")


def _road_faults(process: Process) -> Iterator[Fault]:
    """Steps that no case reaches, and steps from which no case ends."""
    ahead = {step.step: {exit_.to for exit_ in step.exits} for step in process.steps}
    begun = {name for name in (process.first, process.reopens_at, process.review_at) if name in ahead}
    reached = _closure(begun, ahead)
    ends = {END}
    while True:
        more = {name for name, to in ahead.items() if to & ends} - ends
        if not more:
            break
        ends |= more
    for n, step in enumerate(process.steps):
        if step.step not in reached:
            yield f"steps[{n}]", "no case comes to this step"
        if step.step not in ends:
            yield f"steps[{n}].exits", "a case at this step can never end"


def _closure(begun: set[str], ahead: dict[str, set[str]]) -> set[str]:
    reached, waiting = set(begun), list(begun)
    while waiting:
        for name in ahead.get(waiting.pop(), set()):
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    return reached


def _becomes(process: Process, kinds: Mapping[str, Process]) -> Iterator[Fault]:
    own = frozenset(field.field for field in process.fields)
    ends = frozenset(exit_.exit for step in process.steps for exit_ in step.exits if exit_.to == END)
    for n, turn in enumerate(process.becomes):
        key = f"becomes[{n}]"
        yield from _unknown(f"{key}.kind", (turn.kind,), frozenset(kinds), "process")
        yield from _unknown(f"{key}.exit", (turn.exit,), ends, "exit to the end")
        yield from _unknown(f"{key}.fields", turn.fields.values(), own, "field of this process")
        if turn.kind in kinds:
            theirs = frozenset(field.field for field in kinds[turn.kind].fields)
            yield from _unknown(f"{key}.fields", turn.fields, theirs, f"field of {turn.kind}")


def _when(process: Process, key: str, when: dict[str, tuple[str, ...]]) -> Iterator[Fault]:
    for name, values in when.items():
        field = next((one for one in process.fields if one.field == name), None)
        if field is None:
            yield f"{key}.{name}", f"there is no field of this process {name!r}"
            continue
        codes = {"yes", "no"} if field.kind is FieldKind.YES_NO else {c.code for c in field.choices}
        # "" is: not written down yet.
        yield from _unknown(f"{key}.{name}", values, frozenset(codes | {""}), f"value of {name}")


def _moment(process: Process, key: str, moment: str) -> Iterator[Fault]:
    word, _, step = moment.partition(" ")
    if word in STEP_MOMENTS and step:
        yield from _unknown(key, (step,), frozenset(one.step for one in process.steps), "step")
    elif moment not in MOMENTS:
        known = ", ".join(sorted(MOMENTS))
        yield key, f"there is no moment {moment!r}: {known}, and entered or left with a step"


def _unknown(key: str, names: Iterable[str], known: frozenset[str], what: str) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield key, f"there is no {what} {name!r}"


def _repeated(key: str, names: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield key, f"{name!r} is there twice"
        seen.add(name)
