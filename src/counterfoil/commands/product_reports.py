"""The text that `counterfoil product` prints of what is sold, of an illustration and of a difference."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from counterfoil.core.product.definition import IllustrationColumn
from counterfoil.core.product.difference import Difference
from counterfoil.core.product.illustration import Cell, How, IllustrationRow
from counterfoil.core.product.lookup import Product
from counterfoil.core.product.money_rules import PerContractValues
from counterfoil.core.product.plans import Plan
from counterfoil.core.product.sold import base_plans, sold


def counted(number: int, what: str) -> str:
    """A number with its noun: "1 fault", "2 faults"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def summary(product: Product) -> Iterator[str]:
    """What the product is, what is sold at which ages, and what has no published basis."""
    terms = product.terms
    rule = terms.sum_assured
    growth = f", growing by {rule.growth_rate} a year" if rule.growth_rate is not None else ""
    yield f"{terms.identity.kind} ({terms.identity.role}); the sum is chosen as {rule.chosen_as}{growth}"
    yield from _sold(product)
    yield "benefits: " + ", ".join(
        f"{one.code} ({'/'.join(event.value for event in one.events)})" for one in terms.benefits
    )
    offered = [
        name for name in terms.options.__struct_fields__ if getattr(terms.options, name) not in (None, ())
    ]
    yield "options: " + (", ".join(offered) or "none")
    if isinstance(terms.value_form, PerContractValues):
        yield "cash values: none published, the value stands on each contract"
    doubtful = [one.code for one in terms.exclusions if one.doubtful]
    if doubtful:
        yield "doubtful exclusions: " + ", ".join(doubtful)


def _sold(product: Product) -> Iterator[str]:
    """One line a plan and choice: the ages it is sold at, by sex."""
    found: dict[str, dict[str, list[int]]] = {}

    def ages_of(sex: str, plan: Plan, choices: Mapping[str, str]) -> list[int]:
        picked = "".join(f", {name} {value}" for name, value in choices.items())
        ages = product.issue_ages(sex, plan, choices)
        if ages:
            found.setdefault(f"{plan}{picked}", {})[str(sex)] = ages
        return []

    for _ in sold(product.terms, ages_of):
        pass
    modes = ", ".join(rule.mode.value for rule in product.terms.pay_modes)
    yield f"plans: {len(base_plans(product.terms))}, paid {modes}"
    grouped: dict[str, list[str]] = {}
    for plan, by_sex in found.items():
        spans = {sex: f"{ages[0]}-{ages[-1]}" for sex, ages in by_sex.items()}
        text = next(iter(spans.values())) if len(set(spans.values())) == 1 else ""
        text = (
            f"{'/'.join(spans)} {text}" if text else ", ".join(f"{sex} {span}" for sex, span in spans.items())
        )
        grouped.setdefault(text, []).append(plan)
    for text, plans in grouped.items():
        some = "; ".join(plans[:4]) + (f"; and {len(plans) - 4} more" if len(plans) > 4 else "")
        yield f"  {text}: {some}"


def illustration_text(
    columns: Sequence[IllustrationColumn], rows: Sequence[IllustrationRow], years: Sequence[int]
) -> str:
    """The rows of these policy years as a table; * marks figures carried from print, ~ those not guaranteed."""
    heads = [one.column + ("" if one.guaranteed else " ~") for one in columns]
    shown = [row for row in rows if row.policy_year in years]
    lines = [heads] + [[_cell(row.cells[one.column]) for one in columns] for row in shown]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    text = [
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    text.append("* carried from the printed example, no published basis; ~ not guaranteed; — not known")
    return "\n".join(text)


def _cell(cell: Cell) -> str:
    if cell.value is None:
        return "—"
    whole = cell.value == cell.value.to_integral_value()
    return (f"{cell.value:,.0f}" if whole else f"{cell.value:,}") + ("*" if cell.how is How.CARRIED else "")


def difference_text(old: Product, new: Product, difference: Difference) -> Iterator[str]:
    """The changes in words: from when and for whom, statements, tables."""
    yield f"{old.code} version {old.version} -> {new.code} version {new.version}"
    yield f"new contracts: from {difference.new_contracts_from}"
    existing = difference.existing_from
    yield "existing contracts: " + (f"from {existing}" if existing else "keep the version they were sold on")
    if old.content_hash != new.content_hash and old.version >= new.version:
        yield f"the version is not raised ({old.version} -> {new.version})"
    for change in difference.statements:
        yield f"  {change.key}: {change.old or '—'} -> {change.new or '—'}"
    for one in difference.tables:
        counts = [
            f"{count} {word}"
            for count, word in ((one.changed, "changed"), (one.added, "added"), (one.removed, "removed"))
            if count
        ]
        ages = f", ages {one.ages}" if one.ages else ""
        yield f"  {one.table}: {one.group}{ages}: {', '.join(counts)}{_ratio(one.least, one.most)}"
    if not difference.statements and not difference.tables:
        yield "  nothing"


def _ratio(least: Decimal | None, most: Decimal | None) -> str:
    if least is None or most is None:
        return ""
    low, high = f"{least * 100 - 100:+.2f}%", f"{most * 100 - 100:+.2f}%"
    return f", by {low}" if low == high else f", by {low} to {high}"
