"""The page of a new application: people, product, beneficiaries, health and declarations on one page, sent once."""

from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST
from msgspec import Struct

from counterfoil.apps.acts.calls import ActAccepted, ActReferred, ActRetry, KeyReused, Outcome
from counterfoil.apps.catalogue.queries import products_on_sale
from counterfoil.apps.parties.queries import load_known_papers, load_party_facts
from counterfoil.apps.parties.search import paper_lookups
from counterfoil.apps.policies.queries import load_names
from counterfoil.core.kernel.calendar_dates import age_on
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.product.lookup import OutsideTables, Product
from counterfoil.core.register import ACTS
from counterfoil.web import labels, links
from counterfoil.web.access import ActorRequest, cursor, scoped, screen
from counterfoil.web.forms.application import (
    HOLDER,
    INSURED,
    NewApplication,
    Page,
    Person,
    Who,
    is_plan,
    located,
    plan_code,
    shape_violations,
    told_by_number,
)
from counterfoil.web.forms.binding import Bound, Context, bind, defaults, flat, ids_typed
from counterfoil.web.forms.calling import attempt, beginning, read_when, today
from counterfoil.web.forms.parsing import Typed, first, parse
from counterfoil.web.forms.preview import paper_lines, preview_of
from counterfoil.web.forms.said import Said, say
from counterfoil.web.forms.starting import questions_of, spoken
from counterfoil.web.forms.summary import summary
from counterfoil.web.labels import label
from counterfoil.web.pages import page
from counterfoil.web.views.acts import about_when, go_on, retry, sent_on

ACT = ACTS["submit_application"]


@require_http_methods(["GET", "POST"])
@screen("submit_application", writes=True)
def new_application(request: HttpRequest) -> HttpResponse:
    """Fill in, look, confirm: one page, one transaction."""
    typed = dict(request.POST.lists())
    step = first(typed, "step")
    if request.method == "GET" or step == "edit":
        with scoped(request):
            return _form(request, typed or _begin())
    return _sent(request, typed, step)


@require_POST
@screen("submit_application")
def quote(request: HttpRequest) -> HttpResponse:
    """The premium as it stands with what is typed so far, and whether somebody is known already."""
    typed = dict(request.POST.lists())
    asked = cursor()
    numbers = {whose: first(typed, f"{whose}.number") for whose in (HOLDER, INSURED)}
    known = []
    for whose, number in numbers.items():
        if number and first(typed, f"{whose}.who") == Who.NEW:
            found = load_known_papers(asked, paper_lookups(number))
            if found:
                known.append((whose, next(iter(load_names(asked, found.values()).values()), "")))
    shown = {"quote": _quote(typed), "known": known}
    return page(request, "application/quote.html", shown, fragment="application/quote.html")


class Quote(Struct, frozen=True):
    """A premium (yuan, one instalment) for an age, or why there is none yet."""

    premium: Any = None
    age: int | None = None
    mode: str = ""
    total: Any = None
    years: int = 0
    why_not: str = ""


def _quote(typed: Typed) -> Quote:
    parsed = parse(NewApplication, typed)
    broken = {one.field for one in parsed.violations}
    product = _product(first(typed, "product_code"))
    born, sex = _life(typed)
    wanting = broken & {"sum_assured", "applied_on", "plan"} or born is None or not sex or product is None
    if wanting or product is None or born is None:
        return Quote(why_not=gettext("Shown as soon as insured, plan and sum assured are there."))
    rest = parse(NewApplication, {**typed, "sales_channel": ["counter"]}).request
    if rest is None or not _is_plan(product, rest.plan):
        return Quote(why_not=gettext("Choose term and way of paying."))
    term_years, mode, pay_years = rest.plan.split("/")
    age = age_on(born, rest.applied_on) if born <= rest.applied_on else -1
    limits = product.terms.sum_assured
    if not limits.min <= rest.sum_assured <= limits.max or rest.sum_assured % limits.multiple:
        text = gettext("The sum assured is %(min)s to %(max)s yuan in steps of %(step)s.")
        return Quote(
            age=age,
            why_not=text
            % {"min": f"{limits.min:,}", "max": f"{limits.max:,}", "step": f"{limits.multiple:,}"},
        )
    try:
        premium = product.premium(
            sex=sex, issue_age=age, term_years=int(term_years), pay_mode=mode, pay_years=int(pay_years),
            sum_assured=rest.sum_assured,
        )  # fmt: skip
    except OutsideTables:
        lives = product.terms.lives
        text = gettext("The product takes ages %(min)s to %(max)s; the insured is %(age)s.")
        return Quote(
            age=age, why_not=text % {"min": lives.issue_age_min, "max": lives.issue_age_max, "age": age}
        )
    times = 1 if mode == "single" else int(pay_years)
    return Quote(premium, age, label(labels.PAY_MODE, mode), premium * times, times)


