"""What becomes of a file: pictures lose what a telephone put into them, and whatever could act is refused."""

from io import BytesIO

import pytest
from PIL import Image

from counterfoil.apps.papers.contents import Content, UnfitFile, examine
from counterfoil.core.work.paper_files import FileLimits
from counterfoil.core.work.papers import Hint, HintLimits
from tests.apps.papers import paper_files as made

LIMITS = FileLimits(bytes_most=20 * 2**20, pixels_most=50_000_000, pdf_pages_most=5, pdf_objects_most=500)


def _hint_limits() -> HintLimits:
    from datetime import date

    from counterfoil.apps.papers.limits import hint_limits

    return hint_limits(date(2026, 11, 20))


def _kept(received: bytes) -> Content:
    return examine(received, LIMITS, _hint_limits())


def _refused(received: bytes, limits: FileLimits = LIMITS) -> str:
    with pytest.raises(UnfitFile) as unfit:
        examine(received, limits, _hint_limits())
    return unfit.value.violation.code


def test_a_photograph_loses_its_place_its_maker_and_all_that_followed_it() -> None:
    received = made.photograph()
    assert b"Secret-Maker" in received
    kept = _kept(received)
    shown = Image.open(BytesIO(kept.content))
    assert not shown.getexif()
    assert not set(shown.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
    for secret in (b"Secret-Maker", b"secret comment", b"MotionPhoto", b"Exif"):
        assert secret not in kept.content
        assert secret not in kept.thumbnail


def test_a_photograph_is_turned_as_its_camera_said() -> None:
    kept = _kept(made.photograph())
    assert (kept.width, kept.height) == (1100, 1600)
    assert Image.open(BytesIO(kept.content)).size == (1100, 1600)


def test_a_png_stays_one_without_its_texts() -> None:
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("Author", "secret author")
    kept = _kept(made.png(pnginfo=text))
    assert kept.content_type == "image/png"
    assert b"secret author" not in kept.content


def test_what_is_see_through_lies_on_white() -> None:
    kept = _kept(made.webp(Image.new("RGBA", (900, 900), (0, 0, 0, 0))))
    assert kept.content_type == "image/jpeg"
    assert Image.open(BytesIO(kept.content)).getpixel((5, 5)) == (255, 255, 255)


def test_a_pdf_is_kept_as_it_is_and_counted() -> None:
    received = made.pdf()
    kept = _kept(received)
    assert (kept.content, kept.content_type, kept.pages, kept.thumbnail) == (
        received,
        "application/pdf",
        3,
        b"",
    )


@pytest.mark.parametrize(
    ("received", "code"),
    [
        (b"", "paper_file_empty"),
        (made.archive(), "paper_file_zip"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "paper_file_heic"),
        (b"MZ" + bytes(100), "paper_file_kind_unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "paper_file_kind_unknown"),
        (made.bomb(), "paper_file_pixels_unknown"),
        (made.bomb(8000), "paper_file_pixels"),
        (made.jpeg()[:9000], "paper_file_damaged"),
        (made.png()[:9000], "paper_file_damaged"),
        (b"\xff\xd8\xff" + bytes(500), "paper_file_damaged"),
        (made.jpeg() + made.archive(), "paper_file_two_kinds"),
        (made.png() + made.archive(), "paper_file_two_kinds"),
        (made.pdf() + made.archive(), "paper_file_two_kinds"),
        (made.jpeg(comment=b"%PDF-1.7 1 0 obj"), "paper_file_two_kinds"),
        (made.jpeg(comment=b"<SCRIPT>alert(1)</SCRIPT>"), "paper_file_two_kinds"),
        (made.moving("WEBP"), "paper_file_moves"),
        (made.moving("PNG"), "paper_file_moves"),
        (made.with_script(), "paper_pdf_script"),
        (made.with_script_on_a_page(), "paper_pdf_script"),
        (made.with_script_in_an_object_stream(), "paper_pdf_script"),
        (made.with_file(), "paper_pdf_files"),
        (made.with_launch(), "paper_pdf_starts"),
        (made.locked(), "paper_pdf_locked"),
        (made.pdf(made.writer(6)), "paper_pdf_pages"),
        (made.pdf(made.writer(0)), "paper_pdf_without_pages"),
        (made.with_many_objects(600), "paper_pdf_objects"),
        (made.pdf()[:-300], "paper_file_damaged"),
        (made.pdf() + bytes(5000), "paper_file_damaged"),
        (b"%PDF-1.7\n" + b"[" * 5000 + b"\n%%EOF", "paper_file_damaged"),
    ],
)
def test_is_refused_with_its_reason(received: bytes, code: str) -> None:
    assert _refused(received) == code


def test_a_file_over_the_size_is_refused_unread_and_says_both_figures() -> None:
    with pytest.raises(UnfitFile) as unfit:
        examine(bytes(LIMITS.bytes_most + 1), LIMITS, _hint_limits())
    assert unfit.value.violation.code == "paper_file_too_large"
    assert unfit.value.violation.parameters == {"megabytes": "20.1", "most": "20.0"}


@pytest.mark.parametrize(
    ("received", "hint"),
    [
        (made.blurred(), Hint.BLURRED),
        (made.dark(), Hint.DARK),
        (made.pale(), Hint.PALE),
        (made.cut(), Hint.CUT),
        (made.jpeg(made.form(size=(700, 500))), Hint.SMALL),
    ],
)
def test_a_poor_picture_is_kept_with_its_hint(received: bytes, hint: Hint) -> None:
    assert _kept(received).hints == (hint,)


@pytest.mark.parametrize("received", [made.jpeg(), made.png(), made.webp(), made.photograph()])
def test_a_good_page_has_no_hint(received: bytes) -> None:
    assert _kept(received).hints == ()
