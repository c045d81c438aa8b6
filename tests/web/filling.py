"""Fills in a form of the workbench as a browser would: every input with what it shows, and what the test types."""

from collections.abc import Mapping
from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client


class _Inputs(HTMLParser):
    """The inputs of the page's form of an act: names and values, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._in_form = False
        self._templates = 0
        self._select = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in_form = "data-act-form" in given
        self._templates += tag == "template"
        name = given.get("name", "")
        if not self._in_form or self._templates:
            return
        if tag == "select":
            self._select = name
            self.sent[name] = [""]
        elif tag == "option" and "selected" in given:
            self.sent[self._select] = [given.get("value", "")]
        elif tag == "textarea":
            self._text = name
            self.sent[name] = [""]
        elif tag == "input" and name:
            ticked = given.get("type") in {"checkbox", "radio"}
            if not ticked or "checked" in given:
                self.sent.setdefault(name, []).append(given.get("value") or ("on" if ticked else ""))

    def handle_data(self, data: str) -> None:
        if self._text:
            self.sent[self._text] = [data]

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"
        if tag == "form":
            self._in_form = False
        if tag == "textarea":
            self._text = ""


def inputs(answer: HttpResponse) -> dict[str, list[str]]:
    """What the form of the page would send if nothing more were typed."""
    reader = _Inputs()
    reader.feed(answer.content.decode())
    return reader.sent


def send(
    client: Client, path: str, typed: Mapping[str, object], step: str, page: HttpResponse | None = None
) -> HttpResponse:
    """Send the form at ``path`` (or the ``page`` already there) with what is typed, as ``step``."""
    opened = page if page is not None else client.get(path)
    data = inputs(opened) | {
        name: value if isinstance(value, list) else [str(value)] for name, value in typed.items()
    }
    answer: HttpResponse = client.post(path, data | {"step": [step]})
    return answer


def look_and_confirm(client: Client, path: str, typed: Mapping[str, object]) -> HttpResponse:
    """Preview, then confirm what the preview sends on; gives the answer to the confirmation."""
    shown = send(client, path, typed, "preview")
    assert shown.status_code == 200, shown.content.decode()
    return send(client, path, {}, "confirm", shown)
