"""The tables that tests of clocks count by: the shipped ones, and opening hours with a unit that closes for lunch."""

from datetime import datetime
from pathlib import Path

from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.kernel.working_days import WorkingCalendar
from counterfoil.core.work.clock_measures import Tables
from counterfoil.core.work.clock_rules import load_rules
from counterfoil.core.work.opening_hours import LEGAL_ZONE, OpeningHours

PROJECT = Path(__file__).resolve().parents[3]
PARAMETERS = Parameters.load(PROJECT / "parameters")
CALENDAR = WorkingCalendar.load(PROJECT / "parameters" / "calendar")
RULES = load_rules(PROJECT / "processes", PARAMETERS)
HOURS = OpeningHours.load(Path(__file__).parent / "opening_hours.yaml", CALENDAR)
TABLES = Tables(PARAMETERS, CALENDAR, HOURS)
LUNCH_UNIT = "320111"


def moment(text: str) -> datetime:
    """The moment of a text such as 2026-03-02 10:00, in legal time."""
    return datetime.fromisoformat(text).replace(tzinfo=LEGAL_ZONE)
