"""The policy's screen: head line, people, coverages, money, timeline, papers, claims, and the acts possible now.

``?tab=`` chooses what is shown below the head, ``?on=`` the day of effect, ``?seq=`` the last act that was known.
"""

from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from msgspec import Struct

from counterfoil.apps.policies.history import acts_of, balances_of, entries_of, papers_of
from counterfoil.apps.policies.queries import PolicyFile, Standings, load_policy, standing_at
from counterfoil.apps.work.queries import business_date
from counterfoil.core.kernel.versions import Version, at
from counterfoil.core.policy.lifecycle import contract_of, cooling_off_end, coverage_on, paid_to_on
from counterfoil.core.policy.values import Contract, Coverage, PaidTo
from counterfoil.core.product.lookup import OutsideTables
from counterfoil.web.access import ActorRequest, cursor, screen
from counterfoil.web.pages import page
from counterfoil.web.possible_acts import policy_acts

TABS = (
    ("people", _("People and coverage"), "p"),
    ("money", _("Money"), "m"),
    ("timeline", _("Timeline"), "t"),
    ("papers", _("Papers"), "d"),
    ("claims", _("Claims"), "l"),
)


class HeadLine(Struct, frozen=True):
    """The figures on top of the screen, as on one day. Yuan; ``cash_value`` None where the tables state none."""

    standing: Standings
    contract: Contract | None
    coverage: Coverage | None
    paid_to: PaidTo | None
    holder_id: UUID | None
    holder: str
    insured_id: UUID | None
    insured: str
    cash_value: Decimal | None
    cooling_off_until: date | None


@require_GET
@screen("read_policy")
def policy(request: HttpRequest, policy_id: UUID) -> HttpResponse:
    """One policy, now or as it was."""
    asked = cursor()
    today = business_date(asked)
    on = _day(request.GET.get("on", "")) or today
    seq = _number(request.GET.get("seq", ""))
    file = load_policy(asked, policy_id, seq)
    if file is None:
        raise Http404
    as_it_was = on != today or seq is not None
    acts = acts_of(asked, policy_id)
    entries = entries_of(asked, policy_id)
    now_open, closed = ([], []) if as_it_was else policy_acts(cast(ActorRequest, request).actor, file, today)
    tab = request.GET.get("tab", TABS[0][0])
    context = {
        "file": file,
        "head": head_line(file, on),
        "on": on,
        "today": today,
        "seq": seq,
        "as_it_was": as_it_was,
        "tab": tab if tab in {name for name, _label, _key in TABS} else TABS[0][0],
        "tabs": TABS,
        "acts": acts,
        "act_names": {act.seq: act.act for act in acts},
        "entries": entries,
        "balances": balances_of(entries),
        "papers": papers_of(asked, policy_id),
        "now_open": now_open,
        "closed": closed,
        **_lists(file, on),
    }
    return page(request, "policy.html", context)


def head_line(file: PolicyFile, on: date) -> HeadLine:
    """The figures of the head on a day."""
    state, product = file.state, file.product
    holder, insured = _person(file, "policyholder", on), _person(file, "insured", on)
    contract = contract_of(state)
    return HeadLine(
        standing=standing_at(state, product, on),
        contract=contract,
        coverage=coverage_on(state, on),
        paid_to=paid_to_on(state, on),
        holder_id=holder,
        holder=file.names.get(holder, "") if holder else "",
        insured_id=insured,
        insured=file.names.get(insured, "") if insured else "",
        cash_value=_cash_value(file, on),
        cooling_off_until=cooling_off_end(contract, product.terms) if contract else None,
    )


def _cash_value(file: PolicyFile, on: date) -> Decimal | None:
    """What surrender on the day would be worth before debts; None outside the contract."""
    state = file.state
    contract, coverage, paid = contract_of(state), coverage_on(state, on), paid_to_on(state, on)
    if contract is None or coverage is None or paid is None:
        return None
    if standing_at(state, file.product, on).code in ("ended", "before_effective", "expired"):
        return None
    try:
        return file.product.cash_value(
            sex=coverage.sex,
            issue_age=coverage.issue_age,
            term_years=coverage.term_years,
            pay_mode=coverage.pay_mode,
            pay_years=coverage.pay_years,
            sum_assured=coverage.sum_assured,
            effective_date=contract.effective_date,
            paid_to_date=paid.paid_to_date,
            on=on,
        )
    except OutsideTables:
        return None


def _person(file: PolicyFile, part: str, on: date) -> UUID | None:
    held = at(file.state.roles, on, part) or tuple(v for v in file.state.roles if v.part == part)
    return held[0].value.party_id if held else None


def _lists(file: PolicyFile, on: date) -> dict[str, Any]:
    """What the tabs list, as it holds on the day."""
    state, names = file.state, file.names
    beneficiaries = sorted(at(state.beneficiaries, on), key=lambda v: (v.value.order, v.part))
    return {
        "roles": [(v, names.get(v.value.party_id, "…")) for v in reversed(at(state.roles, on))],
        "beneficiaries": [(v, names.get(v.value.party_id, "…")) for v in beneficiaries],
        "coverages": at(state.coverages, on),
        "instalments": sorted(
            _held(state.instalments, on), key=lambda v: int(v.part) if v.part.isdigit() else 0
        ),
        "suspense": _held(state.suspense, on),
        "payments": [(v, names.get(v.value.payee_party_id, "…")) for v in _held(state.payments, on)],
        "claims": [_claim(file, v) for v in state.claims],
    }


def _held(versions: tuple[Version[Any], ...], on: date) -> list[Version[Any]]:
    return [v for v in versions if v.valid.contains(on)]


def _claim(file: PolicyFile, claim: Version[Any]) -> dict[str, Any]:
    mine = claim.part
    shares = [v for v in file.state.claim_shares if v.value.claim_number == mine and v.valid.end is None]
    return {
        "version": claim,
        "lines": [v for v in file.state.claim_lines if v.value.claim_number == mine and v.valid.end is None],
        "shares": [
            (v, file.names.get(v.value.payee_party_id, "…") if v.value.payee_party_id else "") for v in shares
        ],
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() and 0 < int(text) < 2**31 else None
