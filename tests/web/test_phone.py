"""A customer's telephone: no sign-in, one case, the papers asked for, some minutes, one telephone; and nothing else."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from counterfoil.apps.journal.ports import now, ports
from counterfoil.apps.papers.models import PaperHandover
from tests.apps.papers import paper_files as made
from tests.builders.cases import opened_case
from tests.web.office import HOLDER, Office
from tests.web.reading import inline, words

HTMX = {"HX-Request": "true"}
BODY = "application/octet-stream"


class _Later:
    def __init__(self, minutes: int) -> None:
        self.at = now() + timedelta(minutes=minutes)

    def now(self) -> object:
        return self.at


def _code(office: Office, case: UUID, *types: str) -> str:
    """The path that a new code leads to."""
    answer = office.client("outer_counter").post(
        f"/cases/{case}/papers/phone/", {"type": list(types or ("bank_card",))}, headers=HTMX
    )
    path = answer.content.decode().partition("/phone/code/")[2].partition("/")[0]
    return f"/phone/code/{path}/"


def _telephone(path: str) -> Client:
    """A telephone that took the code."""
    phone = Client()
    assert phone.post(path).status_code == 302
    return phone


def _send(phone: Client, content: bytes, type_: str = "bank_card") -> tuple[int, dict[str, object]]:
    answer = phone.post(f"/phone/add/?type={type_}", content, content_type=BODY)
    return answer.status_code, answer.json()


def _pages(office: Office, case: UUID) -> int:
    return office.client("outer_counter").get(f"/cases/{case}/papers/").content.decode().count("data-page=")


def test_a_telephone_sends_a_page_to_its_case_and_the_counter_sees_by_which_way(office: Office) -> None:
    case = opened_case(office.cast.clerk)
    phone = _telephone(_code(office, case))
    status, answer = _send(phone, made.photograph())
    assert (status, answer) == (200, {"hints": []})
    assert "手机上传" in words(office.client("outer_counter").get(f"/cases/{case}/papers/"))


def test_opening_the_address_spends_nothing_and_a_second_telephone_comes_too_late(office: Office) -> None:
    path = _code(office, opened_case(office.cast.clerk))
    for _ in range(3):
        assert Client().get(path).status_code == 200
    _telephone(path)
    assert Client().post(path).status_code == 410
    assert Client().get(path).status_code == 410


def test_the_page_shows_only_what_is_to_be_photographed_in_chinese(office: Office) -> None:
    phone = _telephone(_code(office, office.papers_case, "bank_card", "proxy"))
    answer = phone.get("/phone/", headers={"Accept-Language": "en"})
    said = words(answer)
    assert "银行卡或存折" in said
    assert "授权委托书" in said
    for secret in (HOLDER, office.policy_number, str(office.papers_case), "身份证", "职员", "支公司"):
        assert secret not in answer.content.decode()
    assert inline(answer) == []
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_telephone_reaches_nothing_but_its_own_pages(office: Office) -> None:
    case = office.papers_case
    phone = _telephone(_code(office, case))
    for path in ("/", f"/cases/{case}/papers/", f"/cases/{case}/papers/pages/{office.paper_page}/small/"):
        assert phone.get(path).status_code == 302


def test_a_paper_that_was_not_asked_for_is_refused(office: Office) -> None:
    case = opened_case(office.cast.clerk)
    phone = _telephone(_code(office, case))
    status, answer = _send(phone, made.jpeg(), "proxy")
    assert status == 422
    assert "未要求" in str(answer["said"])
    assert _pages(office, case) == 0


def test_without_a_code_nothing_is_taken(office: Office) -> None:
    for phone in (Client(), Client()):
        phone.cookies["counterfoil_phone"] = "a" * 43
        assert phone.get("/phone/").status_code == 410
        assert _send(phone, made.jpeg())[0] == 410
    assert Client().get("/phone/code/" + "a" * 43 + "/").status_code == 410
    assert Client().post("/phone/code/" + "a" * 43 + "/").status_code == 410


@pytest.mark.parametrize("end", ["done", "revoked", "another", "out of time"])
def test_after_the_end_nothing_more_comes(office: Office, end: str) -> None:
    case = opened_case(office.cast.clerk)
    phone = _telephone(_code(office, case))
    counter = office.client("outer_counter")
    if end == "done":
        assert "谢谢您" in words(phone.post("/phone/done/"))
    elif end == "revoked":
        counter.post(f"/cases/{case}/papers/change/revoke/")
    elif end == "another":
        _code(office, case)
    with ports(clock=_Later(16 if end == "out of time" else 0)):  # type: ignore[arg-type]
        assert phone.get("/phone/").status_code == 410
        assert _send(phone, made.jpeg())[0] == 410
    assert _pages(office, case) == 0


def test_a_code_not_taken_in_time_is_over(office: Office) -> None:
    path = _code(office, opened_case(office.cast.clerk))
    with ports(clock=_Later(16)):  # type: ignore[arg-type]
        assert Client().get(path).status_code == 410
        assert Client().post(path).status_code == 410


def test_too_many_pages_within_a_minute_are_refused_and_later_taken(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counterfoil.apps.papers import handover
    from counterfoil.apps.papers.limits import CaseLimits

    limits = CaseLimits(case_pages_most=9, phone_minutes=15, phone_pages_most=3, phone_pages_each_minute=2)
    monkeypatch.setattr(handover, "case_limits", lambda on: limits)
    phone = _telephone(_code(office, opened_case(office.cast.clerk)))
    assert [_send(phone, made.jpeg(made.form(seed)))[0] for seed in (1, 2, 3)] == [200, 200, 429]
    with ports(clock=_Later(2)):  # type: ignore[arg-type]
        assert _send(phone, made.jpeg(made.form(3)))[0] == 200
    with ports(clock=_Later(4)):  # type: ignore[arg-type]
        assert _send(phone, made.jpeg(made.form(4)))[0] == 422


def test_no_secret_is_kept_in_the_books(office: Office) -> None:
    case = opened_case(office.cast.clerk)
    path = _code(office, case)
    phone = _telephone(path)
    secrets = {path.split("/")[-2], phone.cookies["counterfoil_phone"].value}
    held = PaperHandover.objects.using("owner").get(case_id=case)
    kept = {bytes(held.secret_hash), bytes(held.phone_hash)}
    assert all(secret.encode() not in hashed for secret in secrets for hashed in kept)
    assert phone.cookies["counterfoil_phone"]["httponly"]
    assert phone.cookies["counterfoil_phone"]["samesite"] == "Strict"


def test_a_form_of_another_site_ends_nothing(office: Office) -> None:
    phone = _telephone(_code(office, opened_case(office.cast.clerk)))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["counterfoil_phone"] = phone.cookies["counterfoil_phone"].value
    assert strict.post("/phone/done/").status_code == 403
    assert strict.post("/phone/add/?type=bank_card", made.jpeg(), content_type=BODY).status_code == 403
    assert phone.get("/phone/").status_code == 200
