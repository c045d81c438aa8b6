"""Decides what an address of the quotation screen asks for, and has core quote it: people, up to three choices, riders.

The address carries everything, so that it can be sent. A known customer stands in it by id; no name or number does.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct

from counterfoil.apps.acts.facts import parameters
from counterfoil.apps.catalogue.queries import backing_by_hash
from counterfoil.apps.parties.queries import read_party
from counterfoil.core.kernel.decisions import Reasons, Violation
from counterfoil.core.newbusiness.illustration_sheet import (
    Mark,
    Sheet,
    check_credited_rate,
    marks,
    same_point,
    sheet,
)
from counterfoil.core.newbusiness.plan import issuable
from counterfoil.core.newbusiness.quotation import (
    AmountIs,
    Chosen,
    Life,
    Quotation,
    amount_is,
    fits_main,
    on_policyholder,
    paying_code,
    quote,
    quote_waiver,
)
from counterfoil.core.product.conventions import ContractRole, PayMode
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.lookup import Product
from counterfoil.web.forms.parsing import Typed, first, parse_amount, parse_date

LETTERS = ("a", "b", "c")
PREFERRED_YEARS = "10"
ASKED = "asked"
"""In the address once somebody asked for a quotation: what is missing is then said."""


class People(Struct, frozen=True, kw_only=True):
    """Insured and policyholder as far as they are known; ``violations`` are about what was typed."""

    party_id: UUID | None = None
    name: str = ""
    insured: Life | None = None
    holder: Life | None = None
    violations: tuple[Violation, ...] = ()


class Rider(Struct, frozen=True, kw_only=True):
    """A rider that was chosen, and what it costs or why not; fields of reasons begin with its own prefix."""

    product: Product
    prefix: str
    quotation: Quotation | None = None
    violations: tuple[Violation, ...] = ()


class Option(Struct, frozen=True, kw_only=True):
    """One of the choices side by side."""

    letter: str
    product: Product | None
    plan: str = ""
    riders: tuple[Rider, ...] = ()
    offered_riders: tuple[Product, ...] = ()
    quotation: Quotation | None = None
    sheet: Sheet | None = None
    marks: tuple[Mark, ...] = ()
    violations: tuple[Violation, ...] = ()

    @property
    def all_violations(self) -> tuple[Violation, ...]:
        """Its own and its riders'."""
        return (*self.violations, *(one for rider in self.riders for one in rider.violations))

    @property
    def first_payment(self) -> Decimal:
        """The first instalment with the riders' premiums, yuan."""
        parts = [self.quotation, *(rider.quotation for rider in self.riders)]
        return sum((one.premium for one in parts if one is not None), Decimal("0.00"))

    @property
    def applied_for(self) -> bool:
        """Whether its policy can be issued, so that an application can follow."""
        return self.quotation is not None and issuable(self.quotation.product)


class Asked(Struct, frozen=True, kw_only=True):
    """Everything of one address."""

    on: date
    people: People
    options: tuple[Option, ...]
    show: str
    asked: bool
    violations: tuple[Violation, ...] = ()

    @property
    def shown(self) -> Option | None:
        """The choice whose illustration is shown: the one asked for, else the first with a quotation."""
        priced = [one for one in self.options if one.quotation is not None]
        return next((one for one in priced if one.letter == self.show), priced[0] if priced else None)


def mains(products: Sequence[Product], on: date) -> list[Product]:
    """The main contracts that are sold on a day; those that can be applied for first."""
    sold = [one for one in products if one.terms.sale.sold_on(on)]
    found = [one for one in sold if one.terms.identity.role is ContractRole.MAIN]
    return sorted(found, key=lambda one: (not issuable(one), one.code))


def read(typed: Typed, products: Sequence[Product], on: date, cursor: Any) -> Asked:
    """The quotation that the address asks for."""
    asked = first(typed, ASKED) != ""
    people = _people(typed, cursor, asked)
    rate, wrong = _rate(typed, on)
    letters = [one for one in LETTERS if one == "a" or first(typed, f"{one}.product")]
    options = tuple(_option(letter, typed, products, people, on, rate, asked) for letter in letters)
    violations = (*people.violations, *wrong, *(v for one in options for v in one.all_violations))
    return Asked(
        on=on,
        people=people,
        options=options,
        show=first(typed, "show"),
        asked=asked,
        violations=_once(violations) if asked else wrong,
    )


