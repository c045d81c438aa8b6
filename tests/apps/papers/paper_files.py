"""Files as they come over the counter, made here: photographs with a place, harmful PDFs, disguised archives."""

import struct
import zipfile
import zlib
from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)


@cache
def form(seed: int = 1, size: tuple[int, int] = (1600, 1100), ink: str = "black") -> Image.Image:
    """A page of ruled text-like strokes on white, with a margin."""
    picture = Image.new("RGB", size, (250, 250, 248))
    draw = ImageDraw.Draw(picture)
    random = np.random.default_rng(seed)
    for row in range(120, size[1] - 120, 34):
        place = 130
        while place < size[0] - 170:
            width = int(random.integers(8, 36))
            draw.rectangle((place, row, place + width, row + int(random.integers(4, 18))), fill=ink)
            place += width + int(random.integers(6, 24))
    return picture


def jpeg(picture: Image.Image | None = None, **how: object) -> bytes:
    """A JPEG of a picture, by default of a form."""
    written = BytesIO()
    (picture or form()).save(written, "JPEG", quality=92, **how)
    return written.getvalue()


def png(picture: Image.Image | None = None, **how: object) -> bytes:
    """A PNG of a picture, by default of a form."""
    written = BytesIO()
    (picture or form()).save(written, "PNG", **how)
    return written.getvalue()


def webp(picture: Image.Image | None = None, **how: object) -> bytes:
    """A WebP of a picture, by default of a form."""
    written = BytesIO()
    (picture or form()).save(written, "WEBP", **how)
    return written.getvalue()


def photograph(seed: int = 1) -> bytes:
    """A JPEG as a telephone makes it: on its side with an orientation, a place, a maker, a comment and a trailer."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to see it upright
    exif[0x010F] = "Handy-Werk Secret-Maker"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (32.0, 3.0, 41.0), "E", (118.0, 47.0, 12.0)
    return jpeg(form(seed), exif=exif, comment=b"secret comment") + b"MotionPhoto trailer"


def blurred() -> bytes:
    """A form out of focus."""
    return jpeg(form().filter(ImageFilter.GaussianBlur(9)))


def dark() -> bytes:
    """A form in a dark room."""
    return jpeg(form().point(lambda value: value // 5))


def pale() -> bytes:
    """A form drowned in light."""
    return jpeg(form(ink="#e8e8e8"))


def cut() -> bytes:
    """A form whose left side is outside of the picture."""
    return jpeg(form().crop((300, 0, 1600, 1100)))


def bomb(side: int = 30000) -> bytes:
    """A PNG of few kilobytes that claims side × side pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


def archive() -> bytes:
    """A zip with a program in it."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr("invoice.exe", b"MZ")
    return written.getvalue()


def moving(kind: str) -> bytes:
    """A moving picture."""
    written = BytesIO()
    form(1).save(written, kind, save_all=True, append_images=[form(2)], duration=100)
    return written.getvalue()


def writer(pages: int = 1) -> PdfWriter:
    """A PDF of empty pages, to be spoilt."""
    made = PdfWriter()
    for _ in range(pages):
        made.add_blank_page(200, 280)
    return made


def pdf(made: PdfWriter | None = None) -> bytes:
    """What a writer wrote; by default three plain pages."""
    written = BytesIO()
    (made or writer(3)).write(written)
    return written.getvalue()


def action(kind: str, **more: object) -> DictionaryObject:
    """An action of a PDF."""
    made = DictionaryObject({NameObject("/S"): NameObject(f"/{kind}")})
    for name, value in more.items():
        made[NameObject(f"/{name}")] = value  # type: ignore[assignment]
    return made


def with_script() -> bytes:
    """A PDF that runs a script when it is opened."""
    made = writer()
    script = action("JavaScript", JS=TextStringObject("app.alert('hello')"))
    made._root_object[NameObject("/OpenAction")] = made._add_object(script)
    return pdf(made)


def with_script_on_a_page() -> bytes:
    """A PDF with a script at a page's opening, its name written with an escape."""
    made = writer()
    page = made.pages[0]
    script = action("JavaScript", JS=TextStringObject("app.alert(1)"))
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    return pdf(made).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS ", b"/#4aS ")


def with_script_in_an_object_stream() -> bytes:
    """A PDF whose script lies in a compressed stream of objects, where no plain text shows it."""
    hidden = b"<< /S /JavaScript /JS (app.alert(1)) >>"
    packed = zlib.compress(b"5 0 " + hidden)
    parts = [
        b"%PDF-1.5\n",
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 280] >>\nendobj\n",
        b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n",
    ]
    places, total = [], 0
    for part in parts:
        places.append(total)
        total += len(part)
    rows = [(0, 0, 65535), *((1, place, 0) for place in places[1:]), (2, 4, 0), (1, total, 0)]
    table = zlib.compress(b"".join(struct.pack(">BHH", *row) for row in rows))
    parts.append(
        b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 2 2] /Root 1 0 R /Filter /FlateDecode /Length %d >>\nstream\n"
        % len(table)
        + table
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % total
    )
    return b"".join(parts)


def with_file() -> bytes:
    """A PDF with another file attached."""
    made = writer()
    made.add_attachment("program.exe", b"MZ")
    return pdf(made)


def with_launch() -> bytes:
    """A PDF with a link that starts a program."""
    made = writer()
    link = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (0, 0, 100, 100)]),
            NameObject("/A"): action("Launch", F=TextStringObject("cmd.exe")),
        }
    )
    made.pages[0][NameObject("/Annots")] = ArrayObject([made._add_object(link)])
    return pdf(made)


def locked() -> bytes:
    """A PDF with a password."""
    made = writer()
    made.encrypt("secret", algorithm="RC4-128")
    return pdf(made)


def with_many_objects(count: int) -> bytes:
    """A PDF of one page with this many needless objects."""
    made = writer()
    for _ in range(count):
        made._add_object(StreamObject())
    return pdf(made)
