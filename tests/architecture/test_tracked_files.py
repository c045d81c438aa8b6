"""What may not get into the repository: paths of one machine, hosts of registries, built files, secrets."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.sources import PROJECT

# Written in pieces, so that this file does not hold what it looks for.
HOSTS = [
    "py" + r"pi\.org",
    "files\\.python" + "hosted",
    "registry\\." + "npm",
    "unpkg\\." + "com",
    "jsdeli" + "vr",
]
PATHS = ["/ro" + r"ot/", r"/ho" + r"me/[a-z]", "/Us" + r"ers/[a-z]", r"(?<![\w.])/wo" + r"rk/"]
FORBIDDEN = re.compile("|".join(HOSTS + PATHS))
LARGEST_BYTES = 2_000_000


def _tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode:
        pytest.skip("not a git checkout")
    paths = [PROJECT / name for name in done.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_tracked_file_names_a_machines_path_or_a_registrys_host() -> None:
    found: list[str] = []
    for path in _tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(PROJECT)}:{number} {match.group()}"
            for number, line in enumerate(text.splitlines(), 1)
            if (match := FORBIDDEN.search(line))
        ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("lock", ["runtime", "dev", "bootstrap", "node"])
def test_a_python_lock_has_a_hash_for_each_package_and_no_address(lock: str) -> None:
    text = (PROJECT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(
        r"\n(?=[a-z0-9])", "\n".join(x for x in text.splitlines() if not x.lstrip().startswith("#"))
    )
    unhashed = [entry.splitlines()[0] for entry in entries if entry.strip() and "--hash=sha256:" not in entry]
    assert not unhashed
    assert not re.search(r"://|--index|--find-links|--extra-index", text)


def test_the_npm_lock_has_no_download_address() -> None:
    assert '"resolved"' not in (PROJECT / "package-lock.json").read_text(encoding="utf-8")


def test_nothing_that_set_up_makes_is_tracked() -> None:
    made = {".venv", ".tools", ".fonts", "node_modules", "var", "vendor", "__pycache__"}
    tracked = [path for path in _tracked() if made & set(path.relative_to(PROJECT).parts)]
    assert not tracked, ", ".join(map(str, tracked))


def test_no_tracked_file_is_larger_than_two_megabytes() -> None:
    large = [f"{path.relative_to(PROJECT)}" for path in _tracked() if path.stat().st_size > LARGEST_BYTES]
    assert not large, ", ".join(large)
