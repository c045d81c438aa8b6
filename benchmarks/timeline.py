"""An act that counts before 50 others, and a policy of 400 acts read as of any day (issue 3, performance.md).

Own work is the replay itself, in processor time: what the policy was, what it becomes, the difference, the check of the
books. The ground of reading is a plain SELECT of the same rows.
"""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any
from uuid import UUID

import psycopg

from benchmarks import calendar_day, ground

ACTS, LATER = 400, 50
ROUNDS = 20
FIRST_DAY = date(2016, 1, 4)
EVERY = timedelta(days=9)


def lived(cast: Any, acts: int) -> tuple[Any, UUID, UUID]:
    """A policy of so many acts in order of effect, a change of beneficiary every nine days, each premium paid in grace;
    its clock, its id and the one who may be beneficiary too. The calendar's acts are among those counted."""
    from counterfoil.apps.journal.ports import ports
    from counterfoil.core.policy.designation import Designation
    from tests.builders import lives
    from tests.journeys.clock import SetClock

    clock = SetClock(lives.morning(FIRST_DAY))
    with ports(clock=clock):
        clock.move_to(FIRST_DAY)
        life = lives.issued(cast.clerk, on=FIRST_DAY, receipt=False)
        other = lives.register_person(cast.clerk, "王一诺", birth=date(2012, 5, 1), on=FIRST_DAY)
        day, due, seq = FIRST_DAY, FIRST_DAY.year + 1, 4
        while seq < acts:
            day += EVERY
            clock.move_to(day)
            if day >= date(due, 1, 20):
                due += 1
                done = lives.collect_renewal_premium(cast.clerk, life.policy_id, life.premium, on=day)
            else:
                share = Decimal(1 + seq % 98)
                named = [
                    Designation(life.beneficiary, 1, "spouse", share),
                    Designation(other, 1, "child", Decimal(100) - share),
                ]
                done = lives.change_beneficiary(cast.clerk, life.policy_id, named, on=day)
            seq = done.seq
    return clock, life.policy_id, other


def late_change(policy_id: UUID, other: UUID, day: date, received: date) -> Any:
    """A change of beneficiary with effect from a day long past; later changes stand."""
    from msgspec.structs import replace

    from counterfoil.core.policy.designation import Designation
    from counterfoil.core.servicing.change_beneficiary import ChangeBeneficiary

    request = ChangeBeneficiary((Designation(other, 1, "child", Decimal("100.00")),), True)
    (call,) = ground.calls_of("change_beneficiary", [(policy_id, request)], received, day)
    return replace(call, reason="漏录")


def day_before_later_acts(policy_id: UUID) -> tuple[date, date]:
    """The day before the last 50 acts that somebody asked for, and the day of the last."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT effective_date FROM act WHERE subject_id = %s AND requested ORDER BY seq DESC LIMIT %s",
            (policy_id, LATER),
        )
        days = [row[0] for row in cursor.fetchall()]
    return days[-1] - timedelta(days=1), days[0]


def with_choices(call: Any, actor: UUID) -> Any:
    """The call with the answer that later acts stand."""
    from msgspec.structs import replace

    from counterfoil.apps.acts.calls import ActRefused
    from counterfoil.apps.acts.perform import perform
    from counterfoil.core.policy.facts import Keep

    (outcome,) = perform([call], actor, preview=True)
    if not isinstance(outcome, ActRefused):
        return call
    later = tuple(
        (int(v.parameters["seq"]), Keep.LATER) for v in outcome.violations if v.code == "timeline_conflict"
    )
    return replace(call, choices=later)


def timed(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, float]:
    """Milliseconds of this process's processor and of the clock, each the median of rounds."""
    work()
    cpu, wall = [], []
    for _ in range(rounds):
        began, since = time.process_time(), time.perf_counter()
        work()
        cpu.append((time.process_time() - began) * 1e3)
        wall.append((time.perf_counter() - since) * 1e3)
    return median(cpu), median(wall)


def prepared_replay(call: Any) -> tuple[Any, Any, Any]:
    """State, history and act of a replay, as ``perform`` has them when it decides."""
    from unittest.mock import patch

    from counterfoil.apps.acts import perform as performing

    taken: list[Any] = []
    plain = performing.decide_in_time

    def decide(act: Any, call: Any, state: Any, facts: Any, history: Any, business_date: date) -> Any:
        taken.append((act, state, facts, history))
        return plain(act, call, state, facts, history, business_date)

    with patch.object(performing, "decide_in_time", decide):
        performing.perform([call[0]], call[1], preview=True)
    return taken[-1]


