"""Decides what premium an application page shows while it is filled in: by the very rule that submission uses."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from msgspec import Struct

from counterfoil.apps.catalogue.queries import products_to_apply_for
from counterfoil.apps.parties.queries import load_party_facts, load_seen_names
from counterfoil.core.kernel.calendar_dates import age_on
from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.newbusiness.plan import check_plan
from counterfoil.core.product.definition import PayMode, SaleChannel
from counterfoil.core.product.lookup import Product
from counterfoil.web import labels
from counterfoil.web.forms.application import (
    HOLDER,
    INSURED,
    NewApplication,
    Person,
    Who,
    is_plan,
    told_by_number,
)
from counterfoil.web.forms.parsing import Typed, first, parse
from counterfoil.web.forms.said import say
from counterfoil.web.labels import label


class Quote(Struct, frozen=True):
    """A premium (yuan, one instalment) for an age, or why there is none."""

    premium: Decimal | None = None
    age: int | None = None
    mode: str = ""
    total: Decimal | None = None
    times: int = 0
    why_not: tuple[str, ...] = ()


class _Life(Struct, frozen=True):
    birth_date: date | None
    sex: str


class _Plan(Struct, frozen=True):
    sum_assured: Decimal
    term_years: int
    pay_mode: PayMode
    pay_years: int
    sales_channel: SaleChannel


def product_of(code: str) -> Product | None:
    """The product that can be applied for with this code."""
    return next((one for one in products_to_apply_for() if one.code == code), None)


def quoted(typed: Typed, cursor: Any) -> Quote:
    """The premium by what is typed so far."""
    product = product_of(first(typed, "product_code"))
    wanting = {one.field for one in parse(NewApplication, typed).violations}
    life = _life(typed, cursor)
    plan = first(typed, "plan")
    early = wanting & {"sum_assured", "applied_on", "sales_channel"} or not is_plan(plan)
    if early or product is None or life.birth_date is None or not life.sex:
        return Quote(why_not=(gettext("Shown as soon as insured, plan and sum assured are there."),))
    rest = parse(NewApplication, {name: typed[name] for name in typed if "." not in name}).request
    if rest is None:
        return Quote(why_not=(gettext("Shown as soon as insured, plan and sum assured are there."),))
    term_years, mode, pay_years = plan.split("/")
    asked = _Plan(rest.sum_assured, int(term_years), PayMode(mode), int(pay_years), rest.sales_channel)
    reasons = Reasons()
    premium = check_plan(product, life, asked, rest.applied_on, reasons)
    age = age_on(life.birth_date, rest.applied_on) if life.birth_date <= rest.applied_on else None
    if premium is None or reasons:
        return Quote(age=age, why_not=tuple(one.text for one in say(reasons.refused().violations)))
    rule = product.terms.pay_mode(mode)
    times = 1 if rule.months_between == 0 else asked.pay_years * 12 // rule.months_between
    return Quote(premium, age, label(labels.PAY_MODE, mode), premium * times, times)


def _life(typed: Typed, cursor: Any) -> _Life:
    """Birth date and sex of the insured as typed, or of the known customer."""
    whose = HOLDER if first(typed, "same_person") else INSURED
    person = parse(Person, typed, f"{whose}.").request
    if person is None:
        return _Life(None, "")
    if person.who is Who.KNOWN:
        seen = load_seen_names(cursor, [person.party_id]) if person.party_id else {}
        found = load_party_facts(cursor, list(seen)).get(person.party_id) if seen else None
        return _Life(found.birth_date, found.sex) if found else _Life(None, "")
    born, sex = told_by_number(person.paper_kind, person.number)
    return _Life(person.birth_date or born, str(person.sex or sex or ""))
