"""The receipt (收据) for premium received."""

from datetime import date, timedelta

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
from counterfoil.core.policy.lifecycle import paid_to_on

NOTE = "本收据为收到款项的凭证；需要发票的，可凭本收据申领电子发票。"
HELD = "保险合同承保前，本款项为暂收；未承保的，全额无息退还。"


def contents(source: Source) -> PaymentReceipt:
    """What the receipt says."""
    amount = yuan(source.issued.request["amount"])
    first = source.issued.act == "collect_first_premium"
    paid = paid_to_on(source.state, source.issued.effective_date)
    return PaymentReceipt(
        heading=source.heading(),
        payer=source.person("policyholder").name,
        policy_number=source.number,
        product_name=product_name(source.file.product.terms),
        insured_name=source.person("insured").name,
        lines=[
            MoneyLine(
                item="首期保险费" if first else "续期保险费",
                detail=f"投保单号 {source.file.head.application_number}" if first else _period(source),
                amount=text_amount(amount),
            )
        ],
        total=text_amount(amount),
        total_in_words=in_words(amount),
        method=word(METHOD, source.issued.request["method"]),
        account=NOTHING,
        received_on=long_day(date.fromisoformat(source.issued.request["received_on"])),
        paid_to="承保后以保险单为准" if first or paid is None else long_day(paid.paid_to_date),
        collector=source.issued.clerk,
        note=f"{HELD}{NOTE}" if first else NOTE,
    )


def _period(source: Source) -> str:
    """The time that the instalment of this receipt pays for."""
    mine = [v for v in source.state.instalments if v.value.receipt_number == source.issued.number]
    paid = paid_to_on(source.state, source.issued.effective_date)
    if not mine or paid is None:
        return "保险费"
    until = paid.paid_to_date - timedelta(days=1)
    return f"第{mine[0].part}期，保障期间 {long_day(mine[0].value.due_date)} 至 {long_day(until)}"
