"""What a product promises, section by section in the reader's words, each with its clause and how certain it is."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from msgspec import Struct

from counterfoil.core.product.account import YearBand
from counterfoil.core.product.amounts import Quantity, Times
from counterfoil.core.product.benefits import Benefit, When
from counterfoil.core.product.clauses import CoolingOffStart, Pays
from counterfoil.core.product.conventions import RuleBy
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.money_rules import FiledValues, PerContractValues, UnearnedValues
from counterfoil.core.product.options import DividendMethod
from counterfoil.core.product.wording import Certainty
from counterfoil.core.product.wording import Section as Stated
from counterfoil.web import labels
from counterfoil.web.forms.said import basis_text
from counterfoil.web.forms.starting import spoken
from counterfoil.web.labels import label
from counterfoil.web.products import words

Line = tuple[str, str]
"""What is stated, and what it is."""


class Section(Struct, frozen=True):
    """One section of a product page."""

    title: str
    lines: tuple[Line, ...]
    basis: str
    certainty: str
    note: str


def sections(terms: Terms) -> list[Section]:
    """Every section that the product has, in the order of a contract."""
    made = [make(terms) for make in SECTIONS]
    return [section for section in made if section is not None]


def _section(title: str, stated: Stated | None, lines: list[Line], note: str | None = None) -> Section | None:
    if not lines:
        return None
    basis = basis_text(stated.basis) if stated else ""
    proven = stated is None or stated.certainty is Certainty.PUBLISHED
    certainty = "" if stated is None or proven else label(words.CERTAINTY, stated.certainty.value)
    return Section(
        title, tuple(lines), basis, certainty, note if note is not None else stated.note if stated else ""
    )


def _money(amount: object) -> str:
    return _("%(amount)s yuan") % {"amount": f"{amount:,.2f}"}


def _days(number: int) -> str:
    return _("%(n)s days") % {"n": number}


def _sale(terms: Terms) -> Section | None:
    sale, identity = terms.sale, terms.identity
    until = sale.sold_until.isoformat() if sale.sold_until else _("no end stated")
    existing = sale.binds_existing_from.isoformat() if sale.binds_existing_from else _("keep their version")
    lines = [
        (_("Insurer"), spoken(identity.insurer)),
        (_("Participating"), _("yes") if identity.participating else _("no")),
        (_("Sold from"), sale.sold_from.isoformat()),
        (_("Sold until"), until),
        (_("Existing contracts"), existing),
        (_("Sales channels"), _(", ").join(label(labels.CHANNEL, one.value) for one in sale.channels)),
        (_("Areas"), _(", ").join(sale.areas)),
    ]
    return _section(_("Identity and sale"), sale, lines)


def _lives(terms: Terms) -> Section | None:
    lives = terms.lives
    ages = _("%(low)s to %(high)s completed years") % {
        "low": lives.issue_age_min,
        "high": lives.issue_age_max,
    }
    lines = [
        (_("Issue age"), ages),
        (_("Sex"), _(", ").join(label(labels.SEX, one.value) for one in lives.sexes)),
    ]
    if lives.days_after_birth_min:
        lines.append((_("A child from"), _days(lives.days_after_birth_min)))
    if lives.occupation_classes:
        lines.append((_("Occupation class"), _(", ").join(map(str, lives.occupation_classes))))
    if lives.insured_is == "policyholder":
        lines.append((_("Age and sex of the rates"), _("the policyholder's")))
    for limit in lives.limits:
        parts = " + ".join(label(words.DIMENSION, name) for name in limit.sum_of)
        most = limit.at_most if isinstance(limit.at_most, int) else _choice_name(terms, limit.at_most)
        lines.append((parts, _("at most %(most)s") % {"most": most}))
    return _section(_("Who can be insured"), lives, lines)


def _choice_name(terms: Terms, code: str) -> str:
    return next((spoken(one.name) for one in terms.choices if one.code == code), code)


def _plans(terms: Terms) -> Section | None:
    lines: list[Line] = []
    for group in terms.plan_groups:
        paying = _(", ").join(words.paying_words(str(one)) for one in group.pay_years or ("single",))
        ages = ""
        if group.issue_age_min is not None or group.issue_age_max is not None:
            low = terms.lives.issue_age_min if group.issue_age_min is None else group.issue_age_min
            high = terms.lives.issue_age_max if group.issue_age_max is None else group.issue_age_max
            ages = _("; ") + _("issue age %(low)s to %(high)s") % {"low": low, "high": high}
        lines.append((_(", ").join(map(words.term_words, group.terms)), paying + ages))
    for rule in terms.pay_modes:
        factor = _("factor %(factor)s of the yearly premium") % {"factor": f"{rule.factor:f}"}
        lines.append(
            (label(labels.PAY_MODE, rule.mode.value), factor if rule.months_between else _("paid once"))
        )
    for choice in terms.choices:
        allowed = _(", ").join(map(words.choice_words, choice.values))
        lines.append(
            (spoken(choice.name), allowed + (_(" (set by the insurer)") if choice.by_insurer else ""))
        )
    return _section(_("Terms, ways of paying, choices"), terms.pay_modes[0], lines, note="")


def _sum(terms: Terms) -> Section | None:
    rule, premium, rounding = terms.sum_assured, terms.premium_rule, terms.rounding
    lines: list[Line] = [(_("Basic sum assured"), label(words.CHOSEN_AS, rule.chosen_as.value))]
    if premium.limits is not None:
        lines.append((_("Premium"), _span(premium.limits.min, premium.limits.max, premium.limits.multiple)))
    elif rule.chosen_as in ("sum", "daily_amount"):
        lines.append((_("Limits"), _span(rule.min, rule.max, rule.multiple)))
    if rule.growth_rate is not None:
        grows = _("by %(rate)s a year") % {"rate": words.rate_words(rule.growth_rate)}
        lines.append((_("The sum grows"), grows))
    if rule.growth_by is not None:
        tree = Times(of=Quantity.BASIC_SUM_ASSURED, factor_by=rule.growth_by)
        lines.append((label(words.QUANTITY, "effective_sum_assured"), words.amount_words(tree, terms)))
    if premium.per is not None:
        lines.append((_("Premium rates are per"), _money(premium.per)))
    places = _("to %(n)s places, each amount once at the end") % {"n": rounding.premium.places}
    lines.append((_("The premium is rounded"), places))
    return _section(_("Sum assured and premium"), rule, lines)


def _span(low: object, high: object, step: object) -> str:
    ends = {"low": f"{low:,.2f}", "high": f"{high:,.2f}", "step": f"{step:,.2f}"}
    return _("%(low)s to %(high)s yuan, multiples of %(step)s") % ends


def _values(terms: Terms) -> Section | None:
    values = terms.value_form
    if isinstance(values, FiledValues):
        between = (
            _("linear by days")
            if values.between_year_ends == "linear_by_day"
            else _("that of the last year's end")
        )
        lines = [
            (_("Cash value"), _("filed by policy year per %(per)s") % {"per": _money(values.per)}),
            (_("Between the ends of years"), between),
        ]
    elif isinstance(values, PerContractValues):
        lines = [(_("Cash value"), _("no table is published; the value stands on each contract"))]
    elif isinstance(values, UnearnedValues):
        rest = _("premium less %(share)s costs, for the days not yet passed") % {
            "share": words.rate_words(values.cost_share)
        }
        lines = [(_("Cash value"), rest)]
    else:
        lines = [(_("Cash value"), _("account value less the surrender charge"))]
    return _section(_("Cash value"), values, lines)


PAYS = {
    Pays.NOTHING: "nothing",
    Pays.BASIC_SUM_ASSURED: "basic_sum_assured",
    Pays.PREMIUMS_PAID: "premiums_paid",
    Pays.CASH_VALUE: "cash_value",
}


def _when(when: When) -> str:
    said: list[str] = []
    if when.causes is not None and len(when.causes) == 1:
        said.append(_("by accident") if when.causes[0] == "accident" else _("not by accident"))
    if when.inside_waiting is not None:
        said.append(_("in the waiting period") if when.inside_waiting else _("after the waiting period"))
    if when.age_from is not None:
        said.append(_("from age %(age)s") % {"age": when.age_from})
    if when.age_before is not None:
        said.append(_("before age %(age)s") % {"age": when.age_before})
    if when.paying_ended is not None:
        said.append(_("paying has ended") if when.paying_ended else _("while premiums are due"))
    if when.annuity_begun is not None:
        said.append(_("annuity begun") if when.annuity_begun else _("before the annuity"))
    if when.policy_year_from is not None:
        said.append(_("from policy year %(year)s") % {"year": when.policy_year_from})
    if when.policy_year_to is not None:
        said.append(_("to policy year %(year)s") % {"year": when.policy_year_to})
    return _(", ").join(said)


def _benefit_lines(terms: Terms, benefit: Benefit) -> Iterator[Line]:
    events = _(", ").join(label(words.EVENT, event.value) for event in benefit.events)
    yield spoken(benefit.name), events
    for case in benefit.cases:
        amount = words.amount_words(case.amount, terms)
        yield _when(case.when) or _("always"), f"{amount} [{basis_text(case.basis)}]"
    for limit in benefit.limits:
        yield _("at most"), words.amount_words(limit.at_most, terms)
    for shared in terms.shared_limits:
        if benefit.code in shared.over:
            names = _(", ").join(spoken(terms.benefit(code).name) for code in shared.over)
            yield _("together at most"), f"{words.amount_words(shared.at_most, terms)} ({names})"
    yield from _instalments(benefit)
    if benefit.schedule is not None and benefit.schedule.guaranteed_years is not None:
        yield _("guaranteed"), _("%(n)s years") % {"n": benefit.schedule.guaranteed_years}


def _instalments(benefit: Benefit) -> Iterator[Line]:
    """How a benefit is paid from its event on."""
    schedule = benefit.schedule
    if schedule is None or not schedule.from_event:
        return
    said = [_("every month") if schedule.every == "month" else _("every year")]
    if schedule.after_days:
        said.append(_("first after %(n)s days") % {"n": schedule.after_days})
    if schedule.payments_at_most is not None:
        said.append(_("at most %(n)s payments") % {"n": schedule.payments_at_most})
    if schedule.while_state_lasts:
        said.append(_("as long as the state lasts"))
    yield _("from the event on"), _(", ").join(said)


def _benefits(terms: Terms) -> Section | None:
    lines = [line for benefit in terms.benefits for line in _benefit_lines(terms, benefit)]
    return _section(_("Benefits"), terms.benefits[0] if terms.benefits else None, lines, note="")


def _exclusions(terms: Terms) -> Section | None:
    lines = []
    for one in terms.exclusions:
        doubt = _(" (not confirmed)") if one.doubtful else ""
        pays = _("pays %(what)s") % {"what": label(words.QUANTITY, PAYS[one.pays])}
        lines.append((f"{one.item}. {spoken(one.name)}{doubt}", pays))
    return _section(_("Exclusions"), terms.exclusions[0] if lines else None, lines, note="")


def _periods(terms: Terms) -> Section | None:
    main = _("as the main contract")
    grace = main if terms.grace.by is RuleBy.MAIN_CONTRACT else _days(terms.grace.days)
    day = _("from the day of receipt")
    if terms.cooling_off.starts is CoolingOffStart.DAY_AFTER_RECEIPT:
        day = _("from the day after receipt")
    cooling = f"{_days(terms.cooling_off.days)}{_(', ')}{day}"
    if terms.cooling_off.by is RuleBy.MAIN_CONTRACT:
        cooling = main
    elif terms.cooling_off.by is RuleBy.NONE:
        cooling = _("none")
    within = _("within %(n)s years") % {"n": terms.reinstatement.years}
    within = _("none") if terms.reinstatement.by is RuleBy.NONE else within
    decided = _("within %(n)s days") % {"n": terms.claims.decision_days}
    lines = [
        (_("Cooling-off period"), cooling),
        (_("Grace period"), _("none") if terms.grace.by is RuleBy.NONE else grace),
        (_("Waiting period"), _days(terms.waiting.days) if terms.waiting.days else _("none")),
        (_("Reinstatement"), main if terms.reinstatement.by is RuleBy.MAIN_CONTRACT else within),
        (_("Surrender is paid"), _("within %(n)s days") % {"n": terms.surrender.payment_days}),
        (_("Claims are decided"), main if terms.claims.decision_days is None else decided),
    ]
    clauses = (
        terms.cooling_off,
        terms.grace,
        terms.waiting,
        terms.reinstatement,
        terms.surrender,
        terms.claims,
    )
    lines = [
        (name, f"{text} [{basis_text(stated.basis)}]")
        for (name, text), stated in zip(lines, clauses, strict=True)
    ]
    return _section(_("Periods"), None, lines)


def _bands(bands: tuple[YearBand, ...]) -> str:
    said = []
    for band in bands:
        ends = {"start": band.start, "last": band.to, "factor": words.rate_words(band.rate)}
        text = (
            _("from year %(start)s: %(factor)s")
            if band.to is None
            else _("year %(start)s to %(last)s: %(factor)s")
        )
        said.append(text % ends)
    return _("; ").join(said)


def _account(terms: Terms) -> Section | None:
    account = terms.account
    if account is None:
        return None
    lines = [
        (_("Guaranteed rate"), _("%(rate)s a year") % {"rate": words.rate_words(account.guaranteed_rate)})
    ]
    for charge in account.initial_charges:
        name = _("Initial charge") + _(": ") + label(words.PAYMENT, charge.kind)
        lines.append((name, _bands(charge.rates)))
    lines += [
        (_("Policy fee a month"), _money(account.policy_fee_monthly)),
        (_("Surrender charge"), _bands(account.surrender_charges)),
        (_("Charge of a withdrawal"), _bands(account.withdrawal_charges)),
    ]
    for bonus in account.bonuses:
        text = _("%(rate)s at anniversary %(n)s") % {
            "rate": words.rate_words(bonus.rate),
            "n": bonus.anniversary,
        }
        lines.append((_("Persistency bonus"), text + (_(" and each later one") if bonus.and_later else "")))
    return _section(_("Account"), account, lines)


def _dividends(terms: Terms) -> Section | None:
    rule = terms.dividends
    if rule is None:
        return None
    options = _(", ").join(label(words.DIVIDEND_OPTION, one.value) for one in rule.options)
    if rule.method is DividendMethod.REVERSIONARY:
        options = _("added to the sum assured")
    share = _("at least %(share)s of the surplus") % {"share": words.rate_words(rule.share_to_policyholders)}
    lines = [
        (_("Dividends"), _("not guaranteed")),
        (_("To policyholders"), share),
        (_("What is done with them"), options),
    ]
    return _section(_("Dividends"), rule, lines)


def _options(terms: Terms) -> Section | None:
    lines: list[Line] = []
    for name in terms.options.__struct_fields__:
        stated = getattr(terms.options, name)
        for one in stated if isinstance(stated, tuple) else (stated,):
            if one is None:
                continue
            share = getattr(one, "share", None)
            text = (
                _("up to %(share)s of the cash value") % {"share": words.rate_words(share)}
                if share
                else _("yes")
            )
            lines.append((label(words.OPTION, name), f"{text} [{basis_text(one.basis)}]"))
    return _section(_("Options"), None, lines)


def _rider(terms: Terms) -> Section | None:
    attaches = terms.attaches
    if attaches is None:
        return None
    codes = _(", ").join(attaches.main_codes) or _("any")
    lines = [(_("Main contract"), codes)]
    if attaches.main_pay_modes:
        modes = _(", ").join(label(labels.PAY_MODE, one.value) for one in attaches.main_pay_modes)
        lines.append((_("Ways of paying of the main contract"), modes))
    lines.append((_("Ends with the main contract"), _("yes") if attaches.ends_with_main else _("no")))
    return _section(_("As a rider"), attaches, lines)


def _papers(terms: Terms) -> Section | None:
    lines = [
        (label(labels.ACT, entry.act), _(", ").join(spoken(paper.name) for paper in entry.papers))
        for entry in terms.papers
    ]
    return _section(_("Papers by act"), terms.papers[0] if terms.papers else None, lines, note="")


SECTIONS: tuple[Callable[[Terms], Section | None], ...] = (
    _sale, _lives, _plans, _sum, _values, _benefits, _exclusions, _periods, _account, _dividends, _options,
    _rider, _papers,
)  # fmt: skip
