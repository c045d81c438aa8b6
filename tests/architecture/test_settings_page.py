"""docs/settings.md names every environment variable that is read, and no other."""

import ast
import re

from counterfoil.config.database import ALIASES
from tests.architecture.sources import PROJECT, sources

OURS = re.compile(r"\bCOUNTERFOIL_[A-Z]+(?:_[A-Z]+)*\b")
ROW = re.compile(r"^\| `([A-Z_]+)`", re.MULTILINE)


def read_in_source() -> set[str]:
    """Names that the program asks the environment for, and every name of ours that it has as a text of its own."""
    found = {f"{role.upper()}_DATABASE_URL" for role in ALIASES.values()}
    for source in sources("src"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and OURS.fullmatch(node.value):
                found.add(node.value)
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"os.environ.get", "os.getenv"}:
                found |= {a.value for a in node.args[:1] if isinstance(a, ast.Constant)}
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                found |= {node.slice.value} if isinstance(node.slice, ast.Constant) else set()
    return found


def read_by_scripts() -> set[str]:
    """Names of ours in set-up, tests and benchmarks."""
    files = [PROJECT / "Makefile", *(PROJECT / "setup").glob("*.sh"), PROJECT / "tests/conftest.py"]
    files += [*(PROJECT / "tests/journeys").glob("*.py"), *(PROJECT / "benchmarks").glob("*.py")]
    return {name for file in files for name in OURS.findall(file.read_text(encoding="utf-8"))}


def listed() -> list[str]:
    return ROW.findall((PROJECT / "docs/settings.md").read_text(encoding="utf-8"))


def test_every_variable_that_the_program_reads_is_listed() -> None:
    missing = (read_in_source() | read_by_scripts()) - set(listed())
    assert not missing, f"add to docs/settings.md: {', '.join(sorted(missing))}"


def test_every_variable_that_is_listed_is_read() -> None:
    gone = {name for name in listed() if OURS.fullmatch(name)} - read_in_source() - read_by_scripts()
    assert not gone, f"take out of docs/settings.md: {', '.join(sorted(gone))}"


def test_no_variable_is_listed_twice() -> None:
    names = listed()
    assert len(names) == len(set(names))
