"""What codes and parts of forms are called that only forms use; other languages in ``locale/``."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from counterfoil.web.labels import Labels

INSURED_IS: Labels = {
    "self": pgettext_lazy("the insured is the policyholder's", "the policyholder"),
    "spouse": pgettext_lazy("the insured is the policyholder's", "spouse"),
    "child": pgettext_lazy("the insured is the policyholder's", "child"),
    "parent": pgettext_lazy("the insured is the policyholder's", "parent"),
    "supported_relative": pgettext_lazy(
        "the insured is the policyholder's", "relative in a support relation"
    ),
    "employee": pgettext_lazy("the insured is the policyholder's", "employee"),
    "other": pgettext_lazy("the insured is the policyholder's", "other (with consent)"),
}
BENEFICIARY_IS: Labels = {
    "spouse": pgettext_lazy("the beneficiary is the insured's", "spouse"),
    "child": pgettext_lazy("the beneficiary is the insured's", "child"),
    "parent": pgettext_lazy("the beneficiary is the insured's", "parent"),
    "sibling": pgettext_lazy("the beneficiary is the insured's", "sibling"),
    "grandparent": pgettext_lazy("the beneficiary is the insured's", "grandparent"),
    "grandchild": pgettext_lazy("the beneficiary is the insured's", "grandchild"),
    "other": pgettext_lazy("the beneficiary is the insured's", "other"),
}
BANK_RESULT: Labels = {
    "confirmed": _("Paid out"),
    "refused": _("Refused by the bank"),
    "unknown": _("Not known yet"),
}
SURRENDER_REASON: Labels = {
    "need_of_money": _("Needs the money"),
    "premium_too_high": _("Premium too high"),
    "cover_no_longer_needed": _("Cover no longer needed"),
    "other_insurance": _("Insured elsewhere"),
    "dissatisfied": _("Dissatisfied with the service"),
    "sale_not_as_told": _("Not as told at the sale"),
    "other": pgettext_lazy("reason", "Other"),
}
REPORTER: Labels = {
    "policyholder": _("Policyholder"),
    "beneficiary": _("Beneficiary"),
    "relative": _("Relative"),
    "employer": _("Employer"),
    "agent": _("Agent"),
    "authority": _("Authority (police, hospital)"),
    "other": pgettext_lazy("reporter", "Other"),
}
GONE: Labels = {
    "predeceased": _("Died before the insured"),
    "simultaneous": _("Died in the same event, order unknown"),
    "waived": _("Waived the right"),
    "disqualified": _("Lost the right"),
}
GROUND: Labels = {
    "not_covered": _("Not covered by the contract"),
    "non_disclosure_intentional": _("Intentional non-disclosure"),
    "non_disclosure_negligent": _("Grossly negligent non-disclosure"),
    "fabricated_event": _("Event was fabricated"),
    "death_not_established": _("Death is not established"),
    "limitation_passed": _("Claim is time-barred"),
}
WHO: Labels = {
    "policyholder": pgettext_lazy("who it is", "policyholder"),
    "new": pgettext_lazy("who it is", "new customer"),
    "known": pgettext_lazy("who it is", "known customer"),
}
WHEN: Labels = {
    "always": "",
    "policyholder_is_not_insured": _("where policyholder and insured differ"),
    "death_by_accident": _("for a death by accident"),
    "paid_to_estate": _("where the estate is paid"),
    "declared_dead": _("where declared dead by judgment"),
}
