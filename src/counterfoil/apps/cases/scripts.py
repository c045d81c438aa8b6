"""The standard scripts beside a step of a case: what is shown now is noted, and each version shown is kept whole.

Two statements for a step that names scripts, whatever their number; none for one that names none.
"""

from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.apps.acts.sql import array_literal
from counterfoil.apps.cases.processes import scripts
from counterfoil.apps.journal.ports import now
from counterfoil.core.work.case import Case
from counterfoil.core.work.process import Process
from counterfoil.core.work.scripts import Script

# A version that stands under another content is found by the second part: nothing is inserted, the hash differs.
KEEP = """
WITH given AS (
  SELECT * FROM unnest(%(situations)s::text[], %(versions)s::int[], %(hashes)s::text[], %(texts)s::text[])
    AS one (situation, version, content_hash, definition)
), kept AS (
  INSERT INTO work_script (situation, version, content_hash, definition, kept_at)
  SELECT situation, version, content_hash, definition::jsonb, %(at)s::timestamptz FROM given
  ON CONFLICT (situation, version) DO NOTHING
)
SELECT g.situation FROM given g JOIN work_script s ON (s.situation, s.version) = (g.situation, g.version)
WHERE s.content_hash <> g.content_hash
"""
NOTE = """
INSERT INTO work_script_shown (case_id, step, situation, version, by_id, at)
SELECT %(case)s::uuid, %(step)s, one.situation, one.version, %(by)s::uuid, %(at)s::timestamptz
FROM unnest(%(situations)s::text[], %(versions)s::int[]) AS one (situation, version)
ON CONFLICT DO NOTHING
"""
OF_CASE = """
SELECT n.step, n.situation, n.version, n.by_id, n.at, s.definition
FROM work_script_shown n JOIN work_script s ON (s.situation, s.version) = (n.situation, n.version)
WHERE n.case_id = %s ORDER BY n.at, n.situation
"""


class ScriptChanged(ValueError):
    """A script was changed without a new version number; its earlier text was shown with cases."""


class Shown(Struct, frozen=True):
    """A script that somebody had beside a step, with the text as it was then."""

    step: str
    situation: str
    version: int
    by_id: UUID
    at: Any
    script: Script


def scripts_of(process: Process, step: str) -> list[Script]:
    """The scripts that a step names, in its order; one that the files no longer have is left out."""
    return [scripts()[name] for name in process.step(step).scripts if name in scripts()]


def show_scripts(cursor: Any, case: Case, process: Process, actor_id: UUID) -> list[Script]:
    """The scripts for the step that the case is at; noted that this person had them there, the first time. Raises
    ScriptChanged."""
    found = scripts_of(process, case.step)
    if not found:
        return found
    texts = [msgspec.json.encode(one, order="sorted").decode() for one in found]
    about = {
        "case": case.case_id,
        "step": case.step,
        "by": actor_id,
        "at": now(),
        "situations": array_literal([one.situation for one in found], "text"),
        "versions": [one.version for one in found],
        "hashes": array_literal([sha256(text.encode()).hexdigest() for text in texts], "text"),
        "texts": texts,
    }
    cursor.execute(KEEP, about, prepare=True)
    if (changed := cursor.fetchone()) is not None:
        raise ScriptChanged(f"{changed[0]}: its version was kept with another content")
    cursor.execute(NOTE, about, prepare=True)
    return found


def load_shown(cursor: Any, case_id: UUID) -> list[Shown]:
    """Every script that was beside a case, in the order of time, with the text as it was. One statement."""
    cursor.execute(OF_CASE, (case_id,), prepare=True)
    return [Shown(*row[:5], msgspec.convert(row[5], Script)) for row in cursor.fetchall()]
