"""Decides which characters a text of a person may hold: control characters are none that anybody typed."""

import re

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def has_control_characters(text: str) -> bool:
    """True for a text with a control character (tab and line ends are none) or half a surrogate pair.

    A database keeps no U+0000 in text, and none of the others can be seen on a screen or a slip.
    """
    return CONTROL.search(text) is not None
