"""Decides what a product says of illnesses: its list of them, how often each is paid for, what must come before."""

from msgspec import Struct

from counterfoil.core.product.wording import Code, Days, Text, Years


class Gap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days between a payment for `before` and one for `now`: each an illness, a group, a grade or a tag."""

    before: Code
    now: Code
    days: Days


class Repeat(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often an illness is paid for: `payments` at most, `gap_days` between two, once a group or illness.

    `gaps`: where the days hang on the two illnesses, such as three years from cancer to cancer; the first that fits
    counts, else `gap_days`.
    """

    payments: Years
    gap_days: Days = 0
    gaps: tuple[Gap, ...] = ()
    once_per_group: bool = False
    once_per_illness: bool = True


class After(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The earlier payment that a benefit follows, such as a second one for cancer.

    It was made under `benefit`, for one of `illnesses` (an illness, group, grade or tag; none: whichever), at least
    `days` before.
    """

    benefit: Code
    illnesses: tuple[Code, ...] = ()
    days: Days = 0


class IllnessRow(Struct, frozen=True, kw_only=True):
    """A row of the list of illnesses: its grade (重疾, 中症, 轻症) and, where payments count by group, the group.

    `tags`: further words with a space between, for benefits that take some illnesses of a grade, such as `juvenile`.
    """

    code: Code
    grade: Code
    name_zh: Text
    group: str = ""
    tags: str = ""
    name_en: str = ""
    source: Text

    @property
    def words(self) -> frozenset[str]:
        """What a rule may call it by: code, grade, group, tags."""
        return frozenset({self.code, self.grade, self.group, *self.tags.split()} - {""})
