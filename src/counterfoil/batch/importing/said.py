"""Reasons and remedies of an import in the reader's language, and the file of errors that goes back to the sender."""

import csv
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _noop

from counterfoil.apps.acts.sentences import sentence_of
from counterfoil.batch.importing.columns import BY_NAME
from counterfoil.batch.importing.reading import RowError

REASONS = {
    "cell_missing": _noop("The cell is empty."),
    "cell_control_character": _noop("A character in it cannot be shown. Type the text again."),
    "cell_wrong_kind": _noop("This column takes: %(takes)s."),
    "cell_not_a_choice": _noop("This column takes one of: %(choices)s."),
    "row_has_other_columns": _noop("The row has %(cells)s cells, the header %(columns)s."),
    "application_number_twice": _noop("The application number is in row %(row)s already."),
    "insured_is_holder": _noop("The insured has no name here, so the policyholder is meant."),
    "answers_need_a_counter": _noop("A health answer is not “no”."),
    "name_differs_for_paper": _noop("Somebody of another name has this paper."),
    "imported_with_other_content": _noop("This application is there already, with other content."),
    "party_erased": _noop("The personal data of this person were erased."),
    "busy": _noop("Somebody else is working on these customers."),
}
REMEDIES = {
    "row_has_other_columns": _noop("Put text with a comma between quotation marks."),
    "application_number_twice": _noop("Delete one of the two rows, or correct its number."),
    "insured_is_holder": _noop("Empty this cell, or write name and paper of the insured."),
    "answers_need_a_counter": _noop("Take this application at a counter, with its answers."),
    "name_differs_for_paper": _noop("Compare with the paper; a change of name is made at a counter first."),
    "imported_with_other_content": _noop("Delete the row; a change is made at a counter."),
    "application_number_used": _noop("Correct the number, or delete the row."),
    "party_erased": _noop("Register the person at a counter."),
    "busy": _noop("Import the file again later."),
    "no_insurable_interest": _noop("Take this application at a counter."),
}
REMEDY = _noop("Correct the cell and import the file again; rows taken in are not taken in twice.")
HEADER = ("row", "column", "title", "value", "reason", "remedy", "code")


def reason_of(error: RowError) -> str:
    """What is wrong."""
    if error.code in REASONS:
        return gettext(REASONS[error.code]) % error.parameters
    return sentence_of(error.code, error.parameters)


def remedy_of(error: RowError) -> str:
    """What to do about it."""
    return gettext(REMEDIES.get(error.code, REMEDY))


def error_line(error: RowError) -> str:
    """One error for a terminal."""
    return f"{error.row} {error.column} {error.value!r}: {reason_of(error)} {remedy_of(error)}"


def write_errors(path: Path, errors: Iterable[RowError]) -> None:
    """The errors as CSV that a spreadsheet opens (UTF-8 with mark)."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADER)
        for error in errors:
            title = BY_NAME[error.column].title if error.column in BY_NAME else ""
            lines.writerow(
                (error.row, error.column, title, error.value, reason_of(error), remedy_of(error), error.code)
            )
