"""What is wrong, as a form says it: a sentence with its basis, and the input that it is about."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from counterfoil.core.kernel.decisions import Violation
from counterfoil.web.sentences import sentence

ABOUT_ACT = frozenset({"effective_date", "received_on", "received_time", "opinion"})
INPUT_OF = {"back_dating_reason_missing": "back_dating_reason", "back_dated_too_far": "act.effective_date"}
"""Codes that are about an input of the page, whatever the rule calls it."""
SOURCES = {
    "Insurance Law": _("Insurance Law, article %(where)s"),
    "SPC2": _("Judicial interpretation II of the Insurance Law, article %(where)s"),
    "SPC3": _("Judicial interpretation III of the Insurance Law, article %(where)s"),
    "Civil Code": _("Civil Code, article %(where)s"),
    "CDD": _("Customer due diligence measures, article %(where)s"),
    "CMP": _("Consumer complaints measures, article %(where)s"),
    "PIPL": _("Personal Information Protection Law, article %(where)s"),
    "GB": _("National standard GB %(where)s"),
    "domain rules": _("Company rules %(where)s"),
}
OWN_PRACTICE = "company practice"
_CLAUSE = re.compile(r"[0-9]+(\.[0-9]+)*(\([0-9]+\))?([,-] ?[0-9]+(\.[0-9]+)*(\([0-9]+\))?)*")


class Said(Struct, frozen=True):
    """One violation: ``field`` is the dotted name of the input, empty for the act as a whole."""

    field: str
    text: str
    basis: str = ""
    code: str = ""


def say(
    violations: Iterable[Violation], prefix: str = "", own: frozenset[str] = frozenset()
) -> tuple[Said, ...]:
    """Violations as sentences; ``own`` are the fields of the shape, which go before those of the act itself."""
    return tuple(_said(one, prefix, own) for one in violations)


def _said(one: Violation, prefix: str, own: frozenset[str]) -> Said:
    field = INPUT_OF.get(one.code, one.field or "")
    if one.code == "timeline_conflict":
        field = f"choice.{one.parameters.get('seq', '')}"
    elif one.code in INPUT_OF:
        pass
    elif field in ABOUT_ACT and field not in own:
        field = f"act.{field}"
    elif field and not field.startswith("act."):
        field = prefix + field
    return Said(field, sentence(one.code, one.parameters), basis_text(one.basis), one.code)


def basis_text(basis: str | None) -> str:
    """Law, interpretation or clause in the reader's language; other sources are shown as they are written."""
    if not basis:
        return ""
    if basis == OWN_PRACTICE:
        return gettext("company practice")
    for name, text in SOURCES.items():
        if basis.startswith(name + " "):
            return str(text) % {"where": basis[len(name) + 1 :]}
    if _CLAUSE.fullmatch(basis):
        return gettext("clause %(where)s") % {"where": basis}
    return basis
