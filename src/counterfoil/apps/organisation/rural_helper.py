"""What a rural claims helper (协赔员) may be granted, and the chain of opinions that raises it (ORG-4).

Amount and time come from ``parameters/company/authority.yaml``, the chain from ``parameters/organisation/
rural_helper.yaml``. An opinion is never changed; a later one takes its place.
"""

from datetime import date
from decimal import Decimal
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from msgspec import Struct

from counterfoil.apps.journal.ports import new_id, now
from counterfoil.apps.organisation.acting import acting, legal_today
from counterfoil.apps.organisation.models import AuthorityGrant, Employee, HelperStep, PositionAssignment
from counterfoil.apps.organisation.queries import ANY, Actor
from counterfoil.apps.organisation.writing import UnableToOrganise
from counterfoil.core.kernel.calendar_dates import add_months
from counterfoil.core.kernel.money import yuan
from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.kernel.strict_files import load_yaml


class ChainStep(Struct, frozen=True):
    """One opinion: who gives it at which level of unit, its outcomes, and those that are enough to raise."""

    step: str
    level: str
    positions: tuple[str, ...]
    outcomes: tuple[str, ...]
    enough: tuple[str, ...]
    names_amount: bool


class RuralHelper(Struct, frozen=True):
    """The position, the acts whose grants are limited, what renews a grant, and the chain that raises it, in order."""

    position: str
    acts: tuple[str, ...]
    renewed_by: str
    renewed_with: tuple[str, ...]
    chain: tuple[ChainStep, ...]


@cache
def rules() -> RuralHelper:
    """The rules of this installation, read once a process."""
    return load_yaml(settings.PARAMETERS_DIR / "organisation" / "rural_helper.yaml", RuralHelper)


@cache
def _parameters() -> Parameters:
    return Parameters.load(settings.PARAMETERS_DIR)


def is_rural_helper(employee_id: UUID, using: str) -> bool:
    """Whether the person holds the position, now or later."""
    held = PositionAssignment.objects.using(using).filter(employee_id=employee_id, position=rules().position)
    return held.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=legal_today())).exists()


def check_rural_helper(
    holder_kind: str,
    holder: str,
    act: str,
    amount_limit: Decimal,
    valid_from: date,
    valid_until: date | None,
    using: str,
) -> None:
    """Whether a rural helper may get this grant; nothing for anybody else. Call it inside the grant's transaction.

    Raises UnableToOrganise: helper_above_limit, helper_too_long, helper_not_reviewed.
    """
    if act != ANY and act not in rules().acts:
        return
    if holder_kind == "position" and holder == rules().position:
        _check(None, holder, amount_limit, valid_from, valid_until, using)
    elif holder_kind == "employee" and is_rural_helper(UUID(holder), using):
        _check(UUID(holder), holder, amount_limit, valid_from, valid_until, using)


def check_becoming_helper(employee_id: UUID, using: str) -> None:
    """Whether somebody may become a rural helper with the personal grants there are. Raises UnableToOrganise."""
    open_ended = Q(valid_until__isnull=True) | Q(valid_until__gt=legal_today())
    grants = AuthorityGrant.objects.using(using).filter(
        open_ended, holder_kind="employee", holder=str(employee_id), act__in=(ANY, *rules().acts)
    )
    for grant in grants:
        _check_limits(employee_id, grant.amount_limit, grant.valid_from, grant.valid_until, using)


def _check(
    person: UUID | None,
    holder: str,
    amount: Decimal,
    valid_from: date,
    valid_until: date | None,
    using: str,
) -> None:
    _check_limits(person, amount, valid_from, valid_until, using)
    earlier = AuthorityGrant.objects.using(using).filter(
        holder=holder, act__in=(ANY, *rules().acts), valid_from__lt=valid_from
    )
    last = earlier.order_by("-valid_from").first()
    if last is not None:
        for helper in [person] if person else _holders(valid_from, using):
            _check_renewal(helper, last.valid_from, valid_from, using)


def _check_limits(
    person: UUID | None, amount: Decimal, valid_from: date, valid_until: date | None, using: str
) -> None:
    """Above amount or time only a person whose chain is complete; a position has no chain."""
    most = _parameters().get("authority.rural_helper_amount", valid_from, legal_today()).decimal
    months = _parameters().get("authority.rural_helper_months", valid_from, legal_today()).number
    last = add_months(valid_from, months)
    above, long = amount > most, valid_until is None or valid_until > last
    if not above and not long:
        return
    lacking = lacking_steps(person, amount, valid_from, using) if person else rules().chain
    if not lacking:
        return
    missing = ",".join(step.step for step in lacking)
    if above:
        raise UnableToOrganise("helper_above_limit", amount=str(yuan(amount)), limit=str(most), steps=missing)
    raise UnableToOrganise("helper_too_long", until=str(last), steps=missing)


