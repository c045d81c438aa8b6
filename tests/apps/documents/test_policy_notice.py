"""Each letter of the calendar names the amounts and the days of the policy that it is about, and can be printed."""

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import pytest

from counterfoil.apps.documents.papers.policy_notice import LETTERS, contents
from counterfoil.apps.documents.queries import PAPERS, TEMPLATES
from counterfoil.apps.documents.rendering import render
from counterfoil.apps.documents.source import Issued, Known, Source
from counterfoil.apps.policies.queries import PolicyFile, PolicyHead
from counterfoil.core.kernel.decisions import Accepted
from counterfoil.core.policy.state import fold
from counterfoil.core.register import ACTS
from tests.apps.documents.reading import text_of
from tests.builders.policy_states import Step, life, named, product, request_of

CAME = {
    # kind: (stage, act, day, texts that must be there)
    "premium_notice": (
        "delivered",
        "premium_due",
        date(2027, 1, 13),
        ["缴费通知书", "770.00元", "2027年1月13日", "2027年3月14日（含当日）", "2027年3月15日零时起效力中止"],
    ),
    "payment_reminder": (
        "delivered",
        "begin_grace",
        date(2027, 1, 14),
        ["催缴通知书", "欠交保险费", "770.00元", "2027年3月14日（含当日）"],
    ),
    "lapse_notice": (
        "delivered",
        "lapse",
        date(2027, 3, 15),
        [
            "效力中止通知书",
            "2027年3月15日",
            "2029年3月14日（含当日）",
            "复效申请书",
            "2029年3月15日起保险合同终止",
        ],
    ),
    "termination_notice": (
        "five_pay_two_paid",
        "terminate_after_lapse",
        date(2030, 3, 14),
        ["合同终止通知书", "2028年3月14日", "2030年3月14日", "539.00元", "登记收款账户（付款号Y"],
    ),
    "expiry_notice": (
        "single_delivered",
        "expire",
        date(2031, 1, 13),
        ["保险期间届满通知书", "2026年1月13日至2031年1月12日", "472.00元"],
    ),
}


def _source(kind: str) -> Source:
    stage, name, day, _ = CAME[kind]
    lived = life(stage)
    lived.pass_time(date.fromordinal(day.toordinal() - 1))
    step = Step(act=name, on=day)
    decision = ACTS[name].decide(lived.state, lived.facts(step), request_of(step), day)
    assert isinstance(decision, Accepted), decision
    (document,) = decision.documents
    assert document.kind == kind
    state = fold(lived.state, decision.changes)
    moment = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    figures = {"figures": {key: str(amount) for key, amount in decision.figures.items()}}
    issued = Issued(
        kind, document.number, "", name, day, moment, moment, day, "系统", None, {}, figures, "", {}
    )
    head = PolicyHead(state.policy_id, state.seq, "u", "杭州支公司", "", "TB0000000001", "", "")
    people = {named(one): _known(named(one), one) for one in ("wang", "li", "son")}
    file = PolicyFile(head, state, product(), {})
    return Source(issued, file, None, people, {})


def _known(party_id: UUID, name: str) -> Known:
    return Known(party_id, {"wang": "王伟"}.get(name, "李娜"), "M", None, "", "", 0, "", "", None, "", "")


@pytest.mark.parametrize("kind", CAME)
def test_a_letter_says_amounts_and_days_and_what_to_do(kind: str) -> None:
    said = contents(_source(kind))

    text = text_of(render(TEMPLATES[kind], "1", said))

    assert said.addressee == "王伟"
    missing = [wanted for wanted in CAME[kind][3] if wanted not in text]
    assert not missing, msgspec.json.encode(said).decode()


def test_every_letter_of_the_calendar_has_its_paper() -> None:
    assert CAME.keys() == LETTERS.keys() == TEMPLATES.keys()
    assert PAPERS.keys() >= LETTERS.keys()


def test_without_a_value_no_account_is_asked_for() -> None:
    source = _source("termination_notice")
    figures = {"figures": {"cash_value": "0.00", "deducted": "0.00", "payable": "0.00"}}
    state = fold(source.state, ())
    state.slices = {**state.slices, "payments": ()}
    nothing = msgspec.structs.replace(
        source,
        issued=msgspec.structs.replace(source.issued, decision=figures),
        file=msgspec.structs.replace(source.file, state=state),
    )

    said = contents(nothing)

    assert "没有应退款项" in said.todo[0].text
    assert ("应退现金价值", "0.00元") in [(row.label, row.value) for row in said.rows]
