"""Sentences for the codes of refusals: English here, other languages in ``locale/``; a test finds a code without one.

A parameter that is itself a code is said by its label, an amount with separators.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from counterfoil.apps.papers.limits import paper_types
from counterfoil.web import hall_words, labels, organisation_words
from counterfoil.web.labels import Labels, label
from counterfoil.web.sentences_complaints import COMPLAINTS

PAPER: Labels = {
    **labels.PAPER_KIND,
    **labels.CONTACT_KIND,
    "MOBILE": _("Mobile phone"),
    "PHONE": _("Telephone"),
    "BANK_CARD": _("Bank card number"),
    "PASSBOOK": _("Passbook number"),
}
PARAMETERS: Mapping[str, Labels] = {
    "permission": labels.PERMISSION,
    "act": labels.ACT,
    "what": {**labels.ACT, **labels.SLICE},
    "use": {**labels.ACT, "": _("ask the back office")},
    "standing": {**labels.STANDING, "none": _("Not issued")},
    "reason": labels.END_REASON,
    "ticket_state": hall_words.TICKET_STATE,
    "preference": hall_words.PREFERENCE,
    "state": {**labels.CLAIM_STATE, **labels.PAYMENT_STATE},
    "stage": labels.CASE_STAGE,
    "relation": labels.RELATION,
    "channel": labels.CHANNEL,
    "pay_mode": labels.PAY_MODE,
    "cause": labels.CAUSE,
    "kind": PAPER,
    "paper": PAPER,
    "level": labels.LEVEL,
    "unit_level": labels.LEVEL,
    "until": {"": _("none")},
    "parent_level": labels.LEVEL,
}
POSITIONS = frozenset({"position", "positions", "could"})
"""Parameters that are codes of positions, separated by commas."""
_AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{2}")

SENTENCES = {
    **COMPLAINTS,
    # cases
    "case_closed": _noop("The case is closed. Reopen it first."),
    "not_a_receiver": _noop("Your positions do not receive cases of this kind (%(wanted)s do)."),
    "channel_not_of_kind": _noop("A case of this kind does not come by this channel."),
    "interested_staff": _noop(
        "The case concerns this member of staff or a relative. Somebody else has to work on it."
    ),
    "case_is_yours": _noop("You have this case already."),
    "case_taken": _noop("Somebody else has this case."),
    "no_such_employee": _noop("Nobody active has this name. Choose somebody from the list."),
    "not_your_case": _noop("The case waits at unit %(unit)s for %(positions)s."),
    "case_not_at_work": _noop(
        "The case is put aside, waits for papers or waits in the pool. Take it up first."
    ),
    "case_not_taken_by_you": _noop("You do not have this case. Take it first."),
    "case_not_held": _noop("The case is not put aside."),
    "case_not_returned": _noop("The case does not wait for papers."),
    "case_not_closed": _noop("The case is still open."),
    "day_not_ahead": _noop("The day must be after %(day)s."),
    "step_returns_nothing": _noop("At this step nothing is asked of the customer."),
    "nothing_is_missing": _noop("No paper is missing. Say what else the customer is asked for."),
    "asked_again_without_reason": _noop(
        "The customer was asked once already; everything has to be told at once. Say why you ask again."
    ),
    "step_hands_nothing_up": _noop("This step is not handed up."),
    "nobody_above": _noop("Nobody above unit %(unit)s does this step. Ask head office."),
    "nobody_holds_position": _noop("Nobody at unit %(unit)s holds the position “%(position)s”."),
    "nobody_for_step": _noop("Nobody at your unit or above does the step “%(step)s”. Ask head office."),
    "no_such_exit": _noop("The step has no way out called “%(exit)s”."),
    "no_such_kind": _noop("There is no kind of case called “%(kind)s”."),
    "no_such_field": _noop("A case of this kind has no field “%(name)s”."),
    "field_does_not_fit": _noop("“%(name)s” is not filled in as it must be."),
    "field_needed": _noop("“%(name)s” must be filled in before."),
    "papers_missing": _noop("Papers are missing: %(papers)s."),
    "act_needed": _noop("Nothing has been recorded for this case yet. Do what the customer asked for first."),
    "act_waits": _noop("%(case)s still waits for approval."),
    "not_told_yet": _noop("Note a contact that reached the customer first."),
    "not_understood_yet": _noop("Note that the customer has understood the answer first."),
    "done_by_yourself": _noop("You did the step “%(step)s” yourself. Somebody else has to do this one."),
    "person_already_named": _noop("This person is named in the case already."),
    "kind_is_not_reopened": _noop("Cases of this kind are not reopened."),
    # pipeline
    "no_permission": _noop("Your positions do not give the permission “%(permission)s”."),
    "nobody_has_authority": _noop(
        "Nobody above you has authority for “%(act)s” of %(amount)s yuan. Ask head office to grant it."
    ),
    "policy_moved": _noop(
        "The policy has changed since you opened it (act %(seen)s then, %(now)s now). Look at it again."
    ),
    "back_dating_reason_missing": _noop("Say why the act counts from a day before today."),
    "back_dated_too_far": _noop(
        "The act would count from %(days)s days before its receipt; your authority goes back %(limit)s days."
    ),
    "timeline_conflict": _noop(
        "Act %(seq)s, “%(act)s” of %(effective_date)s, would not be what it was: choose what shall hold."
    ),
    "choice_not_offered": _noop("What was chosen for act %(seq)s is not offered there; look at it again."),
    "drift": _noop(
        "The books and a replay of the policy's acts differ (%(what)s). Nothing was changed; tell head office."
    ),
    "may_not_be_back_dated": _noop("This act may not take effect before the day it is received."),
    "waits_for_approval": _noop(
        "Case %(case)s of this policy waits for approval; until it is decided no other money act is possible."
    ),
    "claim_open": _noop(
        "Claim %(claim_number)s is open (%(state)s); no other money act is possible until it is closed."
    ),
    "decision_differs_from_the_one_approved": _noop(
        "The decision made now differs from the one that was shown for approval. Nothing was recorded."
    ),
    "approver_is_maker": _noop("You asked for this act yourself; another employee must decide."),
    "declined_by_approver": _noop("Case %(case)s was declined by the approver."),
    "already_recorded": _noop("This was already recorded."),
    "policy_not_found": _noop("There is no such policy in the units that you see."),
    "party_not_found": _noop("There is no such customer among those that you see."),
    "application_number_used": _noop("This application number is already used."),
    "policy_not_issued": _noop("The policy is not issued (%(standing)s)."),
    "policy_ended": _noop("The policy ended on %(since)s (%(reason)s)."),
    "effective_not_day_of_receipt": _noop("This act takes effect on the day of receipt, %(received_on)s."),
    "not_an_amount": _noop("“%(amount)s” is not an amount above zero with at most two decimals."),
    "received_at_in_future": _noop("The time of receipt lies in the future."),
    # designation
    "too_many_beneficiaries": _noop("At most %(most)s beneficiaries can be named."),
    "share_missing": _noop("In order %(order)s some shares are stated and some are not: state all or none."),
    "order_gap": _noop("The orders must follow each other from 1 (found: %(orders)s)."),
    "share_out_of_range": _noop(
        "A share must be above 0 and at most 100, with at most two decimals (found: %(share)s)."
    ),
    "shares_not_100": _noop("The shares of order %(order)s sum to %(total)s instead of 100."),
    "party_unknown": _noop("This customer is not registered."),
    "beneficiary_dead": _noop("This beneficiary died on %(died_on)s."),
    "insured_is_beneficiary": _noop("The insured cannot be the beneficiary of the death benefit."),
    "beneficiary_twice": _noop("This person is named twice in order %(order)s."),
    # application
    "already_submitted": _noop("This application was already submitted."),
    "applied_in_future": _noop("The date of application is after today, %(today)s."),
    "product_unknown": _noop("There is no product %(product)s on sale."),
    "party_not_a_person": _noop("This must be a person whose sex and date of birth are known."),
    "party_dead": _noop("This person died on %(died_on)s."),
    "exclusions_not_acknowledged": _noop(
        "The exclusions must be explained to the policyholder and acknowledged."
    ),
    "policyholder_signature_missing": _noop("The policyholder has not signed."),
    "insured_signature_missing": _noop("The insured has not signed."),
    "relation_contradicts_parties": _noop(
        "The relation “%(relation)s” does not fit policyholder and insured."
    ),
    "insured_consent_missing": _noop("The insured's consent is missing."),
    "no_insurable_interest": _noop(
        "“%(relation)s” gives no insurable interest without the insured's consent."
    ),
    "policyholder_not_of_age": _noop("The policyholder is under %(of_age)s."),
    "product_not_sold": _noop("The product is not on sale on that day (sold from %(sold_from)s)."),
    "channel_not_allowed": _noop("The product is not sold through this channel (%(channel)s)."),
    "plan_not_offered": _noop(
        "The product offers no plan of %(term_years)s years paid %(pay_mode)s over %(pay_years)s years."
    ),
    "issue_age_outside": _noop("The insured is %(age)s; issue ages are %(min)s to %(max)s."),
    "premium_rate_missing": _noop("The rate table has no rate for this plan (%(key)s)."),
    "cash_value_missing": _noop("The table has no cash value for this plan (%(key)s)."),
    "date_outside_term": _noop("The day lies outside the term (%(key)s)."),
    "sum_assured_not_positive": _noop("The sum assured must be above zero."),
    "sum_assured_outside": _noop("The sum assured must be from %(min)s to %(max)s yuan."),
    "sum_assured_not_multiple": _noop("The sum assured must be a multiple of %(multiple)s yuan."),
    "product_not_issuable": _noop(
        "Product %(product)s can be quoted, but not be applied for: its policies cannot be issued here yet."
    ),
    # quotation
    "plan_not_chosen": _noop("Choose one of the plans on offer."),
    "plan_not_at_age": _noop("The plan is not sold at issue age %(age)s with these choices."),
    "pay_mode_not_offered": _noop("The plan is not paid in this way (%(pay_mode)s)."),
    "amount_not_named": _noop("Name the amount."),
    "units_not_whole": _noop("Units are a whole number."),
    "premium_outside": _noop("The premium must be from %(min)s to %(max)s yuan."),
    "premium_not_multiple": _noop("The premium must be a multiple of %(multiple)s yuan."),
    "too_young_in_days": _noop("A child is insured from the age of %(days)s days."),
    "occupation_class_needed": _noop("The rate needs the occupation class (%(accepted)s)."),
    "occupation_class_not_accepted": _noop("Only occupation classes %(accepted)s are accepted."),
    "credited_rate_outside": _noop("An illustration may assume at most %(max)s%% a year."),
    "policyholder_needed": _noop("The rider is on the policyholder's life: birth date and sex are needed."),
    "not_a_rider": _noop("Product %(product)s is no rider."),
    "rider_not_for_main": _noop("The rider is not sold with product %(product)s."),
    "rider_needs_instalments": _noop(
        "The rider needs a main contract that is paid by instalments as it names."
    ),
    # decision
    "application_missing": _noop("There is no application."),
    "application_not_open": _noop("The application is no longer open (%(standing)s)."),
    "effective_in_future": _noop("The decision cannot take effect after today, %(today)s."),
    "uw_age": _noop(
        "A person must decide: the insured is %(age)s; automatic acceptance is for ages %(min)s to %(max)s."
    ),
    "uw_insured_dead": _noop("The insured died on %(died_on)s."),
    "uw_minor_cap": _noop(
        "A person must decide: with other policies the life is insured for %(life_sum)s yuan; for a "
        "minor of %(age)s at most %(limit)s yuan."
    ),
    "uw_sum_over_limit": _noop(
        "A person must decide: with other policies the life is insured for %(life_sum)s yuan; at age "
        "%(age)s automatic acceptance goes up to %(limit)s yuan."
    ),
    "uw_occupation": _noop(
        "A person must decide: occupation class %(occupation_class)s; automatic acceptance goes up "
        "to class %(highest)s."
    ),
    "uw_health_notice_missing": _noop("The health notice is missing."),
    "uw_health_answer_missing": _noop("A health question is not answered (%(question)s)."),
    "uw_health": _noop("A person must decide: a health answer is not standard (%(question)s)."),
    # premium and issue
    "first_premium_already_collected": _noop(
        "The first premium was already collected (receipt %(receipt_number)s)."
    ),
    "amount_not_premium_due": _noop("%(due)s yuan is due, not %(amount)s."),
    "received_in_future": _noop("The day of receipt is after today, %(today)s."),
    "received_too_early": _noop("Money for this cannot have come before %(not_before)s."),
    "application_not_accepted": _noop("The application is not accepted (%(standing)s)."),
    "effective_before_acceptance": _noop("Cover cannot begin before the acceptance of %(accepted_on)s."),
    "effective_before_premium": _noop("Cover cannot begin before the premium came in on %(received_on)s."),
    "effective_too_far_ahead": _noop("Cover must begin by %(latest)s."),
    "first_premium_not_held": _noop("%(due)s yuan is due; %(held)s yuan is in suspense."),
    "premium_changed_by_birthday": _noop(
        "The insured has a birthday before cover begins: at %(age)s the premium is %(premium)s yuan, "
        "at %(age_at_application)s it was %(premium_at_application)s yuan. Take a new application, "
        "or an earlier effective date."
    ),
    "receipt_already_recorded": _noop("The receipt was already recorded (signed on %(signed_on)s)."),
    "signed_before_issue": _noop("The contract was issued on %(issued_on)s; it cannot be signed for before."),
    "signed_in_future": _noop("The day of signing lies in the future."),
    "cooling_off_over": _noop("The cooling-off period was over on %(ended_on)s; use surrender."),
    "use_cooling_off": _noop(
        "The cooling-off period lasts until %(until)s; the whole premium goes back by withdrawal."
    ),
    "account_not_payees_own": _noop("The account is not the payee's own."),
    "grace_over": _noop(
        "The premium due on %(due)s was not paid in the grace period; the policy lapsed on "
        "%(lapse_date)s. Reinstatement is needed."
    ),
    "nothing_more_due": _noop("Nothing more falls due; premiums are paid to %(paid_to)s."),
    "not_owed_by_calendar": _noop("The calendar does not owe this on %(on)s; nobody can ask for it."),
    "nothing_short": _noop("No premium is short."),
    "nothing_in_suspense": _noop("Nothing lies in suspense."),
    "payment_has_account": _noop("Payment %(payment_number)s already has its account."),
    "payment_has_no_account": _noop("Payment %(payment_number)s has no account yet and was not ordered."),
    "payment_unknown": _noop("There is no payment %(payment_number)s on this policy."),
    "payment_already_answered": _noop("The bank has already answered (%(state)s)."),
    "answer_before_payment": _noop("The bank's date is before the payment was prepared on %(prepared_on)s."),
    "answer_in_future": _noop("The bank's date is after today, %(today)s."),
    "bank_reference_missing": _noop("A confirmed payment needs the bank's reference."),
    # servicing
    "not_lapsed": _noop("The policy is not lapsed on that day; there is nothing to reinstate."),
    "reinstatement_too_late": _noop("The two years in which it could be reinstated were over on %(until)s."),
    "age_outside_limits": _noop(
        "At the true age of %(age)s the product is not sold (%(min)s to %(max)s): the contract may be rescinded "
        "within the limits of Insurance Law 16. Ask the back office."
    ),
    "corrected_from_first_day": _noop(
        "It is corrected from the first day of the contract, %(effective_from)s."
    ),
    "parameter_unknown": _noop("There is no parameter “%(name)s”."),
    "parameter_known_in_future": _noop("The day on which it was known is after today, %(today)s."),
    "parameter_not_corrected": _noop(
        "“%(name)s” has no other value on %(on)s as known on %(known_on)s than as known on the day itself."
    ),
    "change_after_event": _noop("After the insured event the beneficiaries can no longer be changed."),
    "not_yet_effective": _noop("The policy takes effect on %(effective_from)s."),
    "cover_expired": _noop("Cover ended on %(cover_until)s."),
    "act_unknown": _noop("There is no such act (%(seq)s%(act)s)."),
    "act_already_undone": _noop("Act %(seq)s was already undone by act %(undone_by)s."),
    "act_moved_money": _noop("“%(act)s” moved money and cannot be undone; use “%(use)s”."),
    "act_not_undoable": _noop("“%(act)s” cannot be undone; use “%(use)s”."),
    "calendar_moved": _noop("The calendar has moved on; look at the policy again."),
    "act_of_the_calendar": _noop(
        "Act %(seq)s was done by the calendar; undo or correct what it followed from."
    ),
    "not_accumulated": _noop("At most %(most)s yuan have accumulated."),
    "before_last_entry": _noop("The account has an entry of %(last)s already."),
    "loan_too_small": _noop("A loan is at least %(least)s yuan."),
    "loan_above_limit": _noop("At most %(limit)s yuan can be lent."),
    "nothing_paid": _noop("The amount paid is not above zero."),
    "paid_up_not_reduced": _noop("A paid-up contract is not reduced."),
    "nothing_given_up": _noop("The reduction is not above zero, or leaves nothing."),
    "too_little_remains": _noop("At least %(least)s must remain."),
    "debts_leave_nothing": _noop("The amounts owed (%(debts)s yuan) leave nothing of the value."),
    "over_yearly_limit": _noop("In this policy year at most %(most)s more can be given up."),
    "account_suspended": _noop("The account is suspended since %(on)s."),
    "charges_owed": _noop("Charges of %(owed)s yuan are owed first."),
    "withdrawal_too_small": _noop("At least %(least)s yuan can be taken out."),
    "more_than_account": _noop("The account holds %(value)s yuan."),
    "account_not_suspended": _noop("The account is not suspended."),
    "too_late_to_reinstate": _noop("The time for a reinstatement is over."),
    "does_not_cover_owed": _noop("The payment does not cover what is owed."),
    "account_ended": _noop("The account has ended."),
    "payment_not_accepted": _noop("The contract takes no such payment."),
    "figure_missing": _noop("Table %(table)s has no figure for %(key)s."),
    "illustration_missing": _noop("There is no illustration for this choice (%(key)s)."),
    "sum_assured_not_stated": _noop("The sum assured is not stated."),
    "cash_value_per_contract": _noop(
        "The product publishes no table of cash values; each contract has its own (%(key)s)."
    ),
    "choice_missing": _noop("A choice of the product is not made: %(key)s."),
    "premium_not_stated": _noop("The premium is not stated."),
    "premium_is_chosen": _noop("The premium of this product is chosen, not computed."),
    "benefit_missing": _noop("The product has no such benefit: %(key)s."),
    "fact_missing": _noop("A fact is wanting for the calculation: %(key)s."),
    "later_act_dropped_by_one": _noop("To leave a later act out takes the approval of another person."),
    "nothing_to_undo": _noop("Act %(seq)s changed nothing that still holds."),
    # claims
    "policy_never_issued": _noop("The policy was never issued."),
    "event_before_effective": _noop("The event is before cover began on %(effective_date)s."),
    "event_in_future": _noop("The event is after the day of receipt, %(received_on)s."),
    "already_reported": _noop("The death is already reported: claim %(claim_number)s (%(state)s)."),
    "paper_unknown": _noop("The product asks for no paper “%(paper)s”."),
    "claim_unknown": _noop("There is no claim %(number)s on this policy."),
    "claim_state_wrong": _noop("Claim %(number)s is not at this step (%(state)s)."),
    "decision_in_future": _noop("The decision cannot be of a later day (%(decided_on)s)."),
    "event_after_report": _noop("The death (%(event_date)s) is after the report (%(reported_on)s)."),
    "missing_after_event": _noop("Missing since a day after the day of death, %(event_date)s."),
    "papers_before_report": _noop("The papers cannot be complete before the report of %(reported_on)s."),
    "papers_not_complete": _noop("The papers are not complete on the day of the decision, %(decided_on)s."),
    "ended_after_event": _noop(
        "The policy was ended on %(ended_on)s (%(reason)s), after the death; correct that act first."
    ),
    "exclusion_unknown": _noop("The product has no exclusion “%(exclusion)s”."),
    "exclusion_not_confirmed": _noop(
        "The exclusion “%(exclusion)s” is not readable in the filed clauses; it cannot be relied on."
    ),
    "exclusion_contradicts_cause": _noop(
        "The exclusion “%(exclusion)s” does not fit the cause of death (%(cause)s)."
    ),
    "exclusion_does_not_apply": _noop(
        "The exclusion “%(exclusion)s” does not apply to a death on %(event_date)s."
    ),
    "nothing_payable": _noop(
        "By the rule nothing is payable (%(grounds)s); reject the claim with its reasons."
    ),
    "not_a_beneficiary": _noop("This person is not a beneficiary on the day of death."),
    "gone_twice": _noop("This person is listed twice."),
    "beneficiary_survived": _noop("By our records this beneficiary lived on %(event_date)s."),
    "heirs_not_needed": _noop("No share belongs to the insured's estate; heirs are not needed."),
    "heir_barred": _noop("This person cannot inherit here."),
    "heir_shares_not_100": _noop("The heirs' shares sum to %(total)s instead of 100."),
    "heir_twice": _noop("This heir is listed twice."),
    "estate_needs_heirs": _noop(
        "Share %(share)s belongs to the estate: name the heirs and see the proof of inheritance."
    ),
    "payee_dead": _noop("This payee died on %(died_on)s; the share goes to the payee's heirs."),
    "payee_not_of_share": _noop("This person is not the payee of share %(share)s."),
    "share_not_payable": _noop("Share %(share)s is not there or already paid."),
    "share_paid_twice": _noop("Share %(share)s is listed with more or less than 100 percent."),
    "grounds_contradict": _noop("These grounds exclude each other."),
    "known_in_future": _noop("The day of knowledge is after the decision of %(decided_on)s."),
    "known_on_missing": _noop("For non-disclosure the day it became known is needed."),
    "limitation_not_passed": _noop("The limitation period ends on %(ends_not_before)s at the earliest."),
    "contract_already_ended": _noop("The contract has already ended; it can no longer be rescinded."),
    "rescission_barred": _noop("Since %(barred_from)s the contract can no longer be rescinded."),
    "rescission_too_late": _noop("The right of rescission had to be used by %(last_day)s."),
    "rescission_waived": _noop(
        "Premium was taken after the non-disclosure was known on %(known_on)s; the right is waived."
    ),
    "rule_says_payable": _noop(
        "By the rule %(amount)s yuan is payable (%(grounds)s); this ground is not enough to reject."
    ),
    # parties
    "party_already_registered": _noop("This customer is already registered."),
    "party_exists": _noop("A customer with this number is already registered."),
    "name_missing": _noop("The name is missing."),
    "name_characters": _noop("The name has characters that no name has."),
    "sex_missing": _noop("The sex is missing."),
    "birth_date_missing": _noop("The date of birth is missing."),
    "birth_date_in_future": _noop("The date of birth is after the day of receipt, %(received_on)s."),
    "nationality_format": _noop("The nationality must be three capital letters, such as CHN."),
    "occupation_missing": _noop("The occupation is missing."),
    "occupation_class_missing": _noop("The occupation class is missing."),
    "not_of_an_organisation": _noop("An organisation has no such value."),
    "paper_missing": _noop("At least one identity paper is needed."),
    "paper_twice": _noop("Two papers of one kind (%(kind)s)."),
    "paper_kind_wrong": _noop("This kind of paper (%(kind)s) does not fit a person or organisation."),
    "paper_expired": _noop("The paper expired on %(valid_until)s."),
    "paper_birth_date_differs": _noop(
        "The date of birth differs from that in the number of the paper (%(paper)s)."
    ),
    "paper_sex_differs": _noop("The sex differs from that in the number of the paper (%(paper)s)."),
    "contact_empty": _noop("The contact is empty (%(kind)s)."),
    "contact_twice": _noop("Two contacts of one kind (%(kind)s)."),
    "contact_new_and_ended": _noop("This contact is both new and ended (%(kind)s)."),
    "contact_not_there": _noop("There is no such contact to end on %(on)s (%(kind)s)."),
    "contact_unchanged": _noop("This contact is the same as before (%(kind)s)."),
    "nothing_changes": _noop("Nothing would change."),
    "email_format": _noop("This is not an e-mail address."),
    "post_code_format": _noop("This is not a post code."),
    "bank_missing": _noop("The bank is missing."),
    "account_exists": _noop("The customer already has this account."),
    "account_id_used": _noop("This account was already recorded."),
    "answers_missing": _noop("No health question is answered."),
    "answer_empty": _noop("A health question is not answered (%(question)s)."),
    "notice_of_organisation": _noop("An organisation has no health notice."),
    "signed_before_birth": _noop("The day of signing is before the birth on %(birth_date)s."),
    "product_missing": _noop("The product is missing."),
    "health_consent_missing": _noop("The consent to the use of health data is missing."),
    "notice_id_used": _noop("This health notice was already recorded."),
    "identifier.empty": _noop("The number is empty (%(kind)s)."),
    "identifier.format": _noop("The number has not the form of %(kind)s."),
    "identifier.length": _noop("The number has %(length)s characters, which no %(kind)s has."),
    "identifier.check_digit": _noop("The check digit is wrong (%(kind)s); compare the number once more."),
    "identifier.region": _noop("The region in the number does not exist (%(kind)s)."),
    "identifier.birth_date": _noop("The date of birth in the number does not exist (%(kind)s)."),
    "identifier.mobile": _noop("This is not a mobile number of the mainland."),
    # unmasking
    "unmask.not_permitted": _noop("Your positions do not allow you to see this."),
    "unmask.reason_missing": _noop("Say why you need to see this."),
    "unmask.party_not_found": _noop("There is no such customer among those that you see."),
    "unmask.field_unknown": _noop("There is no such value."),
    "unmask.erased": _noop("The customer's personal values were erased."),
    **organisation_words.SENTENCES,
    "past_contradictory": _noop("An earlier payment contradicts the list of illnesses: %(key)s."),
    # clocks
    "clock_stopped": _noop("The time limit was stopped already."),
    "clock_started_later": _noop("The time limit only began at %(start)s."),
    "clock_paused_already": _noop("The time limit is paused for this cause already."),
    "clock_not_paused": _noop("The time limit is not paused for this cause at that time."),
    "clock_not_extensible": _noop("This time limit can't be extended."),
    "clock_extended_already": _noop("The time limit was extended already; it may be extended once."),
    "clock_not_restartable": _noop("This time limit can't be counted anew."),
    "clock_over": _noop("The time limit ended at %(due)s; what is over is not made longer."),
    "clock_promise": _noop("The time promised to the customer is needed here, and nowhere else."),
    "clock_promise_past": _noop("The time promised to the customer is past."),
    "clock_holidays_missing": _noop(
        "The time limit can't be computed: the list of holidays of %(year)s is missing."
    ),
    "clock_opening_hours_missing": _noop(
        "The time limit can't be computed: there are no opening hours for %(day)s."
    ),
    "clock_length_missing": _noop(
        "The time limit can't be computed: “%(parameter)s” has no value for %(day)s."
    ),
    # cases on screens
    "kind_not_become": _noop("This case cannot become one of that kind."),
    "act_not_of_case": _noop(
        "“%(act)s” on this policy or customer is no part of case %(case)s at its present step."
    ),
    "identity_not_of_customer": _noop(
        "The number is not that of this customer's paper. Say nothing of any policy."
    ),
    "copies_needed": _noop("The letter's original and copies of both papers are needed."),
    "policy_not_of_customer": _noop("No policy of this number has this person as policyholder or insured."),
    "policy_not_seen": _noop("There is no policy %(typed)s among those that you see."),
    "too_many_views": _noop("At most %(most)s views are kept; remove one first."),
    "case_locked": _noop("Somebody else is writing to this case at this moment; send it again."),
    "case_moved": _noop(
        "Somebody did something with the case while you were writing; look at it and send again."
    ),
    # shape of forms
    "shape_missing": _noop("This is needed."),
    "shape_control_character": _noop("A character in it cannot be shown. Type the text again."),
    "shape_rows_missing": _noop("At least %(least)s row is needed."),
    "shape_too_long": _noop("At most %(most)s characters; there are %(length)s."),
    "shape_choice": _noop("Choose one of the list."),
    "shape_date": _noop("“%(typed)s” is not a date such as 2026-06-01."),
    "shape_time": _noop("“%(typed)s” is not a time such as 14:30."),
    "shape_amount": _noop("“%(typed)s” is not an amount."),
    "shape_number": _noop("“%(typed)s” is not a number."),
    "shape_too_small": _noop("At least %(least)s."),
    "shape_too_large": _noop("At most %(most)s."),
    "shape_pick": _noop("Choose from what the search finds."),
    "key_reused": _noop("This form was already sent with other content; open it anew."),
    "case_not_open": _noop("The case waits no longer; somebody has answered it."),
    # scanned papers
    "scan_missing": _noop("“%(type)s” is missing."),
    "scan_incomplete": _noop("“%(type)s” has %(pages)s of at least %(least)s pages."),
    "scan_unreadable": _noop("“%(type)s” cannot be read; please bring it again."),
    "scan_original_not_seen": _noop("The original of “%(type)s” is needed."),
    "paper_file_empty": _noop("The file is empty. Choose it again."),
    "paper_file_too_large": _noop(
        "The file has %(megabytes)s MB; %(most)s MB are allowed. Photograph it anew or scan it at 200 dpi."
    ),
    "paper_file_heic": _noop(
        "This is a HEIC picture of an iPhone. Set the camera to “Most Compatible”, or photograph through the code."
    ),
    "paper_file_zip": _noop(
        "This is an archive or an Office document. Save each paper as PDF or as a picture and add it by itself."
    ),
    "paper_file_kind_unknown": _noop(
        "By its content this is no picture and no PDF, whatever its name says. Take JPEG, PNG, WebP or PDF."
    ),
    "paper_file_two_kinds": _noop(
        "Another file is hidden in this one, which may do harm. Photograph or scan the paper itself."
    ),
    "paper_file_damaged": _noop(
        "The file is damaged or not whole. Photograph or scan it again, or send it again."
    ),
    "paper_file_moves": _noop("The picture moves. Take a still picture of each page."),
    "paper_file_pixels": _noop(
        "The picture has %(megapixels)s million pixels; %(most)s million are allowed. Lower the camera's resolution."
    ),
    "paper_file_pixels_unknown": _noop(
        "The picture claims a size beyond all measure. Photograph the paper anew."
    ),
    "paper_pdf_locked": _noop(
        "The PDF is locked or has a password. Save it without one, or print it and scan it."
    ),
    "paper_pdf_script": _noop(
        "The PDF holds a script, which may do harm. Print it as a new PDF, or scan the paper."
    ),
    "paper_pdf_files": _noop("The PDF holds other files or media. Print it as a new PDF, or scan the paper."),
    "paper_pdf_starts": _noop(
        "The PDF starts something by itself. Print it as a new PDF, or scan the paper."
    ),
    "paper_pdf_objects": _noop(
        "The PDF has more than %(most)s parts, which no scan has. Print it as a new PDF."
    ),
    "paper_pdf_without_pages": _noop("The PDF has no pages. Choose another file."),
    "paper_pdf_pages": _noop("The PDF has %(pages)s pages; %(most)s are allowed. Split it."),
    "paper_type_unknown": _noop("Choose what kind of paper it is first."),
    "paper_page_twice": _noop("This very page is there already."),
    "paper_page_gone": _noop("This page was replaced or removed meanwhile. Look at the list again."),
    "paper_gone": _noop("There is no such paper in this case. Look at the list again."),
    "papers_changed": _noop("Somebody changed this paper meanwhile. Look at its pages again."),
    "papers_case_full": _noop(
        "A case takes at most %(most)s pages, replaced ones included. Open another case."
    ),
    "paper_hidden": _noop("Medical papers are shown to positions of underwriting and claims only."),
    "paper_reason_missing": _noop("Say why you need to see them."),
    "handover_types_missing": _noop("Choose at least one paper that shall be photographed."),
    "handover_over": _noop("This code is used up or out of time. Please ask at the counter for a new one."),
    "handover_type_not_asked": _noop("This paper was not asked for. Please ask at the counter."),
    "handover_full": _noop(
        "%(most)s pages have come by this code; more are not possible. Please ask at the counter."
    ),
    "handover_too_fast": _noop(
        "More than %(most)s pages within a minute. Please wait a moment and send it again."
    ),
    "locked_by_another": _noop("The policy is locked by somebody else. Wait a moment and answer again."),
    **hall_words.SENTENCES,
}


def _paper_types(codes: str) -> str:
    """What types of scanned paper are called; several, joined by a stroke, where one of them will do."""
    chinese = (get_language() or "zh").startswith("zh")
    names = {code: one.name.zh if chinese else one.name.en for code, one in paper_types().items()}
    return "/".join(names.get(code, code) for code in codes.split("/"))


def sentence(code: str, parameters: Mapping[str, str] | None = None) -> str:
    """The sentence of a code in the reader's language; a code without one is shown with what it came with."""
    given = dict(parameters or {})
    if code not in SENTENCES:
        return f"{code} {given}" if given else code
    said: defaultdict[str, str] = defaultdict(str)
    said.update({name: _said(name, value) for name, value in given.items()})
    return gettext(SENTENCES[code]) % said


def _join(names: Iterable[str]) -> str:
    return gettext(", ").join(names)


def _said(name: str, value: str) -> str:
    if name == "type":
        return _paper_types(value)
    if name in PARAMETERS:
        return label(PARAMETERS[name], value)
    if name in POSITIONS:
        return _join(labels.position_name(code) for code in value.split(","))
    if name == "steps":
        return _join(label(labels.HELPER_STEP, code) for code in value.split(","))
    if _AMOUNT.fullmatch(value):
        whole, _dot, cents = value.partition(".")
        return f"{int(whole):,}.{cents}" if whole != "-0" else value
    return value
