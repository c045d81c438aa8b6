"""Which processes there are: read once from ``processes/``, and kept with the first case of a version."""

from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from counterfoil.apps.acts.facts import parameters
from counterfoil.apps.cases.papers_named import paper_names
from counterfoil.apps.organisation.positions import positions
from counterfoil.core.kernel.working_days import WorkingCalendar
from counterfoil.core.register import ACTS
from counterfoil.core.work.clock_measures import Tables
from counterfoil.core.work.clock_rules import ClockRules, load_rules
from counterfoil.core.work.opening_hours import OpeningHours
from counterfoil.core.work.process import PaperRule, Process, papers_asked
from counterfoil.core.work.process_check import Known, load_processes
from counterfoil.core.work.scripts import Script, load_scripts

KEEP = """
INSERT INTO work_process (kind, version, content_hash, definition, kept_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (kind, version) DO NOTHING
"""
KEPT = "SELECT content_hash, definition FROM work_process WHERE kind = %s AND version = %s"

LETTERS = frozenset(
    {"complaint_acknowledgement", "complaint_extension", "complaint_result", "complaint_review_result"}
)
"""The letters that an exit of a process may issue."""


FIELDS = "SELECT kind, version, state -> 'fields' FROM work_case WHERE case_id = %s"


class ProcessChanged(ValueError):
    """A process was changed without a new version number; cases were received under the old content."""


@cache
def clock_rules() -> ClockRules:
    """The rules of clocks, read once a process."""
    return load_rules(settings.PROCESSES_DIR, parameters())


@cache
def tables() -> Tables:
    """The tables of days and hours that clocks count by."""
    calendar = WorkingCalendar.load(settings.PARAMETERS_DIR / "calendar")
    hours = OpeningHours.load(settings.PARAMETERS_DIR / "organisation" / "opening_hours.yaml", calendar)
    return Tables(parameters(), calendar, hours)


@cache
def processes() -> dict[str, Process]:
    """The processes as the files have them now. Raises StrictFileErrors."""
    return load_processes(settings.PROCESSES_DIR, known_names())


@cache
def scripts() -> dict[str, Script]:
    """The standard scripts as the files have them now, by situation. Raises StrictFileErrors."""
    return load_scripts(settings.SCRIPTS_DIR)


def paper_kinds() -> list[str]:
    """The codes of the kinds of paper."""
    return list(paper_names())


def known_names() -> Known:
    """The names that a process of this installation may use."""
    return Known(
        positions=frozenset(positions()),
        acts=frozenset(ACTS),
        papers=frozenset(paper_kinds()),
        clocks=frozenset(rule.id for rule in clock_rules()),
        scripts=frozenset(scripts()),
        letters=LETTERS,
    )


def content_hash(process: Process) -> str:
    """What a version of a process is recognised by."""
    return sha256(msgspec.json.encode(process, order="sorted")).hexdigest()


def keep_process(cursor: Any, process: Process, at: Any) -> None:
    """Keep this version for the cases that are received under it. Raises ProcessChanged. Two statements."""
    digest = content_hash(process)
    cursor.execute(
        KEEP, (process.kind, process.version, digest, msgspec.json.encode(process).decode(), at), prepare=True
    )
    cursor.execute(KEPT, (process.kind, process.version), prepare=True)
    if cursor.fetchone()[0] != digest:
        raise ProcessChanged(f"{process.kind} version {process.version} was kept with another content")
    _kept[process.kind, process.version] = process


_kept: dict[tuple[str, int], Process] = {}


def process_of(cursor: Any, kind: str, version: int) -> Process:
    """The process that a case was received under; at most one statement, then from memory."""
    key = (kind, version)
    if key not in _kept:
        cursor.execute(KEPT, key, prepare=True)
        _kept[key] = msgspec.convert(cursor.fetchone()[1], Process)
    return _kept[key]


def papers_asked_of(cursor: Any, case_id: UUID) -> tuple[PaperRule, ...]:
    """The papers that a case's process asks for by what is written down with it; none where the reader sees no such
    case. One statement, two for a process that is not in memory."""
    cursor.execute(FIELDS, (case_id,), prepare=True)
    row = cursor.fetchone()
    return papers_asked(process_of(cursor, row[0], row[1]), row[2]) if row else ()
