"""Says who has a case open at this moment, so that two people do not begin the same work unknowingly."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from counterfoil.apps.journal.ports import now
from counterfoil.apps.organisation.queries import Actor

GONE_AFTER = timedelta(seconds=15)
"""Who has not been heard of for so long has closed the page; pages say that they are there every four seconds."""
HERE = """
INSERT INTO work_presence (case_id, employee_id, seen_at) SELECT case_id, %(me)s, %(now)s FROM work_case
WHERE case_id = %(case)s
ON CONFLICT (case_id, employee_id) DO UPDATE SET seen_at = excluded.seen_at
"""
OTHERS = """
SELECT (SELECT seq FROM work_case WHERE case_id = %(case)s),
  coalesce((SELECT array_agg(e.name ORDER BY e.name, e.employee_id) FROM work_presence p
            JOIN organisation_employee e ON e.employee_id = p.employee_id
            WHERE p.case_id = %(case)s AND p.employee_id <> %(me)s AND p.seen_at > %(since)s), '{}'::text[])
"""


def look_in(cursor: Any, actor: Actor, case_id: UUID) -> tuple[int, tuple[str, ...]] | None:
    """Note that the reader has the case open; its ``seq`` now and the names of the others, or None where the reader
    sees no such case. Inside the reader's scope; two statements."""
    moment = now()
    about = {"me": actor.employee_id, "case": case_id, "now": moment, "since": moment - GONE_AFTER}
    cursor.execute(HERE, about, prepare=True)
    cursor.execute(OTHERS, about, prepare=True)
    seq, names = cursor.fetchone()
    return None if seq is None else (int(seq), tuple(names))
