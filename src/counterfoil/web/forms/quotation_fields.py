"""The inputs of the quotation screen: what each choice of product asks for follows from the product's own terms."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext
from msgspec import Struct

from counterfoil.core.newbusiness.plan import issuable
from counterfoil.core.newbusiness.quotation import SINGLE, AmountIs, amount_is, on_policyholder
from counterfoil.core.product.conventions import PayMode
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.lookup import Product
from counterfoil.web import labels
from counterfoil.web.forms.binding import Bound, Choice, input_id
from counterfoil.web.forms.parsing import Typed, first
from counterfoil.web.forms.quotation import Asked, Option, mains, plan_text, plans_of
from counterfoil.web.forms.said import Said, say
from counterfoil.web.forms.starting import spoken
from counterfoil.web.labels import label
from counterfoil.web.products import words

Choices = Sequence[tuple[str, str]]


class RiderFields(Struct, frozen=True):
    """A rider on offer, and its inputs once it is chosen."""

    product: Product
    name: str
    box: str
    chosen: bool
    fields: tuple[Bound, ...]


class OptionFields(Struct, frozen=True):
    """The inputs of one choice of product."""

    option: Option
    product: Bound
    fields: tuple[Bound, ...]
    riders: tuple[RiderFields, ...]
    quoted_only: bool


class Inputs(Struct, frozen=True):
    """All inputs of the page, those of people apart."""

    people: tuple[Bound, ...]
    holder: tuple[Bound, ...]
    options: tuple[OptionFields, ...]
    rate: Bound | None
    said: tuple[Said, ...]

    def every(self) -> Iterable[Bound]:
        """Each input, for the summary of what is wrong."""
        yield from (*self.people, *self.holder, *((self.rate,) if self.rate else ()))
        for one in self.options:
            yield one.product
            yield from one.fields
            for rider in one.riders:
                yield Bound(kind="check", name=rider.box, id=input_id(rider.box), title=rider.name)
                yield from rider.fields


class _Desk(Struct, frozen=True):
    """What was typed and what is wrong with it."""

    typed: Typed
    said: tuple[Said, ...]

    def field(
        self,
        kind: str,
        name: str,
        title: str,
        *,
        value: str = "",
        choices: Choices = (),
        required: bool = True,
    ) -> Bound:
        """One input with its value and errors."""
        shown = value or first(self.typed, name)
        return Bound(
            kind=kind,
            name=name,
            id=input_id(name),
            title=title,
            required=required,
            value=shown,
            choices=tuple(Choice(one, text, one == shown) for one, text in choices),
            errors=tuple(one for one in self.said if one.field == name),
        )


def inputs(typed: Typed, asked: Asked, products: Sequence[Product]) -> Inputs:
    """The inputs of the page as they stand."""
    said = say(asked.violations)
    desk = _Desk(typed, said)
    known = asked.people.party_id is not None
    need_holder = any(on_policyholder(rider.product.terms) for one in asked.options for rider in one.riders)
    account = any(one.product is not None and one.product.terms.account is not None for one in asked.options)
    return Inputs(
        people=() if known else _person(desk, ""),
        holder=_person(desk, "holder_") if need_holder else (),
        options=tuple(_option(desk, one, mains(products, asked.on)) for one in asked.options),
        rate=desk.field("decimal", "rate", gettext("Assumed credited rate (%)"), required=False)
        if account
        else None,
        said=said,
    )


def occupation(typed: Typed, asked: Asked) -> Bound:
    """The occupation class, asked of known customers too: the rate may need it and the record may be old."""
    own = asked.people.insured.occupation_class if asked.people.insured else None
    desk = _Desk(typed, say(asked.violations))
    classes = [("", "—"), *((str(n), str(n)) for n in range(1, 7))]
    value = first(typed, "occupation_class") or (str(own) if own is not None else "")
    title = gettext("Occupation class")
    return desk.field("choice", "occupation_class", title, value=value, choices=classes, required=False)


def _person(desk: _Desk, begin: str) -> tuple[Bound, ...]:
    born, sex = gettext("Date of birth"), gettext("Sex")
    sexes = [("", "—"), *((code, label(labels.SEX, code)) for code in ("M", "F"))]
    return (
        desk.field("date", f"{begin}birth_date", born),
        desk.field("choice", f"{begin}sex", sex, choices=sexes),
    )


def _option(desk: _Desk, option: Option, offered: Sequence[Product]) -> OptionFields:
    begin, held = f"{option.letter}.", option.product
    codes = [(one.code, f"{one.code} {spoken(one.terms.identity.name)}") for one in offered]
    if option.letter != "a":
        codes.insert(0, ("", gettext("— no further choice —")))
    value = held.code if held is not None else ""
    product = desk.field("choice", f"{begin}product", gettext("Product"), value=value, choices=codes)
    if held is None:
        return OptionFields(option, product, (), (), quoted_only=False)
    own = _Desk(_about(desk.typed, begin, held.code), desk.said)
    return OptionFields(
        option,
        product,
        _fields(own, begin, held, option.plan),
        tuple(_rider(own, option, one) for one in option.offered_riders),
        quoted_only=not issuable(held),
    )


def _about(typed: Typed, begin: str, code: str) -> Typed:
    about = first(typed, f"{begin}of")
    if not about or about == code:
        return typed
    return {name: values for name, values in typed.items() if not name.startswith(begin)}


def _fields(desk: _Desk, begin: str, product: Product, plan: str) -> tuple[Bound, ...]:
    terms = product.terms
    plans = [
        (plan_text(*one), f"{words.term_words(one[0])} · {words.paying_words(one[1])}")
        for one in plans_of(terms)
    ]
    found = [desk.field("choice", f"{begin}plan", gettext("Term and paying"), value=plan, choices=plans)]
    modes = [rule.mode for rule in terms.pay_modes if rule.mode is not PayMode.SINGLE]
    if len(modes) > 1 and plan.rpartition("/")[2] != SINGLE:
        chosen = first(desk.typed, f"{begin}mode") or PayMode.ANNUAL.value
        named = [(mode.value, label(labels.PAY_MODE, mode.value)) for mode in modes]
        found.append(
            desk.field("choice", f"{begin}mode", gettext("Way of paying"), value=chosen, choices=named)
        )
    return (*found, *_amount(desk, begin, terms), *_choices(desk, begin, terms))


def _amount(desk: _Desk, begin: str, terms: Terms) -> tuple[Bound, ...]:
    kind = amount_is(terms)
    titles = {
        AmountIs.SUM: gettext("Sum assured (yuan)"),
        AmountIs.PREMIUM: gettext("Premium a year, or single (yuan)"),
        AmountIs.DAILY: gettext("Yuan a day"),
        AmountIs.UNITS: gettext("Units"),
    }
    return (desk.field("money", f"{begin}amount", titles[kind]),) if kind in titles else ()


def _choices(desk: _Desk, begin: str, terms: Terms) -> tuple[Bound, ...]:
    found = []
    for choice in terms.choices:
        name = f"{begin}choices.{choice.code}"
        sex = first(desk.typed, "sex")
        allowed = choice.for_sex(sex) if sex else choice.values
        value = first(desk.typed, name) or allowed[0]
        named = [(one, words.choice_words(one)) for one in choice.values]
        title = spoken(choice.name) + (gettext(" (set by the insurer)") if choice.by_insurer else "")
        found.append(desk.field("choice", name, title, value=value, choices=named))
    return tuple(found)


def _rider(desk: _Desk, option: Option, product: Product) -> RiderFields:
    picked = next((one for one in option.riders if one.product is product), None)
    fields: tuple[Bound, ...] = ()
    if picked is not None:
        fields = (*_amount(desk, picked.prefix, product.terms), *_choices(desk, picked.prefix, product.terms))
    name = spoken(product.terms.identity.name)
    return RiderFields(product, name, f"{option.letter}.riders", picked is not None, fields)
