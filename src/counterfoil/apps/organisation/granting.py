"""Granting and ending authority on the screen: one administrator asks, a second person confirms (ORG-3, four eyes).

Nobody asks for or confirms what gives authority to himself; a grant to a position is company-wide, so both are then
of the head office; a grant to a person is for those who see the person's unit.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from counterfoil.apps.journal.ports import LEGAL_ZONE, new_id, now
from counterfoil.apps.organisation.acting import acting, legal_today
from counterfoil.apps.organisation.models import AuthorityGrant, Employee, GrantProposal
from counterfoil.apps.organisation.operations import check_grant, grant_authority
from counterfoil.apps.organisation.queries import Actor
from counterfoil.apps.organisation.writing import UnableToOrganise

ASK, CONFIRM = "grant_authority", "confirm_authority"


class Terms(Struct, frozen=True, kw_only=True):
    """What is granted, to whom, up to how many yuan (each, and for one policyholder a day), over [from, until)."""

    holder_kind: str
    holder: str
    act: str
    product: str
    amount_limit: Decimal
    valid_from: date
    valid_until: date | None
    source: str
    unit_level: str = ""
    day_limit: Decimal | None = None


class _End(Struct, frozen=True):
    valid_until: date


def propose_grant(terms: Terms, actor_id: UUID) -> GrantProposal:
    """Ask for a grant; it holds when a second person confirms it.

    Raises NoSuchActor, and UnableToOrganise with what ``grant_authority`` would refuse, and no_permission,
    begins_in_the_past, source_missing, grant_to_oneself, not_your_unit, head_office_grants.
    """
    if not terms.source.strip():
        raise UnableToOrganise("source_missing")
    if terms.valid_from < legal_today():
        raise UnableToOrganise("begins_in_the_past")
    with acting(actor_id) as (_, actor):
        check_grant(**_checked(terms))
        _check_person(actor, ASK, terms.holder_kind, terms.holder)
        return _proposed("grant", msgspec.to_builtins(terms), None, terms.source, actor_id)


def propose_end(grant_id: UUID, valid_until: date, reason: str, actor_id: UUID) -> GrantProposal:
    """Ask that a grant ends; ``valid_until`` is the first day on which it no longer holds.

    Raises NoSuchActor, and UnableToOrganise: no_permission, grant_unknown, reason_missing, ends_in_the_past,
    time_ends_before_it_begins, not_your_unit, head_office_grants, waits_already.
    """
    if not reason.strip():
        raise UnableToOrganise("reason_missing")
    with acting(actor_id) as (_, actor):
        grant = AuthorityGrant.objects.select_for_update().filter(grant_id=grant_id).first()
        if grant is None or (grant.valid_until is not None and grant.valid_until <= legal_today()):
            raise UnableToOrganise("grant_unknown")
        if valid_until < legal_today():
            raise UnableToOrganise("ends_in_the_past")
        if valid_until <= grant.valid_from:
            raise UnableToOrganise("time_ends_before_it_begins")
        _check_scope(actor, ASK, grant.holder_kind, grant.holder)
        if GrantProposal.objects.filter(grant_id=grant_id, kind="end", state="waiting").exists():
            raise UnableToOrganise("waits_already")
        return _proposed("end", msgspec.to_builtins(_End(valid_until)), grant_id, reason, actor_id)


def confirm_proposal(proposal_id: UUID, actor_id: UUID) -> AuthorityGrant:
    """Confirm what another person asked for: the grant is made, or ends, now.

    Raises NoSuchActor, and UnableToOrganise: no_permission, proposal_not_open, approver_is_maker, approver_is_kin,
    approver_stands_in, grant_to_oneself, not_your_unit, head_office_grants, and what ``grant_authority`` refuses now.
    """
    with acting(actor_id) as (_, actor):
        proposal = _taken(proposal_id, actor)
        if proposal.kind == "grant":
            terms = msgspec.convert(proposal.terms, Terms)
            _check_person(actor, CONFIRM, terms.holder_kind, terms.holder)
            asked_by = proposal.proposed_by.username
            grant = grant_authority(
                **_checked(terms), source=terms.source, actor=f"{asked_by}, {actor.username}"
            )
        else:
            grant = AuthorityGrant.objects.select_for_update().get(grant_id=proposal.grant_id)
            _check_scope(actor, CONFIRM, grant.holder_kind, grant.holder)
            grant.valid_until = max(msgspec.convert(proposal.terms, _End).valid_until, legal_today())
            grant.save(update_fields=["valid_until"])
        _decided(proposal, "confirmed", actor_id, grant.grant_id)
        return grant


def decline_proposal(proposal_id: UUID, actor_id: UUID) -> None:
    """Say no to what another person asked for. Raises as ``confirm_proposal``."""
    with acting(actor_id) as (_, actor):
        proposal = _taken(proposal_id, actor)
        if not actor.may(CONFIRM):
            raise UnableToOrganise("no_permission", permission=CONFIRM)
        _decided(proposal, "declined", actor_id, proposal.grant_id)


def _checked(terms: Terms) -> dict[str, Any]:
    return {
        name: getattr(terms, name)
        for name in (
            "holder_kind", "holder", "act", "product", "amount_limit", "valid_from", "valid_until", "unit_level",
            "day_limit",
        )
    }  # fmt: skip


def _check_person(actor: Actor, permission: str, holder_kind: str, holder: str) -> None:
    _check_scope(actor, permission, holder_kind, holder)
    mine = {str(one) for one in actor.one_side(legal_today())}
    if holder in (mine if holder_kind == "employee" else actor.positions):
        raise UnableToOrganise("grant_to_oneself")


def _check_scope(actor: Actor, permission: str, holder_kind: str, holder: str) -> None:
    if not actor.may(permission):
        raise UnableToOrganise("no_permission", permission=permission)
    if holder_kind == "position":
        if actor.unit_level != "head":
            raise UnableToOrganise("head_office_grants")
        return
    person = Employee.objects.select_related("unit").filter(employee_id=UUID(holder)).first()
    if person is None or not actor.sees(person.unit.path):
        raise UnableToOrganise("not_your_unit", unit=person.unit.name if person else holder)


def _proposed(
    kind: str, terms: dict[str, Any], grant_id: UUID | None, reason: str, actor_id: UUID
) -> GrantProposal:
    return GrantProposal.objects.create(
        proposal_id=new_id(),
        kind=kind,
        terms=terms,
        grant_id=grant_id,
        state="waiting",
        reason=reason.strip(),
        proposed_by_id=actor_id,
        proposed_at=now(),
    )


def _taken(proposal_id: UUID, actor: Actor) -> GrantProposal:
    rows = GrantProposal.objects.select_for_update(of=("self",)).select_related("proposed_by")
    proposal = rows.filter(proposal_id=proposal_id, state="waiting").first()
    if proposal is None:
        raise UnableToOrganise("proposal_not_open")
    then = proposal.proposed_at.astimezone(LEGAL_ZONE).date()
    why = actor.why_not_second(proposal.proposed_by_id, then, legal_today())
    if why is not None:
        raise UnableToOrganise(why)
    return proposal


def _decided(proposal: GrantProposal, state: str, actor_id: UUID, grant_id: UUID | None) -> None:
    proposal.state = state
    proposal.decided_by_id = actor_id
    proposal.decided_at = now()
    proposal.grant_id = grant_id
    proposal.save(update_fields=["state", "decided_by", "decided_at", "grant_id"])
