"""Write parameters/calendar/*.csv from the chinesecalendar package: its holidays and make-up working days.

Run it again when the package has the next year's list (about each November), look at the difference, commit.
Rows whose source is not the package, such as a year typed from the notice itself, are kept.
"""

import csv
import importlib.metadata
import sys
from pathlib import Path

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays

FIRST_YEAR = 2018
PACKAGE = "chinesecalendar"


def main(directory: Path) -> None:
    """Write both tables into `directory`."""
    source = f"{PACKAGE} {importlib.metadata.version(PACKAGE)}"
    chinese = {holiday.value: holiday.chinese for holiday in Holiday}
    years = {str(day.year): source for day in holidays if day.year >= FIRST_YEAR}
    rows = {
        day.isoformat(): (str(is_working).lower(), chinese[name], source)
        for table, is_working in ((holidays, False), (workdays, True))
        for day, name in table.items()
        # A holiday on a weekend and a make-up day on a weekday would say nothing new.
        if day.year >= FIRST_YEAR and (day.weekday() >= 5) == is_working
    }
    for year, *rest in _own_rows(directory / "covered_years.csv"):
        years.setdefault(year, rest[-1])
    for day, *own in _own_rows(directory / "working_days.csv"):
        rows[day] = (own[0], own[1], own[2])
    _write(directory / "covered_years.csv", ("year", "source"), sorted(years.items()))
    _write(
        directory / "working_days.csv",
        ("date", "is_working", "name", "source"),
        [(day, *rest) for day, rest in sorted(rows.items())],
    )


def _own_rows(file: Path) -> list[list[str]]:
    """Return the rows of the table that do not come from the package."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return [row for row in list(csv.reader(stream))[1:] if not row[-1].startswith(PACKAGE)]


def _write(file: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    default = Path(__file__).resolve().parent.parent / "parameters" / "calendar"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