def _is_plan(product: Product, plan: str) -> bool:
    return any(plan == plan_code(p.term_years, p.pay_mode, p.pay_years) for p in product.terms.plans)


def _life(typed: Typed) -> tuple[Any, str]:
    """Birth date and sex of the insured as typed, or of the known customer."""
    whose = HOLDER if first(typed, "same_person") else INSURED
    person = parse(Person, typed, f"{whose}.").request
    if person is None:
        return None, ""
    if person.who is Who.KNOWN:
        facts = load_party_facts(cursor(), [person.party_id]) if person.party_id else {}
        found = facts.get(person.party_id)
        return (found.birth_date, found.sex) if found else (None, "")
    born, sex = told_by_number(person.paper_kind, person.number)
    return person.birth_date or born, (person.sex or sex or "")


def _product(code: str) -> Product | None:
    return next((one for one in products_on_sale() if one.code == code), None)


def _begin() -> Typed:
    products = products_on_sale()
    return (
        defaults(Person, f"{HOLDER}.")
        | defaults(Person, f"{INSURED}.")
        | flat(
            {
                "applied_on": today(),
                "sales_channel": "counter",
                "product_code": products[0].code if products else "",
                "plan": plan_code(10, "annual", 10),
                "same_person": True,
                "beneficiaries": [{"who": "new", "order": 1, "relation": "spouse"}],
            }
        )
        | beginning(ACT, None)
    )


def _read(typed: Typed, actor_id: Any, violations: list[Violation]) -> Page | None:
    """The whole page, or None; everything that is wrong with its shape is noted."""
    holder = parse(Person, typed, f"{HOLDER}.")
    same = first(typed, "same_person") != ""
    insured = None if same else parse(Person, typed, f"{INSURED}.")
    rest = parse(NewApplication, typed)
    violations += [*holder.violations, *(insured.violations if insured else ()), *rest.violations]
    when = read_when(typed, violations)
    if rest.request is not None and not is_plan(rest.request.plan):
        violations.append(Violation("shape_choice", "plan"))
    if violations or when is None:
        return None
    found = Page(holder.request, insured.request if insured else None, rest.request, when, actor_id)
    violations += shape_violations(found)
    return found


def _readable(typed: Typed, broken: set[str]) -> Typed | None:
    """The page with something in place of a sum or date that cannot be read, so that all other reasons are told too;
    None where more than that is wrong."""
    with transaction.atomic():
        product = _product(first(typed, "product_code"))
    if product is None or not broken <= {"sum_assured", "applied_on"}:
        return None
    in_place = {"sum_assured": str(product.terms.sum_assured.min), "applied_on": today().isoformat()}
    return {**typed, **{name: [in_place[name]] for name in broken}}


def _sent(request: HttpRequest, typed: Typed, step: str) -> HttpResponse:
    actor_id = cast(ActorRequest, request).actor.employee_id
    violations: list[Violation] = []
    sheet = _read(typed, actor_id, violations)
    outcomes: list[Outcome] = []
    if violations:
        violations += _other_reasons(typed, actor_id, sheet, {one.field or "" for one in violations})
    elif sheet is not None:
        try:
            outcomes = attempt(sheet.calls(), actor_id, preview=step != "confirm", together=True)
            violations = located(sheet, outcomes)
        except KeyReused:
            violations = [Violation("key_reused")]
    with scoped(request):
        if violations or sheet is None:
            return _form(request, typed, say(violations), status=422)
        if any(isinstance(one, ActRetry) for one in outcomes):
            return retry(request, label(labels.ACT, ACT.name), typed, step)
        last = outcomes[-1]
        if step == "confirm" or (isinstance(last, ActAccepted) and last.repeated):
            assert isinstance(last, ActAccepted)
            return go_on(request, f"{links.policy_act(sheet.policy_id, ACT.name)}{last.seq}/")
        return _preview(request, typed, sheet, outcomes)


