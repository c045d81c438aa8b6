"""A counter of its own for tests that record acts: the cast, one policy in force, and everything counted."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.test import Client

from counterfoil.apps.acts.sql import raw_connection
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer
from tests.builders.lives import Life
from tests.web.office import signed_in

TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Counter:
    """The cast and one policy, issued in spring, at work on ``TODAY``."""

    cast: Cast
    life: Life

    def clerk(self) -> Client:
        """The clerk's browser."""
        return signed_in(self.cast.clerk)

    def act(self, name: str) -> str:
        """The address of an act on the policy."""
        return f"/policies/{self.life.policy_id}/acts/{name}/"


def open_counter() -> Counter:
    """Set up the insurer and the policy; the books stand on ``TODAY``."""
    cast = set_up_insurer()
    life = lives.issued(cast.clerk, on=date(2026, 4, 1))
    lives.open_books(TODAY)
    return Counter(cast, life)


def counts(*tables: str) -> dict[str, int]:
    """How many rows there are, read by the batch role, which sees all units."""
    return {table: one(f"SELECT count(*) FROM {table}") for table in tables}


def one(sql: str, *parameters: object) -> Any:
    """One cell."""
    cursor = raw_connection("batch").cursor()
    cursor.execute(sql, parameters)
    row = cursor.fetchone()
    return row[0] if row else None


def open_claim(counter: Counter, event: date = date(2026, 11, 2)) -> str:
    """A death reported on ``TODAY``."""
    return lives.report_death(
        counter.cast.clerk, counter.life.policy_id, event=event, on=TODAY, papers=("claim_form", "contract")
    )


def case_of(policy_id: UUID) -> UUID:
    """The case that waits for this policy."""
    return UUID(
        str(
            one(
                "SELECT referral_id FROM work_referral WHERE subject_id = %s AND state = 'waiting'", policy_id
            )
        )
    )
