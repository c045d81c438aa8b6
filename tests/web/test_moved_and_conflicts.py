"""A draft whose policy moved keeps what was typed and shows what moved; later acts in the way are asked about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from counterfoil.apps.acts.calls import ActRefused
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.policy.designation import Designation
from counterfoil.web.forms.calling import choices_of
from counterfoil.web.forms.conflicts import conflicts
from tests.builders import lives
from tests.journeys.clock import at_time
from tests.postgres.databases import TestDatabase
from tests.web.counter import TODAY, Counter, counts, one, open_counter
from tests.web.filling import inputs, send
from tests.web.office import signed_in
from tests.web.reading import inline, words

RELATION = "beneficiaries.0.relation"


@pytest.fixture
def counter(fresh_database: TestDatabase) -> Iterator[Counter]:
    with at_time(TODAY):
        yield open_counter()


def _change_by_somebody_else(counter: Counter) -> None:
    other = lives.register_person(counter.cast.handler, "王一诺", birth=date(2018, 5, 1), on=TODAY)
    named = [Designation(other, 1, "child", Decimal("100.00"))]
    lives.change_beneficiary(counter.cast.handler, counter.life.policy_id, named, on=TODAY)


def test_a_draft_whose_policy_moved_shows_who_did_what_and_which_fields_differ_and_goes_on(
    counter: Counter,
) -> None:
    client, path = counter.clerk(), counter.act("change_beneficiary")
    opened = client.get(path)
    _change_by_somebody_else(counter)
    refused = send(client, path, {RELATION: "parent"}, "preview", opened)
    assert refused.status_code == 422
    assert inline(refused) == []
    said = words(refused)
    assert "填写期间保单有变动" in said
    assert "受益人变更|2026-11-20" in said
    assert "徐岚" in said
    assert "受益人 1 · 受益人|李秀英|王一诺|李秀英" in said
    assert "配偶|子女|父母" in said
    assert inputs(refused)[RELATION] == ["parent"]
    shown = send(client, path, {}, "preview", refused)
    assert shown.status_code == 200
    assert send(client, path, {}, "confirm", shown).status_code == 302
    assert one("SELECT count(*) FROM act WHERE act = 'change_beneficiary'") == 2


def test_a_draft_whose_fields_did_not_move_says_so(counter: Counter) -> None:
    client, path = counter.clerk(), counter.act("change_beneficiary")
    opened = client.get(path)
    with at_time(date(2027, 4, 2)):
        lives.collect_renewal_premium(
            counter.cast.clerk, counter.life.policy_id, counter.life.premium, on=date(2027, 4, 2)
        )
        typed = {RELATION: "parent", "back_dating_reason": "去年受理"}
        refused = send(client, path, typed, "preview", opened)
    assert "续期收费" in words(refused)
    assert "本表单所列项目没有变化" in words(refused)


def test_an_act_from_a_day_past_asks_why_before_anything_is_decided(counter: Counter) -> None:
    client, path = counter.clerk(), counter.act("change_beneficiary")
    typed = {"act.effective_date": "2026-10-01", RELATION: "parent"}
    before = counts("act", "attempt")
    refused = send(client, path, typed, "preview")
    assert refused.status_code == 422
    assert "回溯生效" in words(refused)
    assert "请说明回溯原因" in words(refused)
    assert 'href="#f-back_dating_reason"' in refused.content.decode()
    assert counts("act", "attempt") == before
    shown = send(client, path, {"back_dating_reason": "客户四月已书面申请"}, "preview", refused)
    assert shown.status_code == 200
    assert inputs(shown)["back_dating_reason"] == ["客户四月已书面申请"]
    assert send(client, path, {}, "confirm", shown).status_code == 302


def test_an_act_of_today_is_not_asked_why(counter: Counter) -> None:
    opened = counter.clerk().get(counter.act("change_beneficiary"))
    field = opened.content.decode().split("data-back-dated=")[1].split(">")[0]
    assert "hidden" in field


@dataclass
class _Pipeline:
    """Answers as the pipeline does where later acts are in the way, and keeps what was asked."""

    violations: tuple[Violation, ...]

    def __call__(self, calls: Any, actor_id: Any, **_how: Any) -> list[ActRefused]:
        return [ActRefused(call, self.violations) for call in calls]


def _conflict(seq: int, field: str, old: str, new: str, why: str, choices: str) -> Violation:
    parameters = {
        "seq": str(seq), "act": "change_beneficiary", "effective_date": "2026-06-10", "field": field, "old": old,
        "new": new, "why": why, "choices": choices,
    }  # fmt: skip
    return Violation("timeline_conflict", None, parameters)


def test_later_acts_in_the_way_are_shown_with_old_and_new_and_a_choice_each(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = f"{counter.life.beneficiary}|1|100.00|spouse"
    new = f"{counter.life.beneficiary}|1|40.00|parent; {counter.life.insured}|1|60.00|child"
    found = (
        _conflict(7, "beneficiaries", old, new, "stated_anew", "keep_new,keep_later,drop_later"),
        _conflict(8, "amount", "770.00", "812.50", "amount_differs", "keep_new"),
        _conflict(9, "amount", "accepted", "refused", "grace_over", ""),
    )  # fmt: skip
    monkeypatch.setattr("counterfoil.web.views.acts.attempt", _Pipeline(found))
    client, path = signed_in(counter.cast.handler), counter.act("change_beneficiary")
    answer = send(client, path, {RELATION: "parent"}, "preview")
    assert answer.status_code == 422
    assert inline(answer) == []
    said = words(answer)
    assert "将因此改变的后续业务" in said
    assert "李秀英、1、100、配偶" in said
    assert "李秀英、1、40、父母 王建国、1、60、子女" in said
    assert "金额|770.00|812.50|金额将不同" in said
    assert "可办理|不能成立" in said
    assert "没有可选的处理方式" in said
    assert "第 7 笔“受益人变更”（2026-06-10 生效）将因此改变" in said
    text = answer.content.decode()
    assert text.count('name="choice.7"') == 3
    assert text.count('name="choice.8"') == 1
    assert 'name="choice.9"' not in text
    again = send(client, path, {"choice.7": "keep_later", "choice.8": "keep_new"}, "preview", answer)
    assert inputs(again)["choice.7"] == ["keep_later"]
    assert inputs(again)["choice.8"] == ["keep_new"]


def test_only_choices_that_every_conflict_of_an_act_offers_can_be_made() -> None:
    found = conflicts(
        (
            _conflict(7, "amount", "1.00", "2.00", "amount_differs", "keep_new,drop_later"),
            _conflict(7, "premium", "1.00", "2.00", "amount_differs", "keep_later,drop_later"),
        ),
        {},
        {},
    )
    assert [choice.value for choice in found[0].choices] == ["drop_later"]
    assert found[0].height == 2


def test_choices_are_read_by_act_and_what_is_none_is_left_out() -> None:
    typed = {
        "choice.12": ["drop_later"], "choice.7": ["keep_new"], "choice.8": ["everything"], "choice.x": ["keep_new"],
        "choice.": ["keep_new"], "choice.9": [""],
    }  # fmt: skip
    assert choices_of(typed) == ((7, "keep_new"), (12, "drop_later"))


def test_a_drift_says_what_differs_and_that_nothing_changed(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    drift = Violation("drift", None, {"what": "beneficiaries"})
    monkeypatch.setattr("counterfoil.web.views.acts.attempt", _Pipeline((drift,)))
    said = words(send(counter.clerk(), counter.act("change_beneficiary"), {RELATION: "parent"}, "preview"))
    assert "本次未作任何变更" in said
    assert "身故受益人" in said
