"""All contacts with a party, those of its cases and those outside any, as one list (CUS-5).

Call inside the reader's scope: row security of ``contact`` and ``work_case`` decides what is found.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

MOST = 100
OF_PARTY = """
SELECT * FROM (
  SELECT c.at, c.way, c.direction, c.whom, c.reached, c.words, c.next_step, c.next_on, e.name, NULL::uuid AS case_id,
         '' AS number
  FROM contact c JOIN organisation_employee e ON e.employee_id = c.by_id
  WHERE c.party_id = %(party)s::uuid
  UNION ALL
  SELECT v.at, v.data->>'way', '', v.data->>'whom', (v.data->>'reached')::boolean, v.data->>'words', '',
         (v.data->>'next_on')::date, e.name, w.case_id, w.number
  FROM work_case w
  JOIN work_case_event v ON v.case_id = w.case_id AND v.verb = 'contact'
  JOIN organisation_employee e ON e.employee_id = v.by_id
  WHERE w.party_ids @> ARRAY[%(party)s::uuid]
) every ORDER BY at DESC LIMIT %(most)s::int
"""


class ContactLine(Struct, frozen=True):
    """One contact; ``number`` and ``case_id`` of the case that it was about, empty outside any; ``direction`` is not
    known of contacts in cases."""

    at: datetime
    way: str
    direction: str
    whom: str
    reached: bool
    words: str
    next_step: str
    next_on: date | None
    by_name: str
    case_id: UUID | None
    number: str


def contacts_of_party(cursor: Any, party_id: UUID) -> list[ContactLine]:
    """The contacts with a party, the newest first. One statement."""
    cursor.execute(OF_PARTY, {"party": party_id, "most": MOST}, prepare=True)
    return [ContactLine(*row) for row in cursor.fetchall()]
