"""How policies are kept: head row ``policy`` under row security, one table a slice."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from counterfoil.apps.acts.calls import ActCall
from counterfoil.apps.acts.slices import SliceTable
from counterfoil.apps.acts.sql import Rows
from counterfoil.apps.acts.store import Head, TimeMark, day_of, moment_of
from counterfoil.apps.acts.wire import Row, Statement
from counterfoil.apps.journal.tables import POLICY_SLICES
from counterfoil.core.kernel.versions import Change
from counterfoil.core.policy.state import OPEN_SLICES, SLICES, PolicyState, fold

LOCK = """
SELECT p.policy_id, p.seq, p.recorded_at, p.unit_id, p.unit_path, p.product_hash, p.product_code,
  p.latest_effect, p.calendar_on, p.calendar_act
FROM policy p WHERE p.policy_id {keys} FOR UPDATE OF p
"""
LOCK_ONE = LOCK.format(keys="= $1::uuid")
LOCK_MANY = LOCK.format(keys="= ANY($1::uuid[]) ORDER BY p.policy_id")
HEAD_COLUMNS = [
    ("policy_id", "uuid"), ("seq", "integer"), ("recorded_at", "timestamptz"), ("unit_id", "text"),
    ("unit_path", "text"), ("product_code", "text"), ("product_hash", "text"), ("application_number", "text"),
    ("policy_number", "text"), ("latest_effect", "date"),
]  # fmt: skip


class PolicyStore:
    """See ``apps/acts/store.py``."""

    head_table = "policy"
    key = "policy_id"
    tables = {
        name: SliceTable(name, POLICY_SLICES[name], value, "policy_id", name in OPEN_SLICES)
        for name, value in SLICES.items()
    }

    def lock(self, keys: bytes, one: bool) -> Statement:
        return Statement(LOCK_ONE if one else LOCK_MANY, (keys,))

    def head(self, subject_id: UUID, row: Row) -> Head:
        _, seq, recorded_at, unit_id, path, product_hash, product_code, latest, calendar_on, calendar_act = (
            row
        )
        return Head(
            subject_id, int(str(seq)), moment_of(recorded_at), str(unit_id), str(path), str(product_hash),
            str(product_code), date.fromisoformat(str(latest)), day_of(calendar_on),
            calendar_act,
        )  # fmt: skip

    def state(self, head: Head, slices: dict[str, tuple[Any, ...]]) -> PolicyState:
        return PolicyState(head.subject_id, head.seq, head.unit_id, slices)

    def fold(self, state: PolicyState, changes: Sequence[Change], seq: int) -> PolicyState:
        return fold(state, changes, seq)

    def head_rows(self) -> Rows:
        return Rows("policy", HEAD_COLUMNS)

    def head_row(
        self, head: Head, call: ActCall, after: PolicyState, recorded_at: datetime
    ) -> tuple[Any, ...]:
        application = after.application[0].value
        return (
            head.subject_id, after.seq, recorded_at, head.unit_id, head.unit_path,
            application.product_code, application.product_hash, application.application_number, None,
            call.effective_date,
        )  # fmt: skip

    def beside_rows(self) -> Rows | None:
        return None

    def beside_row(self, call: ActCall) -> tuple[Any, ...]:
        raise AssertionError("a policy brings no row beside its head")

    def head_update(self) -> tuple[str, Sequence[tuple[str, str]]]:
        columns = (
            ("recorded_at", "timestamptz"), ("policy_number", "text"), ("latest_effect", "date"),
            ("calendar_known", "boolean"), ("calendar_on", "date"),
            ("calendar_act", "text"),
        )  # fmt: skip
        setting = (
            "recorded_at = u.recorded_at, policy_number = coalesce(u.policy_number, t.policy_number),"
            " latest_effect = greatest(t.latest_effect, u.latest_effect),"
            " calendar_on = CASE WHEN u.calendar_known THEN u.calendar_on ELSE t.calendar_on END,"
            " calendar_act = CASE WHEN u.calendar_known THEN u.calendar_act ELSE t.calendar_act END"
        )
        return setting, columns

    def head_values(self, after: PolicyState, recorded_at: datetime, mark: TimeMark) -> tuple[Any, ...]:
        contract = after.slices.get("contract")
        number = contract[-1].value.policy_number if contract else None
        return (
            recorded_at, number, mark.latest_effect, mark.calendar_known, mark.calendar_on, mark.calendar_act,
        )  # fmt: skip


POLICY_STORE = PolicyStore()
