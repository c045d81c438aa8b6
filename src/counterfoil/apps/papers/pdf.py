"""Decides whether a PDF is paper and nothing else: no script, no embedded file, no lock, nothing that starts by itself.

Every object is looked at, inside compressed object streams too; names are compared as the format spells them
(ISO 32000-1, 7.3.5, 12.6, 7.11.4). The file is kept unchanged or not at all.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.work.paper_files import FileLimits

SCRIPTS = frozenset({"/JS", "/JavaScript"})
FILES = frozenset(
    {"/EmbeddedFile", "/EmbeddedFiles", "/EF", "/Collection", "/RichMedia", "/3D", "/Movie", "/Sound"}
)
STARTS = frozenset({"/AA", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/XFA"})
AFTER_END_MOST = 1024
DEPTH_MOST = 60
NAME = re.compile(rb"/[^\x00-\x20/<>\[\](){}%]+")
STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def examine_pdf(content: bytes, limits: FileLimits) -> tuple[int, Violation | None]:
    """How many pages it has, and why it is refused or None."""
    if len(content) - content.rfind(b"%%EOF") > AFTER_END_MOST + len(b"%%EOF"):
        return 0, Violation("paper_file_damaged")
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted:
            return 0, Violation("paper_pdf_locked")
        found = _active(reader, content, limits)
        if found is not None:
            return 0, found
        pages = len(reader.pages)
    except (PyPdfError, LimitReachedError, RecursionError, ValueError, TypeError, KeyError, IndexError, AttributeError,
            OSError, AssertionError, NotImplementedError, OverflowError):  # fmt: skip
        return 0, Violation("paper_file_damaged")
    if pages == 0:
        return 0, Violation("paper_pdf_without_pages")
    if pages > limits.pdf_pages_most:
        return pages, Violation(
            "paper_pdf_pages", None, {"pages": str(pages), "most": str(limits.pdf_pages_most)}
        )
    return pages, None


def _active(reader: PdfReader, content: bytes, limits: FileLimits) -> Violation | None:
    numbers = {(generation, number) for generation, held in reader.xref.items() for number in held}
    numbers |= {(0, number) for number in reader.xref_objStm}
    if len(numbers) > limits.pdf_objects_most:
        return Violation("paper_pdf_objects", None, {"most": str(limits.pdf_objects_most)})
    # What the table of objects does not name is looked for in the bytes outside streams: a viewer may mend the table.
    names = {_spelt(name) for name in NAME.findall(STREAM.sub(b" ", content))}
    for generation, number in sorted(numbers):
        found = reader.get_object(IndirectObject(number, generation, reader))
        names.update(_names(found, 0))
    names.update(_names(reader.trailer, 0))
    if names & SCRIPTS:
        return Violation("paper_pdf_script")
    if names & FILES:
        return Violation("paper_pdf_files")
    if names & STARTS or _starts_something(reader):
        return Violation("paper_pdf_starts")
    return None


def _starts_something(reader: PdfReader) -> bool:
    """Whether opening does more than to show a place of the document."""
    root = reader.trailer["/Root"].get_object()
    opening = root.get("/OpenAction") if isinstance(root, DictionaryObject) else None
    action = opening.get_object() if opening is not None else None
    return isinstance(action, DictionaryObject) and action.get("/S") != "/GoTo"


def _spelt(name: bytes) -> str:
    """A name without its escapes: J#61vaScript is JavaScript."""
    return ESCAPED.sub(lambda two: bytes([int(two[1], 16)]), name).decode("latin-1")


def _names(value: Any, depth: int) -> Iterator[str]:
    """Keys of dictionaries and names that are values, without following references: each object is read by itself."""
    if depth > DEPTH_MOST:
        raise RecursionError("a PDF nested too deep")
    if isinstance(value, DictionaryObject):
        for key in value:
            yield str(key)
            yield from _names(value.raw_get(key), depth + 1)
    elif isinstance(value, ArrayObject):
        for one in list.__iter__(value):
            yield from _names(one, depth + 1)
    elif isinstance(value, NameObject):
        yield str(value)
