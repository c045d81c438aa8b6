"""Keys: made once, read by their owner only, and never made silently for a real server."""

import subprocess
import sys
from pathlib import Path

import pytest

from counterfoil.config import secrets


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(secrets, "SECRETS", tmp_path / "secrets")
    monkeypatch.delenv("COUNTERFOIL_DATABASE_URL", raising=False)
    monkeypatch.delenv("COUNTERFOIL_SECRET_DIR", raising=False)
    return tmp_path / "secrets"


def test_a_key_is_made_once_and_stays(folder: Path) -> None:
    first = secrets.secret("session")
    assert len(first) == 32
    assert secrets.secret("session") == first
    assert secrets.secret("seal") != first


def test_only_the_owner_can_read_a_key(folder: Path) -> None:
    secrets.secret("session")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "session.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["session.key"], "no half-made file is left"


@pytest.mark.parametrize("variable", ["COUNTERFOIL_DATABASE_URL", "COUNTERFOIL_SECRET_DIR"])
def test_for_a_real_server_a_missing_key_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "given")
    with pytest.raises(secrets.MissingSecret, match=r"counterfoil\.config\.secrets"):
        secrets.secret("personal")
    assert not folder.exists()


def test_making_a_key_never_replaces_one_that_is_there(folder: Path) -> None:
    first = secrets.secret("session")
    assert secrets.make(folder / "session.key") == first


def test_the_command_makes_every_key_and_a_second_run_changes_none(tmp_path: Path) -> None:
    def run() -> dict[str, str]:
        command = [sys.executable, "-m", "counterfoil.config.secrets"]
        subprocess.run(command, env={"COUNTERFOIL_SECRET_DIR": str(tmp_path / "keys")}, check=True)
        return {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()}

    made = run()
    assert set(made) == {f"{name}.key" for name in secrets.NAMES}
    assert run() == made