def replay(cast: Any, clock: Any, policy_id: UUID, other: UUID) -> None:
    """Print own work of the replay, of reading the history, and the whole act."""
    from counterfoil.apps.acts.perform import perform
    from counterfoil.apps.journal.ports import ports
    from counterfoil.core.policy.facts import PastAct
    from counterfoil.core.policy.timeline import Replay
    from counterfoil.core.register import ACTS as REGISTER
    from tests.web.statements import counted

    day, last = day_before_later_acts(policy_id)
    with ports(clock=clock):
        call = with_choices(late_change(policy_id, other, day, last), cast.clerk)
        act, state, facts, history = prepared_replay((call, cast.clerk))
        new = PastAct(state.seq + 1, act.name, day, day, request=call.request, facts=facts)
        own, _ = timed(lambda: Replay(state, history, REGISTER).insert(new))
        whole, wall = timed(lambda: perform([call], cast.clerk, preview=True))
        with counted() as sent:
            began = time.perf_counter()
            ground.accepted_outcomes(perform([call], cast.clerk))
            once = (time.perf_counter() - began) * 1e3
    asked = sum(past.requested for past in history.acts)
    print(
        f"replay of {asked} later acts ({len(history.acts)} with the calendar's): own work {own:.1f} ms of processor"
        f" (gate 100, stretch 30)",
        flush=True,
    )
    print(
        f"  the act through perform: {whole:.1f} ms of processor, {wall:.1f} ms of clock, {len(sent)} statements;"
        f" committed once {once:.1f} ms",
        flush=True,
    )


def read_points(cast: Any, policy_id: UUID, seqs: list[int]) -> int:
    """Read a policy as it was known after acts, as the screens do; the number of statements."""
    from django.db import transaction

    from counterfoil.apps.acts.sql import raw_connection
    from counterfoil.apps.organisation.queries import current_actor
    from counterfoil.apps.policies.as_of import load_points
    from tests.web.statements import counted

    with counted() as sent, transaction.atomic():
        cursor = raw_connection("default").cursor(binary=True)
        current_actor(cursor, cast.clerk, FIRST_DAY)
        points = load_points(cursor, policy_id, seqs)
    assert points is not None
    return len(sent)


def reading(cast: Any, short: UUID, long: UUID) -> None:
    """Print statements for 9 and 400 acts, and the ratio of reading to a plain SELECT of the same rows."""
    from counterfoil.apps.policies.queries import read_slices
    from counterfoil.apps.policies.store import POLICY_STORE

    few, many = read_points(cast, short, [9]), read_points(cast, long, [ACTS])
    print(
        f"reading as known after an act: {few} statements at 9 acts, {many} at {ACTS} (gate: equal)",
        flush=True,
    )
    assert few == many, "the number of statements grows with the acts"
    plain = " UNION ALL ".join(
        f"SELECT t::text FROM {table.table} t WHERE t.policy_id = %(policy)s AND t.seq <= %(seq)s"
        " AND (t.superseded_seq IS NULL OR t.superseded_seq > %(seq)s)"
        for table in POLICY_STORE.tables.values()
    )
    names, asked = tuple(POLICY_STORE.tables), {"policy": long, "seq": ACTS // 2}
    ratios = []
    with closing(psycopg.connect(**ground.admin_address().parameters())) as connection:
        cursor = connection.cursor()
        for _ in range(5):
            _, floor = timed(lambda: cursor.execute(plain, asked, prepare=True).fetchall())
            _, ours = timed(lambda: read_slices(cursor, [long], names, ACTS // 2))
            ratios.append(ours / floor)
    print(
        f"  {ours:.2f} ms, plain SELECT of the same rows {floor:.2f} ms: median ratio {median(ratios):.2f}",
        flush=True,
    )


def run() -> None:
    """Print every figure with its gate."""
    ground.start()
    from tests.builders.insurer import set_up_insurer

    cast = set_up_insurer()
    _, short, _ = lived(cast, 9)
    clock, long, other = lived(cast, ACTS)
    reading(cast, short, long)
    replay(cast, clock, long, other)
    calendar_day.measure(cast)
