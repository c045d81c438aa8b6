"""Loads the demo insurer: once, from one seed; a load that was interrupted goes on where it stopped.

Every act has a key of its own, so playing the whole again gives the stored answers for what is there.
"""

import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import transaction
from msgspec import Struct, structs

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.catalogue.operations import approve_version, load_into_catalogue, submit_version
from counterfoil.apps.journal.operations import set_first_business_day
from counterfoil.apps.organisation.queries import has_units
from counterfoil.batch.demo.asking import Registry
from counterfoil.batch.demo.bank import DemoBank
from counterfoil.batch.demo.hall import open_demo_hall
from counterfoil.batch.demo.lives import life
from counterfoil.batch.demo.organisation import Staff, set_up_organisation
from counterfoil.batch.demo.stage import Played, Stage
from counterfoil.batch.demo.stories import stories

SINCE = date(2019, 1, 2)
SEED = 20261122
POLICIES = 400
SOLD = "611005"
"""The product that policies are issued of."""


class DemoState(Struct, frozen=True):
    """What was loaded, so that an interrupted load goes on as it began."""

    seed: int
    policies: int
    until: date
    loaded: bool = False


class Loaded(Struct, frozen=True):
    """What a load did."""

    played: Played
    seconds: int
    refusals: dict[str, int]


class NotTheDemo(RuntimeError):
    """The database holds an insurer that is not the demo: nothing is loaded into it."""


def load_demo(
    folder: Path,
    until: date,
    *,
    seed: int = SEED,
    policies: int = POLICIES,
    passwords: bool = True,
    say: Callable[[str], None] = lambda line: None,
) -> Loaded | None:
    """Load the demo insurer up to the day ``until``; None where it is there already.

    ``folder`` keeps what belongs to this database and is not in it: the demo bank's orders, and how far the load came.
    Raises NotTheDemo.
    """
    state = begun_demo(folder)
    if state is not None and state.loaded:
        return None
    if state is None:
        state = DemoState(seed, policies, until)
        for old in (folder / "bank.jsonl", folder / "demo.json"):
            old.unlink(missing_ok=True)
        _keep(folder, state)
        say("units, staff and authority")
        load_into_catalogue(settings.PRODUCTS_DIR / SOLD)
        set_up_organisation(SINCE, passwords=passwords)
        open_demo_hall()
        with transaction.atomic():
            set_first_business_day(raw_connection("default").cursor(), SINCE)
        say("products")
        _bring_products()
    started = time.monotonic()
    stage = Stage(Staff(), DemoBank(folder / "bank.jsonl"), state.until, say)
    staff, registry = Staff(), Registry()
    told = stories(state.seed, state.policies, SINCE, state.until)
    played = stage.play(life(story, staff, registry, state.until) for story in told)
    _keep(folder, structs.replace(state, loaded=True))
    return Loaded(played, round(time.monotonic() - started), dict(Counter(stage.refusals)))


def _bring_products() -> None:
    """The products that are quoted only: submitted by one manager, approved by another, the last still waiting."""
    folders = sorted(path for path in settings.PRODUCTS_DIR.iterdir() if path.name != SOLD)
    for folder in folders:
        brought = submit_version(folder, "song.yang")
        if folder != folders[-1]:
            approve_version(brought.content_hash, "zhao.ping")


def begun_demo(folder: Path) -> DemoState | None:
    """The demo of this database, loaded or begun; None where it has no insurer yet. Raises NotTheDemo."""
    with transaction.atomic():
        there = has_units(raw_connection("default").cursor())
    if not there:
        return None
    file = folder / "demo.json"
    if not file.exists():
        raise NotTheDemo("this database holds an insurer already, and it is not the demo insurer")
    return msgspec.json.decode(file.read_bytes(), type=DemoState)


def _keep(folder: Path, state: DemoState) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / "demo.json.new"
    half.write_bytes(msgspec.json.encode(state))
    half.replace(folder / "demo.json")
