"""Sign-in, lockout and failure speak Chinese and tell what to do next."""

from urllib.parse import unquote

from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from counterfoil.apps.organisation.models import Employee
from tests.web.office import Office
from tests.web.reading import words

PASSWORD = "korrekt-pferd-batterie"


def _sign_in(client: Client, name: str, password: str, where: str = "") -> HttpResponse:
    path = reverse("account_login") + (f"?next={where}" if where else "")
    answer: HttpResponse = client.post(path, {"login": name, "password": password, "next": where})
    return answer


def _named(office: Office, position: str, unit: str) -> str:
    employee = Employee.objects.get(pk=office.staff[position, unit])
    employee.password = make_password(PASSWORD)
    employee.save(update_fields=["password"])
    return employee.username


def test_who_signs_in_comes_to_the_page_that_was_asked_for(office: Office) -> None:
    name = _named(office, "manager", "86320101")
    wanted = reverse("policy", kwargs={"policy_id": office.policy})
    client = Client()
    assert unquote(client.get(wanted).headers["Location"]).endswith(f"?next={wanted}")
    answer = _sign_in(client, name.upper(), PASSWORD, wanted)
    assert answer.status_code == 302
    assert answer.headers["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_a_wrong_password_is_said_in_chinese_without_telling_which_was_wrong(office: Office) -> None:
    name = _named(office, "finance", "86320101")
    known, unknown = _sign_in(Client(), name, "wrong"), _sign_in(Client(), "nobody.here", "wrong")
    told = "您输入的用户名或密码不正确"
    assert "不正确" in words(known), words(known)
    assert words(known).count("不正确") == words(unknown).count("不正确") == 1, told
    assert name in known.content.decode(), "what was typed is kept"


def test_five_wrong_passwords_lock_the_name_and_the_page_says_for_how_long(office: Office) -> None:
    name = _named(office, "underwriter", "86320102")
    for _ in range(5):
        answer = _sign_in(Client(), name, "wrong")
    assert answer.status_code == 429
    said = words(answer)
    assert "账号已锁定" in said
    assert "15 分钟" in said
    assert _sign_in(Client(), name, PASSWORD).status_code == 429
