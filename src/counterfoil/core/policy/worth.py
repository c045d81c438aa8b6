"""Decides the cash value (现金价值) of a contract as it is recorded, by its product's table.

Basis: the product's values section.
"""

from datetime import date
from decimal import Decimal

from counterfoil.core.policy.values import Contract, Coverage
from counterfoil.core.product.lookup import Product


def cash_value_of(
    product: Product, contract: Contract, coverage: Coverage, paid_to_date: date, on: date
) -> Decimal:
    """The cash value (yuan) at 0:00 of a day, before any deduction. Raises OutsideTables."""
    return product.cash_value(
        sex=coverage.sex,
        issue_age=coverage.issue_age,
        term_years=coverage.term_years,
        pay_mode=coverage.pay_mode,
        pay_years=coverage.pay_years,
        sum_assured=coverage.sum_assured,
        effective_date=contract.effective_date,
        paid_to_date=paid_to_date,
        on=on,
    )


def premium_of(product: Product, coverage: Coverage) -> Decimal:
    """One instalment, or the single premium (yuan), of a coverage by the table. Raises OutsideTables."""
    return product.premium(
        sex=coverage.sex,
        issue_age=coverage.issue_age,
        term_years=coverage.term_years,
        pay_mode=coverage.pay_mode,
        pay_years=coverage.pay_years,
        sum_assured=coverage.sum_assured,
    )
