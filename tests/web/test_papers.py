"""The screen of scanned papers: what a browser is given and how, what a refusal says, that polling costs nothing."""

from uuid import UUID

import pytest
from django.test import Client

from tests.apps.papers import paper_files as made
from tests.builders.cases import opened_case
from tests.web.office import OTHER, Office
from tests.web.reading import inline, words

HTMX = {"HX-Request": "true"}
BODY = "application/octet-stream"


def _add(client: Client, case_id: UUID, content: bytes, **asked: str) -> tuple[int, dict[str, object]]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = client.post(f"/cases/{case_id}/papers/add/?{query}", content, content_type=BODY)
    return answer.status_code, answer.json() if answer.headers["Content-Type"] == "application/json" else {}


def test_a_page_is_given_to_be_shown_and_nothing_else(office: Office) -> None:
    path = f"/cases/{office.papers_case}/papers/pages/{office.paper_page}/whole/"
    answer = office.client("outer_counter").get(path)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{office.paper_page}.jpg"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "'self'" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_pdf_is_saved_and_not_opened_in_the_workbench(office: Office) -> None:
    case, client = opened_case(office.cast.clerk), office.client("outer_counter")
    _, added = _add(client, case, made.pdf(), type="proxy")
    answer = client.get(f"/cases/{case}/papers/pages/{added['page']}/whole/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "PDF，共 3 页" in words(client.get(f"/cases/{case}/papers/"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (made.archive(), "压缩包"),
        (made.with_script(), "脚本"),
        (made.jpeg()[:9000], "损坏"),
        (b"", "空"),
    ],
)
def test_a_refusal_says_what_and_how_to_mend_it_and_nothing_comes_in(
    office: Office, content: bytes, said: str
) -> None:
    case, client = opened_case(office.cast.clerk), office.client("outer_counter")
    status, answer = _add(client, case, content, type="proxy")
    assert status == 422
    assert said in str(answer["said"])
    assert "暂无影像" in words(client.get(f"/cases/{case}/papers/"))


def test_a_body_that_claims_to_be_too_large_is_not_read(office: Office) -> None:
    client = office.client("outer_counter")
    answer = client.post(
        f"/cases/{opened_case(office.cast.clerk)}/papers/add/?type=proxy",
        b"\xff\xd8\xff",
        content_type=BODY,
        CONTENT_LENGTH=str(21 * 2**20),
    )
    assert answer.status_code == 422
    assert "21.0 MB" in answer.json()["said"][0]


def test_nothing_is_sent_where_nothing_changed(office: Office) -> None:
    case, client = opened_case(office.cast.clerk), office.client("outer_counter")
    _add(client, case, made.jpeg(), type="proxy")
    path = f"/cases/{case}/papers/"
    body = client.get(path, headers=HTMX).content.decode()
    stamp = body.partition('data-stamp="')[2].partition('"')[0]
    assert client.get(f"{path}?stamp={stamp}", headers=HTMX).status_code == 204
    _add(client, case, made.jpeg(made.form(2)), type="proxy")
    assert client.get(f"{path}?stamp={stamp}", headers=HTMX).status_code == 200


def test_to_another_unit_the_case_is_not_there_even_with_a_good_file(office: Office) -> None:
    status, _ = _add(
        office.client("outer_counter", OTHER), office.papers_case, made.jpeg(made.form(9)), type="proxy"
    )
    assert status == 404


def test_no_page_of_one_case_is_given_at_the_address_of_another(office: Office) -> None:
    case, client = opened_case(office.cast.clerk), office.client("outer_counter")
    _add(client, case, made.jpeg(), type="proxy")
    assert client.get(f"/cases/{case}/papers/pages/{office.paper_page}/whole/").status_code == 404


def test_a_medical_paper_is_a_mark_until_claims_say_why(office: Office) -> None:
    case, counter = opened_case(office.cast.clerk), office.client("outer_counter")
    _, added = _add(counter, case, made.jpeg(), type="medical_record")
    path = f"/cases/{case}/papers/"
    picture = f"{path}pages/{added['page']}/small/"
    claims = office.client("claims_approver")
    for client in (counter, claims):
        assert "医疗资料，不予显示" in words(client.get(path))
        assert client.get(picture).status_code == 404
    assert "查看医疗资料的理由" in words(claims.get(path))
    assert "查看医疗资料的理由" not in words(counter.get(path))
    claims.post(f"{path}medical/", {"reason": "核对既往症"})
    assert claims.get(picture).status_code == 200
    assert counter.get(picture).status_code == 404


def test_a_reader_who_may_not_add_sees_no_button_to_change_anything(office: Office) -> None:
    text = office.client("auditor").get(f"/cases/{office.papers_case}/papers/").content.decode()
    assert "/small/" in text
    assert "/change/" not in text
    assert "data-choose" not in text


def test_the_screen_with_pages_runs_nothing_inline(office: Office) -> None:
    client = office.client("outer_counter")
    assert inline(client.get(f"/cases/{office.papers_case}/papers/")) == []
    code = client.post(f"/cases/{office.papers_case}/papers/phone/", {"type": "proxy"}, headers=HTMX)
    assert "<svg" in code.content.decode()
    assert inline(code) == []
