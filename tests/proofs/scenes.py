"""One policy with its people, and the calls that proofs send against it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from counterfoil.apps.acts.calls import ActCall, ActRefused, Outcome
from counterfoil.apps.acts.perform import perform
from counterfoil.core.policy.designation import Designation
from counterfoil.core.product.definition import PayMode
from counterfoil.core.servicing.change_beneficiary import ChangeBeneficiary
from counterfoil.core.servicing.surrender import Surrender, SurrenderReason
from tests.builders import lives
from tests.builders.insurer import Cast, set_up_insurer

ISSUED = date(2026, 3, 2)


@dataclass(frozen=True)
class Scene:
    """A policy of the county on ``today``; ``premium`` is one instalment, ``instalments`` how many were paid (yuan)."""

    cast: Cast
    policy: UUID
    holder: UUID
    wife: UUID
    account: UUID
    premium: Decimal
    instalments: int
    today: date

    def surrender(self, key: str | None = None, reason: SurrenderReason = SurrenderReason.OTHER) -> ActCall:
        """The policyholder leaves today."""
        return lives.call("surrender", self.policy, Surrender(self.account, reason), self.today, key=key)

    def change(self, share: str = "100.00", key: str | None = None) -> ActCall:
        """The wife as only beneficiary from today."""
        named = (Designation(self.wife, 1, "spouse", Decimal(share)),)
        return lives.call(
            "change_beneficiary", self.policy, ChangeBeneficiary(named, True), self.today, key=key
        )


def yearly() -> Scene:
    """Nine of ten yearly premiums paid; the surrender value is below the clerk's authority of 1,000 yuan."""
    cast = set_up_insurer()
    life = lives.issued(cast.clerk, on=ISSUED)
    account = lives.add_account(cast.clerk, life.holder, on=ISSUED)
    for n in range(1, 9):
        lives.collect_renewal_premium(
            cast.clerk, life.policy_id, life.premium, on=date(ISSUED.year + n, 3, 3)
        )
    today = date(ISSUED.year + 8, 6, 1)
    lives.open_books(today)
    return Scene(cast, life.policy_id, life.holder, life.beneficiary, account, life.premium, 9, today)


def single() -> Scene:
    """A single premium for 500,000 yuan, a year ago: its surrender is above the clerk's authority, not the city's."""
    cast = set_up_insurer()
    man = lives.register_person(cast.clerk, "王建国", birth=date(1996, 1, 15), on=ISSUED)
    wife = lives.register_person(cast.clerk, "李秀英", birth=date(1993, 3, 8), sex="F", on=ISSUED)
    account = lives.add_account(cast.clerk, man, on=ISSUED)
    named = (Designation(wife, 1, "spouse", Decimal(100)),)
    policy, premium = lives.apply(
        cast.clerk, man, man, named, on=ISSUED, pay_mode=PayMode.SINGLE, pay_years=1
    )
    lives.decide(cast.clerk, policy, on=ISSUED)
    lives.collect_first_premium(cast.clerk, policy, premium, on=ISSUED)
    lives.issue(cast.clerk, policy, on=ISSUED)
    lives.record_receipt(cast.clerk, policy, on=ISSUED + timedelta(days=1))
    today = date(ISSUED.year + 1, 6, 1)
    lives.open_books(today)
    return Scene(cast, policy, man, wife, account, premium, 1, today)


def once(call: ActCall, actor: UUID) -> Outcome:
    """The answer to one call."""
    return perform([call], actor)[0]


def codes(outcome: object) -> set[str]:
    """The reasons of a refusal."""
    assert isinstance(outcome, ActRefused), outcome
    return {violation.code for violation in outcome.violations}
