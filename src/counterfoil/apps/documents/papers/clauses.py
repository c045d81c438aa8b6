"""The clauses of a term contract in summary (our own words), with every figure from the product's terms."""

from counterfoil.apps.documents.contents import Clause, ClauseSection
from counterfoil.core.product.clauses import CoolingOffStart, Disclosure, Exclusion, Pays
from counterfoil.core.product.conventions import RuleBy
from counterfoil.core.product.definition import Terms


def sections(terms: Terms) -> list[ClauseSection]:
    """Titled groups of clauses; those that limit the insurer's liability are emphasised (Insurance Law 17)."""
    return [
        _formation(terms),
        _cooling_off(terms),
        _benefit(terms),
        _exclusions(terms),
        _premium(terms),
        _suspension(terms),
        _beneficiaries(terms),
        _claims(terms),
        _surrender(terms),
        _disclosure(terms),
    ]


def exclusion_lines(terms: Terms) -> list[str]:
    """The excluded events, one line an item of the clause; an item that the source does not prove is left out."""
    items: dict[int, list[Exclusion]] = {}
    for one in terms.exclusions:
        if not one.doubtful:
            items.setdefault(one.item, []).append(one)
    last = max(items, default=0)
    return [
        "、".join(_excluded(one) for one in items[item]) + ("。" if item == last else "；")
        for item in sorted(items)
    ]


def _excluded(one: Exclusion) -> str:
    return f"{one.name.zh}（被保险人自杀时为无民事行为能力人的除外）" if one.except_for else one.name.zh


def _section(title: str, basis: str, *clauses: tuple[str, bool]) -> ClauseSection:
    return ClauseSection(
        title=title,
        basis=f"条款{basis}",
        clauses=[Clause(text=text, emphasised=emphasised) for text, emphasised in clauses],
    )


def _formation(terms: Terms) -> ClauseSection:
    lives = terms.lives
    years = "年或".join(str(n) for n in sorted({plan.term_years for plan in terms.plans}))
    return _section(
        "合同的成立与生效",
        lives.basis,
        (
            (
                "您提出投保申请，我们同意承保，合同即告成立。我们收到首期保险费并签发保险单后，"
                "合同自保险单载明的生效日零时起生效。"
            ),
            False,
        ),
        (
            (
                f"投保年龄按有效身份证件上的出生日期计算，为{lives.issue_age_min}周岁至{lives.issue_age_max}周岁。"
                f"保险期间为{years}年，由您在投保时选定并载于保险单。"
            ),
            False,
        ),
    )


def _cooling_off(terms: Terms) -> ClauseSection:
    rule = terms.cooling_off
    start = "签收本合同之日" if rule.starts is CoolingOffStart.DAY_OF_RECEIPT else "签收本合同的次日"
    return _section(
        "犹豫期",
        rule.basis,
        (
            (
                f"自您{start}起有{rule.days}日犹豫期。请在此期间仔细阅读合同，如认为与您的需要不符，可以书面要求解除合同，"
                "我们全额无息退还已交保险费。"
            ),
            False,
        ),
        ("合同解除前发生的保险事故，我们不承担给付责任。", True),
    )


PROMISE = {
    Pays.BASIC_SUM_ASSURED: "按基本保险金额给付身故保险金",
    Pays.PREMIUMS_PAID: "只返还已支付的保险费",
    Pays.CASH_VALUE: "退还现金价值",
}


def _benefit(terms: Terms) -> ClauseSection:
    death = next(one for one in terms.benefits if one.event == "death")
    accident = PROMISE[death.amount_for("accident", True).pays]
    after = PROMISE[death.amount_for("other", False).pays]
    inside = PROMISE[death.amount_for("other", True).pays]
    return _section(
        "保险责任",
        death.basis,
        (f"被保险人因意外伤害身故的，{accident}，合同终止。意外伤害身故没有等待期。", False),
        (f"被保险人在等待期届满后因其他原因身故的，{after}，合同终止。", False),
        (
            (
                f"等待期：自合同生效日或最后一次效力恢复日（以较晚者为准）起{terms.waiting.days}日。"
                f"等待期内因意外伤害以外的原因身故的，{inside}，合同终止。"
            ),
            True,
        ),
        (
            "猝死（症状出现后24小时内的突然死亡）不属于意外伤害。保险期间届满被保险人仍生存的，我们不给付保险金。",
            True,
        ),
    )


def _exclusions(terms: Terms) -> ClauseSection:
    return _section(
        "责任免除",
        "2.4；《保险法》第十七条",
        ("因下列情形之一导致被保险人身故的，我们不承担给付身故保险金的责任：", True),
        *((line, True) for line in exclusion_lines(terms)),
        (
            (
                "发生投保人故意杀害或伤害被保险人的情形，合同终止，我们向受益人退还现金价值；"
                "发生其他各项情形的，合同终止，我们向您退还现金价值。"
            ),
            True,
        ),
    )


