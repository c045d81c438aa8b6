"""The ground of all tests: the environment, Django, and a database for those that ask for one.

`database`: one copy a worker, the test in transactions that are rolled back; quick, for all that needs no commit.
`fresh_database`: a copy of its own, dropped afterwards, for commits, threads, kills and guards; a tenth of a second.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from counterfoil.postgres import embedded
from counterfoil.postgres.address import ServerAddress, read_address
from counterfoil.postgres.binaries import find_programs
from tests.postgres import databases
from tests.postgres.databases import TestDatabase

PROJECT = Path(__file__).resolve().parents[1]
# Tests have a cluster of their own for each PostgreSQL version. COUNTERFOIL_TEST_FAST=0 makes it safe and slow.
CLUSTER = f"test{find_programs().major}"
FAST = os.environ.get("COUNTERFOIL_TEST_FAST", "1") != "0"

os.environ["COUNTERFOIL_CLUSTER"] = CLUSTER
os.environ["DJANGO_SETTINGS_MODULE"] = "counterfoil.config.settings"
os.environ.setdefault("COUNTERFOIL_LOG_LEVEL", "ERROR")
# Scanned papers of tests lie in a folder of this run, also for processes that tests start.
if "COUNTERFOIL_PAPERS_DIR" not in os.environ:
    os.environ["COUNTERFOIL_PAPERS_DIR"] = tempfile.mkdtemp(prefix="counterfoil-papers-")
    atexit.register(shutil.rmtree, os.environ["COUNTERFOIL_PAPERS_DIR"], ignore_errors=True)
# After every act: what was written equals what was folded.
os.environ.setdefault("COUNTERFOIL_VERIFY_FOLD", "1")

_broken: BaseException | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up, unless only tests that do without it were asked for."""
    global _broken
    alone = ("tests/core", "tests/architecture")
    asked = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    if asked and all(any(path.is_relative_to(PROJECT / part) for part in alone) for path in asked):
        return
    try:
        _set_django_up()
    except Exception as error:  # noqa: BLE001 - a fault in one app must not hide the tests that need none
        _broken = error


def _set_django_up() -> None:
    import django
    from django.conf import settings
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment(debug=False)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    databases.point_django_at(databases.NO_DATABASE)


@pytest.fixture(scope="session")
def server() -> Iterator[ServerAddress]:
    """The test server, as its administrator; stopped by the last run that uses it."""
    named = os.environ.get("COUNTERFOIL_DATABASE_URL")
    if named:
        yield read_address(named)
        return
    with embedded.lease(PROJECT, CLUSTER, durable=not FAST) as address:
        yield address


@pytest.fixture(scope="session")
def template(server: ServerAddress) -> str:
    """The name of the migrated database that every other is a copy of."""
    from django.apps import apps

    if _broken is not None:
        raise RuntimeError("Django could not be set up") from _broken
    if not apps.ready:
        _set_django_up()
    return databases.template(server)


@pytest.fixture
def fresh_database(server: ServerAddress, template: str) -> Iterator[TestDatabase]:
    """A database of this test's own; all Django aliases, in all threads, mean it until the test ends."""
    copy = databases.copy(server, template)
    databases.point_django_at(copy.name)
    try:
        yield copy
    finally:
        databases.point_django_at(databases.NO_DATABASE)
        databases.drop(server, copy)


@pytest.fixture(scope="session")
def worker_database(server: ServerAddress, template: str) -> Iterator[TestDatabase]:
    """The copy that the tests of one worker share; ask for `database` instead."""
    copy = databases.copy(server, template)
    try:
        yield copy
    finally:
        databases.point_django_at(databases.NO_DATABASE)
        databases.drop(server, copy)


@pytest.fixture
def database(worker_database: TestDatabase) -> Iterator[TestDatabase]:
    """The worker's database; every alias is in a transaction that is rolled back.

    Each alias is a connection of its own: what is written by `default` is not seen by `owner` or `batch` here. All acts
    of a test are in one database transaction, so use `fresh_database` to test what guards transactions.
    """
    from django.db import connections, transaction

    databases.point_django_at(worker_database.name)
    with ExitStack() as stack:
        for alias in connections:
            block = transaction.Atomic(using=alias, savepoint=True, durable=False)
            block._from_testcase = True  # as Django's TestCase does: lets durable blocks be inside
            stack.enter_context(block)
            stack.callback(transaction.set_rollback, True, using=alias)
        yield worker_database
        for alias in connections:
            if connections[alias].is_usable() and not connections[alias].needs_rollback:
                connections[alias].check_constraints()  # deferred ones, which a rollback would never try
