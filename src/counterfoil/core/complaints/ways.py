"""How a complainant is told (art 21): handed over or posted, message or mail sent, or called within the time."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

TOLD = "CMP 21"
Words = Annotated[str, Meta(max_length=4000)]


class Way(StrEnum):
    """A way of telling; each leaves a proof."""

    HANDED_OVER = "handed_over"
    POSTED = "posted"
    MESSAGE = "message"
    CALL = "call"
