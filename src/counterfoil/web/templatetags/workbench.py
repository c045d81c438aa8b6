"""Filters of the workbench: amounts, names of codes, what is said in the reader's language."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from counterfoil.apps.hall.catalogue import services
from counterfoil.apps.organisation.counted import COUNTED
from counterfoil.web import labels, links
from counterfoil.web.forms.said import basis_text

register = template.Library()


@register.filter
def yuan(amount: Decimal | None) -> str:
    """An amount with separators and two places; a dash for none."""
    return "—" if amount is None else f"{amount:,.2f}"


@register.filter
def limit(amount: Decimal, act: str) -> str:
    """Up to how much a grant goes: yuan, but for those that count days or acts."""
    return f"{amount:,.0f}" if act in COUNTED else yuan(amount)


@register.filter
def percent(share: Decimal | None) -> str:
    """A share without needless zeros."""
    return "—" if share is None else f"{share.normalize():f}%"


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as 2026-11-22; a dash for none."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.isoformat() if value else "—"


@register.filter
def moment(value: datetime | None) -> str:
    """Date and time to the minute, as the wall clock shows it."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else "—"


@register.filter
def clock(value: datetime | None) -> str:
    """The time of day to the minute."""
    return timezone.localtime(value).strftime("%H:%M") if value else "—"


@register.filter
def day_text(value: date | str) -> str:
    """A day in a field, whether typed or given."""
    return value if isinstance(value, str) else value.isoformat()


@register.filter
def minutes(seconds: int) -> int:
    """Whole minutes of seconds."""
    return seconds // 60


@register.filter
def share(ratio: Decimal | None) -> str:
    """A ratio as a percentage to one place; a dash for none."""
    return "—" if ratio is None else f"{ratio * 100:.1f}%"


@register.filter
def service_name(code: str) -> str:
    """What a service of the hall is called in the reader's language."""
    found = services().get(code)
    return spoken(found.name) if found else code


@register.filter
def named(code: object, kind: str) -> str:
    """What a code of a kind is called."""
    return labels.label(labels.KINDS[kind], code)


@register.filter
def colour(code: object) -> str:
    """Tabler's colour for a standing or state."""
    return labels.COLOUR.get(str(code), "secondary")


@register.filter
def spoken(name: Any) -> str:
    """A name that a product gives in two languages, in the reader's."""
    return str(name.zh if (get_language() or "zh").startswith("zh") else name.en)


@register.filter
def basis(text: str) -> str:
    """Law or clause in the reader's language."""
    return basis_text(text)


@register.filter
def position(code: str) -> str:
    """What a position is called."""
    return labels.position_name(code)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """An entry of a mapping, or nothing."""
    return mapping.get(key, "")


@register.simple_tag
def link(kind: str, *parts: Any) -> str:
    """The address of a screen, as ``links`` makes it."""
    return str(getattr(links, kind)(*parts))


@register.simple_tag
def kbd(key: str) -> SafeString | str:
    """The mark that shows a key."""
    return format_html('<kbd class="key">{}</kbd>', key.upper()) if key else ""
