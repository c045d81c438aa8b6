"""The page of a new application: people, product, beneficiaries, health and declarations on one page, sent once."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from counterfoil.apps.acts.calls import ActAccepted, ActReferred, ActRetry, KeyReused, Outcome
from counterfoil.apps.catalogue.queries import products_to_apply_for
from counterfoil.apps.parties.queries import load_known_papers, load_seen_names, read_party
from counterfoil.apps.parties.search import paper_lookups
from counterfoil.apps.policies.queries import load_names
from counterfoil.core.kernel.decisions import Violation
from counterfoil.core.product.lookup import Product
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
)
from counterfoil.web.forms.binding import Bound, Context, bind, defaults, flat, ids_typed
from counterfoil.web.forms.calling import attempt, beginning, read_when, today
from counterfoil.web.forms.parsing import Typed, first, parse, parse_amount
from counterfoil.web.forms.preview import paper_lines, preview_of
from counterfoil.web.forms.quoting import product_of, quoted
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
            return _form(request, typed or _begin(request.GET))
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
    shown = {"quote": quoted(typed, asked), "known": known}
    return page(request, "application/quote.html", shown, fragment="application/quote.html")


def _begin(given: Mapping[str, str]) -> Typed:
    """How the page begins: empty, or with the product, plan, sum and person of a quotation."""
    products = products_to_apply_for()
    product = next((p for p in products if p.code == given.get("product")), products[0] if products else None)
    plans = [value for value, _ in _plans(product)] if product else []
    party = _known(given.get("party", ""))
    return (
        defaults(Person, f"{HOLDER}.")
        | defaults(Person, f"{INSURED}.")
        | flat(
            {
                "applied_on": today(),
                "sales_channel": "counter",
                "product_code": product.code if product else "",
                "plan": given.get("plan") if given.get("plan") in plans else plan_code(10, "annual", 10),
                "sum_assured": parse_amount(given.get("sum_assured", "")),
                "same_person": True,
                "beneficiaries": [{"who": "new", "order": 1, "relation": "spouse"}],
            }
        )
        | (flat({f"{HOLDER}.who": Who.KNOWN.value, f"{HOLDER}.party_id": party}) if party else {})
        | beginning(ACT, None)
    )


def _known(text: str) -> UUID | None:
    """The customer of a quotation, where the reader sees that customer."""
    try:
        party_id = UUID(text)
    except ValueError:
        return None
    return party_id if read_party(cursor(), party_id) else None


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
        product = product_of(first(typed, "product_code"))
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
    products = products_to_apply_for()
    product = product_of(first(typed, "product_code")) or (products[0] if products else None)
    picked = ids_typed(Person, typed, f"{HOLDER}.") | ids_typed(Person, typed, f"{INSURED}.")
    names = load_seen_names(cursor(), picked | ids_typed(NewApplication, typed))
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
        "quote": quoted(typed, cursor()),
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
    product = product_of(sheet.rest.product_code)
    picked = {sheet.party_of(HOLDER), sheet.party_of(INSURED)}
    names = load_seen_names(cursor(), picked | ids_typed(NewApplication, typed)) | sheet.names()
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
