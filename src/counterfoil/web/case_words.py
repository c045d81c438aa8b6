"""What the parts of a case are called: kinds, steps, fields and papers, in the reader's language."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, gettext
from msgspec import structs

from counterfoil.apps.cases.papers_named import paper_names
from counterfoil.apps.cases.processes import clock_rules, processes
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.work.process import Process
from counterfoil.web.forms.said import Said, say
from counterfoil.web.labels import position_name


def spoken(names: Any) -> str:
    """A name that a file gives in several languages, in the reader's."""
    return str(names.zh if (get_language() or "zh").startswith("zh") else names.en)


def kind_name(kind: str) -> str:
    """What a kind of case is called; a kind that is no longer there is shown as it is."""
    process = processes().get(kind)
    return spoken(process.title) if process else kind


def step_name(process: Process, step: str) -> str:
    """What a step is called."""
    return next((spoken(one.title) for one in process.steps if one.step == step), step)


def exit_name(process: Process, step: str, exit_: str) -> str:
    """What a way out of a step is called."""
    if exit_ == "hand_up":
        return gettext("Handed up")
    found = process.exit(step, exit_) if any(one.step == step for one in process.steps) else None
    return spoken(found.title) if found else exit_


def field_name(process: Process, field: str) -> str:
    """What a field is called."""
    return next((spoken(one.title) for one in process.fields if one.field == field), field)


def value_name(process: Process, field: str, value: str) -> str:
    """What a value of a field is called."""
    found = next((one for one in process.fields if one.field == field), None)
    if value in ("yes", "no") and found is not None and not found.choices:
        return gettext("yes") if value == "yes" else gettext("no")
    return next((spoken(one.title) for one in found.choices if one.code == value), value) if found else value


def paper_name(code: str) -> str:
    """What a kind of paper is called, or the several of which one will do."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return gettext(" or ").join(str(paper_names().get(one, {}).get(language, one)) for one in code.split("/"))


def rule_name(rule: str) -> str:
    """What a time limit is called."""
    return spoken(clock_rules()[rule].title) if rule in clock_rules() else rule


def say_of_case(violations: Iterable[Violation], process: Process | None) -> tuple[Said, ...]:
    """Violations as sentences, with the names that this kind of case has for its parts."""
    return say([_named(one, process) for one in violations])


def _named(violation: Violation, process: Process | None) -> Violation:
    given = dict(violation.parameters)
    comma = gettext(", ")
    for name in ("positions", "wanted"):
        if given.get(name):
            given[name] = comma.join(position_name(code) for code in given[name].split(","))
    if "position" in given:
        given["position"] = position_name(given["position"])
    if "papers" in given:
        given["papers"] = comma.join(paper_name(code) for code in given["papers"].split(","))
    if process is not None and "step" in given:
        given["step"] = comma.join(step_name(process, one) for one in given["step"].split(","))
    if process is not None and (violation.field or "").startswith("fields."):
        given["name"] = field_name(process, given.get("name", ""))
    if violation.code in ("interested_staff", "not_your_case") and not given.get("name"):
        given["name"] = gettext("This person")
    return structs.replace(violation, parameters=given)
