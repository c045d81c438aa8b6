"""The letters of a claim: the decision (理赔决定通知书) and the closing (结案通知)."""

from decimal import Decimal

from counterfoil.apps.documents.contents import (
    ClaimClosing,
    ClaimDecision,
    Decision,
    MoneyLine,
    Payee,
    Reason,
)
from counterfoil.apps.documents.insurer import ways
from counterfoil.apps.documents.source import Source
from counterfoil.apps.documents.words import (
    CAUSE,
    CLAIM_LINE,
    NOTHING,
    RELATION,
    clause,
    long_day,
    product_name,
    share,
    shown_amount,
    text_amount,
    word,
)
from counterfoil.core.kernel.money import in_words
from counterfoil.core.kernel.versions import Version
from counterfoil.core.policy.values import Claim, ClaimLine, ClaimShare, ClaimState, Standing

LATER = "另行提供"
# Why, by the grounds that the claim keeps: the promise, the reason of no cover, or what a person found.
GROUNDS = {
    "basic_sum_assured": "属于保险责任，按基本保险金额给付身故保险金。",
    "premiums_paid": "事故发生在等待期内且非意外伤害所致，返还已支付的保险费。",
    "cash_value": "退还现金价值。",
    "lapsed": "事故发生时保险合同效力中止，不承担保险责任。",
    "expired": "事故发生时保险期间已经届满。",
    "ended": "事故发生时保险合同已经终止。",
    "before_effective": "事故发生时保险合同尚未生效。",
    "not_issued": "保险合同未成立。",
    "rescinded_in_cooling_off": "保险合同已在犹豫期内解除。",
    "non_disclosure_intentional": "投保时故意未履行如实告知义务。",
    "non_disclosure_negligent": "投保时因重大过失未履行如实告知义务，对保险事故的发生有严重影响。",
    "fabricated_event": "未发生保险事故而提出给付请求。",
    "death_not_established": "所提供的证明和资料不能确认死亡事实。",
    "limitation_passed": "请求给付保险金已过诉讼时效期间。",
}
BASIS = {
    "non_disclosure_intentional": "Insurance Law 16",
    "non_disclosure_negligent": "Insurance Law 16",
    "fabricated_event": "Insurance Law 27",
    "death_not_established": "Insurance Law 22",
    "limitation_passed": "Insurance Law 26",
    "lapsed": "Insurance Law 36",
    "expired": "Insurance Law 13",
    "before_effective": "Insurance Law 13",
    "not_issued": "Insurance Law 13",
    "ended": "Insurance Law 47",
    "rescinded_in_cooling_off": "Insurance Law 47",
}


def decision(source: Source) -> ClaimDecision:
    """What the decision says; a rejection names its reasons and no payee."""
    claim, value = _claim(source)
    paid = value.state is not ClaimState.REJECTED
    lines, shares = _lines(source, claim.part), _shares(source, claim.part)
    payable = value.payable
    return ClaimDecision(
        heading=source.heading(),
        claim_number=claim.part,
        addressee=_addressee(source, shares),
        policy_number=source.number,
        product_name=product_name(source.file.product.terms),
        policyholder_name=source.person("policyholder").name,
        insured_name=source.person("insured").name,
        insured_paper=source.person("insured").paper,
        event=word(CAUSE, value.cause),
        event_on=long_day(value.event_date),
        reported_on=long_day(value.reported_on),
        papers_complete_on=long_day(value.papers_complete_on),
        decided_on=long_day(source.issued.effective_date),
        decision=Decision.PAY if paid else Decision.REJECT,
        conclusion=_conclusion(payable, paid),
        reasons=_reasons(source, value, lines),
        lines=[
            MoneyLine(
                item=word(CLAIM_LINE, one.code), detail=clause(one.basis), amount=text_amount(one.amount)
            )
            for one in lines
        ],
        total=text_amount(payable),
        total_in_words=in_words(payable),
        payees=[_payee(source, one, payable) for one in shares] if paid else [],
        paid_within=f"自达成给付协议之日起{source.file.product.terms.claims.payment_days}日内转入领取人账户。"
        if paid
        else NOTHING,
        policy_afterwards=_afterwards(source),
        ways=ways(("向本公司投诉", "向监管机构反映", "申请调解", "仲裁或诉讼")),
        handler=source.issued.clerk,
    )


