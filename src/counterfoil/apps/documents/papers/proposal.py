"""The proposal (建议书): what core quoted, its illustration with the legal marks, the clauses in our own words.

It is no paper of a policy: nothing is recorded, and its number is made from what it says.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from msgspec import Struct

from counterfoil.apps.documents.contents import Coverage, Heading, NoticeRow, Proposal, ProposalColumn
from counterfoil.apps.documents.insurer import insurer_of
from counterfoil.apps.documents.papers.clauses import exclusion_lines
from counterfoil.apps.documents.words import NOTHING, PAY_MODE, SEX, long_day, text_amount, word
from counterfoil.core.kernel.money import in_words
from counterfoil.core.newbusiness.illustration_sheet import Mark, Sheet
from counterfoil.core.newbusiness.quotation import Quotation
from counterfoil.core.product.conventions import ContractRole
from counterfoil.core.product.definition import Shows, Terms
from counterfoil.core.product.plans import WHOLE_LIFE, Plan

SHOWS = {
    Shows.POLICY_YEAR: "保单年度",
    Shows.AGE_AT_END: "年末年龄",
    Shows.INSTALMENT: "每期保险费",
    Shows.PREMIUM_OF_YEAR: "当年保险费",
    Shows.PREMIUMS_PAID: "累计保险费",
    Shows.BASIC_SUM_ASSURED: "基本保险金额",
    Shows.EFFECTIVE_SUM_ASSURED: "有效保险金额",
    Shows.CASH_VALUE: "现金价值",
    Shows.CASH_VALUE_PER_UNIT: "每单位现金价值",
    Shows.DIVIDEND: "当年红利",
    Shows.ACCUMULATED_DIVIDEND: "累积红利",
    Shows.TOP_UP: "追加保险费",
    Shows.TRANSFER_IN: "转入保险费",
    Shows.INITIAL_CHARGE: "初始费用",
    Shows.CREDITED: "进入账户金额",
    Shows.POLICY_FEE: "保单管理费",
    Shows.BONUS: "持续奖金",
    Shows.RISK_CHARGE: "风险保险费",
    Shows.ACCOUNT_VALUE: "账户价值",
}
MARKS = {
    Mark.DIVIDENDS_NOT_GUARANTEED: (
        "本产品为分红保险。红利分配是不确定的。红利演示基于本公司的精算及其他假设，不代表本公司的历史经营业绩，"
        "也不代表对本公司未来经营业绩的预期。"
    ),
    Mark.DIVIDENDS_NOT_ILLUSTRATED: "本建议书未演示红利：保险公司只公布了示例被保险人的红利演示。",
    Mark.RATE_NOT_GUARANTEED: (
        "本产品为万能保险，结算利率超过最低保证利率的部分是不确定的。按假设结算利率的演示不代表本公司的历史经营业绩，"
        "也不代表对本公司未来经营业绩的预期，实际利益可能低于演示。"
    ),
    Mark.PRINTED_BY_INSURER: "部分数值取自保险公司公布的同一示例的利益演示，没有公开的计算基础。",
    Mark.VALUES_NOT_PUBLISHED: "本产品未公布现金价值表，演示中以“—”表示，具体数额以保险合同所载为准。",
    Mark.SURRENDER_LOSES: "犹豫期后解除合同会遭受一定损失，退还的现金价值可能低于已交保险费。",
    Mark.CONTRACT_GOVERNS: "本建议书仅供参考，不是保险合同的组成部分；保险责任、责任免除等以保险条款和保险合同为准。",
}
NOTE = (
    "各数值为保单年度末的数值，单位为人民币元，假设保险费按期足额支付、未发生保险事故、未办理任何变更。"
    "未加标注的各列为保证利益，标注“非保证”的各列为演示利益。"
)
NO_NOTE = "本产品没有利益演示表。"


class Setting(Struct, frozen=True, kw_only=True):
    """When, where and by whom the proposal is made; the insured's name where a customer was picked."""

    moment: datetime
    unit_name: str
    seller: str
    insured_name: str = ""


