"""What the codes of products are called on the screen, and amounts and periods in the reader's words."""

from decimal import Decimal

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from counterfoil.core.newbusiness.quotation import SINGLE
from counterfoil.core.product import amounts
from counterfoil.core.product.amounts import Amount, Quantity
from counterfoil.core.product.definition import Terms
from counterfoil.core.product.plans import WHOLE_LIFE, fixed_years
from counterfoil.web.forms.starting import spoken
from counterfoil.web.labels import Labels, label

KIND: Labels = {
    "term_life": _("Term life"),
    "whole_life": _("Whole life"),
    "endowment": _("Endowment"),
    "annuity": _("Annuity"),
    "universal_life": _("Universal life"),
    "critical_illness": _("Critical illness"),
    "daily_hospital": _("Daily hospital allowance"),
    "medical_expense": _("Medical expenses"),
    "accident": _("Accident cover"),
    "care": _("Long-term care"),
    "waiver": _("Waiver of premium"),
}
ROLE: Labels = {"main": _("Main contract"), "rider": _("Rider")}
CERTAINTY: Labels = {
    "law": _("by law"),
    "company_assumption": _("company assumption"),
    "reconstructed": _("reconstructed"),
}
QUANTITY: Labels = {
    "nothing": _("nothing"),
    "basic_sum_assured": _("basic sum assured"),
    "effective_sum_assured": _("effective sum assured"),
    "premiums_paid": _("premiums paid"),
    "annual_premium": _("yearly premium"),
    "cash_value": _("cash value"),
    "account_value": _("account value"),
    "additions_sum": _("paid-up additions"),
    "additions_cash_value": _("cash value of the additions"),
    "accumulated_dividends": _("accumulated dividends"),
    "terminal_bonus": _("terminal bonus"),
    "guaranteed_annuity_unpaid": _("guaranteed annuities not yet paid"),
    "annuity_paid": _("annuities paid"),
    "deductible_used": _("deductible already borne"),
    "premiums_waived": _("premiums waived"),
    "payable_days": _("days paid for"),
    "eligible_expense": _("eligible expenses"),
    "paid_by_others": _("paid by others"),
}
SHOWS: Labels = {
    "policy_year": _("Policy year"),
    "age_at_end": _("Age at its end"),
    "instalment": _("Instalment"),
    "premium_of_year": _("Premium of the year"),
    "premiums_paid": _("Premiums paid in all"),
    "basic_sum_assured": _("Basic sum assured"),
    "effective_sum_assured": _("Effective sum assured"),
    "cash_value": _("Cash value"),
    "cash_value_per_unit": _("Cash value per unit"),
    "dividend": _("Dividend of the year"),
    "accumulated_dividend": _("Accumulated dividends"),
    "reversionary_bonus": _("Reversionary bonus of the year"),
    "additions_sum": _("Additions to the sum assured"),
    "additions_cash_value": _("Cash value of the additions"),
    "terminal_bonus": _("Terminal bonus"),
    "top_up": _("Top-up"),
    "transfer_in": _("Transferred in"),
    "withdrawn": _("Withdrawn"),
    "initial_charge": _("Initial charge"),
    "credited": _("Credited to the account"),
    "policy_fee": _("Policy fee"),
    "bonus": _("Persistency bonus"),
    "risk_charge": _("Risk charge"),
    "account_value": _("Account value"),
}
DIMENSION: Labels = {
    "sex": _("Sex"),
    "issue_age": _("Issue age"),
    "attained_age": _("Attained age"),
    "term": _("Term"),
    "term_years": _("Term"),
    "pay_mode": _("Way of paying"),
    "pay_years": _("Years of paying"),
    "policy_year": _("Policy year"),
    "occupation_class": _("Occupation class"),
    "sum_assured": _("Sum assured"),
    "premium": _("Premium"),
    "renewal": _("Renewal"),
}
TABLE: Labels = {
    "premium_rates": _("Premium rates"),
    "cash_values": _("Cash values"),
    "cash_values_computed": _("Cash values computed from the basis"),
    "basic_sum_assured": _("Basic sums assured"),
    "risk_charges": _("Risk charges"),
    "modal_factors": _("Factors of the ways of paying"),
    "annuity_factors": _("Factors of the annuity"),
    "base_rates": _("Base rates"),
    "age_factor": _("Factor by age"),
    "deductible_factor": _("Factor by deductible"),
    "occupation_factor": _("Factor by occupation class"),
    "period_factor": _("Factor by period"),
}
CHOSEN_AS: Labels = {
    "sum": _("The sum assured is chosen."),
    "premium": _("The premium is chosen; the table says what sum it buys."),
    "account": _("The sum is the payments into the account less withdrawals."),
    "daily_amount": _("A daily amount is chosen."),
    "premium_waived": _("The sum is the yearly premium that is waived."),
    "units": _("Units are chosen."),
    "table": _("The table gives the sum for the choices made."),
}
OPTION: Labels = {
    "loan": _("Policy loan"),
    "partial_surrender": _("Partial surrender"),
    "paid_up": _("Reduced paid-up"),
    "extended_term": _("Extended term"),
    "automatic_premium_loan": _("Automatic premium loan"),
    "top_up": _("Top-up"),
    "withdrawal": _("Withdrawal"),
    "changes": _("Change of a choice"),
}
EVENT: Labels = {
    "death": pgettext_lazy("insured event", "death"),
    "total_disability": _("total disability"),
    "accident_death": _("death by accident"),
    "accident_disability": _("disability by accident"),
    "survival": _("survival"),
    "annuity": _("annuity date"),
    "maturity": _("maturity"),
    "care": _("need of care"),
    "critical_illness": _("critical illness"),
    "hospital_stay": _("stay in hospital"),
    "medical_expense": _("medical expenses"),
}
DIVIDEND_OPTION: Labels = {
    "cash": _("paid out"),
    "accumulate": _("left at interest"),
    "offset": _("set against the premium"),
    "paid_up_additions": _("buys paid-up additions"),
}
PAYMENT: Labels = {"premium": _("Premium"), "top_up": _("Top-up"), "transfer_in": _("Transferred in")}
CHOICE_VALUE: Labels = {"yearly": _("yearly"), "monthly": _("monthly")}


