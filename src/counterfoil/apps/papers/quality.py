"""Measures a page: how sharp, how dark or pale, how much is drawn at its edges. What follows from it core decides."""

from PIL import Image, ImageChops, ImageFilter, ImageStat

from counterfoil.core.work.papers import Measures

MEASURED_SIDE = 1000
EDGE_PER_MILLE = 12
STRONG_STEP = 40
LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def measure(picture: Image.Image) -> Measures:
    """The measures of a picture in grey or colour, at a common size, so that they can be compared with one limit."""
    grey = picture.convert("L")
    grey.thumbnail((MEASURED_SIDE, MEASURED_SIDE))
    return Measures(
        width=picture.width,
        height=picture.height,
        sharpness=_sharpness(grey),
        dark_end=_value_at(grey, 5),
        light_end=_value_at(grey, 950),
        edge_percent=_edge_percent(grey),
    )


def _sharpness(grey: Image.Image) -> int:
    """The variance of the Laplacian with four neighbours, cut at 127; 0 for a picture that has no inside."""
    if min(grey.size) < 3:
        return 0
    inside = grey.filter(LAPLACIAN).crop((1, 1, grey.width - 1, grey.height - 1))
    return int(ImageStat.Stat(inside).var[0])


def _value_at(grey: Image.Image, per_mille: int) -> int:
    """The grey value that so many of a thousand pixels are not above."""
    wanted = grey.width * grey.height * per_mille
    seen = 0
    for value, count in enumerate(grey.histogram()):
        seen += count * 1000
        if seen >= wanted:
            return value
    return 255


def _edge_percent(grey: Image.Image) -> int:
    """How often grey changes strongly along the busiest of the four edges, in per cent of the inside."""
    width, height = grey.size
    strip = max(2, max(width, height) * EDGE_PER_MILLE // 1000)
    if min(width, height) < 8 * strip:
        return 0
    inside = _busy(grey.crop((strip, strip, width - strip, height - strip)))
    if inside == 0:
        return 0
    upright = grey.transpose(Image.Transpose.ROTATE_90)
    edges = (
        grey.crop((0, 0, width, strip)),
        grey.crop((0, height - strip, width, height)),
        upright.crop((0, 0, height, strip)),
        upright.crop((0, width - strip, height, width)),
    )
    return 100 * max(_busy(edge) for edge in edges) // inside


def _busy(part: Image.Image) -> int:
    """How many of a million neighbours along the rows differ strongly."""
    width, height = part.size
    steps = ImageChops.difference(part.crop((1, 0, width, height)), part.crop((0, 0, width - 1, height)))
    strong = sum(steps.histogram()[STRONG_STEP + 1 :])
    return strong * 1_000_000 // (steps.width * steps.height)
