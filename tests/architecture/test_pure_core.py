"""What import rules cannot see in core: no clock, no float near money, no chance (architecture.md 1 to 3)."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Source, imported, sources

CLOCKS = {
    ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"),
    ("time", "monotonic"), ("time", "perf_counter"), ("time", "localtime"), ("uuid", "uuid1"), ("uuid", "uuid4"),
    ("uuid", "uuid7"), ("timezone", "now"), ("timezone", "localdate"),
}  # fmt: skip


def faults(tree: ast.AST, *, floats: bool) -> Iterator[tuple[int, str]]:
    """Line and reason of each place where a file asks a clock, draws an id or, with `floats`, makes a float."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, value=ast.Name(id=owner)) if (owner, name) in CLOCKS:
                yield node.lineno, f"asks {owner}.{name}: take it from the facts or the request"
            case ast.Attribute(attr=name, value=ast.Attribute(attr=owner)) if (owner, name) in CLOCKS:
                yield node.lineno, f"asks {owner}.{name}: take it from the facts or the request"
            case ast.Constant(value=float()) if floats:
                yield node.lineno, f"the float {node.value}: write a Decimal from text"
            case ast.Name(id="float") if floats:
                yield node.lineno, "float: amounts and rates are Decimal"
            case _:
                pass


def may_use_floats(source: Source) -> bool:
    """core/actuarial may, for tables and whole books checked against the exact scalar."""
    return source.parts[:2] == ("core", "actuarial")


ARRAYS = {"numpy", "numba"}


def array_libraries(names: set[str]) -> set[str]:
    """Those of the imported names that are a library of arrays or a part of one."""
    return {name for name in names if name.split(".")[0] in ARRAYS}


def is_refusal_of_floats(source: Source, line: int) -> bool:
    """A line that names the type float only to refuse it, as the money type and the strict reader must."""
    text = source.text.splitlines()[line - 1]
    return "isinstance(" in text or "# refuses float" in text


def test_core_asks_no_clock_and_makes_no_float() -> None:
    found = [
        f"{source.name}:{line} {reason}"
        for source in sources("src/counterfoil/core")
        for line, reason in faults(source.tree, floats=not may_use_floats(source))
        if not is_refusal_of_floats(source, line)
    ]
    assert not found, "\n".join(found)


def test_arrays_are_met_in_core_actuarial_alone() -> None:
    found = [
        f"{source.name} imports {', '.join(sorted(names))}"
        for source in sources("src/counterfoil")
        if (names := array_libraries(imported(source))) and not may_use_floats(source)
    ]
    assert not found, "\n".join(found)


def test_the_rule_finds_a_part_of_a_library_of_arrays() -> None:
    assert array_libraries({"numpy.linalg", "numba", "numpydoc", "decimal"}) == {"numpy.linalg", "numba"}


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nx = datetime.datetime.now()",
        "from datetime import date\nx = date.today",
        "import time\nx = time.time()",
        "import uuid\nx = uuid.uuid4()",
        "x = 0.1",
        "x = float('1')",
        "def f(x: float) -> None: ...",
    ],
)
def test_the_rule_finds_each_kind_of_fault(code: str) -> None:
    assert list(faults(ast.parse(code), floats=True))


def test_the_rule_lets_dates_and_decimals_be() -> None:
    code = "from datetime import date\nfrom decimal import Decimal\nx = (date(2026, 4, 1), Decimal('0.1'), 5)"
    assert not list(faults(ast.parse(code), floats=True))