def _once(violations: Sequence[Violation]) -> tuple[Violation, ...]:
    """Each reason once, however many choices give it."""
    return tuple(one for n, one in enumerate(violations) if one not in violations[:n])


def plans_of(terms: Terms) -> list[tuple[str, str]]:
    """Term and paying of every plan, whatever the way of paying, each once."""
    return list(dict.fromkeys((plan.term, paying_code(plan)) for plan in terms.plans))


def plan_text(term: str, paying: str) -> str:
    """A plan as the value of a choice."""
    return f"{term}/{paying}"


def _people(typed: Typed, cursor: Any, asked: bool) -> People:
    found: list[Violation] = []
    party_id = _party(first(typed, "party"))
    known = (
        read_party(cursor, party_id) if party_id else None
    )  # None too where the reader does not see that person
    occupation = _occupation(typed, found)
    if known is not None and known.birth_date is not None and known.sex:
        held = occupation if occupation is not None else known.occupation_class
        insured: Life | None = Life(known.birth_date, known.sex, held)
        name = known.name
    else:
        party_id, name = None, ""
        insured = _life(typed, "", occupation, found if asked else [])
    holder = _life(typed, "holder_", None, [])
    return People(
        party_id=party_id, name=name, insured=insured, holder=holder, violations=tuple(found) if asked else ()
    )


def _life(typed: Typed, begin: str, occupation: int | None, found: list[Violation]) -> Life | None:
    """A life by birth date and sex; what is missing or cannot be read is noted."""
    born, sex = first(typed, f"{begin}birth_date"), first(typed, f"{begin}sex")
    day = None
    if born:
        try:
            day = parse_date(born)
        except ValueError:
            found.append(Violation("shape_date", f"{begin}birth_date", {"typed": born}))
    else:
        found.append(Violation("shape_missing", f"{begin}birth_date"))
    if sex not in ("M", "F"):
        found.append(Violation("shape_missing", f"{begin}sex"))
        return None
    return Life(day, sex, occupation) if day is not None else None


def _party(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _occupation(typed: Typed, found: list[Violation]) -> int | None:
    text = first(typed, "occupation_class")
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) == 1:
        return int(text)
    found.append(Violation("shape_number", "occupation_class", {"typed": text}))
    return None


def _rate(typed: Typed, on: date) -> tuple[Decimal | None, tuple[Violation, ...]]:
    """The assumed credited rate as a fraction; typed in percent, up to what may be illustrated."""
    text = first(typed, "rate")
    if not text:
        return None, ()
    percent = parse_amount(text)
    if percent is None:
        return None, (Violation("shape_number", "rate", {"typed": text}),)
    reasons = Reasons()
    check_credited_rate(percent / 100, parameters(), on, "rate", reasons)
    return (None, reasons.refused().violations) if reasons else (percent / 100, ())


def _option(
    letter: str,
    typed: Typed,
    products: Sequence[Product],
    people: People,
    on: date,
    rate: Decimal | None,
    asked: bool,
) -> Option:
    code = first(typed, f"{letter}.product")
    offered = mains(products, on)
    product = next((one for one in offered if one.code == code), None)
    if product is None and code:
        wrong = Violation("product_unknown", f"{letter}.product", {"product": code})
        return Option(letter=letter, product=offered[0] if offered else None, violations=(wrong,))
    product = product or (offered[0] if offered else None)
    if product is None:
        return Option(letter=letter, product=None)
    own = _own(letter, typed, product.code)
    plan = first(own, f"{letter}.plan") or _preferred(product)
    riders = tuple(one for one in products if _goes_with(one, product, on))
    reasons = Reasons()
    chosen = _chosen(own, f"{letter}.", product, plan, people.insured, reasons)
    quotation = None
    if people.insured is not None and not reasons:
        quotation = quote(product, people.insured, chosen, on, reasons)
    own_reasons = _prefixed(reasons, f"{letter}.", people)
    picked = {one for one in own.get(f"{letter}.riders", ()) if one}
    shown = _sheet(quotation, rate)
    return Option(
        letter=letter,
        product=product,
        plan=plan,
        offered_riders=riders,
        riders=tuple(
            _rider(one, own, letter, people, quotation, chosen.pay_mode, on)
            for one in riders
            if one.code in picked
        ),
        quotation=quotation,
        sheet=shown,
        marks=marks(quotation, shown) if quotation is not None else (),
        violations=own_reasons if asked else (),
    )


