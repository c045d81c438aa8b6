"""What a paper says: its contents from the act that brought it into being and the states around it."""

from typing import Any
from uuid import UUID

from counterfoil.apps.documents.contents import Contents

VERSION = "1"


class NoTemplate(LookupError):
    """There is no template for this kind of paper."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def document_data(cursor: Any, policy_id: UUID, seq: int, line: int) -> tuple[str, Contents] | None:
    """Template and contents."""
    raise NoTemplate("")
