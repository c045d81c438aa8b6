"""The policy (保险单) that goes to the policyholder at issue."""

from datetime import timedelta

from counterfoil.apps.documents.contents import Person, PolicyContract, ValueOrigin, YearEndValue
from counterfoil.apps.documents.insurer import ways
from counterfoil.apps.documents.papers.clauses import sections
from counterfoil.apps.documents.papers.parts import coverage_of, named, payment_term, schedule
from counterfoil.apps.documents.source import Known, Source
from counterfoil.apps.documents.words import (
    HOLDER_IS,
    NOTHING,
    PAPER_KIND,
    PAY_MODE,
    SEX,
    long_day,
    text_amount,
    word,
)
from counterfoil.core.kernel.calendar_dates import anniversary
from counterfoil.core.kernel.money import in_words
from counterfoil.core.policy.lifecycle import due_dates, paid_to_on
from counterfoil.core.policy.values import Contract, Coverage
from counterfoil.core.product.lookup import Product
from counterfoil.core.product.tables import Provenance

NOTE = (
    "保单年度之内的现金价值，在上年度末与本年度末数值之间按实际经过天数线性计算，四舍五入至分。"
    "标注为计算值的，系备案表缺少该格、按备案计算基础算得。"
)


def contents(source: Source) -> PolicyContract:
    """What the policy says."""
    state, product = source.state, source.file.product
    contract, one = state.contract[-1].value, coverage_of(source)
    paid = paid_to_on(state, source.issued.effective_date)
    return PolicyContract(
        heading=source.heading(),
        policy_number=contract.policy_number,
        application_number=source.file.head.application_number,
        formed_on=long_day(contract.formed_on),
        effective_from=long_day(contract.effective_date),
        expires_on=long_day(contract.cover_until),
        policyholder=_person(source.person("policyholder")),
        insured=_person(source.person("insured")),
        relation_to_insured=word(HOLDER_IS, source.issued.first_request.get("relation", "")),
        beneficiaries=named(source),
        coverages=schedule(source),
        sum_assured=text_amount(one.sum_assured),
        sum_assured_in_words=in_words(one.sum_assured),
        premium=text_amount(one.premium),
        premium_in_words=in_words(one.premium),
        payment_mode=word(PAY_MODE, one.pay_mode),
        payment_term=_instalments(contract, one),
        due_dates=_due(contract, one),
        paid_to=long_day(paid.paid_to_date if paid else None),
        special_agreements=[],
        sold_by=f"{source.issued.clerk}　{source.file.head.unit_name}",
        cash_values=_values(product, contract, one),
        cash_value_note=NOTE,
        sections=sections(product.terms),
        ways=ways(),
        cooling_off_days=product.terms.cooling_off.days,
    )


def _person(known: Known) -> Person:
    return Person(
        name=known.name,
        sex=word(SEX, known.sex),
        birth_date=long_day(known.birth_date),
        paper_kind=word(PAPER_KIND, known.paper_kind),
        paper_number=known.paper_number or NOTHING,
        mobile=known.mobile or NOTHING,
        address=known.address or NOTHING,
    )


def _instalments(contract: Contract, one: Coverage) -> str:
    dues = due_dates(contract.effective_date, one.pay_mode, one.pay_years)
    return payment_term(one) if len(dues) == 1 else f"{payment_term(one)}（{len(dues)}期）"


def _due(contract: Contract, one: Coverage) -> str:
    start = contract.effective_date
    if one.pay_mode == "single":
        return "投保时一次交清"
    if one.pay_mode == "annual":
        return f"每年{start.month}月{start.day}日"
    return f"自{long_day(start)}起按{word(PAY_MODE, one.pay_mode)}的对应日"


def _values(product: Product, contract: Contract, one: Coverage) -> list[YearEndValue]:
    """The cash value of the whole policy at the end of each policy year, all premiums paid."""
    rows = []
    for year in range(1, one.term_years + 1):
        cell = product.cash_value_cell(
            sex=one.sex,
            issue_age=one.issue_age,
            term_years=one.term_years,
            pay_mode=one.pay_mode,
            pay_years=one.pay_years,
            policy_year=year,
        )
        amount = cell.value * one.sum_assured / product.terms.values.per
        computed = cell.provenance is Provenance.COMPUTED
        rows.append(
            YearEndValue(
                policy_year=year,
                year_end=long_day(anniversary(contract.effective_date, year) - timedelta(days=1)),
                cash_value=text_amount(product.terms.rounding.cash_value.apply(amount)),
                origin=ValueOrigin.COMPUTED if computed else ValueOrigin.FILED,
            )
        )
    return rows
