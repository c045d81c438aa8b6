"""Decides whether a complaint is merged into an earlier one: same complainant, same matter, both open (art 18).

The later one is closed as merged and stays readable with its persons and papers; its persons join the first, whose
clock goes on as it was.
"""

from uuid import UUID

from msgspec import Struct, structs

from counterfoil.core.complaints.extension import LAW
from counterfoil.core.complaints.ways import Words
from counterfoil.core.kernel.decisions import Reasons, Refused
from counterfoil.core.work.case import Case, Role, Stage, WorkFacts, is_interested
from counterfoil.core.work.process import Process
from counterfoil.core.work.working import check_owner, check_words, closed

MERGED = "merged"
WHO_COMPLAINS = (Role.COMPLAINANT, Role.REPRESENTATIVE)


class Merge(Struct, frozen=True, tag="merge"):
    """This complaint repeats an earlier one (合并处理). ``words`` say why it is the same matter."""

    into: UUID
    words: Words


def merge(
    case: Case, process: Process, facts: WorkFacts, verb: Merge, first: Case | None
) -> tuple[Case, Case] | Refused:
    """The later case closed and the earlier one with its persons, or every reason why not. ``first`` None: it is not
    there, or not seen."""
    reasons = Reasons()
    check_owner(case, facts, reasons)
    check_words(verb.words, "words", reasons)
    if case.stage is Stage.CLOSED:
        reasons.add("case_closed", None, outcome=case.outcome)
    if first is None or first.case_id == case.case_id or first.kind != case.kind:
        reasons.add("no_such_case", "into")
        return reasons.refused()
    if first.stage is Stage.CLOSED:
        reasons.add("merged_into_closed", "into", LAW, number=first.number)
    if is_interested(first, facts.by):
        reasons.add("interested_staff", "into", "CMP 17", name=facts.by.name)
    if first.opened_at > case.opened_at:
        reasons.add("merged_into_later", "into", LAW, number=first.number)
    if not same_complainant(case, first):
        reasons.add("not_same_complainant", "into", LAW, number=first.number)
    if reasons:
        return reasons.refused()
    away = structs.replace(closed(case, process, facts, MERGED), merged_into=first.case_id, seq=case.seq + 1)
    more = tuple(person for person in case.persons if person not in first.persons)
    joined = structs.replace(first, persons=(*first.persons, *more), seq=first.seq + 1)
    if any(p.employee_id is not None and p.employee_id == joined.owner_id for p in joined.persons):
        # The owner of the first is concerned by what came with the second.
        joined = structs.replace(joined, owner_id=None, stage=Stage.POOL)
    return away, joined


def same_complainant(one: Case, other: Case) -> bool:
    """Whether one person complains in both: the same customer, a registered party of both, or, unregistered, a name."""
    return bool(_complainants(one) & _complainants(other))


def _complainants(case: Case) -> set[UUID | str]:
    found: set[UUID | str] = {case.customer_id} if case.customer_id else set()
    return found | {p.party_id or p.name.strip() for p in case.persons if p.role in WHO_COMPLAINS}
