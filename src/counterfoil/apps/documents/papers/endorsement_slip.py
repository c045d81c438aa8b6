"""The endorsement slip (批单): what an act changed in a policy, from when, and the money of it."""

from decimal import Decimal

from counterfoil.apps.documents.contents import Change, EndorsementSlip, MoneyLine
from counterfoil.apps.documents.papers.parts import by_order, order_word
from counterfoil.apps.documents.source import SHANGHAI, Source
from counterfoil.apps.documents.words import (
    ACT,
    END_REASON,
    NOTHING,
    SEX,
    long_day,
    product_name,
    shown_amount,
    text_amount,
    word,
)
from counterfoil.core.kernel.money import in_words, yuan
from counterfoil.core.policy.lifecycle import contract_of
from counterfoil.core.policy.state import PolicyState
from counterfoil.core.policy.values import Standing

# What goes to the customer, and its sign, by the name of the figure that the act decided.
MONEY = (
    ("cash_value", "现金价值", 1),
    ("deducted", "减：欠交保险费及未还款项", -1),
    ("refund", "退还保险费", 1),
)
CONSENT = "本次变更已经被保险人书面同意。"
ESTATE = "未指定（作为被保险人的遗产）"


def contents(source: Source) -> EndorsementSlip:
    """What the slip says."""
    figures = {name: yuan(amount) for name, amount in (source.issued.decision.get("figures") or {}).items()}
    money = [
        MoneyLine(item=label, detail=NOTHING, amount=text_amount(sign * figures[name]))
        for name, label, sign in MONEY
        if figures.get(name)
    ]
    net = figures.get("payable", sum((yuan(line.amount) for line in money), Decimal("0.00")))
    return EndorsementSlip(
        heading=source.heading(),
        policy_number=source.number,
        endorsement_number=source.issued.number,
        act_name=word(ACT, source.issued.act),
        policyholder_name=source.person("policyholder").name,
        insured_name=source.person("insured").name,
        product_name=product_name(source.file.product.terms),
        applied_on=long_day(source.issued.received_at.astimezone(SHANGHAI).date()),
        effective_from=long_day(source.issued.effective_date),
        changes=_changes(source),
        money=money,
        net_label="实付金额" if money else "实际收付",
        net_amount=text_amount(net),
        net_amount_in_words=in_words(net),
        remarks=_remarks(source),
        clerk=source.issued.clerk,
        approver=source.approver(),
        unit=source.file.head.unit_name,
    )


def _changes(source: Source) -> list[Change]:
    if source.before is None:
        return []
    found = []
    was, now = by_order(source, source.before), by_order(source, source.state)
    for order in sorted(was.keys() | now.keys()):
        if was.get(order) != now.get(order):
            item = f"身故保险金受益人（{order_word(order)}）"
            found.append(
                Change(
                    item=item,
                    before=was.get(order, NOTHING),
                    after=now.get(order, NOTHING if now else ESTATE),
                )
            )
    found += _insured(source.before, source.state)
    before, after = _standing(source.before), _standing(source.state)
    if before != after:
        found.append(Change(item="保险合同状态", before=before, after=after))
    signed_was, signed_now = _signed(source.before), _signed(source.state)
    if signed_was != signed_now:
        found.append(Change(item="合同签收日期", before=signed_was, after=signed_now))
    return found


def _insured(before: PolicyState, after: PolicyState) -> list[Change]:
    """What was corrected of the insured, and the premium that follows from it."""
    was, now = (next(v.value for v in s.roles if v.part == "insured") for s in (before, after))
    found = []
    if was.birth_date != now.birth_date:
        found.append(
            Change(item="被保险人出生日期", before=long_day(was.birth_date), after=long_day(now.birth_date))
        )
    if was.sex != now.sex:
        found.append(Change(item="被保险人性别", before=word(SEX, was.sex), after=word(SEX, now.sex)))
    paid, due = before.coverages[-1].value.premium, after.coverages[-1].value.premium
    if paid != due:
        found.append(Change(item="每期保险费", before=shown_amount(paid), after=shown_amount(due)))
    short_was, short_now = _short(before), _short(after)
    if short_was != short_now:
        found.append(
            Change(item="少交的保险费合计", before=shown_amount(short_was), after=shown_amount(short_now))
        )
    return found


def _short(state: PolicyState) -> Decimal:
    kept = (v.value for v in state.instalments if v.valid.end is None and not v.value.refunded)
    return sum((one.short for one in kept), Decimal("0.00"))


def _standing(state: PolicyState) -> str:
    last = max(state.status, key=lambda v: v.valid.start, default=None)
    if last is not None and last.value.standing is Standing.ENDED:
        return f"终止（{word(END_REASON, last.value.reason)}），自{long_day(last.valid.start)}起"
    return "未终止"


def _signed(state: PolicyState) -> str:
    contract = contract_of(state)
    return long_day(contract.receipt_signed_on) if contract else NOTHING


def _remarks(source: Source) -> list[str]:
    remarks = []
    request = source.issued.request
    if source.issued.act == "change_beneficiary" and request.get("insured_consents"):
        remarks.append(CONSENT)
    if source.issued.act == "undo_act":
        remarks.append(f"撤销本保单第{request['seq']}笔业务。原因：{request['reason']}")
    if source.issued.effective_date < source.issued.received_at.astimezone(SHANGHAI).date():
        remarks.append(f"本次变更追溯自{long_day(source.issued.effective_date)}起生效。")
    return remarks or [NOTHING]
