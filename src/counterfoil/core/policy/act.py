"""What an act is: its request, its rule, what it reads, and who may do it up to what amount.

An act is one file in ``core`` that ends with ``ACT = Act(...)`` and one line in ``core/register.py``.
"""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.core.kernel.decisions import Decision, Violation


class Subject(StrEnum):
    POLICY = "policy"
    PARTY = "party"


class Act(Struct, frozen=True, kw_only=True):
    """One kind of act.

    - ``name``: also its permission and its authority key; ``subject``: whose state it changes.
    - ``request``: a frozen Struct; its fields make form, API schema, import columns. Annotate with
      ``msgspec.Meta(title=..., extra={...})``.
    - ``decide(state, facts, request, effective_date)``: pure.
    - ``reads``: slices of the subject; ``needs``: facts beyond the subject ("product", "parties", "health",
      "life_sums", "history").
    - ``against(state, facts, request)``: what speaks against it as the policy is known now, whatever day it counts
      from.
    - ``parties_of(request)``: party ids that the request names.
    - ``creates``: the act that brings the subject into being.
    - ``amount_needs_authority``: ``Accepted.amount`` is compared with the grants.
    - ``moves_money``: blocked while another money act of the policy waits or a claim is open, unless ``part_of_claim``.
    - ``undoable``: may be undone by leaving it out; acts that moved money get a correcting act instead.
    - ``before_contract``: on the way to the contract; decided on the policy as it is, never between others, and a later
      effective date is a term of the contract, not the act's place in time.
    - ``undo_until_paid``: an act that moved money may still be undone while no payment of it has gone to the bank.
    - ``effect_day(request)``: the day on which it counts where the request says so (money counts on the day it came);
      the effective date is then that day, whatever was asked.
    - ``derived_on(state, product)``: for an act of the calendar, the day on which it falls next by this state, or None;
      nobody can ask for such an act.
    - ``replaces``: slices that the request states anew as a whole; of two such acts a person says which prevails.
    - ``papers_key``: key of the product's paper lists; ``promise``: name of the time limit in parameters.
    - ``back_dating``: the effective date may lie before the day of receipt.
    - ``plain``, ``seal(plain, sealer)``: where the request carries sealed personal values, the request as it is
      typed (form, API schema, import columns come from it), and the way from it to a request or Refused.
    - ``redact(request)``: what is kept of the request and what the idempotency key is bound to.
    - ``lookups_of(request)``: keyed hashes for the fact "known_papers".
    """

    name: str
    subject: Subject
    request: type[Struct]
    decide: Callable[[Any, Any, Any, date], Decision]
    reads: frozenset[str]
    needs: frozenset[str] = frozenset()
    against: Callable[[Any, Any, Any], tuple[Violation, ...]] = lambda state, facts, request: ()
    parties_of: Callable[[Any], tuple[UUID, ...]] = lambda request: ()
    creates: bool = False
    amount_needs_authority: bool = False
    moves_money: bool = False
    part_of_claim: bool = False
    undoable: bool = False
    undo_until_paid: bool = False
    back_dating: bool = False
    before_contract: bool = False
    effect_day: Callable[[Any], date] | None = None
    derived_on: Callable[[Any, Any], date | None] | None = None
    replaces: frozenset[str] = frozenset()
    papers_key: str = ""
    promise: str = ""
    schema_version: int = 1
    plain: type[Struct] | None = None
    seal: Callable[[Any, Any], Any] | None = None
    redact: Callable[[Any], Any] = lambda request: request
    lookups_of: Callable[[Any], tuple[bytes, ...]] = lambda request: ()

    def counts_on(self, effective_date: date, received_on: date) -> date:
        """The act's place in order of effect."""
        return min(effective_date, received_on) if self.before_contract else effective_date
