"""Decides what is kept of a file that came in: pictures written anew without metadata, PDFs only where nothing runs.

Basis: company decision (docs/adr/0030-papers.md). A picture is decoded, turned as its camera said, and encoded again,
so nothing of the file itself reaches the store; a PDF is kept as it is, and refused where anything in it could act.
"""

import hashlib
import warnings
from io import BytesIO

from msgspec import Struct
from PIL import Image, ImageOps, UnidentifiedImageError

from counterfoil.apps.papers.pdf import examine_pdf
from counterfoil.apps.papers.quality import measure
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.work.paper_files import FileKind, FileLimits, kind_of, refused_unread
from counterfoil.core.work.papers import Hint, HintLimits, hints

THUMBNAIL_SIDE = 320
JPEG_QUALITY = 90
FORMATS = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG", FileKind.WEBP: "WEBP"}
MODES_KEPT = ("L", "RGB")


class UnfitFile(Exception):
    """The file cannot become a page; ``violation`` says why and how to mend it."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(violation.code)
        self.violation = violation


class Content(Struct, frozen=True):
    """What is kept: content and its type, a small picture (empty for a PDF), sides in pixels (0 for a PDF), pages,
    hints, and the SHA-256 of what was received and of what is kept."""

    content: bytes
    content_type: str
    thumbnail: bytes
    width: int
    height: int
    pages: int
    hints: tuple[Hint, ...]
    received_hash: bytes
    content_hash: bytes


def examine(received: bytes, limits: FileLimits, hint_limits: HintLimits) -> Content:
    """What is kept of a file. Raises UnfitFile."""
    refused = refused_unread(received, limits)
    if refused is not None:
        raise UnfitFile(refused)
    kind = kind_of(received)
    digest = hashlib.sha256(received).digest()
    if kind is FileKind.PDF:
        pages, violation = examine_pdf(received, limits)
        if violation is not None:
            raise UnfitFile(violation)
        return Content(received, "application/pdf", b"", 0, 0, pages, (), digest, digest)
    picture = _decoded(received, kind, limits)
    content = _encoded(picture, "PNG" if kind is FileKind.PNG else "JPEG")
    content_type = "image/png" if kind is FileKind.PNG else "image/jpeg"
    found = hints(measure(picture), hint_limits)
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Content(
        content,
        content_type,
        _encoded(small, "JPEG"),
        picture.width,
        picture.height,
        1,
        found,
        digest,
        hashlib.sha256(content).digest(),
    )


def _decoded(received: bytes, kind: FileKind, limits: FileLimits) -> Image.Image:
    """The picture as its camera meant it, with nothing else than its pixels."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit stands below it
        try:
            with Image.open(BytesIO(received), formats=(FORMATS[kind],)) as opened:
                pixels = opened.width * opened.height
                if pixels > limits.pixels_most:
                    raise UnfitFile(_too_many_pixels(pixels, limits))
                if kind is not FileKind.JPEG and getattr(opened, "n_frames", 1) > 1:
                    raise UnfitFile(Violation("paper_file_moves"))
                opened.load()
                return _plain(ImageOps.exif_transpose(opened))
        except Image.DecompressionBombError:
            raise UnfitFile(Violation("paper_file_pixels_unknown")) from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError):
            raise UnfitFile(Violation("paper_file_damaged")) from None


def _too_many_pixels(pixels: int, limits: FileLimits) -> Violation:
    figures = {
        "megapixels": str(-(-pixels // 1_000_000)),
        "most": str(limits.pixels_most // 1_000_000),
    }
    return Violation("paper_file_pixels", None, figures)


def _plain(picture: Image.Image) -> Image.Image:
    """In grey or colour, on white where it was see-through; comments, profiles, places and thumbnails are gone."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        picture = Image.new("RGB", seen.size, "white")
        picture.paste(seen, mask=seen.getchannel("A"))
    elif picture.mode in ("1", "L", "I", "I;16", "F"):
        picture = picture.convert("L")
    elif picture.mode != "RGB":
        picture = picture.convert("RGB")
    return Image.frombytes(picture.mode, picture.size, picture.tobytes())


def _encoded(picture: Image.Image, form: str) -> bytes:
    written = BytesIO()
    if form == "PNG":
        picture.save(written, "PNG")
    else:
        picture.save(written, "JPEG", quality=JPEG_QUALITY)
    return written.getvalue()
