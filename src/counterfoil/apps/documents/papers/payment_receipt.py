"""The receipt (收据) for premium received."""

from datetime import date, timedelta
from decimal import Decimal

from counterfoil.apps.documents.contents import MoneyLine, PaymentReceipt
from counterfoil.apps.documents.source import Source
from counterfoil.apps.documents.words import (
    METHOD,
    NOTHING,
    long_day,
    product_name,
    text_amount,
    word,
)
from counterfoil.core.kernel.money import in_words, yuan

NOTE = "本收据为收到款项的凭证；需要发票的，可凭本收据申领电子发票。"
HELD = "保险合同承保前，本款项为暂收；未承保的，全额无息退还。"


def contents(source: Source) -> PaymentReceipt:
    """What the receipt says."""
    amount = yuan(source.issued.request["amount"])
    first = source.issued.act == "collect_first_premium"
    paid = source.state.paid_to[-1].value if source.state.paid_to else None
    return PaymentReceipt(
        heading=source.heading(),
        payer=source.person("policyholder").name,
        policy_number=source.number,
        product_name=product_name(source.file.product.terms),
        insured_name=source.person("insured").name,
        lines=_lines(source, amount),
        total=text_amount(amount),
        total_in_words=in_words(amount),
        method=word(METHOD, source.issued.request["method"]),
        account=NOTHING,
        received_on=long_day(date.fromisoformat(source.issued.request["received_on"])),
        paid_to="承保后以保险单为准" if first or paid is None else long_day(paid.paid_to_date),
        collector=source.issued.clerk,
        note=f"{HELD}{NOTE}" if first else NOTE,
    )


def _lines(source: Source, amount: Decimal) -> list[MoneyLine]:
    """What the money is for."""
    act, figures = source.issued.act, source.issued.decision.get("figures") or {}
    if act == "collect_first_premium":
        detail = f"投保单号 {source.file.head.application_number}"
        return [MoneyLine(item="首期保险费", detail=detail, amount=text_amount(amount))]
    if act == "collect_premium_shortfall":
        detail = "更正被保险人年龄或性别后应补交的保险费"
        return [MoneyLine(item="补交保险费差额", detail=detail, amount=text_amount(amount))]
    if act == "reinstate":
        interest = yuan(figures["interest"])
        return [
            MoneyLine(item="复效补交保险费", detail=_period(source), amount=text_amount(amount - interest)),
            MoneyLine(item="复效利息", detail="自各期应交日起按日计算的单利", amount=text_amount(interest)),
        ]
    return [MoneyLine(item="续期保险费", detail=_period(source), amount=text_amount(amount))]


def _period(source: Source) -> str:
    """The time that the instalment of this receipt pays for."""
    mine = [v for v in source.state.instalments if v.value.receipt_number == source.issued.number]
    if not mine or not source.state.paid_to:
        return "保险费"
    until = source.state.paid_to[-1].value.paid_to_date - timedelta(days=1)
    numbers = "、".join(v.part for v in mine)
    return f"第{numbers}期，对应期间 {long_day(mine[0].value.due_date)} 至 {long_day(until)}"
