"""Every text of ours that is translated: in Python by gettext's names, in templates by tags, in requests by titles."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_type_hints

from django.utils.translation.template import templatize
from msgspec import Meta, Struct

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src/counterfoil"
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop", "_noop"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy"}
_STRING = r"u?(?P<q>'|\")(?P<text>(?:\\.|(?!(?P=q)).)*)(?P=q)"
_IN_TEMPLATE = re.compile(r"(?P<name>n?p?gettext|_)\(" + _STRING)


@dataclass(frozen=True, order=True)
class Message:
    """A text to translate; ``context`` tells apart what English says with one word."""

    text: str
    context: str = ""


def used() -> dict[Message, str]:
    """Every message, with one place where it is used."""
    found: dict[Message, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for message in _in_python(path):
            found.setdefault(message, str(path.relative_to(PROJECT)))
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        for message in _in_template(path):
            found.setdefault(message, str(path.relative_to(PROJECT)))
    for message, act in _titles():
        found.setdefault(message, f"the request of {act}")
    return found


def _in_python(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if (name in PLAIN and texts) or (name in PLURAL and texts):
            yield Message(texts[0])
        elif name in WITH_CONTEXT and len(texts) > 1:
            yield Message(texts[1], texts[0])


def _in_template(path: Path) -> Iterator[Message]:
    text = path.read_text(encoding="utf-8")
    turned = templatize(text, origin=str(path))
    for found in _IN_TEMPLATE.finditer(turned):
        yield Message(_unescaped(found["text"]))


def _unescaped(text: str) -> str:
    return str(ast.literal_eval('"' + text.replace('\\"', '"').replace('"', '\\"') + '"'))


def _titles() -> Iterator[tuple[Message, str]]:
    """Titles of the fields of every registered act's request as typed, also inside its rows."""
    from counterfoil.core.register import ACTS

    for act in ACTS.values():
        for title in _titles_of(act.plain or act.request, set()):
            yield Message(title), act.name


def _titles_of(shape: type, seen: set[type]) -> Iterator[str]:
    if shape in seen or not (isinstance(shape, type) and issubclass(shape, Struct)):
        return
    seen.add(shape)
    for annotation in get_type_hints(shape, include_extras=True).values():
        yield from _in_annotation(annotation, seen)


def _in_annotation(annotation: object, seen: set[type]) -> Iterator[str]:
    for extra in getattr(annotation, "__metadata__", ()):
        if isinstance(extra, Meta) and extra.title:
            yield extra.title
    if isinstance(annotation, type):
        yield from _titles_of(annotation, seen)
    for inner in getattr(annotation, "__args__", ()):
        yield from _in_annotation(inner, seen)
