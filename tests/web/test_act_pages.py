"""The page of an act at a real database: nothing before the confirmation, one act after it, nothing typed lost."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from counterfoil.core.policy.act import Subject
from counterfoil.core.register import ASKED_FOR
from counterfoil.web.sentences import sentence
from tests.builders import lives
from tests.builders.lives import resident_id
from tests.journeys.clock import at_time
from tests.postgres.databases import TestDatabase
from tests.web.counter import TODAY, Counter, case_of, counts, one, open_counter
from tests.web.filling import inputs, look_and_confirm, send
from tests.web.office import Office, signed_in
from tests.web.reading import inline, words

SHARES = "beneficiaries.0.share_percent"
RECORDED = ("act", "attempt", "work_referral", "policy_beneficiary", "entry", "document")


@pytest.fixture
def counter(fresh_database: TestDatabase) -> Iterator[Counter]:
    with at_time(TODAY):
        yield open_counter()


def _row(counter: Counter, n: int, party: UUID, share: str, relation: str = "spouse") -> dict[str, str]:
    begin = f"beneficiaries.{n}."
    return {
        begin + "party_id": str(party), begin + "order": "1",
        begin + "relation": relation, begin + "share_percent": share,
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", sorted(a.name for a in ASKED_FOR.values() if a.subject is Subject.POLICY and not a.creates)
)
def test_every_act_on_a_policy_has_a_page_without_anything_inline(office: Office, name: str) -> None:
    people = (office.cast.clerk, office.cast.handler, office.cast.city_supervisor)
    answers = (signed_in(one).get(f"/policies/{office.policy}/acts/{name}/") for one in people)
    answer = next(answer for answer in answers if answer.status_code != 403)
    assert answer.status_code == 200
    assert inline(answer) == []


@pytest.mark.parametrize("name", ["add_bank_account", "change_contact_details", "record_health_notice"])
def test_every_act_on_a_customer_has_a_page_without_anything_inline(office: Office, name: str) -> None:
    answer = signed_in(office.cast.clerk).get(f"/customers/{office.holder}/acts/{name}/")
    assert answer.status_code == 200
    assert inline(answer) == []


@pytest.mark.parametrize("path", ["/policies/{}/acts/no_such_act/", "/policies/{}/acts/register_party/"])
def test_what_is_no_act_on_a_policy_has_no_page(office: Office, path: str) -> None:
    assert signed_in(office.cast.clerk).get(path.format(office.policy)).status_code == 404


def test_a_preview_shows_before_and_after_and_records_nothing(counter: Counter) -> None:
    before = counts(*RECORDED)
    shown = send(
        counter.clerk(), counter.act("change_beneficiary"), {"beneficiaries.0.relation": "parent"}, "preview"
    )
    assert shown.status_code == 200
    said = words(shown)
    assert "配偶" in said
    assert "父母" in said
    assert "批单" in said
    assert counts(*RECORDED) == before


def test_a_confirmed_act_is_recorded_once_however_often_it_is_sent(counter: Counter) -> None:
    client, path = counter.clerk(), counter.act("change_beneficiary")
    shown = send(client, path, {"beneficiaries.0.relation": "parent"}, "preview")
    first = send(client, path, {}, "confirm", shown)
    assert first.status_code == 302
    after = counts(*RECORDED)
    again = send(client, path, {}, "confirm", shown)
    assert (again.status_code, again.headers["Location"]) == (302, first.headers["Location"])
    assert counts(*RECORDED) == after
    done = client.get(first.headers["Location"])
    assert "受益人变更：已办理" in words(done)
    assert "批单 (PDF)" in words(done)


def test_the_same_key_with_another_body_is_told_and_keeps_what_was_typed(counter: Counter) -> None:
    client, path = counter.clerk(), counter.act("change_beneficiary")
    shown = send(client, path, {"beneficiaries.0.relation": "parent"}, "preview")
    send(client, path, {}, "confirm", shown)
    before = counts(*RECORDED)
    other = send(client, path, {"beneficiaries.0.relation": "sibling"}, "confirm", shown)
    assert other.status_code == 422
    assert sentence("key_reused") in words(other)
    assert inputs(other)["beneficiaries.0.relation"] == ["sibling"]
    assert counts(*RECORDED) == before


def test_shape_and_rule_are_told_alike_at_the_field_and_on_top_with_their_basis(counter: Counter) -> None:
    client, path = counter.clerk(), counter.act("change_beneficiary")
    typed = _row(counter, 0, counter.life.beneficiary, "40") | _row(counter, 1, counter.life.insured, "40")
    refused = send(client, path, typed, "preview")
    assert refused.status_code == 422
    said = words(refused)
    assert "有 2 处需要更正" in said
    assert "《保险法》第 40 条" in said
    assert "《保险法》第 42 条" in said
    text = refused.content.decode()
    assert 'href="#f-beneficiaries-1-party_id"' in text
    assert 'id="f-beneficiaries-1-party_id-wrong-1"' in text
    sent = inputs(refused)
    assert {name: sent[name] for name in typed} == {name: [value] for name, value in typed.items()}
    wrong = send(client, path, {SHARES: "half", "act.effective_date": "soon"}, "preview")
    assert wrong.status_code == 422
    assert inputs(wrong)[SHARES] == ["half"]
    assert "“soon”不是日期" in words(wrong)


def test_going_back_from_the_preview_keeps_everything(counter: Counter) -> None:
    client, path = counter.clerk(), counter.act("change_beneficiary")
    shown = send(
        client,
        path,
        {
            "act.effective_date": "2026-10-01",
            "back_dating_reason": "补录",
            "beneficiaries.0.relation": "parent",
        },
        "preview",
    )
    sent = inputs(shown)
    back = send(client, path, {}, "edit", shown)
    assert back.status_code == 200
    assert {name: inputs(back)[name] for name in sent if name != "csrfmiddlewaretoken"} == {
        name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"
    }


def test_a_policy_that_moved_meanwhile_is_told(counter: Counter) -> None:
    client, path = counter.clerk(), counter.act("change_beneficiary")
    opened = client.get(path)
    lives.collect_renewal_premium(
        counter.cast.clerk, counter.life.policy_id, counter.life.premium, on=date(2027, 4, 2)
    )
    answer = send(client, path, {"beneficiaries.0.relation": "parent"}, "preview", opened)
    assert answer.status_code == 422
    assert "保单" in words(answer)


def test_without_the_permission_there_is_no_page_and_in_another_unit_no_policy(counter: Counter) -> None:
    assert signed_in(counter.cast.city_supervisor).get(counter.act("surrender")).status_code == 403
    assert signed_in(counter.cast.auditor).get(counter.act("surrender")).status_code == 403
    assert signed_in(counter.cast.auditor).post(counter.act("surrender")).status_code == 403
    assert signed_in(counter.cast.stranger).get(counter.act("surrender")).status_code == 404


def test_above_the_authority_the_preview_says_to_whom_it_goes_and_a_case_waits(counter: Counter) -> None:
    number = lives.report_death(counter.cast.clerk, counter.life.policy_id, event=date(2026, 11, 2), on=TODAY)
    client, path = signed_in(counter.cast.handler), counter.act("decide_death_claim")
    typed = {"opinion": "材料齐全，同意给付", "cause": "illness", "claim_number": number}
    shown = send(client, path, typed, "preview")
    said = words(shown)
    assert "超过您的权限" in said
    assert "最高50,000.00元" in said
    assert "总公司" in said
    assert "提交审批" in said
    assert counts("work_referral") == {"work_referral": 0}
    answer = send(client, path, {}, "confirm", shown)
    case = case_of(counter.life.policy_id)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/approvals/{case}/")
    again = send(client, path, {}, "confirm", shown)
    assert again.headers["Location"] == f"/approvals/{case}/"
    assert counts("work_referral") == {"work_referral": 1}
    assert one("SELECT count(*) FROM act WHERE act = 'decide_death_claim'") == 0


def test_a_locked_policy_is_tried_again_by_itself_five_times_and_then_by_hand(
    counter: Counter, fresh_database: TestDatabase
) -> None:
    client, path = counter.clerk(), counter.act("change_beneficiary")
    opened = client.get(path)
    with fresh_database.connect(autocommit=False) as other:
        other.execute("SELECT 1 FROM policy WHERE policy_id = %s FOR UPDATE", (counter.life.policy_id,))
        held = send(client, path, {"beneficiaries.0.relation": "parent"}, "preview", opened)
        assert held.status_code == 409
        text = held.content.decode()
        assert 'hx-trigger="load delay:1s"' in text
        assert 'name="try" value="1"' in text
        data = inputs(opened) | {"beneficiaries.0.relation": ["parent"], "step": ["preview"], "try": ["5"]}
        last = client.post(path, data)
        assert last.status_code == 409
        assert "hx-trigger" not in last.content.decode().split("<main")[1].split("</main>")[0]
        assert "再次提交" in words(last)
        other.rollback()
    data["step"] = ["confirm"]
    answer = client.post(path, data, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith(path)


def test_a_new_customer_is_registered_with_the_number_sealed(counter: Counter) -> None:
    number = resident_id(date(1988, 8, 8), "F", 333)
    typed = {
        "kind": "person", "name": "周慧", "sex": "F", "birth_date": "19880808", "occupation_code": "2020101",
        "occupation_class": "1", "papers.0.kind": "RESIDENT_ID", "papers.0.number": number,
    }  # fmt: skip
    client = counter.clerk()
    shown = send(client, "/acts/register_party/", typed, "preview")
    assert shown.status_code == 200, words(shown)
    assert number[:3] + "*" * 11 + number[-4:] in words(shown)
    assert number not in words(shown)
    answer = send(client, "/acts/register_party/", {}, "confirm", shown)
    assert answer.headers["Location"].startswith("/customers/")
    assert one("SELECT count(*) FROM act WHERE request::text LIKE %s", f"%{number}%") == 0
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_wrong_id_number_and_a_missing_name_are_both_told(counter: Counter) -> None:
    typed = {"kind": "person", "papers.0.kind": "RESIDENT_ID", "papers.0.number": "320117198808080000"}
    answer = send(counter.clerk(), "/acts/register_party/", typed, "preview")
    assert answer.status_code == 422
    assert 'href="#f-papers-0-number"' in answer.content.decode()
    assert inputs(answer)["papers.0.number"] == ["320117198808080000"]


def test_a_renewal_is_prefilled_with_what_is_due_and_the_entries_are_shown_before(counter: Counter) -> None:
    with at_time(date(2027, 4, 2)):
        path = counter.act("collect_renewal_premium")
        client = counter.clerk()
        assert inputs(client.get(path))["amount"] == [str(counter.life.premium)]
        shown = send(client, path, {"method": "cash"}, "preview")
        said = words(shown)
        assert "库存现金" in said
        assert "续期保费收入" in said
        assert send(client, path, {}, "confirm", shown).status_code == 302
    assert one("SELECT sum(amount) FROM entry WHERE account = '1001'") == Decimal("770.00")


def test_accounts_are_offered_masked_and_only_the_customers_own(counter: Counter) -> None:
    card = lives.bank_card(77)
    lives.add_account(counter.cast.clerk, counter.life.holder, number=card)
    lives.add_account(counter.cast.clerk, counter.life.holder, own=False)
    text = counter.clerk().get(counter.act("surrender")).content.decode()
    assert card not in text
    assert f"****{card[-4:]}" in text
    offered = counter.clerk().get(f"/parties/{counter.life.holder}/accounts/").content.decode()
    assert offered.count("<option") == 1


def test_people_are_picked_by_name_or_number_and_the_number_is_not_in_the_address(counter: Counter) -> None:
    client = counter.clerk()
    field = "beneficiaries.0.party_id"
    found = client.post(
        "/parties/pick/", {"field": field, field + "__text": "李秀"}, headers={"HX-Request": "true"}
    )
    assert f'data-pick="{counter.life.beneficiary}"' in found.content.decode()
    assert client.get("/parties/pick/").status_code == 405


def test_an_undo_offers_only_what_can_be_undone(counter: Counter) -> None:
    look_and_confirm(
        counter.clerk(), counter.act("change_beneficiary"), {"beneficiaries.0.relation": "parent"}
    )
    text = signed_in(counter.cast.handler).get(counter.act("undo_act"))
    said = words(text)
    assert "受益人变更 · 2026-11-20 · 方敏" in said
    assert "首期收费" not in said
