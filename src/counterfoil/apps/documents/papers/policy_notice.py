"""The letters of the calendar (通知书): premium due, reminder, lapse, end after a lapse, end of the term."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from counterfoil.apps.documents.contents import NoticeRow, PolicyNotice, Way
from counterfoil.apps.documents.insurer import letterhead, ways
from counterfoil.apps.documents.source import Source
from counterfoil.apps.documents.words import long_day, product_name, shown_amount
from counterfoil.core.kernel.money import yuan
from counterfoil.core.policy.dues import open_due, reinstatable_until, suspended_from
from counterfoil.core.policy.lifecycle import contract_of, lapse_date
from counterfoil.core.policy.values import Payment

Rows = list[tuple[str, str]]
Letter = tuple[str, str, Rows, list[tuple[str, str]]]
"""Title, opening, rows, what to do."""

MADE_GOOD = "补交保险费及利息后，保险合同按约定恢复效力。"
HOW_TO_PAY = "请将保险费存入约定的交费账户，或持本通知书到任一柜面交纳。已经交费的，请忽略本通知书。"


def contents(source: Source) -> PolicyNotice:
    """What the letter says."""
    title, opening, rows, todo = LETTERS[source.issued.kind](source)
    return PolicyNotice(
        heading=source.heading(),
        title=title,
        addressee=source.person("policyholder").name,
        policy_number=source.number,
        product_name=product_name(source.file.product.terms),
        insured_name=source.person("insured").name,
        opening=opening,
        rows=[NoticeRow(label=label, value=value) for label, value in rows],
        todo=[Way(title=name, text=text) for name, text in todo],
        ways=ways(("咨询与办理", "向本公司投诉", "向监管机构反映")),
    )


def _owed(source: Source) -> tuple[str, str, str, str]:
    """Amount and due date of what is owed, last day of grace, first day without cover."""
    owed = open_due(source.state)
    assert owed is not None, "the letter is about a premium that is owed"
    lapses = lapse_date(owed.value.due_date, source.file.product.terms.grace.days)
    return (
        shown_amount(owed.value.amount),
        long_day(owed.value.due_date),
        long_day(lapses - timedelta(days=1)),
        long_day(lapses),
    )


def _premium_notice(source: Source) -> Letter:
    amount, due, last, lapses = _owed(source)
    return (
        "缴费通知书",
        "您的保险合同续期保险费已到约定支付日，现通知如下。",
        [("应交保险费", amount), ("约定支付日", due), ("宽限期截止日", last)],
        [
            ("如何交费", HOW_TO_PAY),
            (
                "交费期限",
                f"请于{last}（含当日）前交费。宽限期内保险合同继续有效，发生保险事故的，从保险金中扣减欠交的保险费。",
            ),
            ("逾期后果", f"逾期未交的，保险合同自{lapses}零时起效力中止，效力中止期间不承担保险责任。"),
        ],
    )


def _payment_reminder(source: Source) -> Letter:
    amount, due, last, lapses = _owed(source)
    return (
        "催缴通知书",
        "您的保险合同续期保险费尚未交纳，保险合同已进入宽限期，请您尽快交费。",
        [("欠交保险费", amount), ("约定支付日", due), ("宽限期截止日", last)],
        [
            ("请在期限内交费", f"请于{last}（含当日）前交纳{amount}。{HOW_TO_PAY}"),
            ("逾期后果", f"逾期未交的，保险合同自{lapses}零时起效力中止，效力中止期间不承担保险责任。"),
        ],
    )


def _lapse_notice(source: Source) -> Letter:
    product = source.file.product
    since, until = suspended_from(source.state, product), reinstatable_until(source.state, product)
    assert since is not None, "the letter is about a premium that was not paid"
    assert until is not None, "the letter is about a premium that was not paid"
    last = long_day(until - timedelta(days=1))
    return (
        "保险合同效力中止通知书",
        "您的保险合同因宽限期内未交纳续期保险费，效力已经中止，现通知如下。",
        [
            ("效力中止日", long_day(since)),
            ("未交保险费约定支付日", long_day(source.state.paid_to[-1].value.next_due_date)),
            ("申请复效截止日", last),
        ],
        [
            ("中止期间", "效力中止期间发生保险事故的，不承担保险责任。"),
            (
                "申请复效",
                f"请于{last}（含当日）前持复效申请书、有效身份证件和健康告知书到柜面办理。{MADE_GOOD}",
            ),
            ("逾期未复效", f"自{long_day(until)}起保险合同终止，退还效力中止时的现金价值。"),
            ("宽限期内已交费的", "如您在宽限期内已经交费，请持交费凭证到柜面办理，保险合同视为未中止。"),
        ],
    )


def _termination_notice(source: Source) -> Letter:
    value = yuan((source.issued.decision.get("figures") or {}).get("payable", "0.00"))
    since = suspended_from(source.state, source.file.product)
    owed = _payment(source)
    account = (
        f"请持本通知书、有效身份证件和本人银行卡到柜面登记收款账户（付款号 {owed[0]}），登记后由银行付款，不收取费用。"
        if owed
        else "本保险合同效力中止时没有现金价值，没有应退款项。"
    )
    return (
        "保险合同终止通知书",
        "您的保险合同自效力中止之日起满两年未恢复效力，依照《保险法》第三十七条已经终止，现通知如下。",
        [
            ("效力中止日", long_day(since)),
            ("合同终止日", long_day(source.issued.effective_date)),
            ("应退现金价值", shown_amount(value)),
        ],
        [("领取现金价值", account), ("此后", "合同终止后不再承担保险责任，也不再产生保险费。")],
    )


def _payment(source: Source) -> tuple[str, Payment] | None:
    """The payment that this act owes."""
    mine = [v for v in source.state.payments if v.valid.start == source.issued.effective_date]
    return (mine[-1].part, mine[-1].value) if mine else None


def _expiry_notice(source: Source) -> Letter:
    contract = contract_of(source.state)
    assert contract is not None, "a policy that expires has a contract"
    last = contract.cover_until - timedelta(days=1)
    paid = sum(
        (v.value.amount for v in source.state.instalments if v.valid.end is None and not v.value.refunded),
        Decimal("0.00"),
    )
    return (
        "保险期间届满通知书",
        "您的保险合同保险期间已经届满，合同终止，现通知如下。",
        [
            ("保险期间", f"{long_day(contract.effective_date)} 至 {long_day(last)}"),
            ("合同终止日", long_day(contract.cover_until)),
            ("已交保险费合计", shown_amount(paid)),
        ],
        [
            (
                "保险期间内的事故",
                f"保险期间内发生保险事故的，请尽快拨打{letterhead().hotline}报案，请求给付保险金的权利不因期间届满而消灭。",
            ),
            ("继续投保", "需要继续获得保障的，请到任一柜面咨询；新合同按投保时的年龄和健康状况办理。"),
        ],
    )


LETTERS: dict[str, Callable[[Source], Letter]] = {
    "premium_notice": _premium_notice,
    "payment_reminder": _payment_reminder,
    "lapse_notice": _lapse_notice,
    "termination_notice": _termination_notice,
    "expiry_notice": _expiry_notice,
}