def _premium(terms: Terms) -> ClauseSection:
    return _section(
        "保险费的支付与宽限期",
        terms.grace.basis,
        ("分期支付的，您应当在交费期间内每个保险费约定支付日支付当期保险费。", False),
        (
            (
                f"到期未支付的，自保险费约定支付日次日零时起{terms.grace.days}日为宽限期。宽限期内发生的保险事故，"
                "我们仍承担保险责任，但给付时扣除您欠交的保险费。"
            ),
            False,
        ),
        (
            "宽限期满仍未支付保险费的，合同自宽限期满的次日零时起效力中止。效力中止期间，我们不承担保险责任。",
            True,
        ),
    )


def _suspension(terms: Terms) -> ClauseSection:
    rule = terms.reinstatement
    owed = "欠交的保险费" if rule.without_interest else "欠交的保险费及利息"
    if rule.by is not RuleBy.OWN:
        return _section("效力的中止", rule.basis, ("效力中止后，本合同不办理效力恢复。", True))
    return _section(
        "效力的中止与恢复",
        rule.basis,
        (
            (
                f"效力中止之日起{rule.within_years}年内您可以申请恢复效力。经双方达成协议，您补交{owed}后，"
                "合同自次日零时起恢复效力。"
            ),
            False,
        ),
        (
            f"效力中止之日起满{rule.within_years}年双方未达成协议的，我们有权解除合同，退还效力中止时的现金价值。",
            True,
        ),
    )


def _beneficiaries(terms: Terms) -> ClauseSection:
    return _section(
        "受益人",
        f"{terms.beneficiaries.basis}；《保险法》第三十九条至第四十二条",
        (
            (
                "您或者被保险人可以指定一人或数人为身故保险金受益人，并确定受益顺序和份额；"
                "未确定份额的，各受益人按照相等份额享有受益权。"
            ),
            False,
        ),
        ("您指定或者变更受益人，应当经被保险人同意，并书面通知我们，由我们在保险单上批注。", False),
        (
            (
                "没有受益人，受益人先于被保险人身故而没有其他受益人，或者受益人依法丧失、放弃受益权而没有其他受益人的，"
                "身故保险金作为被保险人的遗产处理。"
            ),
            False,
        ),
        ("受益人故意造成被保险人身故、伤残，或者故意杀害被保险人未遂的，丧失受益权。", True),
    )


def _claims(terms: Terms) -> ClauseSection:
    clock = terms.claims
    return _section(
        "保险金的申请与给付",
        clock.basis,
        (
            f"知道保险事故发生后请在{clock.notice_days}日内通知我们。申请时资料不完整的，我们一次性通知补充。",
            False,
        ),
        (
            (
                f"我们在收到申请和完整资料后{clock.decision_days}日内作出核定；情形复杂的，在{clock.complex_decision_days}日内核定。"
                f"达成给付协议后{clock.payment_days}日内给付；不属于保险责任的，自核定之日起{clock.refusal_letter_days}日内"
                "发出通知并说明理由。"
            ),
            False,
        ),
        (
            f"请求给付保险金的诉讼时效期间为{clock.limitation_years}年，自知道或者应当知道保险事故发生之日起计算。",
            False,
        ),
    )


def _surrender(terms: Terms) -> ClauseSection:
    return _section(
        "解除合同与现金价值",
        terms.surrender.basis,
        (
            f"犹豫期后您可以书面申请解除合同。我们收到申请时合同终止，在{terms.surrender.payment_days}日内退还现金价值。",
            False,
        ),
        ("犹豫期后解除合同会遭受一定损失。退还的现金价值可能明显低于已交保险费，请参阅现金价值表。", True),
    )


def _bar(rule: Disclosure) -> tuple[tuple[str, bool], ...]:
    """What limits the right to rescind, as far as the clauses say."""
    if rule.days_after_knowledge is None:
        return ()
    text = f"上述解除权，自我们知道有解除事由之日起超过{rule.days_after_knowledge}日不行使而消灭"
    if rule.bar_years is None:
        return ((text + "。", False),)
    return ((f"{text}；自合同成立之日起超过{rule.bar_years}年的，我们不得解除合同。", False),)


def _disclosure(terms: Terms) -> ClauseSection:
    rule = terms.disclosure
    return _section(
        "如实告知与合同解除权的限制",
        f"{rule.basis}；《保险法》第十六条",
        ("我们就您和被保险人的有关情况提出询问的，您应当如实告知。", False),
        (
            (
                "故意不如实告知的，我们有权解除合同，对解除前发生的保险事故不承担给付责任，并不退还保险费。"
                "因重大过失未如实告知、对事故发生有严重影响的，我们不承担给付责任，但退还保险费。"
            ),
            True,
        ),
        *_bar(rule),
    )
