"""Decides what a file is by its content, not by its name, and whether it may become a page.

Basis: company decision; limits are parameters of ``parameters/company/papers.yaml``. The name that a file came with is
not looked at at all.
"""

from enum import StrEnum

from msgspec import Struct

from counterfoil.core.kernel.decisions import Violation


class FileKind(StrEnum):
    """What a file is by its first bytes."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    HEIC = "heic"
    OFFICE_OR_ZIP = "zip"
    UNKNOWN = "unknown"


IMAGES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.WEBP})
HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
OTHER_BEGINNINGS = (b"%pdf-", b"<script", b"<html", b"<!doctype", b"<svg", b"<?php")
"""What a reader of another kind of file would take for its own, wherever in the first kilobyte it stands."""
LOOKED_AT = 1024


class FileLimits(Struct, frozen=True, kw_only=True):
    """How large a file may be: bytes, pixels of a picture, pages and objects of a PDF."""

    bytes_most: int
    pixels_most: int
    pdf_pages_most: int
    pdf_objects_most: int


def kind_of(content: bytes) -> FileKind:
    """What the first bytes say."""
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind.WEBP
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return FileKind.HEIC
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return FileKind.OFFICE_OR_ZIP
    return FileKind.UNKNOWN


def refused_unread(content: bytes, limits: FileLimits) -> Violation | None:
    """Why a file is refused before anything is decoded, or None."""
    if not content:
        return Violation("paper_file_empty")
    if len(content) > limits.bytes_most:
        return too_large(len(content), limits)
    kind = kind_of(content)
    if kind is FileKind.HEIC:
        return Violation("paper_file_heic")
    if kind is FileKind.OFFICE_OR_ZIP:
        return Violation("paper_file_zip")
    if kind is FileKind.UNKNOWN:
        return Violation("paper_file_kind_unknown")
    if is_two_files(content, kind):
        return Violation("paper_file_two_kinds")
    return None


def too_large(size: int, limits: FileLimits) -> Violation:
    """The refusal of a file by its size, in megabytes."""
    return Violation(
        "paper_file_too_large", None, {"megabytes": megabytes(size), "most": megabytes(limits.bytes_most)}
    )


def megabytes(size: int) -> str:
    """A size in bytes as megabytes of 2^20 bytes, one digit, never smaller than it is."""
    tenths = -(-size * 10 // 2**20)
    return f"{tenths // 10}.{tenths % 10}"


def is_two_files(content: bytes, kind: FileKind) -> bool:
    """Whether another kind of reader would find its own file in it: a zip at the end, a PDF or web page in front."""
    if _ends_as_zip(content):
        return True
    begin = content[:LOOKED_AT].lower()
    if kind is FileKind.PDF:
        begin = begin[5:]
    return any(other in begin for other in OTHER_BEGINNINGS)


def _ends_as_zip(content: bytes) -> bool:
    """An end record of a zip (APPNOTE 4.3.16) whose comment reaches exactly to the end of the file."""
    tail = content[-(22 + 65535) :]
    place = tail.find(b"PK\x05\x06")
    while place >= 0:
        comment = tail[place + 20 : place + 22]
        if len(comment) == 2 and place + 22 + int.from_bytes(comment, "little") <= len(tail):
            return True
        place = tail.find(b"PK\x05\x06", place + 1)
    return False
