"""The terms of 131005 as an actuary would state them: only facts of its clauses, charges and risk table."""

import csv
from decimal import Decimal
from pathlib import Path

from counterfoil.core.actuarial.rates import Band
from counterfoil.core.actuarial.universal_terms import (
    AccountTerms,
    BonusBase,
    BonusCondition,
    BonusRule,
    ChargeAge,
    DeathBase,
    DeathItem,
    InitialCharge,
    MonthlyIllustration,
    PaymentKind,
    PrintedRiskCharge,
    RiskRate,
    Settlement,
)

D = Decimal
HERE = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table beside these tests, copied from the published figures."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def risk_rates() -> tuple[RiskRate, ...]:
    """风险保险费费率表, yuan a year per 1,000 at risk."""
    return tuple(
        RiskRate(
            sex=row["sex"],
            age_from=int(row["age_from"]),
            age_to=int(row["age_to"]) if row["age_to"] else None,
            rate=D(row["rate"]),
        )
        for row in rows("131005_risk_charges.csv")
    )


ACCOUNT_LADDER = (Band(D("0.03"), 1, 1), Band(D("0.01"), 2, 5), Band(D(0), 6))
TERMS = AccountTerms(
    guaranteed_rates=(Band(D("0.015"), 1),),  # 5.2
    initial_charges=(  # 5.4
        InitialCharge(kind=PaymentKind.PREMIUM, by_policy_year=(Band(D("0.02"), 1),)),
        InitialCharge(kind=PaymentKind.TOP_UP, by_policy_year=(Band(D("0.02"), 1),)),
        InitialCharge(kind=PaymentKind.TRANSFER_IN, by_policy_year=(Band(D("0.01"), 1),)),
    ),
    policy_fees=(Band(D(0), 1),),  # 5.5
    risk_rates=risk_rates(),
    death_benefit=(  # 2.3
        DeathItem(base=DeathBase.ACCOUNT_VALUE, percentages=(Band(D(1)),)),
        DeathItem(
            base=DeathBase.PREMIUMS_LESS_WITHDRAWALS,
            percentages=(
                Band(D(1), 0, 17),
                Band(D("1.6"), 18, 40),
                Band(D("1.4"), 41, 60),
                Band(D("1.2"), 61),
            ),
        ),
    ),
    bonuses=(  # 5.3
        BonusRule(anniversary=5, rate=D("0.01"), base=BonusBase.PREMIUMS_SINCE_START),
        BonusRule(
            anniversary=6,
            and_later=True,
            rate=D("0.01"),
            base=BonusBase.PREMIUMS_OF_YEAR_ENDED,
            condition=BonusCondition.UNBROKEN,
        ),
    ),
    withdrawal_charges=ACCOUNT_LADDER,  # 5.7
    surrender_charges=ACCOUNT_LADDER,  # 8.1
    settlement=Settlement(charge_age=ChargeAge.AT_ANNIVERSARY),
    illustration=MonthlyIllustration(printed_risk_charge=PrintedRiskCharge.YEARLY_AT_START),
)
