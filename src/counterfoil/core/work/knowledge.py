"""Decides which articles and clauses answer a question: BM25 over pairs of characters and Latin words (ENQ-3).

What is found is shown as it stands, never reworded. Where too little of the question is found, nothing is.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

# BM25 with the customary k1 = 1.2 and b = 0.75, in whole numbers: ranks are the same on every machine.
K1, B = (12, 10), (75, 100)
SCALE = 1000
TITLE_WEIGHT = 3
"""A word of a title, or of a question that an article answers, counts as three of its text."""
LEAST_SHARE = (1, 3)
"""Of the weight of what was asked for, so much must be in a passage for it to be an answer; the rest is chance."""
UNKNOWN_SHARE = (1, 3)
"""A word that no passage has weighs a third of one that a single passage has: people say more than they ask."""
ASKING = re.compile(
    "你好|您好|谢谢|请问|我想|想问|想要|能不能|可不可以|可以|是不是|怎么办|怎么样|怎么|为什么|什么|一下|[吗呢吧啊呀的了我你您]"
)
"""What a question is asked with and not about."""
DIGITS = {zh: n for n, zh in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
UNITS = "天日个月年岁周次条元万亿倍级份"
_WRITTEN = re.compile(
    f"[{''.join(DIGITS)}{''.join(TENS)}]+(?=[{UNITS}])|[{''.join(DIGITS)}]*[{''.join(TENS)}][{''.join(DIGITS)}{''.join(TENS)}]*"
)
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_TEN_THOUSANDS = re.compile(r"(\d+(?:\.\d+)?)([万亿])")
_BESIDE = re.compile(rf"(?<=\d)\s+(?=[{UNITS}])")
_DAYS = re.compile(r"(?<=\d)\s*(?:个?自然)?[天日]")
_WORDS = re.compile(
    r"(?P<latin>[a-z][a-z0-9]*)|(?P<number>\d+(?:\.\d+)*)(?P<unit>[\u3400-\u9fff%])?|(?P<han>[\u3400-\u9fff]+)"
)


class Passage(Struct, frozen=True, kw_only=True):
    """A text that may be shown: an article, or a clause of a product version. ``titles`` are what it is called and the
    questions that it answers; ``source`` and ``certainty`` say how far it can be relied on; it holds over
    [valid_from, valid_until)."""

    code: str
    title: str
    text: str
    titles: tuple[str, ...] = ()
    source: str = ""
    certainty: str = ""
    place: str = ""
    product: str = ""
    product_name: str = ""
    version: int = 0
    on_sale: bool = True
    valid_from: date | None = None
    valid_until: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the passage is valid on a day."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_until is None or on < self.valid_until)


class Hit(Struct, frozen=True):
    """A passage that answers, and its weight among the others of the same question."""

    passage: Passage
    score: int


def plain(text: str) -> str:
    """A text as it is compared: one width, small letters, numbers in digits, days as 日 (六十天 is 60日)."""
    folded = _GROUPED.sub("", unicodedata.normalize("NFKC", text).casefold())
    digits = _WRITTEN.sub(lambda found: str(_number(found.group())), folded)
    return _BESIDE.sub("", _DAYS.sub("日", _TEN_THOUSANDS.sub(_in_full, digits)))


def words(text: str, *, singles: bool = False) -> Iterator[str]:
    """What a text is found by: pairs of neighbouring characters, single ones that stand alone, Latin words,
    numbers with what they count. ``singles``: every character by itself too, for who asks for one."""
    for found in _WORDS.finditer(plain(text)):
        if latin := found["latin"]:
            yield latin
        elif number := found["number"]:
            yield number
            if unit := found["unit"]:
                yield number + unit
        else:
            run = found["han"]
            yield from (run[n : n + 2] for n in range(len(run) - 1))
            if singles or len(run) == 1:
                yield from run


class Index:
    """The passages, ready to be searched: every word with the passages that it is in and its weight there."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = tuple(passages)
        self.products = {one.product for one in self.passages}
        counts = [_counted(one) for one in self.passages]
        lengths = [sum(one.values()) for one in counts]
        whole = max(sum(lengths), 1)
        held_by = Counter(word for one in counts for word in one)
        rarity = {held: _rarity(held, len(counts)) for held in {0, *held_by.values()}}
        self.rarity = {word: rarity[held] for word, held in held_by.items()}
        self.unknown = rarity[0] * UNKNOWN_SHARE[0] // UNKNOWN_SHARE[1]
        self.postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, (one, length) in enumerate(zip(counts, lengths, strict=True)):
            for word, times in one.items():
                weight = _weight(self.rarity[word], times, length * len(counts), whole)
                self.postings[word].append((number, weight))

    def search(self, asked: str, on: date, most: int = 8) -> list[Hit]:
        """The passages that answer on that day, the best first; none where nothing does. A product's code in the
        question asks for that product's clauses only."""
        every = set(words(ASKING.sub("", asked)))
        sought = {word for word in every if len(word) > 1} or every
        least = sum(self.rarity.get(word, self.unknown) for word in sought) * LEAST_SHARE[0]
        scores: dict[int, int] = defaultdict(int)
        found: dict[int, int] = defaultdict(int)
        for word in sought:
            rarity = self.rarity.get(word, 0)
            for number, weight in self.postings.get(word, ()):
                scores[number] += weight
                found[number] += rarity
        named = sought & self.products
        enough = (
            n
            for n in scores
            if found[n] * LEAST_SHARE[1] >= least
            and self.passages[n].holds(on)
            and (not named or self.passages[n].product in named)
        )
        best = sorted(enough, key=lambda n: (-scores[n], n))[:most]
        return [Hit(self.passages[n], scores[n]) for n in best]


def _counted(passage: Passage) -> Counter[str]:
    titles = ASKING.sub(
        "", "\n".join((passage.title, *passage.titles, passage.product_name, passage.product))
    )
    counted = Counter(words(f"{passage.text}\n{passage.source}", singles=True))
    for word in words(titles, singles=True):
        counted[word] += TITLE_WEIGHT
    return counted


def _rarity(held: int, all_: int) -> int:
    """How much a word says that so many of all passages hold: ln(1 + (all - held + 1/2) / (held + 1/2))."""
    ratio = Decimal(2 * all_ + 2) / Decimal(2 * held + 1)
    return int(ratio.ln() * SCALE)


def _weight(rarity: int, times: int, length_by_count: int, whole: int) -> int:
    """The weight of a word in a passage: rarity * times * (k1 + 1) / (times + k1 * (1 - b + b * length / mean))."""
    k, kd = K1
    b, bd = B
    above = rarity * times * (k + kd) * bd * whole
    below = kd * bd * times * whole + k * ((bd - b) * whole + b * length_by_count)
    return above // below


def _number(written: str) -> int:
    """The number of Chinese numerals: 六十 60, 一百二十 120, 二〇二六 2026, 十五 15."""
    if not any(sign in TENS for sign in written):
        return int("".join(str(DIGITS[sign]) for sign in written))
    total = digit = 0
    for sign in written:
        if sign in DIGITS:
            digit = DIGITS[sign]
        else:
            total += (digit or 1) * TENS[sign]
            digit = 0
    return total + digit


def _in_full(found: re.Match[str]) -> str:
    number = Decimal(found[1]) * (10_000 if found[2] == "万" else 100_000_000)
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
