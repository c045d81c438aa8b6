"""One policy as the database has it, beside the plain model: money, standing, paid-to, people, value, cover."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.acts.sql import raw_connection
from counterfoil.apps.catalogue.queries import product_by_hash
from counterfoil.apps.policies.store import POLICY_STORE
from counterfoil.core.kernel.versions import Version, at, latest_start
from counterfoil.core.policy.lifecycle import cover_at
from counterfoil.core.policy.state import PolicyState
from tests.proofs import model
from tests.proofs.model_people import percents
from tests.proofs.observing import balances

LONG_AGO, FAR = date(2000, 1, 1), date(2100, 1, 1)


class Snapshot(Struct, frozen=True):
    """All slices of a policy after act ``seq``."""

    seq: int
    slices: dict[str, tuple[Version[Any], ...]]


def snapshot(policy_id: UUID, as_of: int | None = None) -> Snapshot:
    """As it is recorded now, or as it was after act ``as_of``."""
    cursor = raw_connection("batch").cursor(binary=True)
    if as_of is None:
        cursor.execute("SELECT seq FROM policy WHERE policy_id = %s", [policy_id])
        (seq,) = cursor.fetchone() or (0,)
    else:
        seq = as_of
    return Snapshot(
        seq,
        {
            name: table.read(cursor, [policy_id], as_of).get(policy_id, ())
            for name, table in POLICY_STORE.tables.items()
        },
    )


def compare(
    policy_id: UUID, expected: model.Policy, today: date, seq: int, as_of: int | None = None
) -> Snapshot:
    """Assert that database and model agree on a day, and on every day on which people or standing change; ``seq`` acts
    are recorded, or, as it was known after act ``as_of``, were."""
    found = snapshot(policy_id, as_of)
    state = PolicyState(policy_id, found.seq, "", found.slices)
    assert found.seq == seq
    assert balances(policy_id, as_of) == {a: amount for a, amount in expected.balances.items() if amount}
    for day in {today, LONG_AGO, FAR, *(start for start, _, _ in expected.standings)}:
        version = latest_start(state.status, day, "status")
        standing = (version.value.standing, version.value.reason) if version else ("", "")
        assert standing == expected.standing(day), f"standing on {day}"
    for day in {today, LONG_AGO, FAR, *expected.designations.days()}:
        named = tuple(
            (v.value.party_id, v.value.order, v.value.share_percent)
            for v in sorted(at(state.beneficiaries, day), key=lambda v: int(v.part.partition(":")[2]))
        )
        assert named == percents(expected.designations.named_on(day)), f"beneficiaries on {day}"
    _compare_money(state, expected, today)
    _compare_cover(state, expected, today)
    return found


def _compare_money(state: PolicyState, expected: model.Policy, today: date) -> None:
    paid = latest_start(state.paid_to, today, "paid_to")
    wanted = expected.paid_to(today)
    assert (paid and (paid.value.paid_to_date, paid.value.next_due_date)) == wanted, "paid to"
    kept = {
        int(v.part): (v.value.due_date, v.value.amount, v.value.refunded)
        for v in state.instalments
        if v.valid.end is None
    }
    assert kept == {n: (one.due, one.amount, one.refunded) for n, one in expected.instalments.items()}
    dues = [
        (v.value.due_date, v.value.amount, v.value.stage.value) for v in state.dues if v.valid.end is None
    ]
    assert dues == ([expected.due] if expected.due else []), "what is owed"
    held = [v.value.held for v in state.suspense if v.valid.end is None]
    assert sum(held, Decimal(0)) == expected.held
    payments = {v.part: (v.value.amount, v.value.state) for v in state.payments if v.valid.end is None}
    assert payments == {number: (one.amount, one.state) for number, one in expected.payments.items()}
    for account in (model.REFUNDS, model.SURRENDERS):
        open_ = [
            p.amount for p in expected.payments.values() if p.account == account and p.state != "confirmed"
        ]
        assert sum(open_, Decimal(0)) == -expected.balances[account], f"what is payable on {account}"
    claims = [(v.value.event_date, v.value.state) for v in sorted(state.claims, key=lambda v: v.part)]
    assert claims == [(claim.event, claim.state) for claim in expected.claims.all]
    for claim in expected.claims.all:
        found = sorted(
            (v.value.amount, str(v.value.payee_party_id or ""))
            for v in state.claim_shares
            if v.value.claim_number == claim.number.known
            and (v.value.payee_party_id is None or not claim.paid)
        )
        wanted_shares = [(amount, str(payee or "")) for payee, amount in claim.shares if not claim.paid]
        assert found == sorted(wanted_shares), "shares of the claim"


def _compare_cover(state: PolicyState, expected: model.Policy, today: date) -> None:
    product = product_by_hash(state.coverages[0].value.product_hash)
    assert cover_at(state, product, today).in_force == expected.in_force(today), f"in force on {today}"
    if not expected.has_value(today):
        return
    coverage = at(state.coverages, today, "main")[0].value
    paid = latest_start(state.paid_to, today, "paid_to")
    assert paid is not None
    value = product.cash_value(
        sex=coverage.sex,
        issue_age=coverage.issue_age,
        term_years=coverage.term_years,
        pay_mode=coverage.pay_mode,
        pay_years=coverage.pay_years,
        sum_assured=coverage.sum_assured,
        effective_date=state.contract[-1].value.effective_date,
        paid_to_date=paid.value.paid_to_date,
        on=today,
    )
    assert value == expected.value(today), f"cash value on {today}"
