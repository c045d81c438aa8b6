"""Decides whether a live screen of a hall has anything new to show: it asks with what it shows, and gets 204 if not.

The tag is the version of the hall, and the minute where waiting times are shown.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from counterfoil.apps.hall.operations import give_back_lost
from counterfoil.apps.hall.queries import pulse
from counterfoil.apps.journal.ports import now
from counterfoil.web.access import cursor, is_fragment


def tag_of_hall(unit_id: str) -> str:
    """The tag of a hall now. Raises Http404 where the reader sees none. Windows found silent are given up first."""
    at = now()
    found = pulse(cursor(), unit_id, at)
    if found is None:
        raise Http404
    version, lost = found
    if lost:
        version += give_back_lost(cursor(), unit_id) > 0
    return with_minute(version)


def with_minute(*versions: int) -> str:
    """A tag that is another each minute."""
    return "-".join(str(one) for one in versions) + timezone.localtime(now()).strftime("-%H%M")


def nothing_new(request: HttpRequest, tag: str) -> HttpResponse | None:
    """204 for a screen that asks with the tag of what there is now."""
    if is_fragment(request) and request.GET.get("tag") == tag:
        return HttpResponse(status=204)
    return None
