"""Makes a PDF from a template version and its contents: same contents, same bytes; nothing comes from a clock.

The output is PDF/A-2u: fonts are embedded and cut to the characters used, text can be extracted, and a character that
no font has is refused instead of printed as an empty box.
"""

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import cast

import msgspec
import typst

from counterfoil.apps.documents.contents import CONTENTS, Contents
from counterfoil.config.fonts import font_paths

TEMPLATES = Path(__file__).parent / "templates_typst"
TEXT_FAMILIES = ("Noto Sans SC", "Noto Sans CJK SC")

# Longer than any number that a paper prints whole; such a run would leave its cell.
_LONG_RUN = re.compile(r"[0-9A-Za-z@.-]{27,}")
_PIECE = re.compile(r".{16}")
_ZERO_WIDTH_SPACE = "\u200b"

_lock = Lock()
_first_used_in_process: int | None = None


class UnableToRender(Exception):
    """A paper could not be made; the message names template, version and reason."""


class UnknownTemplate(UnableToRender):
    """There is no such template or version."""


class ContentsRefused(UnableToRender):
    """The contents do not fit the template; the message names the field and its place."""


class FontsMissing(UnableToRender):
    """The Chinese fonts are not where `config.fonts.font_paths()` says."""


def render(template: str, version: str, data: Mapping[str, object] | Contents) -> bytes:
    """Return the PDF (PDF/A-2u, A4) of `template` in `version` filled with `data`.

    `data` has the shape of the Struct in `contents.CONTENTS[(template, version)]`, as a mapping or as that Struct; it
    is checked either way. Raises UnknownTemplate, ContentsRefused (first wrong field, with its path), FontsMissing, and
    UnableToRender when a character has no glyph or the template itself fails.
    """
    contents = checked(template, version, data)
    source = TEMPLATES / f"{template}_v{version}.typ"
    inputs = {"contents": _breakable(msgspec.json.encode(contents).decode())}
    with _lock:
        _refuse_after_fork()
        try:
            made = _compiler().compile(
                input=source,
                format="pdf",
                sys_inputs=inputs,
                timestamp=contents.heading.created_at,
                pdf_standards=["a-2u"],
                pdf_tags=False,
            )
        except typst.TypstError as failure:
            raise UnableToRender(f"{template} version {version}: {failure.message}") from failure
    return cast(bytes, made)


def checked(template: str, version: str, data: Mapping[str, object] | Contents) -> Contents:
    """Return `data` as the template's Struct; raises UnknownTemplate or ContentsRefused."""
    shape = CONTENTS.get((template, version))
    if shape is None:
        raise UnknownTemplate(f"no template {template!r} in version {version!r}")
    try:
        return msgspec.convert(msgspec.to_builtins(data), type=shape)
    except (msgspec.ValidationError, TypeError) as wrong:
        raise ContentsRefused(f"{template} version {version}: {wrong}") from wrong


def _breakable(text: str) -> str:
    """Let long runs of letters and digits break after every 16 characters."""
    return _LONG_RUN.sub(lambda run: _PIECE.sub(rf"\g<0>{_ZERO_WIDTH_SPACE}", run[0]), text)


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """The kept-alive compiler: fonts are read once, parsed templates and glyph outlines stay cached."""
    folders = [str(path) for path in font_paths()]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    if not set(TEXT_FAMILIES) & set(fonts.families()):
        raise FontsMissing(f"none of {', '.join(TEXT_FAMILIES)} in {folders}; run the set-up")
    return typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def _refuse_after_fork() -> None:
    """Fail instead of hanging: the compiler's threads do not survive a fork of a process that has rendered."""
    global _first_used_in_process
    if _first_used_in_process is None:
        _first_used_in_process = os.getpid()
    elif _first_used_in_process != os.getpid():
        raise UnableToRender("this process was forked after its parent rendered; render only after the fork")
