"""The project's Python files as the architecture tests see them: read and parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "src/counterfoil"


@dataclass(frozen=True)
class Source:
    """One file with its text and syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path inside the project, for messages."""
        return str(self.path.relative_to(PROJECT))

    @property
    def parts(self) -> tuple[str, ...]:
        """The path's parts inside the package `counterfoil`, without the ending; empty outside it."""
        if not self.path.is_relative_to(PACKAGE):
            return ()
        return self.path.relative_to(PACKAGE).with_suffix("").parts


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file below these folders of the project, migrations excepted."""
    return tuple(_read(folders or ("src", "tests", "setup", "benchmarks")))


def _read(folders: tuple[str, ...]) -> Iterator[Source]:
    for folder in folders:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                text = path.read_text(encoding="utf-8")
                yield Source(path, text, ast.parse(text, str(path)))


def imported(source: Source) -> set[str]:
    """Full names of the modules that a file imports: for `from a import b` both a and a.b."""
    names: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _base(source, node)
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return names


def _base(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = ("counterfoil", *source.parts[: -node.level])
    return ".".join((*package, node.module) if node.module else package)