def _own(letter: str, typed: Typed, code: str) -> Typed:
    """What was typed for this product: fields that were typed for another one do not count."""
    about = first(typed, f"{letter}.of")
    if not about or about == code:
        return typed
    begin = f"{letter}."
    return {name: values for name, values in typed.items() if not name.startswith(begin)}


def _preferred(product: Product) -> str:
    plans = plans_of(product.terms)
    found = next(
        (one for one in reversed(plans) if one[1] == PREFERRED_YEARS),
        next((p for p in plans if p[1] != "single"), plans[0]),
    )
    return plan_text(*found)


def _goes_with(rider: Product, main: Product, on: date) -> bool:
    identity, attaches = rider.terms.identity, rider.terms.attaches
    fits = attaches is not None and (not attaches.main_codes or main.code in attaches.main_codes)
    return identity.role is ContractRole.RIDER and fits and rider.terms.sale.sold_on(on)


def _chosen(
    typed: Typed, prefix: str, product: Product, plan: str, life: Life | None, reasons: Reasons
) -> Chosen:
    term, _, paying = plan.partition("/")
    text = first(typed, f"{prefix}amount")
    amount = parse_amount(text) if text else None
    if text and amount is None:
        reasons.add("shape_amount", "amount", typed=text)
    mode = first(typed, f"{prefix}mode") or PayMode.ANNUAL
    offered = [rule.mode for rule in product.terms.pay_modes]
    if mode not in offered or mode == PayMode.SINGLE:
        mode = next((one for one in offered if one is not PayMode.SINGLE), PayMode.SINGLE)
    choices = {}
    for choice in product.terms.choices:
        allowed = choice.for_sex(life.sex) if life is not None else choice.values
        choices[choice.code] = first(typed, f"{prefix}choices.{choice.code}") or allowed[0]
    return Chosen(term=term, paying=paying, pay_mode=PayMode(mode), amount=amount, choices=choices)


def _rider(
    product: Product,
    typed: Typed,
    letter: str,
    people: People,
    main: Quotation | None,
    mode: PayMode,
    on: date,
) -> Rider:
    prefix = f"{letter}.r.{product.code}."
    reasons = Reasons()
    life = people.holder if on_policyholder(product.terms) else people.insured
    quotation = None
    if life is None and on_policyholder(product.terms):
        reasons.add("policyholder_needed", "holder_birth_date")
    fits = main is None or fits_main(product, main.product, main.point.pay_mode, reasons)
    if amount_is(product.terms) is AmountIs.BY_MAIN:
        if main is not None and life is not None and fits:
            quotation = quote_waiver(product, life, main, on, reasons)
    elif life is not None and fits:
        plan = first(typed, f"{prefix}plan") or plan_text(*plans_of(product.terms)[0])
        chosen = _chosen(typed, prefix, product, plan, life, reasons)
        quotation = None if reasons else quote(product, life, chosen, on, reasons)
    return Rider(
        product=product,
        prefix=prefix,
        quotation=quotation,
        violations=_prefixed(reasons, prefix, people, holder=on_policyholder(product.terms)),
    )


def _prefixed(
    reasons: Reasons, prefix: str, people: People, *, holder: bool = False
) -> tuple[Violation, ...]:
    """The reasons at the inputs of the page: those about people at theirs, the rest at the product's."""
    if not reasons:
        return ()
    found = []
    for one in reasons.refused().violations:
        field = one.field or ""
        if field == "birth_date":
            field = "holder_birth_date" if holder else "party" if people.party_id else field
        elif field == "riders":
            field = f"{prefix.partition('.')[0]}.riders"
        elif field not in ("occupation_class", "holder_birth_date"):
            field = prefix + ("product" if field == "on" else field)
        found.append(Violation(one.code, field, one.parameters, one.basis))
    return tuple(found)


def _sheet(quotation: Quotation | None, rate: Decimal | None) -> Sheet | None:
    """The illustration, with the insurer's printed figures where this is exactly its printed example."""
    if quotation is None:
        return None
    backing = backing_by_hash(quotation.product.content_hash)
    printed = backing.point is not None and same_point(backing.point, quotation.point)
    try:
        return sheet(quotation, backing.carried if printed else (), rate)
    except LookupError:
        return None
