"""The launcher, on clusters of its own: kept data over kills, both kinds of user, safe on every folder."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from counterfoil.postgres import embedded, place
from counterfoil.postgres.address import APP, BATCH, OWNER, ServerAddress
from counterfoil.postgres.binaries import NoServerPrograms, find_programs, packaged_programs

ROOT = os.geteuid() == 0
SOURCE = Path(__file__).resolve().parents[2] / "src"
needs_root = pytest.mark.skipif(not ROOT, reason="only root can become another user")


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A project whose cluster was made and stopped; to be copied, for making one takes most of a test's time."""
    folder = Path(tempfile.mkdtemp(prefix="counterfoil-made-"))
    folder.chmod(0o755)
    embedded.ensure_running(folder)
    embedded.stop(folder)
    yield folder
    _remove(folder)


@pytest.fixture
def empty_project() -> Iterator[Path]:
    """An empty project folder that others can enter; its cluster is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="counterfoil-project-"))
    folder.chmod(0o755)
    yield folder
    _remove(folder)


@pytest.fixture
def project(empty_project: Path, made: Path) -> Path:
    """A project with a cluster of its own, made but not running."""
    subprocess.run(["cp", "-a", str(made / "var"), str(empty_project)], check=True)
    return empty_project


@pytest.fixture
def closed_project() -> Iterator[Path]:
    """A project folder that only its owner can enter, as a temporary clone or root's home is."""
    folder = Path(tempfile.mkdtemp(prefix="counterfoil-closed-"))
    yield folder
    _remove(folder)


def _remove(folder: Path) -> None:
    where = place.place_of(folder, "main")
    embedded.stop(folder, remove=True)
    if where.folder.parent.parent == place.SYSTEM_FOLDER and where.folder.parent.exists():
        where.folder.parent.rmdir()
    shutil.rmtree(folder, ignore_errors=True)


def connect(address: ServerAddress, role: str | None = None) -> psycopg.Connection[Any]:
    return psycopg.connect(**(address.as_role(role) if role else address).parameters(), autocommit=True)


def ask(address: ServerAddress, statement: str) -> Any:
    with closing(connect(address)) as connection:
        row = connection.execute(statement).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None


def test_a_second_call_finds_the_running_server(project: Path) -> None:
    first = embedded.ensure_running(project)
    pid = embedded.server_pid(project)
    assert embedded.ensure_running(project) == first
    assert embedded.server_pid(project) == pid


def test_the_server_is_made_as_decided(empty_project: Path) -> None:
    address = embedded.ensure_running(empty_project)
    assert ask(address, "SHOW server_encoding") == "UTF8"
    assert ask(address, "SHOW data_checksums") == "on"
    assert ask(address, "SHOW fsync") == "on"
    assert ask(address, "SHOW listen_addresses") == ""
    provider, collate, letters = (
        ask(address, "SELECT datlocprovider::text FROM pg_database WHERE datname = current_database()"),
        ask(address, "SELECT datcollate FROM pg_database WHERE datname = current_database()"),
        ask(address, "SELECT '张伟' ~ '^[[:alpha:]]+$'"),
    )
    assert (provider, collate) == ("b" if find_programs().major >= 17 else "c", "C.UTF-8")
    assert letters is True, "Chinese characters are letters"


def test_trigrams_of_chinese_exist(project: Path) -> None:
    address = embedded.ensure_running(project)
    with closing(connect(address, OWNER)) as owner:
        owner.execute("CREATE EXTENSION pg_trgm")
        assert owner.execute("SELECT cardinality(show_trgm('张伟民'))").fetchone() != (0,)


def test_three_roles_are_there_with_their_rights(project: Path) -> None:
    address = embedded.ensure_running(project)
    with closing(connect(address)) as admin:
        rows = admin.execute(
            "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'counterfoil%' ORDER BY 1"
        ).fetchall()
    assert rows == [(APP, False, False), (BATCH, False, True), (OWNER, False, False)]


