"""Filters of the screens of acts."""

from django import template

register = template.Library()


@register.filter
def part(field: str) -> str:
    """The part of a masked value's field: ``paper:RESIDENT_ID`` is RESIDENT_ID."""
    return field.partition(":")[2]
