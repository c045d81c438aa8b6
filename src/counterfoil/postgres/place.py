"""Where an embedded server keeps its data and under which user it runs.

PostgreSQL refuses to run as root. Started by root it therefore runs as a system user without login, and where that
user cannot enter the project's folder, data and a copy of the programs go to a system folder keyed by the project's
path. The rights of existing folders are never loosened.
"""

import hashlib
import os
import pwd
import secrets
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from counterfoil.postgres.binaries import Programs

SYSTEM_USER = "counterfoil-pg"
SYSTEM_FOLDER = Path("/var/lib/counterfoil")
PORT = 5432  # names the socket file only; nothing listens on the network
LONGEST_SOCKET = 100  # the kernel takes 107 bytes with the terminating zero


class CannotPlace(RuntimeError):
    """No folder or no user for the server could be had."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One cluster: its folders and, when we are root, the name of the user that it runs as."""

    folder: Path
    sockets: Path
    run_as: str | None

    @property
    def data(self) -> Path:
        """The cluster's data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server printed."""
        return self.folder / "server.log"

    @property
    def lock(self) -> Path:
        """Held while somebody starts or stops the server."""
        return self.folder / "lock"


def place_of(project: Path, name: str) -> Place:
    """Where the cluster `name` of a project belongs; creates nothing but the project's `var/instance`."""
    project = project.resolve()
    root = os.geteuid() == 0
    if root and not enterable_by_others(project):
        folder = SYSTEM_FOLDER / f"{_key(project)}-{_instance(project)}" / name
    else:
        folder = project / "var/postgres" / name
    sockets = folder / "socket"
    if len(str(sockets / f".s.PGSQL.{PORT}").encode()) > LONGEST_SOCKET:
        short = f"{_key(folder)}"
        runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/tmp/counterfoil-{os.geteuid()}"
        sockets = SYSTEM_FOLDER / "sockets" / short if root else Path(runtime) / "counterfoil-pg" / short
    return Place(folder=folder, sockets=sockets, run_as=SYSTEM_USER if root else None)


def create(place: Place) -> None:
    """Make the folders, only for the server's user and root. Idempotent."""
    owner = system_user() if place.run_as else None
    for folder in (place.folder, place.sockets):
        for parent in reversed(folder.parents):
            if not parent.exists():
                parent.mkdir(exist_ok=True)
                # Others must be able to go through, not look in; the temporary folder's own child is only ours.
                parent.chmod(0o711 if place.run_as else 0o700)
        folder.mkdir(exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in {
            os.geteuid(),
            owner.pw_uid if owner else os.geteuid(),
        }:
            raise CannotPlace(f"{folder} belongs to somebody else; remove it.")
        folder.chmod(0o700)
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)


def system_user() -> pwd.struct_passwd:
    """The user without login that the server runs as when we are root; made when missing."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        done = subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stderr.strip()
    except FileNotFoundError:
        said = "there is no program useradd"
    try:
        return pwd.getpwnam(SYSTEM_USER)  # another run may have made it first
    except KeyError:
        raise CannotPlace(
            f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not be made: {said}. Make it"
            " (a system user without login), run as an ordinary user, or name a server with COUNTERFOIL_DATABASE_URL."
        ) from None


def enterable_by_others(folder: Path) -> bool:
    """Whether a user that owns nothing here can go through this folder and all above it, by their mode bits."""
    return all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents))


def programs_for(place: Place, programs: Programs) -> Programs:
    """The programs as the server's user can run them: themselves, or a copy in the system folder."""
    if place.run_as is None or enterable_by_others(programs.folder.resolve()):
        return programs
    # By content, so that all closed projects with the same programs share one copy.
    key = hashlib.sha256(Path(programs.path("postgres")).read_bytes()).hexdigest()[:12]
    target = SYSTEM_FOLDER / "programs" / key
    above, installation = programs.installation.parent, programs.installation
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        for folder in (SYSTEM_FOLDER, target.parent):
            folder.chmod(0o711)
        half = target.with_name(f"{key}.{secrets.token_hex(4)}")
        ignored = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(installation, half / above.name / installation.name, symlinks=True, ignore=ignored)
        # A wheel's programs look for their libraries in a folder beside the package, by a relative path.
        libraries = above.with_name(f"{above.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        for folder in (half, half / above.name):
            folder.chmod(0o755)
        try:
            half.rename(target)
        except OSError:  # another run was first
            shutil.rmtree(half)
    return Programs(target / above.name / installation.name / programs.folder.name, programs.major)


def _key(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def _instance(project: Path) -> str:
    """A mark of this very checkout: another clone made later at the same path must not find the old one's data."""
    mark = project / "var/instance"
    if not mark.exists():
        mark.parent.mkdir(exist_ok=True)
        try:
            with mark.open("x", encoding="ascii") as file:
                file.write(secrets.token_hex(4))
        except FileExistsError:
            pass
    return mark.read_text(encoding="ascii")
