"""Files and functions stay short: split by act and they do, so a long one says that the split is wrong (style.md)."""

import ast

from tests.architecture.sources import sources

LONGEST_FILE = 600
LONGEST_FUNCTION = 70


def test_no_file_is_longer_than_six_hundred_lines() -> None:
    long = [
        f"{s.name}: {len(s.text.splitlines())}" for s in sources() if len(s.text.splitlines()) > LONGEST_FILE
    ]
    assert not long, "split by act: " + ", ".join(long)


def test_no_function_is_longer_than_seventy_lines() -> None:
    long = [
        f"{source.name}:{node.lineno} {node.name}: {length}"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not long, "split: " + ", ".join(long)
