"""Decides how grave a complaint is by how many complain (art 12, 29), and what that asks for.

From 5 it is a group, from 20 a large one; the grade never falls below that. At most 5 speak for a group. Twenty face to
face are a major complaint: head office puts the contingency plan to work before anybody answers.
"""

from datetime import date

from msgspec import Struct, structs

from counterfoil.core.kernel.decisions import Reasons, Refused
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.work.case import Case, Role
from counterfoil.core.work.process import Process

GRADES = ("ordinary", "serious", "group_5", "group_20")


class Limits(Struct, frozen=True):
    """From how many complainants on, and how many may speak for them."""

    group: int
    large_group: int
    representatives: int


def limits(parameters: Parameters, on: date, known_on: date) -> Limits:
    """The numbers of the law on a day. Raises ParameterMissing."""
    names = ("complaints.group", "complaints.large_group", "complaints.representatives")
    return Limits(*(parameters.get(name, on, known_on).number for name in names))


def follow(case: Case, process: Process, parameters: Parameters, today: date) -> Case | Refused:
    """The case with the grade that its complainants ask for, and whether it is major; no to too many speakers."""
    found = limits(parameters, today, today)
    speakers = sum(person.role is Role.REPRESENTATIVE for person in case.persons)
    if speakers > found.representatives:
        reasons = Reasons()
        reasons.add("too_many_representatives", "person", "CMP 12", most=found.representatives)
        return reasons.refused()
    number = complainants(case)
    least = "group_20" if number >= found.large_group else "group_5" if number >= found.group else ""
    grade = max(case.fields.get("grade", ""), least, key=_gravity)
    major = number >= found.large_group and case.fields.get("face_to_face") == "yes"
    fields = {**case.fields, "major": "yes" if major else "no"}
    return structs.replace(case, fields={**fields, "grade": grade} if grade else fields)


def complainants(case: Case) -> int:
    """How many complain: as counted, or as many as are named, whichever is more."""
    counted = case.fields.get("complainants", "")
    named = {p.party_id or p.name.strip() for p in case.persons if p.role is Role.COMPLAINANT}
    return max(int(counted) if counted.isdecimal() else 0, len(named), 1)


def _gravity(grade: str) -> int:
    return GRADES.index(grade) if grade in GRADES else -1
