"""The chart of accounts that acts post to. Debit positive, credit negative."""

from enum import StrEnum


class Account(StrEnum):
    BANK = "1002"  # 银行存款
    CASH = "1001"  # 库存现金
    SUSPENSE = "2203"  # 暂收保费
    UNIDENTIFIED_RECEIPTS = "2203.9"  # 暂收待认领
    REFUND_PAYABLE = "2241.1"  # 应付退还保费
    SURRENDER_PAYABLE = "2241.2"  # 应付退保金
    CLAIM_PAYABLE = "2241.3"  # 应付赔付款
    FIRST_PREMIUM = "6031.1"  # 首期保费收入
    RENEWAL_PREMIUM = "6031.2"  # 续期保费收入
    INTEREST_INCOME = "6051.1"  # 复效利息收入
    SURRENDER_EXPENSE = "6531"  # 退保金
    CLAIM_EXPENSE = "6511"  # 赔付支出


PAYABLE_BY_PAYMENT_KIND = {
    "premium_refund": Account.REFUND_PAYABLE,
    "surrender": Account.SURRENDER_PAYABLE,
    "claim": Account.CLAIM_PAYABLE,
}
