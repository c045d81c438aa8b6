"""Where one can go from every screen, and under which key."""

from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from counterfoil.apps.organisation.queries import Actor
from counterfoil.web.access import SIGNED_IN, allowed
from counterfoil.web.links import (
    AUTHORITY,
    BOARD,
    CASES,
    COMPLAINTS,
    HALLS,
    KNOWLEDGE,
    NEW_APPLICATION,
    NEW_CASE,
    NEW_CUSTOMER,
    NEW_ENQUIRY,
    PRODUCTS,
    QUOTATION,
)


class Destination(Struct, frozen=True):
    """A place in the menu or a button on the home screen; ``key`` opens it, ``icon`` is one of Tabler's."""

    label: object
    path: str
    permission: str
    icon: str
    key: str = ""
    current: bool = False


MENU = (
    Destination(_("My work"), "/", SIGNED_IN, "inbox", "h"),
    Destination(_("Cases"), CASES, "work_cases", "folders", "k"),
    Destination(_("Search"), "/search/", "search", "search"),
    Destination(_("Knowledge base"), KNOWLEDGE, "knowledge", "book", "m"),
    Destination(_("Products"), PRODUCTS, "products_view", "package", "o"),
    Destination(_("Quotation"), QUOTATION, "quote", "calculator", "q"),
    Destination(_("Hall"), HALLS, "hall_wall", "armchair", "g"),
    Destination(_("Supervision"), BOARD, "assign_cases", "layout-dashboard", "d"),
    Destination(_("Complaints"), COMPLAINTS, "read_complaints", "message-report"),
    Destination(_("Authority"), AUTHORITY, "read_authority", "key"),
)
QUICK = (
    Destination(_("New enquiry"), NEW_ENQUIRY, "receive_case", "message-question", "i"),
    Destination(_("New case"), NEW_CASE, "receive_case", "folder-plus", "e"),
    Destination(_("New application"), NEW_APPLICATION, "submit_application", "file-plus", "n"),
    Destination(_("New customer"), NEW_CUSTOMER, "register_party", "user-plus", "c"),
)


def destinations(actor: Actor, path: str) -> list[Destination]:
    """The menu as this person sees it."""
    return [
        Destination(d.label, d.path, d.permission, d.icon, d.key, d.path == path)
        for d in MENU
        if allowed(actor, d.permission)
    ]


def quick_acts(actor: Actor) -> list[Destination]:
    """The counter's acts that begin without a policy."""
    return [d for d in QUICK if allowed(actor, d.permission)]
