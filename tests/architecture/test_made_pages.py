"""Pages made from the code are up to date, and links between pages lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import PROJECT

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")


@pytest.mark.parametrize("script", ["handbook.py", "licences.py"])
def test_a_made_page_is_what_the_code_says_now(script: str) -> None:
    done = subprocess.run(
        [sys.executable, f"setup/{script}", "--check"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _pages() -> list[Path]:
    return [*PROJECT.glob("*.md"), *sorted((PROJECT / "docs").rglob("*.md"))]


def test_every_link_of_a_page_leads_to_a_file() -> None:
    broken = [
        f"{page.relative_to(PROJECT)}: {target}"
        for page in _pages()
        for target, _ in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken, "\n".join(broken)
