"""Scanned papers go to a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def papers_folder(tmp_path: Path) -> Iterator[Path]:
    """Where files are kept until the test ends."""
    from django.conf import settings

    before = settings.PAPERS_DIR
    settings.PAPERS_DIR = tmp_path / "papers"
    yield settings.PAPERS_DIR
    settings.PAPERS_DIR = before
