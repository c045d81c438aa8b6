"""What matters to a case outside of it: who works, who could, and where each step waits."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from counterfoil.apps.cases.processes import clock_rules, tables
from counterfoil.apps.journal.ports import LEGAL_ZONE
from counterfoil.apps.organisation.concerned import concerned
from counterfoil.apps.organisation.queries import Actor, NoSuchActor, load_person
from counterfoil.core.work.case import Case, OneSide, Pool, Worker, WorkFacts
from counterfoil.core.work.process import Process

HELD = """
SELECT u.path, u.unit_id, p.position
FROM organisation_unit u
JOIN organisation_employee e ON e.unit_id = u.unit_id AND e.is_active
JOIN organisation_position p ON p.employee_id = e.employee_id AND p.unit_id = u.unit_id
WHERE u.path = ANY(%(upward)s::text[]) AND p.valid_from <= %(on)s::date
  AND (p.valid_until IS NULL OR p.valid_until > %(on)s::date)
GROUP BY 1, 2, 3
"""


def worker_of(cursor: Any, actor: Actor, case: Case, on: date) -> Worker:
    """The person who asks, as cases know them. One statement, and only where the case is about a policy and the person
    has relatives."""
    about = [case.policy_id] if case.policy_id else []
    return Worker(
        employee_id=actor.employee_id,
        name=actor.name,
        unit_id=actor.unit_id,
        unit_path=actor.unit_path,
        positions=actor.positions,
        relatives=actor.relatives,
        policies=concerned(cursor, about, actor.relatives),
        one_with=frozenset(actor.one_side(on)),
        sides=tuple(
            OneSide(side.employee_id, _begin(side.valid_from), _begin(side.valid_until))
            for side in actor.sides
        ),
        supervises=actor.may("assign_cases"),
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, LEGAL_ZONE)


def load_worker(cursor: Any, employee_id: UUID, case: Case, on: date) -> Worker | None:
    """Another member of staff as cases know them; None: nobody active. One statement, two for who has relatives."""
    try:
        return worker_of(cursor, load_person(cursor, employee_id, on), case, on)
    except NoSuchActor:
        return None


def held_above(cursor: Any, unit_path: str, on: date) -> list[tuple[str, str, str]]:
    """Path, unit and position of everybody active at a unit or above it, nearest first. One statement."""
    codes = unit_path.rstrip(".").split(".")
    upward = [".".join(codes[:n]) + "." for n in range(1, len(codes) + 1)]
    cursor.execute(HELD, {"upward": upward, "on": on}, prepare=True)
    return sorted(cursor.fetchall(), key=lambda row: -len(row[0]))


def pools_of(process: Process, unit_path: str, held: list[tuple[str, str, str]]) -> dict[str, Pool | None]:
    """The pool of each step for a case of a unit: the unit ``up`` levels above it, or the next above where somebody
    holds one of the positions."""
    codes = unit_path.rstrip(".").split(".")
    found: dict[str, Pool | None] = {}
    for step in process.steps:
        top = ".".join(codes[: max(1, len(codes) - step.up)]) + "."
        found[step.step] = pool_above(step.who, top, held)
    return found


def pool_above(who: tuple[str, ...], path: str, held: list[tuple[str, str, str]]) -> Pool | None:
    """The nearest unit at or above ``path`` where somebody holds one of the positions."""
    for unit_path, unit_id, position in held:
        if path.startswith(unit_path) and position in who:
            return Pool(unit_id, unit_path, who)
    return None


def work_facts(
    cursor: Any, case: Case, process: Process, actor: Actor, at: datetime, today: date, **more: Any
) -> WorkFacts:
    """The facts of a verb: one statement for the pools; ``more`` is what a verb asks for beside."""
    held = held_above(cursor, case.unit_path, today)
    return WorkFacts(
        by=worker_of(cursor, actor, case, today),
        at=at,
        today=today,
        rules=clock_rules(),
        tables=tables(),
        pools=pools_of(process, case.unit_path, held),
        **more,
    )
