"""Says what differs between two points of a policy's axes, field by field, and which acts lie between them."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext
from msgspec import Struct

from counterfoil.apps.policies.as_of import ActLine
from counterfoil.apps.policies.queries import PolicyFile
from counterfoil.web import labels
from counterfoil.web.differences import Difference, field_differences
from counterfoil.web.labels import label
from counterfoil.web.policy_on_day import HeadLine, head_line, held_on
from counterfoil.web.timeline.points import Point

Balances = Sequence[tuple[str, Decimal]]


class Between(Struct, frozen=True):
    """An act between two points: recorded between them, counting from a day between them, or both."""

    line: ActLine
    recorded: bool
    counts: bool


def compared(
    then: tuple[PolicyFile, Point, Balances], now: tuple[PolicyFile, Point, Balances]
) -> list[Difference]:
    """Field, then, now: what is derived first, then every slice, then the books."""
    (old_file, old, old_books), (new_file, new, new_books) = then, now
    return [
        *derived_differences(head_line(old_file, old.on), head_line(new_file, new.on)),
        *field_differences(
            held_on(old_file.state.slices, old.on), held_on(new_file.state.slices, new.on), new_file.names
        ),
        *_books(dict(old_books), dict(new_books)),
    ]


def derived_differences(old: HeadLine, new: HeadLine) -> Iterator[Difference]:
    """What no slice holds: where the policy stands that day, its cover, what is owed, its cash value."""
    rows = (
        (gettext("Standing"), *(label(labels.STANDING, one.standing.code) for one in (old, new))),
        (gettext("Cover"), *(gettext("yes") if one.covered else gettext("no") for one in (old, new))),
        (gettext("Premium owed"), *(_yuan(one.standing.owed_premium) for one in (old, new))),
        (gettext("Lapses on"), *(str(one.standing.lapse_date or "") for one in (old, new))),
        (gettext("Cash value"), *(_yuan(one.cash_value) for one in (old, new))),
    )
    for item, before, after in rows:
        if before != after:
            yield Difference(item, before, after)


def _books(old: Mapping[str, Decimal], new: Mapping[str, Decimal]) -> Iterator[Difference]:
    for account in sorted(old.keys() | new.keys()):
        before, after = old.get(account), new.get(account)
        if before != after:
            yield Difference(
                gettext("Balance %(account)s") % {"account": f"{account} {label(labels.ACCOUNT, account)}"},
                _yuan(before),
                _yuan(after),
            )


def _yuan(amount: Decimal | None) -> str:
    return f"{amount:,.2f}" if amount is not None else ""


def between(lines: Sequence[ActLine], one: Point, other: Point) -> list[Between]:
    """The acts between two points, in order of record."""
    first, last = sorted((one.seq, other.seq))
    begin, end = sorted((one.on, other.on))
    found = (
        Between(line, first < line.seq <= last, line.seq <= last and begin < line.effective_date <= end)
        for line in lines
    )
    return [one for one in found if one.recorded or one.counts]