def _holders(on: date, using: str) -> list[UUID]:
    held = PositionAssignment.objects.using(using).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=on), position=rules().position, valid_from__lte=on
    )
    return list(held.values_list("employee_id", flat=True).distinct())


def _check_renewal(helper: UUID, since: date, valid_from: date, using: str) -> None:
    found = _latest(helper, valid_from, using).get(rules().renewed_by)
    if found is None or found.on < since or found.outcome not in rules().renewed_with:
        raise UnableToOrganise("helper_not_reviewed", outcome=found.outcome if found else "")


def _latest(helper: UUID, on: date, using: str) -> dict[str, HelperStep]:
    """The last opinion of each step that still counts on that day."""
    months = _parameters().get("authority.review_months", on, legal_today()).number
    since = add_months(on, -months)
    rows = HelperStep.objects.using(using).filter(employee_id=helper, on__gt=since)
    return {row.step: row for row in rows.order_by("on", "at")}


def lacking_steps(helper: UUID, amount: Decimal, on: date, using: str = "default") -> tuple[ChainStep, ...]:
    """The steps of the chain that are not there, not enough, for less, or by somebody who gave another one."""
    found = _latest(helper, on, using)
    lacking, people = [], set()
    for step in rules().chain:
        row = found.get(step.step)
        good = row is not None and row.outcome in step.enough and row.by_id not in people
        if not good or (step.names_amount and (row is None or row.amount is None or row.amount < amount)):
            lacking.append(step)
        if row is not None:
            people.add(row.by_id)
    return tuple(lacking)


def record_opinion(
    helper_id: UUID, step: str, outcome: str, amount: Decimal | None, opinion: str, actor_id: UUID
) -> HelperStep:
    """Record one opinion on a rural helper, in the order of the chain, each by another person of the right unit.

    ``amount``: up to how many yuan, for a consent or an approval. Raises NoSuchActor, and UnableToOrganise:
    step_unknown, outcome_unknown, amount_missing, opinion_missing, not_a_helper, not_the_right_unit, opinion_by_one,
    step_too_early.
    """
    rule = next((one for one in rules().chain if one.step == step), None)
    if rule is None:
        raise UnableToOrganise("step_unknown", step=step)
    if outcome not in rule.outcomes:
        raise UnableToOrganise("outcome_unknown", outcome=outcome)
    if rule.names_amount and amount is None:
        raise UnableToOrganise("amount_missing")
    if not opinion.strip():
        raise UnableToOrganise("opinion_missing")
    with acting(actor_id) as (_, actor):
        helper = Employee.objects.select_for_update(of=("self",)).select_related("unit")
        person = helper.filter(employee_id=helper_id).first()
        if person is None or not is_rural_helper(helper_id, "default"):
            raise UnableToOrganise("not_a_helper")
        _check_giver(actor, rule, person)
        return HelperStep.objects.create(
            step_id=new_id(),
            employee=person,
            step=step,
            outcome=outcome,
            amount=yuan(amount) if rule.names_amount and amount is not None else None,
            opinion=opinion.strip(),
            by_id=actor_id,
            by_unit_id=actor.unit_id,
            on=legal_today(),
            at=now(),
        )


def _check_giver(actor: Actor, rule: ChainStep, person: Employee) -> None:
    right = actor.unit_level == rule.level and actor.sees(person.unit.path)
    if not right or not set(actor.positions) & set(rule.positions):
        raise UnableToOrganise(
            "not_the_right_unit", level=rule.level, positions=",".join(rule.positions), step=rule.step
        )
    today = legal_today()
    given = _latest(person.employee_id, today, "default")
    others = [row for row in given.values() if row.step != rule.step]
    if actor.why_not_second(person.employee_id, today, today) or any(
        actor.why_not_second(row.by_id, row.on, today) for row in others
    ):
        raise UnableToOrganise("opinion_by_one")
    for before in rules().chain[: rules().chain.index(rule)]:
        if before.step not in given or given[before.step].outcome not in before.enough:
            raise UnableToOrganise("step_too_early", steps=before.step)
