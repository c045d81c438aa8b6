"""Sentences for refusals about units, staff, authority and standing in: English here, others in ``locale/``."""

from django.utils.translation import gettext_noop as _noop

SENTENCES = {
    "no_grant": _noop(
        "You have no grant for “%(act)s” of product %(product)s at the level of your unit (%(unit_level)s)."
    ),
    "above_authority": _noop(
        "%(amount)s yuan is above your grant for “%(act)s” of product %(product)s at the level of your unit"
        " (%(unit_level)s): at most %(limit)s yuan, last day: %(until)s."
    ),
    "above_day_limit": _noop(
        "%(amount)s yuan is above your grant for “%(act)s” for one policyholder and day: at most %(limit)s yuan, last"
        " day: %(until)s; %(used)s yuan of it are used today."
    ),
    "who_could": _noop("%(position)s of unit %(unit)s could decide it."),
    "own_business": _noop(
        "This concerns you, or a relative of yours or of the colleague you stand in for; somebody else must do it."
    ),
    "approver_is_kin": _noop(
        "Who asked for this is you under another account, or a relative of yours; another employee must decide."
    ),
    "approver_stands_in": _noop(
        "You and who asked for this stand in for each other or for the same colleague; another employee must decide."
    ),
    "unit_id_format": _noop("A unit's code has 1 to 20 letters and digits (%(unit_id)s)."),
    "unit_level_unknown": _noop("There is no unit level “%(level)s”."),
    "unit_level_not_below": _noop("“%(level)s” is not below “%(parent_level)s”."),
    "unit_parent_missing": _noop("The unit above (%(parent)s) is not there."),
    "unit_unknown": _noop("There is no unit %(unit_id)s."),
    "username_format": _noop("A sign-in name begins with a small letter (%(username)s)."),
    "username_used": _noop("The sign-in name %(username)s is used."),
    "client_unknown": _noop("There is no such client of the interface."),
    "employee_unknown": _noop("There is no such employee."),
    "position_unknown": _noop("There is no position “%(position)s”."),
    "holder_unknown": _noop("There is no such position or employee (%(holder)s)."),
    "amount_negative": _noop("The amount is below zero."),
    "day_limit_does_not_fit": _noop("This grant has no limit in yuan a day."),
    "not_a_limit": _noop("“%(text)s” is not a limit: digits with at most two decimals."),
    "not_a_day": _noop("“%(text)s” is not a day."),
    "day_missing": _noop("Name the last day."),
    "source_missing": _noop("Name the paper that grants it."),
    "reason_missing": _noop("Say why."),
    "begins_in_the_past": _noop("It cannot begin before today."),
    "ends_in_the_past": _noop("It cannot end before today."),
    "grant_unknown": _noop("There is no such grant that still holds."),
    "grant_to_oneself": _noop("Nobody asks for or confirms authority for himself."),
    "head_office_grants": _noop("What is granted to a position holds company-wide: head office grants it."),
    "not_your_unit": _noop("Unit %(unit)s is not below yours."),
    "waits_already": _noop("This was asked for already and waits for a second person."),
    "proposal_not_open": _noop("This waits no longer; somebody has answered it."),
    "delegation_to_oneself": _noop("Nobody arranges to stand in himself, nor stands in for himself."),
    "delegation_unknown": _noop("There is no such stand-in in your units."),
    "other_unit": _noop("%(name)s works at another unit; only a colleague of the same unit stands in."),
    "already_delegated": _noop("Somebody stands in for %(name)s at that time already."),
    "identity_number_wrong": _noop("The identity number is wrong."),
    "second_account": _noop("This person has an active account already."),
    "relation_unknown": _noop("There is no relation “%(relation)s”."),
    "relative_unknown": _noop("There is no such relation."),
    "own_relation_stays": _noop("That somebody is this customer does not end."),
    "helper_above_limit": _noop(
        "A rural helper has at most %(limit)s yuan, not %(amount)s. To raise it is wanting: %(steps)s."
    ),
    "helper_too_long": _noop("A rural helper's grant ends by %(until)s. For longer is wanting: %(steps)s."),
    "helper_not_reviewed": _noop(
        "A rural helper's grant is renewed after a yearly review that is good enough."
    ),
    "step_unknown": _noop("There is no such opinion."),
    "outcome_unknown": _noop("There is no such result."),
    "amount_missing": _noop("Say up to how many yuan."),
    "opinion_missing": _noop("Say your opinion."),
    "not_a_helper": _noop("This person is no rural helper."),
    "not_the_right_unit": _noop("This opinion is given by %(positions)s of the %(level)s above the helper."),
    "opinion_by_one": _noop("Each opinion is given by another person, and none by the helper."),
    "step_too_early": _noop("Before it comes: %(steps)s."),
    "time_ends_before_it_begins": _noop("The time ends before it begins."),
}
