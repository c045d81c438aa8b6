"""Sample contents and the reading of made papers, for the tests of papers."""

import io
import json
import re
from pathlib import Path

import pypdf

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> dict[str, object]:
    """Contents of one sample, free to be changed."""
    contents = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    assert isinstance(contents, dict)
    return contents


def text_of(pdf: bytes) -> str:
    """All text of the paper without spaces and line ends."""
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in reader(pdf).pages))


def reader(pdf: bytes) -> pypdf.PdfReader:
    """The PDF opened."""
    return pypdf.PdfReader(io.BytesIO(pdf))


def fonts_of(pdf: bytes) -> dict[str, pypdf.generic.DictionaryObject]:
    """Every font used on a page, by its name, with its descriptor."""
    found = {}
    for page in reader(pdf).pages:
        for entry in page["/Resources"]["/Font"].values():
            font = entry.get_object()["/DescendantFonts"][0].get_object()
            found[font["/BaseFont"]] = font["/FontDescriptor"].get_object()
    return found
