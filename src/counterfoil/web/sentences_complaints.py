"""Sentences for the refusals that only complaints have."""

from django.utils.translation import gettext_noop as _noop

COMPLAINTS = {
    "exit_not_for_this_case": _noop("This way out of the step is not for a case with these fields."),
    "no_clock_to_extend": _noop("No time limit runs that may be extended; only a complex complaint has one."),
    "more_time_asked_already": _noop("More time was asked for already; that is possible once."),
    "more_time_after_the_end": _noop("The time is over; what is over is not made longer."),
    "no_more_time_asked": _noop("Nobody waits for an answer about more time."),
    "no_more_time_granted": _noop("There is no granted extension that has still to be told."),
    "not_superior": _noop(
        "Somebody of a unit above %(unit)s, or of head office, decides on more time (%(positions)s)."
    ),
    "no_clock_to_restart": _noop("No time limit runs that new facts could begin anew."),
    "too_many_representatives": _noop("At most %(most)s representatives may speak for a group."),
    "no_such_case": _noop("There is no such case of this kind among those that you see."),
    "merged_into_closed": _noop("Complaint %(number)s is closed; nothing is merged into it."),
    "merged_into_later": _noop("Complaint %(number)s came later; the later one is merged into the earlier."),
    "not_same_complainant": _noop("Complaint %(number)s is not by the same complainant."),
    "no_decision_to_review": _noop("There is no answer that could be reviewed."),
    "reviewed_already": _noop("The answer was reviewed already."),
    "day_of_receipt_outside": _noop(
        "The answer was received between the day on which it was told, %(told)s, and today, %(today)s."
    ),
    "review_asked_too_late": _noop(
        "A review is asked for within the time of the law from the receipt of the answer, %(received)s."
    ),
    "no_superior_for_review": _noop(
        "Above unit %(unit)s there is nobody to review the answer; the outside ways remain."
    ),
    "improvement_not_yours": _noop("Another member of staff owns this improvement."),
    "improvement_done": _noop("This improvement was done already."),
    "improvement_not_done": _noop("This improvement is not done yet."),
    "improvement_checked": _noop("This improvement was checked already."),
    "improvement_checked_by_owner": _noop("Somebody else than its owner says whether it helped."),
    "complaint_moved": _noop("Somebody did something with this complaint meanwhile; look at it again."),
}