def term_words(term: str) -> str:
    """A plan's term in words: `10_years`, `to_85`, `whole_life`."""
    if term == WHOLE_LIFE:
        return gettext("whole life")
    years = fixed_years(term)
    if years:
        return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
    return gettext("to age %(age)s") % {"age": term.removeprefix("to_")}


def paying_words(paying: str) -> str:
    """How long a plan is paid for, in words: years, `term`, `to_60`, `single`."""
    if paying == SINGLE:
        return gettext("paid once")
    if paying == "term":
        return gettext("paid through the term")
    if paying.isdigit():
        return ngettext("paid for %(n)s year", "paid for %(n)s years", int(paying)) % {"n": int(paying)}
    return gettext("paid to age %(age)s") % {"age": paying.removeprefix("to_")}


def rate_words(share: Decimal) -> str:
    """A fraction as percent."""
    percent = share * 100
    return f"{percent.normalize():f}%" if percent else "0%"


def amount_words(tree: Amount, terms: Terms) -> str:
    """A tree of amounts in words."""

    def said(node: Amount) -> str:
        return amount_words(node, terms)

    match tree:
        case Quantity():
            return label(QUANTITY, tree.value)
        case amounts.GreatestOf():
            return gettext("the greatest of: %(parts)s") % {"parts": gettext("; ").join(map(said, tree.of))}
        case amounts.LeastOf():
            return gettext("the least of: %(parts)s") % {"parts": gettext("; ").join(map(said, tree.of))}
        case amounts.SumOf():
            return " + ".join(map(said, tree.of))
        case amounts.Minus():
            return f"{said(tree.of)} − {said(tree.less)}"
        case amounts.Fixed():
            return gettext("%(amount)s yuan") % {"amount": f"{tree.yuan:,.2f}"}
        case amounts.Figure():
            return gettext("figure of the table “%(table)s”") % {"table": label(TABLE, tree.table)}
        case amounts.PaidBefore():
            names = gettext(", ").join(spoken(terms.benefit(code).name) for code in tree.under)
            return gettext("paid before under %(benefits)s") % {"benefits": names}
        case amounts.Times():
            return f"{said(tree.of)} × {_factor(tree, terms)}"


def _factor(tree: amounts.Times, terms: Terms) -> str:
    if tree.factor is not None:
        return rate_words(tree.factor)
    if tree.quantity is not None:
        return label(QUANTITY, tree.quantity.value)
    assert tree.factor_by is not None
    factor = terms.factor(tree.factor_by)
    if not factor.bands:
        return label(TABLE, factor.table)
    by_age = factor.by == "age_at_anniversary"
    parts = []
    for band in factor.bands:
        if factor.by == "payment_number":
            parts.append(_payment_band(band.start, band.before, rate_words(band.factor)))
            continue
        ends = {"start": band.start, "last": (band.before or 0) - 1, "factor": rate_words(band.factor)}
        if band.before is None:
            text = (
                gettext("from age %(start)s: %(factor)s")
                if by_age
                else gettext("from year %(start)s: %(factor)s")
            )
        elif by_age:
            text = gettext("age %(start)s to %(last)s: %(factor)s")
        else:
            text = gettext("year %(start)s to %(last)s: %(factor)s")
        parts.append(text % ends)
    return f"({gettext('; ').join(parts)})"


def _payment_band(start: int, before: int | None, factor: str) -> str:
    ends = {"start": start, "last": (before or 0) - 1, "factor": factor}
    if before is None:
        return gettext("from payment %(start)s on: %(factor)s") % ends
    if before == start + 1:
        return gettext("payment %(start)s: %(factor)s") % ends
    return gettext("payments %(start)s to %(last)s: %(factor)s") % ends


def choice_words(value: str) -> str:
    """A value of a choice."""
    return label(CHOICE_VALUE, value)


def column_words(terms: Terms, shows: str, benefit: str | None) -> str:
    """What a column of an illustration is called: the benefit's own name where it shows one."""
    if benefit is None:
        return label(SHOWS, shows)
    name = spoken(terms.benefit(benefit).name)
    return gettext("%(benefit)s, in all") % {"benefit": name} if shows == "benefit_total" else name