def closing(source: Source) -> ClaimClosing:
    """What the closing says."""
    claim, value = _claim(source)
    shares = _shares(source, claim.part)
    return ClaimClosing(
        heading=source.heading(),
        claim_number=claim.part,
        addressee=_addressee(source, shares),
        policy_number=source.number,
        product_name=product_name(source.file.product.terms),
        insured_name=source.person("insured").name,
        event=word(CAUSE, value.cause),
        event_on=long_day(value.event_date),
        decided_on=_decided_on(source, claim.part),
        closed_on=long_day(source.issued.effective_date),
        conclusion=f"给付{shown_amount(value.payable)}，已制单付款，本案结案。",
        payments=[_payee(source, one, value.payable) for one in shares],
        paid_on="以银行实际入账日为准",
        total=text_amount(value.payable),
        total_in_words=in_words(value.payable),
        policy_afterwards=_afterwards(source),
        ways=ways(("咨询与办理", "向本公司投诉", "向监管机构反映")),
        handler=source.issued.clerk,
    )


def _claim(source: Source) -> tuple[Version[Claim], Claim]:
    number = source.issued.request.get("claim_number") or source.issued.about
    found = next(v for v in source.state.claims if v.part == number)
    return found, found.value


def _lines(source: Source, number: str) -> list[ClaimLine]:
    return [
        v.value for v in source.state.claim_lines if v.value.claim_number == number and v.valid.end is None
    ]


def _shares(source: Source, number: str) -> list[ClaimShare]:
    return [
        v.value for v in source.state.claim_shares if v.value.claim_number == number and v.valid.end is None
    ]


def _decided_on(source: Source, number: str) -> str:
    days = [v.valid.start for v in source.state.claim_lines if v.value.claim_number == number]
    return long_day(min(days, default=None))


def _addressee(source: Source, shares: list[ClaimShare]) -> str:
    if not shares:
        holder, insured = source.person("policyholder"), source.person("insured")
        return holder.name if holder.party_id != insured.party_id else f"{insured.name}的继承人"
    return "、".join(dict.fromkeys(source.name_of(one.payee_party_id) for one in shares))


def _conclusion(payable: Decimal, paid: bool) -> str:
    if paid:
        return f"同意给付，合计人民币{shown_amount(payable)}。"
    if payable:
        return f"不承担给付保险金的责任，退还保险费人民币{shown_amount(payable)}。"
    return "不承担给付保险金的责任。"


def _reasons(source: Source, value: Claim, lines: list[ClaimLine]) -> list[Reason]:
    exclusions = {one.code: one for one in source.file.product.terms.exclusions}
    found = []
    for code in value.grounds.split():
        if code in exclusions:
            one = exclusions[code]
            found.append(Reason(text=f"属于责任免除：{one.name.zh}。", basis=clause(one.basis)))
        else:
            basis = BASIS.get(code) or (lines[0].basis if lines else "Insurance Law 23")
            found.append(Reason(text=GROUNDS.get(code, code), basis=clause(basis)))
    return found or [Reason(text="经审核作出上述决定。", basis=clause("Insurance Law 23"))]


def _payee(source: Source, one: ClaimShare, total: Decimal) -> Payee:
    payment = next((v.value for v in source.state.payments if v.part == one.payment_number), None)
    account = source.accounts.get(payment.account_id) if payment and payment.account_id else None
    relations = {v.value.party_id: v.value.relation for v in source.state.beneficiaries}
    minor = "（未成年，由监护人代领）" if one.payee_is_minor else ""
    percent = (one.amount * 100 / total).quantize(Decimal("0.01")) if total else Decimal(100)
    return Payee(
        name=f"{source.name_of(one.payee_party_id)}{minor}",
        relation=word(RELATION, relations.get(one.payee_party_id, "")) if one.payee_party_id else NOTHING,
        share=share(percent),
        amount=text_amount(one.amount),
        bank=account.bank if account else LATER,
        account=account.number if account else LATER,
    )


def _afterwards(source: Source) -> str:
    last = max(source.state.status, key=lambda v: v.valid.start)
    if last.value.standing is Standing.ENDED:
        return f"保险合同自{long_day(last.valid.start)}起终止，此后不再产生保险费。"
    return "保险合同状态不因本决定改变。"