def contents(
    main: Quotation, riders: Sequence[Quotation], sheet: Sheet | None, marks: Sequence[Mark], setting: Setting
) -> Proposal:
    """What the proposal says of one choice with its riders."""
    terms = main.product.terms
    first = sum((one.premium for one in riders), main.premium)
    columns, rows = _table(terms, sheet)
    made = Proposal(
        heading=_heading(setting, "PENDING"),
        insured=_insured(main, setting),
        coverages=[_coverage(one) for one in (main, *riders)],
        first_payment=text_amount(first),
        first_payment_in_words=in_words(first),
        by_mode=[
            NoticeRow(
                label=word(PAY_MODE, one.mode),
                value=f"每期 {one.premium:,.2f} 元，共 {one.instalments} 期，合计 {one.total:,.2f} 元",
            )
            for one in main.by_mode
        ],
        columns=columns,
        rows=rows,
        illustration_note=NOTE if columns else NO_NOTE,
        marks=[MARKS[one] for one in marks],
        clauses=[NoticeRow(label=number, value=text) for number, text in terms.clauses.items()],
        exclusions=exclusion_lines(terms),
        seller=setting.seller,
    )
    digest = hashlib.sha256(msgspec.json.encode(made)).hexdigest()[:8].upper()
    number = f"JY{setting.moment:%Y%m%d}-{digest}"
    return msgspec.structs.replace(made, heading=_heading(setting, number))


def _heading(setting: Setting, number: str) -> Heading:
    return Heading(
        insurer=insurer_of(setting.unit_name),
        document_number=number,
        control_number=NOTHING,
        issued_on=long_day(setting.moment.date()),
        created_at=setting.moment.replace(microsecond=0),
    )


def _insured(main: Quotation, setting: Setting) -> list[NoticeRow]:
    point = main.point
    rows = [
        ("被保险人", setting.insured_name or "（未填写）"),
        ("性别", word(SEX, point.sex)),
        ("投保年龄", f"{point.issue_age}周岁"),
        ("职业类别", NOTHING if point.occupation_class is None else f"{point.occupation_class}类"),
    ]
    for choice in main.product.terms.choices:
        value = {"yearly": "按年", "monthly": "按月"}.get(
            point.choices[choice.code], point.choices[choice.code]
        )
        rows.append((choice.name.zh, value))
    return [NoticeRow(label=label, value=value) for label, value in rows]


def _coverage(one: Quotation) -> Coverage:
    identity, mode = one.product.terms.identity, one.point.pay_mode
    paying = "趸交" if mode == "single" else f"{word(PAY_MODE, mode)}{one.point.pay_years}年"
    return Coverage(
        name=identity.name.zh,
        code=identity.code,
        kind="主险" if identity.role is ContractRole.MAIN else "附加险",
        term=_term(one.plan),
        payment=paying,
        sum_assured=text_amount(one.sum_assured),
        premium=text_amount(one.premium),
    )


def _term(plan: Plan) -> str:
    if plan.term == WHOLE_LIFE:
        return "终身"
    return f"{plan.term_years}年" if plan.term_years else f"至{plan.term.removeprefix('to_')}周岁"


def _table(terms: Terms, sheet: Sheet | None) -> tuple[list[ProposalColumn], list[list[str]]]:
    """The illustration without columns that are nil throughout."""
    if sheet is None:
        return [], []
    kept = sheet.without_nil()
    columns = [
        ProposalColumn(name=_name(terms, one.shows, one.benefit), guaranteed=one.guaranteed)
        for one in kept.columns
    ]
    whole = [one.shows in (Shows.POLICY_YEAR, Shows.AGE_AT_END) for one in kept.columns]
    return columns, [
        [_cell(cell, one) for cell, one in zip(cells, whole, strict=True)] for _, cells in kept.rows
    ]


def _name(terms: Terms, shows: Shows, benefit: str | None) -> str:
    if benefit is None:
        return SHOWS[shows]
    name = terms.benefit(benefit).name.zh
    return f"累计{name}" if shows is Shows.BENEFIT_TOTAL else name


def _cell(value: Decimal | None, whole: bool) -> str:
    if value is None:
        return "—"
    return f"{value:.0f}" if whole else f"{value:,.2f}"
