"""What several papers say alike: people, beneficiaries by order, the schedule."""

from counterfoil.apps.documents.contents import Beneficiary, Coverage
from counterfoil.apps.documents.source import Source
from counterfoil.apps.documents.words import (
    NOTHING,
    ORDER,
    PAPER_KIND,
    RELATION,
    paying,
    share,
    text_amount,
    word,
)
from counterfoil.core.kernel.versions import Version, at
from counterfoil.core.policy import values
from counterfoil.core.policy.lifecycle import coverage_on
from counterfoil.core.policy.state import PolicyState


def named(source: Source) -> list[Beneficiary]:
    """The beneficiaries of the death benefit on the act's day, first order first."""
    found = []
    for version in _in_order(source.state, source):
        person = source.people[version.value.party_id]
        found.append(
            Beneficiary(
                order=version.value.order,
                name=person.name,
                relation=word(RELATION, version.value.relation),
                paper_kind=word(PAPER_KIND, person.paper_kind),
                paper_number=person.paper_number or NOTHING,
                share=share(version.value.share_percent),
            )
        )
    return found


def by_order(source: Source, state: PolicyState) -> dict[int, str]:
    """The designation on the act's day, a sentence an order."""
    lines: dict[int, list[str]] = {}
    for version in _in_order(state, source):
        one = version.value
        text = f"{source.name_of(one.party_id)}（{word(RELATION, one.relation)}）{share(one.share_percent)}"
        lines.setdefault(one.order, []).append(text)
    return {order: "；".join(said) for order, said in lines.items()}


def order_word(order: int) -> str:
    """第一顺序 and so on."""
    return f"第{ORDER[order - 1] if order <= len(ORDER) else order}顺序"


def coverage_of(source: Source) -> values.Coverage:
    """The main coverage on the act's day; an application has one from its first act on."""
    found = coverage_on(source.state, source.issued.effective_date)
    assert found is not None, "a policy with papers has a main coverage"
    return found


def schedule(source: Source) -> list[Coverage]:
    """The schedule of coverages."""
    one, name = coverage_of(source), source.file.product.terms.identity
    return [
        Coverage(
            name=name.name.zh,
            code=one.product_code,
            kind="主险",
            term=f"{one.term_years}年",
            payment=paying(one.pay_mode, one.pay_years),
            sum_assured=text_amount(one.sum_assured),
            premium=text_amount(one.premium),
        )
    ]


def payment_term(one: values.Coverage) -> str:
    """How long premiums are paid."""
    return "一次交清" if one.pay_mode == "single" else f"{one.pay_years}年"


def _in_order(state: PolicyState, source: Source) -> list[Version[values.Beneficiary]]:
    held = at(state.beneficiaries, source.issued.effective_date)
    return sorted(held, key=lambda v: (v.value.order, v.part))