def test_a_killed_server_comes_back_with_its_data(project: Path) -> None:
    address = embedded.ensure_running(project)
    with closing(connect(address, OWNER)) as owner:
        owner.execute("CREATE TABLE kept (number int)")
        for number in range(3):
            owner.execute("INSERT INTO kept VALUES (%s)", [number])
            pid = embedded.server_pid(project)
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            assert embedded.ensure_running(project) == address, "while children of the killed one linger"
            owner = connect(address, OWNER)
            assert owner.execute("SELECT count(*) FROM kept").fetchone() == (number + 1,)
    assert embedded.server_pid(project) != pid


def test_a_killed_server_comes_back_under_a_client_that_is_busy(project: Path) -> None:
    address = embedded.ensure_running(project)
    with closing(connect(address, OWNER)) as owner:
        owner.execute("CREATE TABLE kept (number int)")
    done = threading.Event()
    acknowledged: list[int] = []

    def write() -> None:
        number = 0
        while not done.is_set():
            try:
                with closing(connect(address, OWNER)) as connection:
                    while not done.is_set():
                        connection.execute("INSERT INTO kept VALUES (%s)", [number])
                        acknowledged.append(number)
                        number += 1
            except psycopg.OperationalError:
                number += 1  # it may have been written or not
                time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        _wait_for(lambda: len(acknowledged) > 50)
        pid = embedded.server_pid(project)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        embedded.ensure_running(project)
        before = len(acknowledged)
        _wait_for(lambda: len(acknowledged) > before + 50)
    finally:
        done.set()
        writer.join()
    with closing(connect(address)) as admin:
        written = {row[0] for row in admin.execute("SELECT number FROM kept")}
    assert set(acknowledged) <= written, "nothing that was acknowledged is lost"


def test_a_record_of_a_process_that_is_no_server_does_not_stop_the_start(project: Path) -> None:
    embedded.ensure_running(project)
    data = place.place_of(project, "main").data
    recorded = (data / "postmaster.pid").read_text()
    embedded.stop(project)
    # After a restart of the machine another program may have the number; ours is a living one that is no postgres.
    owner = data.stat()
    (data / "postmaster.pid").write_text(recorded.replace(recorded.split("\n", 1)[0], str(os.getpid()), 1))
    os.chown(data / "postmaster.pid", owner.st_uid, owner.st_gid)
    assert embedded.server_pid(project) is None
    assert ask(embedded.ensure_running(project), "SELECT 1") == 1


def test_a_broken_off_initialisation_is_begun_anew(empty_project: Path) -> None:
    where = place.place_of(empty_project, "main")
    place.create(where)
    (where.folder / "data.new").mkdir()
    (where.folder / "data.new/PG_VERSION").write_text("18\n")
    assert ask(embedded.ensure_running(empty_project), "SELECT 1") == 1


