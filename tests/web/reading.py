"""Reads an answer as a person or a browser does: its words, and whether anything in it would run inline."""

from html.parser import HTMLParser

from django.http import HttpResponse


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inline: list[str] = []
        self._skip = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.inline += [f"{tag} {name}" for name, value in attrs if (value or "").startswith("javascript:")]
        self._skip = tag if tag in {"script", "style", "title"} else ""

    def handle_endtag(self, tag: str) -> None:
        self._skip = ""

    def handle_data(self, data: str) -> None:
        if not self._skip and data.strip():
            self.words.append(" ".join(data.split()))


def _read(answer: HttpResponse) -> _Reader:
    reader = _Reader()
    reader.feed(answer.content.decode())
    return reader


def words(answer: HttpResponse) -> str:
    """What a person reads, in order, parts set apart by a bar."""
    return "|".join(_read(answer).words)


def inline(answer: HttpResponse) -> list[str]:
    """Scripts, styles and handlers written into the page, which the content policy would not let run."""
    return _read(answer).inline