def _other_reasons(typed: Typed, actor_id: Any, sheet: Page | None, broken: set[str]) -> list[Violation]:
    """What the rules would say beside what cannot be read or is missing."""
    if sheet is None:
        readable = _readable(typed, broken)
        more: list[Violation] = []
        sheet = _read(readable, actor_id, more) if readable else None
        if sheet is None:
            return []
        broken = broken | {one.field or "" for one in more}
    else:
        more = []
    outcomes = attempt(sheet.calls(), actor_id, preview=True)
    return more + [one for one in located(sheet, outcomes) if one.field not in broken]


def _form(request: HttpRequest, typed: Typed, said: tuple[Said, ...] = (), status: int = 200) -> HttpResponse:
    products = products_on_sale()
    product = _product(first(typed, "product_code")) or (products[0] if products else None)
    picked = ids_typed(Person, typed, f"{HOLDER}.") | ids_typed(Person, typed, f"{INSURED}.")
    names = load_names(cursor(), picked | ids_typed(NewApplication, typed))
    context = Context(
        choices={
            "product_code": [(p.code, f"{p.code} {spoken(p.terms.identity.name)}") for p in products],
            "plan": _plans(product) if product else [],
            f"{HOLDER}.who": _who(),
            f"{INSURED}.who": _who(),
        },
        said=said,
        names=names,
        questions=questions_of(product) if product else (),
    )
    holder = bind(Person, typed, context, f"{HOLDER}.")
    insured = bind(Person, typed, context, f"{INSURED}.")
    rest = bind(NewApplication, typed, context)
    shown = {
        "title": label(labels.ACT, ACT.name),
        "holder": _by_name(holder, f"{HOLDER}."),
        "insured": _by_name(insured, f"{INSURED}."),
        "f": _by_name(rest, ""),
        "said": summary(
            said, (*_titled(gettext("Policyholder"), holder), *_titled(gettext("Insured"), insured), *rest)
        ),
        **about_when(typed, said),
        "papers": paper_lines(product, ACT.papers_key),
        "exclusions": product.terms.exclusions if product else (),
        "quote": _quote(typed),
        "known": [],
    }
    return page(request, "application/form.html", shown, status=status)


def _who() -> list[tuple[str, str]]:
    from counterfoil.web.forms.words import WHO

    return [(value, str(WHO[value])) for value in ("new", "known")]


def _titled(whose: str, bounds: tuple[Bound, ...]) -> list[Bound]:
    from msgspec.structs import replace

    return [replace(bound, title=f"{whose} · {bound.title}") for bound in bounds]


def _by_name(bounds: tuple[Bound, ...], prefix: str) -> dict[str, Bound]:
    return {bound.name.removeprefix(prefix): bound for bound in bounds}


def _plans(product: Product) -> list[tuple[str, str]]:
    found = []
    for plan in product.terms.plans:
        mode = label(labels.PAY_MODE, plan.pay_mode)
        if plan.pay_mode == "single":
            text = gettext("%(term)s years · %(mode)s") % {"term": plan.term_years, "mode": mode}
        else:
            text = gettext("%(term)s years · %(mode)s for %(years)s years") % {
                "term": plan.term_years,
                "mode": mode,
                "years": plan.pay_years,
            }
        found.append((plan_code(plan.term_years, plan.pay_mode, plan.pay_years), text))
    return found


def _preview(request: HttpRequest, typed: Typed, sheet: Page, outcomes: list[Outcome]) -> HttpResponse:
    product = _product(sheet.rest.product_code)
    picked = {sheet.party_of(HOLDER), sheet.party_of(INSURED)}
    names = load_names(cursor(), picked | ids_typed(NewApplication, typed)) | sheet.names()
    previews = []
    for one in reversed(outcomes):
        assert isinstance(one, ActAccepted | ActReferred)
        if one.decision is None or one.call.act == "record_health_notice":
            continue
        act = ACTS[one.call.act]
        about = names.get(one.call.subject_id, "")
        shown_product = product if act is ACT else None
        previews.append(
            preview_of(act, one.decision, one.before, one.after, names, shown_product, about=about)
        )
    shown = {
        "title": label(labels.ACT, ACT.name),
        "sent": sent_on(typed),
        "previews": previews,
        "several": True,
        "goes_up": False,
    }
    return page(request, "acts/preview.html", shown)