def test_twenty_starters_at_once_make_one_server(empty_project: Path) -> None:
    pids: list[int | None] = []

    def start() -> None:
        embedded.ensure_running(empty_project)
        pids.append(embedded.server_pid(empty_project))

    threads = [threading.Thread(target=start) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 20
    assert len(set(pids)) == 1
    assert pids[0] is not None


def test_the_last_one_to_leave_stops_the_server(project: Path) -> None:
    with embedded.lease(project):
        with embedded.lease(project):
            pass
        assert embedded.server_pid(project) is not None
    assert embedded.server_pid(project) is None


def test_data_of_another_version_is_refused_with_both_versions_named(project: Path) -> None:
    embedded.ensure_running(project)
    embedded.stop(project)
    (place.place_of(project, "main").data / "PG_VERSION").write_text("14\n")
    with pytest.raises(embedded.NotStarted, match=r"made by PostgreSQL 14, the programs are of"):
        embedded.ensure_running(project)


def test_only_the_servers_user_and_root_can_reach_data_and_socket(project: Path) -> None:
    embedded.ensure_running(project)
    where = place.place_of(project, "main")
    for folder in (where.folder, where.sockets, where.data):
        assert folder.stat().st_mode & 0o077 == 0


def test_a_long_path_gets_a_short_socket(empty_project: Path) -> None:
    deep = empty_project / ("long-" * 12) / ("path-" * 12)
    deep.mkdir(parents=True)
    try:
        address = embedded.ensure_running(deep)
        assert ask(address, "SELECT 1") == 1
        assert not Path(address.host).is_relative_to(deep)
    finally:
        embedded.stop(deep, remove=True)


def test_a_folder_without_programs_is_named_in_the_refusal(tmp_path: Path) -> None:
    with pytest.raises(NoServerPrograms, match=str(tmp_path)):
        find_programs(str(tmp_path))


@needs_root
def test_under_root_the_server_runs_as_a_user_without_login(project: Path) -> None:
    embedded.ensure_running(project)
    user = pwd.getpwnam(place.SYSTEM_USER)
    assert Path(f"/proc/{embedded.server_pid(project)}").stat().st_uid == user.pw_uid
    assert user.pw_shell.endswith("nologin")
    assert place.place_of(project, "main").folder.is_relative_to(project)


@needs_root
def test_under_root_a_closed_folder_keeps_its_rights_and_the_data_go_to_the_system(
    closed_project: Path,
) -> None:
    address = embedded.ensure_running(closed_project)
    assert ask(address, "SELECT 1") == 1
    assert closed_project.stat().st_mode & 0o777 == 0o700
    assert place.place_of(closed_project, "main").folder.is_relative_to(place.SYSTEM_FOLDER)


@needs_root
def test_programs_in_a_closed_folder_are_copied_for_the_servers_user(closed_project: Path) -> None:
    packaged = packaged_programs()
    if packaged is None:
        pytest.skip("the wheel is not installed")
    given = packaged.installation
    hidden = closed_project / given.parent.name / given.name
    shutil.copytree(given, hidden, symlinks=True)
    libraries = given.parent.with_name(f"{given.parent.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, closed_project / libraries.name, symlinks=True)
    programs = find_programs(str(hidden / "bin"))
    usable = place.programs_for(place.place_of(closed_project, "main"), programs)
    assert usable.folder.is_relative_to(place.SYSTEM_FOLDER)
    assert place.programs_for(place.place_of(closed_project, "main"), programs) == usable
    address = embedded.ensure_running(closed_project, programs=programs)
    assert ask(address, "SELECT 1") == 1


@needs_root
def test_another_clone_at_the_same_path_does_not_find_the_data_of_the_first(closed_project: Path) -> None:
    before = place.place_of(closed_project, "main").folder
    (closed_project / "var/instance").unlink()
    assert place.place_of(closed_project, "main").folder != before


ORDINARY = """
import sys
from pathlib import Path
import psycopg
from counterfoil.postgres import embedded
project = Path(sys.argv[1])
address = embedded.ensure_running(project)
with psycopg.connect(**address.parameters()) as connection:
    print(connection.execute("SELECT 1").fetchone()[0], embedded.server_pid(project))
embedded.stop(project)
assert embedded.server_pid(project) is None
"""


@needs_root
def test_an_ordinary_user_starts_and_stops_a_server_of_his_own(empty_project: Path) -> None:
    user = pwd.getpwnam("nobody")
    home = empty_project / "his"
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    command = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if not place.enterable_by_others(Path(sys.executable).resolve().parent):
        # The test's own interpreter is in root's home: let this user read there, and nothing else.
        command += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    usable = place.programs_for(place.place_of(empty_project, "main"), find_programs())
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, sys.executable, "-c", ORDINARY, str(home)],
        env=environment | {"COUNTERFOIL_PG_BIN": str(usable.folder)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 ")
    assert (home / "var/postgres/main/data").stat().st_uid == user.pw_uid


def _wait_for(condition: Any, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.01)
