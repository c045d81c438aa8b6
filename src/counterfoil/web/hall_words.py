"""What codes of the hall are called, and the sentences of its refusals: English here, others in ``locale/``."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _noop
from django.utils.translation import pgettext_lazy

Labels = Mapping[str, object]

TICKET_STATE: Labels = {
    "waiting": pgettext_lazy("ticket", "Waiting"),
    "called": pgettext_lazy("ticket", "Called"),
    "serving": pgettext_lazy("ticket", "Being served"),
    "held": pgettext_lazy("ticket", "Held"),
    "finished": pgettext_lazy("ticket", "Finished"),
    "left": pgettext_lazy("ticket", "Left"),
}
WINDOW_STATE: Labels = {
    "on": pgettext_lazy("window", "On"),
    "away": pgettext_lazy("window", "Away"),
    "transfers_only": pgettext_lazy("window", "Transfers only"),
    "off": pgettext_lazy("window", "Off"),
}
HALL_VERB: Labels = {
    "take": pgettext_lazy("ticket", "Ticket given"),
    "call": pgettext_lazy("ticket event", "Called"),
    "call_again": pgettext_lazy("ticket event", "Called again"),
    "begin": pgettext_lazy("ticket event", "Service begun"),
    "hold": pgettext_lazy("ticket event", "Held"),
    "return": pgettext_lazy("ticket event", "Back to the queue"),
    "transfer": pgettext_lazy("ticket event", "Transferred"),
    "leave": pgettext_lazy("ticket event", "Customer left"),
    "add_service": pgettext_lazy("ticket event", "Service added"),
    "finish": pgettext_lazy("ticket event", "Finished"),
    "explain": pgettext_lazy("ticket event", "Wait explained"),
    "lose": pgettext_lazy("ticket event", "Connection lost, back to the queue"),
}
PREFERENCE: Labels = {
    "tier": pgettext_lazy("mark", "Tier (VIP)"),
    "senior": pgettext_lazy("mark", "Senior"),
    "disability": pgettext_lazy("mark", "Disability"),
    "pregnant": pgettext_lazy("mark", "Pregnant"),
    "infant": pgettext_lazy("mark", "With an infant"),
    "serviceman": pgettext_lazy("mark", "Serving soldier"),
    "appointment": pgettext_lazy("mark", "Appointment"),
}
SCORE: Labels = {
    "5": pgettext_lazy("score", "Very content"),
    "4": pgettext_lazy("score", "Content"),
    "3": pgettext_lazy("score", "So-so"),
    "2": pgettext_lazy("score", "Not content"),
    "1": pgettext_lazy("score", "Very discontent"),
}
KINDS: Mapping[str, Labels] = {
    "ticket_state": TICKET_STATE,
    "window_state": WINDOW_STATE,
    "hall_verb": HALL_VERB,
    "preference": PREFERENCE,
    "score": SCORE,
}
SENTENCES = {
    "hall_verb_not_now": _noop(
        "Ticket %(ticket)s is “%(ticket_state)s” now; this cannot be done to it. Look at it again."
    ),
    "hall_ticket_elsewhere": _noop("Ticket %(ticket)s is at another window."),
    "hall_window_busy": _noop("The window still has ticket %(ticket)s."),
    "hall_window_holds": _noop(
        "The window still holds %(tickets)s tickets; call them, send them back or note that they left."
    ),
    "hall_window_not_on": _noop("The window is not on."),
    "hall_window_off": _noop("That window is off."),
    "hall_window_unknown": _noop("There is no such window in your hall."),
    "hall_window_taken": _noop("%(name)s sits at this window."),
    "hall_sits_elsewhere": _noop("You sit at window %(window)s; switch it off first."),
    "hall_no_window": _noop("You sit at no window."),
    "hall_note_missing": _noop("Say what the customer was told."),
    "hall_note_long": _noop("At most %(most)s characters."),
    "hall_transfer_where": _noop("Choose one window or one service to send the customer to."),
    "hall_transfer_to_itself": _noop("The customer is there already."),
    "hall_service_unknown": _noop("There is no such service."),
    "hall_service_there": _noop("The ticket is for this service already."),
    "hall_mark_unknown": _noop("There is no such preference (%(preference)s)."),
    "hall_no_window_open": _noop(
        "No window is open for this service. Tell the customer when one opens, and write down what you said."
    ),
    "hall_explanation_missing": _noop(
        "The wait will be about %(minutes)s minutes, over %(most)s. Explain it before, and write down what you said."
    ),
    "hall_unknown": _noop("There is no such hall in the units that you see."),
    "hall_ticket_unknown": _noop("There is no such ticket today."),
    "hall_appointment_unknown": _noop("There is no such appointment, or it is used up."),
    "hall_appointment_other_day": _noop("The appointment is for another day."),
    "hall_appointment_name": _noop("Give the customer's name, at most %(most)s characters."),
    "hall_appointment_past": _noop("The time of an appointment is still to come."),
    "hall_set_up_shape": _noop("A hall has a name and windows of different numbers from 1."),
    "rating_score": _noop("A rating is one to five."),
    "rating_reason_unknown": _noop("There is no such reason."),
    "rating_closed": _noop("This service was rated already, or the time for it is over."),
}
