"""What a paper says: its contents from the act that brought it into being and the states around it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from counterfoil.apps.documents.contents import Contents
from counterfoil.apps.documents.papers import (
    application_form,
    claim_letters,
    endorsement_slip,
    payment_receipt,
    policy_contract,
    policy_notice,
)
from counterfoil.apps.documents.source import Source, load_source

VERSION = "1"
PAPERS: dict[str, Callable[[Source], Contents]] = {
    "policy_contract": policy_contract.contents,
    "application_form": application_form.contents,
    "payment_receipt": payment_receipt.contents,
    "endorsement_slip": endorsement_slip.contents,
    "claim_decision": claim_letters.decision,
    "claim_closing": claim_letters.closing,
    **dict.fromkeys(policy_notice.LETTERS, policy_notice.contents),
}
TEMPLATES = dict.fromkeys(policy_notice.LETTERS, "policy_notice")
"""The template of a kind of paper that has none of its own name."""
SAYS_BEFORE = frozenset({"endorsement_slip"})


class NoTemplate(LookupError):
    """There is no template for this kind of paper."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def document_data(cursor: Any, policy_id: UUID, seq: int, line: int) -> tuple[str, Contents] | None:
    """Template and contents of line ``line`` of act ``seq``; None where the reader sees no such paper.

    Inside the reader's scope. A constant number of statements (tests/web/statements.yaml). Raises NoTemplate.
    """
    source = load_source(cursor, policy_id, seq, line, with_before=SAYS_BEFORE)
    if source is None:
        return None
    if source.issued.kind not in PAPERS:
        raise NoTemplate(source.issued.kind)
    kind = source.issued.kind
    return TEMPLATES.get(kind, kind), PAPERS[kind](source)
