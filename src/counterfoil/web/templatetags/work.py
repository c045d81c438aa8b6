"""Filters that name what belongs to cases."""

from typing import Any

from django import template

from counterfoil.apps.cases.processes import processes
from counterfoil.web import case_words

register = template.Library()


@register.filter
def kind_name(kind: str) -> str:
    """What a kind of case is called."""
    return case_words.kind_name(kind)


@register.filter
def step_name(line: Any) -> str:
    """What the step of a line about cases is called; one of an older version of the kind is shown as it is."""
    process = processes().get(line.kind)
    return case_words.step_name(process, line.step) if process else str(line.step)


@register.filter
def clock_name(rule: str) -> str:
    """What a time limit is called."""
    return case_words.rule_name(rule)
