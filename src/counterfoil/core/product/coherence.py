"""Decides what only shows when sections of `product.yaml` are seen together: names, repetition, contradictions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from counterfoil.core.kernel.strict_files import FileError
from counterfoil.core.kernel.yaml_lines import key_line
from counterfoil.core.product.account_benefit import NotChargeable, account_items
from counterfoil.core.product.amounts import Amount, Quantity, leaves, named
from counterfoil.core.product.benefits import Benefit, BenefitEvent
from counterfoil.core.product.conventions import ChosenAs, ContractRole, IssueAges, PayMode, RuleBy
from counterfoil.core.product.definition import Shows, Terms
from counterfoil.core.product.illnesses import IllnessRow
from counterfoil.core.product.money_rules import AccountValues, FiledValues
from counterfoil.core.product.plans import BUILT_IN, WHOLE_LIFE
from counterfoil.core.product.schedules import ANNUITY_MODE, Every
from counterfoil.core.product.sold import renewal_age_max
from counterfoil.core.product.table_rules import Covers

Found = Iterator[tuple[str, str]]
"""Key in `product.yaml`, and what is wrong there."""


def coherence_faults(path: Path, terms: Terms) -> Iterator[FileError]:
    """Every contradiction between sections, each at its key."""
    for judge in (
        _repeated, _plans, _table_names, _table_dimensions, _benefit_names, _schedules, _amounts, _accounts, _basis,
        _options, _columns, _rider, _exclusions, _renewals,
    ):  # fmt: skip
        for key, message in judge(terms):
            yield FileError(str(path), key_line(path, key), key, message)


def _repeated(terms: Terms) -> Found:
    needed: dict[str, Iterable[Any]] = {
        "plans": (plan.term + str(plan.pay_mode) + str(plan.paying) for plan in terms.plans),
        "pay_modes": (rule.mode for rule in terms.pay_modes),
        "benefits": (benefit.code for benefit in terms.benefits),
        "exclusions": (exclusion.code for exclusion in terms.exclusions),
        "papers": (entry.act for entry in terms.papers),
        "servicing_acts": terms.servicing_acts,
        "lives.sexes": terms.lives.sexes,
        "sale.channels": terms.sale.channels,
        "sale.areas": terms.sale.areas,
    }
    may_be_empty: dict[str, Iterable[Any]] = {
        "choices": (choice.code for choice in terms.choices),
        "event_facts": (choice.code for choice in terms.named_values),
        "tables": (table.code for table in terms.tables),
        "factors": (factor.code for factor in terms.factors),
        "lives.occupation_classes": terms.lives.occupation_classes,
        "sums_at_risk": (one.risk for one in terms.sums_at_risk),
        "disclosure.questions": (question.id for question in terms.disclosure.questions),
    }
    if terms.illustration is not None:
        may_be_empty["illustration.columns"] = (one.column for one in terms.illustration.columns)
    if terms.dividends is not None:
        may_be_empty["dividends.options"] = terms.dividends.options
    for key, entries in {**needed, **may_be_empty}.items():
        counted = Counter(entries)
        if not counted and key in needed:
            yield key, "there is none; expected one at least"
        for entry, count in counted.items():
            if count > 1:
                yield key, f"{entry} is there {count} times"
    for number, choice in enumerate(terms.choices):
        for value, count in Counter(choice.values).items():
            if count > 1:
                yield f"choices[{number}].values", f"{value} is there {count} times"


def _plans(terms: Terms) -> Found:
    modes = {rule.mode for rule in terms.pay_modes}
    used = {mode for group in terms.plan_groups for mode in group.pay_modes}
    for number, group in enumerate(terms.plan_groups):
        for mode in group.pay_modes:
            if mode not in modes:
                yield f"plans[{number}].pay_modes", f"{mode} has no entry in pay_modes"
        if WHOLE_LIFE in group.terms and terms.lives.whole_life_to_age is None:
            yield f"plans[{number}].terms", "whole_life needs lives.whole_life_to_age, where tables end"
    for mode in modes - used:
        yield "pay_modes", f"{mode} belongs to no plan"
    end = terms.lives.whole_life_to_age
    if end is not None and end <= terms.lives.issue_age_max:
        yield (
            "lives.whole_life_to_age",
            f"{end} is not above the highest issue age {terms.lives.issue_age_max}",
        )
    choices = {choice.code: choice for choice in terms.choices}
    for number, limit in enumerate(terms.lives.limits):
        key = f"lives.limits[{number}].at_most"
        if isinstance(limit.at_most, str):
            choice = choices.get(limit.at_most)
            if choice is None:
                yield key, f"there is no choice {limit.at_most}"
            elif not all(value.isdigit() for value in choice.values):
                yield key, f"the values of {limit.at_most} are not all whole numbers"


def _table_names(terms: Terms) -> Found:
    known = {table.code for table in terms.tables}
    for key, code in _table_uses(terms):
        if code is not None and code not in known:
            yield (
                key,
                f"there is no table {code}" + (f" (known: {', '.join(sorted(known))})" if known else ""),
            )
    used = {code for _, code in _table_uses(terms)}
    for number, table in enumerate(terms.tables):
        if table.code not in used and table.covers is Covers.SOLD and table.dimensions != ("pay_mode",):
            yield f"tables[{number}].code", f"the table {table.code} is used nowhere"


def _table_uses(terms: Terms) -> Iterator[tuple[str, str | None]]:
    yield "premium.table", terms.premium_rule.table
    for factor in terms.premium_rule.factors:
        yield "premium.factors", factor
    yield "sum_assured.table", terms.sum_assured.table
    if isinstance(terms.value_form, FiledValues):
        yield "values.table", terms.value_form.table
        yield "values.computed", terms.value_form.computed
    for number, rule in enumerate(terms.factors):
        yield f"factors[{number}].table", rule.table
    if terms.account is not None:
        yield "account.risk_table", terms.account.risk_table
    if terms.options.paid_up is not None:
        yield "options.paid_up.table", terms.options.paid_up.table
    if terms.options.extended_term is not None:
        yield "options.extended_term.table", terms.options.extended_term.table
    for key, tree in _trees(terms):
        for what, code in named(tree):
            if what == "table":
                yield key, code


def _table_dimensions(terms: Terms) -> Found:
    own = {choice.code for choice in terms.named_values}
    for number, table in enumerate(terms.tables):
        for name in table.dimensions:
            if name not in BUILT_IN and name not in own:
                known = ", ".join([*BUILT_IN, *sorted(own)])
                yield f"tables[{number}].keys", f"{name} is neither a choice nor one of {known}"
            if name == "occupation_class" and not terms.lives.occupation_classes:
                yield f"tables[{number}].keys", "keyed by occupation_class, and lives names no classes"


def _benefit_names(terms: Terms) -> Found:
    factors = {factor.code for factor in terms.factors}
    benefits = {benefit.code for benefit in terms.benefits}
    for key, tree in _trees(terms):
        for what, code in named(tree):
            if what == "factor" and code not in factors:
                yield key, f"there is no factor {code}"
            if what == "benefit" and code not in benefits:
                yield key, f"there is no benefit {code}"
            elif what == "benefit" and key.startswith("sums_at_risk"):
                yield key, "a sum at risk does not hang on what was paid before"
    for number, shared in enumerate(terms.shared_limits):
        for code in shared.over:
            if code not in benefits:
                yield f"shared_limits[{number}].over", f"there is no benefit {code}"
    for number, benefit in enumerate(terms.benefits):
        for code in benefit.ends_benefits:
            if code not in benefits:
                yield f"benefits[{number}].ends_benefits", f"there is no benefit {code}"
        if benefit.illness_grade is not None and terms.illnesses is None:
            yield f"benefits[{number}].illness_grade", "a grade needs the list of illnesses (`illnesses`)"
        elif (benefit.names_illnesses or any(_illness_words(benefit))) and terms.illnesses is None:
            yield (
                f"benefits[{number}]",
                "illnesses are named, and there is no list of illnesses (`illnesses`)",
            )
        if benefit.after is not None and benefit.after.benefit not in benefits:
            yield f"benefits[{number}].after.benefit", f"there is no benefit {benefit.after.benefit}"
        if benefit.one_of is not None and sum(one.one_of == benefit.one_of for one in terms.benefits) == 1:
            yield f"benefits[{number}].one_of", f"no other benefit has the group {benefit.one_of}"
    growth = terms.sum_assured.growth_by
    if growth is not None and growth not in factors:
        yield "sum_assured.growth_by", f"there is no factor {growth}"
    used = {code for _, tree in _trees(terms) for what, code in named(tree) if what == "factor"} | {growth}
    for number, factor in enumerate(terms.factors):
        if factor.code not in used:
            yield f"factors[{number}].code", f"the factor {factor.code} is used nowhere"


def _illness_words(benefit: Benefit) -> Iterator[tuple[str, str]]:
    """Every word that rules of a benefit call illnesses by, with its key after the benefit's."""
    if benefit.after is not None:
        yield from (("after.illnesses", word) for word in benefit.after.illnesses)
    if benefit.repeat is not None:
        for number, gap in enumerate(benefit.repeat.gaps):
            yield f"repeat.gaps[{number}].before", gap.before
            yield f"repeat.gaps[{number}].now", gap.now


def illness_faults(terms: Terms, rows: Sequence[IllnessRow], file: str) -> Found:
    """What benefits name and the list of illnesses (`file`) does not have."""
    words = {word for row in rows for word in row.words}
    codes = {row.code for row in rows}
    grades = {row.grade for row in rows}
    tags = {tag for row in rows for tag in row.tags.split()}
    for number, benefit in enumerate(terms.benefits):
        key = f"benefits[{number}]"
        if benefit.illness_grade is not None and benefit.illness_grade not in grades:
            yield f"{key}.illness_grade", f"{file} has no illness of the grade {benefit.illness_grade}"
        if benefit.illness_tag is not None and benefit.illness_tag not in tags:
            yield f"{key}.illness_tag", f"{file} has no illness with the tag {benefit.illness_tag}"
        for code in benefit.illnesses:
            if code not in codes:
                yield f"{key}.illnesses", f"{file} has no illness {code}"
        for place, word in _illness_words(benefit):
            if word not in words:
                yield f"{key}.{place}", f"{file} has no illness, group, grade or tag {word}"


def _schedules(terms: Terms) -> Found:
    choices = {choice.code: choice for choice in terms.choices}
    for number, benefit in enumerate(terms.benefits):
        schedule, key = benefit.schedule, f"benefits[{number}].schedule"
        if schedule is None:
            continue
        if schedule.from_choice is not None:
            choice = choices.get(schedule.from_choice)
            if choice is None:
                yield f"{key}.from_choice", f"there is no choice {schedule.from_choice}"
            elif not all(value.isdigit() for value in choice.values):
                yield f"{key}.from_choice", f"the values of {schedule.from_choice} are not all ages"
        if schedule.every is Every.BY_CHOICE:
            values = choices[ANNUITY_MODE].values if ANNUITY_MODE in choices else ()
            if not values or set(values) - {"yearly", "monthly"}:
                yield (
                    f"{key}.every",
                    f"by_choice needs the choice {ANNUITY_MODE} with yearly, monthly or both",
                )


def _amounts(terms: Terms) -> Found:
    """Quantities that only some products have."""
    begins = any(
        BenefitEvent.ANNUITY in one.events and one.schedule and one.schedule.guaranteed_years
        for one in terms.benefits
    )
    for key, tree in _trees(terms):
        found = set(leaves(tree))
        if Quantity.ACCOUNT_VALUE in found and terms.account is None:
            yield key, "account_value is asked for, and there is no section account"
        if Quantity.EFFECTIVE_SUM_ASSURED in found and not terms.sum_assured.grows:
            yield key, "effective_sum_assured is asked for, and the sum has no growth_rate and no growth_by"
        bonus = terms.dividends.terminal_bonus if terms.dividends is not None else None
        if Quantity.TERMINAL_BONUS in found and (bonus is None or key.startswith("dividends")):
            yield key, "terminal_bonus is asked for, and dividends.terminal_bonus does not say of what"
        if Quantity.GUARANTEED_ANNUITY_UNPAID in found and not begins:
            yield key, "guaranteed_annuity_unpaid is asked for, and no annuity has guaranteed_years"
        additions = {Quantity.ADDITIONS_SUM, Quantity.ADDITIONS_CASH_VALUE, Quantity.ACCUMULATED_DIVIDENDS}
        if found & additions and terms.dividends is None:
            yield key, "dividends are asked for, and there is no section dividends"
    for number, benefit in enumerate(terms.benefits):
        asks = any(Quantity.PAYABLE_DAYS in leaves(case.amount) for case in benefit.cases)
        if asks != (benefit.days is not None):
            yield f"benefits[{number}]", "payable_days and the section days stand together or not at all"
        choice = benefit.days.deductible_choice if benefit.days is not None else None
        if choice is not None and choice not in {one.code for one in terms.choices}:
            yield f"benefits[{number}].days.deductible_choice", f"there is no choice {choice}"


def _accounts(terms: Terms) -> Found:
    chosen = terms.sum_assured.chosen_as
    if terms.account is None and chosen is ChosenAs.ACCOUNT:
        yield "sum_assured.chosen_as", "`account` goes with the section account, and with it alone"
    if terms.account is not None and chosen not in (ChosenAs.ACCOUNT, ChosenAs.SUM):
        yield "sum_assured.chosen_as", "the sum of a contract with an account is chosen as account or as sum"
    if isinstance(terms.value_form, AccountValues) and terms.account is None:
        yield "values.form", "values of an account need the section account"
    yield from _account_benefit(terms)
    if chosen is ChosenAs.TABLE and terms.premium_rule.per is not None:
        yield "premium.per", "a sum that follows from a plan is priced by a flat table"
    if chosen is not ChosenAs.UNITS and terms.premium_rule.per_unit:
        yield "premium.per_unit", "a premium per unit goes with a sum chosen as units"
    needs_table = chosen not in (ChosenAs.PREMIUM, ChosenAs.ACCOUNT) and terms.account is None
    if needs_table and terms.premium_rule.table is None:
        yield "premium.table", f"a sum chosen as {chosen} is priced by a table"
    if not needs_table and terms.premium_rule.table is not None:
        yield "premium.table", "the premium is chosen, by the sum's rule or because it goes into an account"
    if isinstance(terms.value_form, FiledValues):
        for mode in {plan.base_mode for plan in terms.plans}:
            if mode not in terms.value_form.value_at_issue:
                yield "values.value_at_issue", f"nothing is stated for {mode}"
    if terms.identity.participating != (terms.dividends is not None):
        yield "identity.participating", "a participating product has a section dividends, no other has one"


def _account_benefit(terms: Terms) -> Found:
    """The risk charge of an account is worked out from its death benefit and its table by sex and age."""
    account = terms.account
    if account is None:
        return
    if account.death_benefit not in {one.code for one in terms.benefits}:
        yield "account.death_benefit", f"there is no benefit {account.death_benefit}"
        return
    try:
        account_items(terms)
    except NotChargeable as error:
        yield "account.death_benefit", str(error)
    except KeyError as error:
        yield "account.death_benefit", f"there is no factor {error.args[0]}"
    table = next((one for one in terms.tables if one.code == account.risk_table), None)
    if table is not None and sorted(table.dimensions) != ["attained_age", "sex"]:
        yield "account.risk_table", "a table of risk charges is keyed by sex and attained_age"


def _basis(terms: Terms) -> Found:
    """A basis is compared with filed rates and values, and computes the cells that the source lost."""
    filed = terms.filed_values
    if terms.basis_files is not None and (
        filed is None or filed.computed is None or terms.premium_rule.per is None
    ):
        yield "basis_files", "a basis needs premium rates per unit, filed values and their table `computed`"


def _options(terms: Terms) -> Found:
    choices = {choice.code for choice in terms.choices}
    for number, change in enumerate(terms.options.changes):
        if change.choice not in choices:
            yield f"options.changes[{number}].choice", f"there is no choice {change.choice}"
    account_only = {"top_up": terms.options.top_up, "withdrawal": terms.options.withdrawal}
    for name, option in account_only.items():
        if option is not None and terms.account is None:
            yield f"options.{name}", "this option needs the section account"
    waits = {case.when.inside_waiting for one in terms.benefits for case in one.cases} - {None}
    if terms.waiting.days == 0 and waits:
        yield "waiting.days", "a benefit tells inside from outside the waiting period, and there is none"


_DIVIDENDS = (Shows.DIVIDEND, Shows.ACCUMULATED_DIVIDEND)
_ADDITIONS = (Shows.REVERSIONARY_BONUS, Shows.ADDITIONS_SUM, Shows.ADDITIONS_CASH_VALUE)


def _columns(terms: Terms) -> Found:
    if terms.illustration is None:
        return
    benefits = {benefit.code for benefit in terms.benefits}
    if sum(one.shows is Shows.POLICY_YEAR for one in terms.illustration.columns) != 1:
        yield "illustration.columns", "one column shows the policy_year"
    for number, column in enumerate(terms.illustration.columns):
        key = f"illustration.columns[{number}]"
        if column.column == "source":
            yield f"{key}.column", "source is the column that says where a row comes from"
        if column.benefit is not None and column.benefit not in benefits:
            yield f"{key}.benefit", f"there is no benefit {column.benefit}"
        if column.shows is Shows.CASH_VALUE_PER_UNIT and not isinstance(terms.value_form, FiledValues):
            yield f"{key}.shows", "only filed values stand per unit"
        if column.shows in _DIVIDENDS and terms.dividends is None:
            yield f"{key}.shows", "a column of dividends needs the section dividends"
        elif column.shows in _ADDITIONS and (terms.dividends is None or terms.dividends.reversionary is None):
            yield f"{key}.shows", "a column of additions needs dividends.reversionary"
        elif column.shows is Shows.TERMINAL_BONUS and (
            terms.dividends is None or terms.dividends.terminal_bonus is None
        ):
            yield f"{key}.shows", "a column of the terminal bonus needs dividends.terminal_bonus"
        accounts = (Shows.ACCOUNT_VALUE, Shows.RISK_CHARGE, Shows.CREDITED, Shows.INITIAL_CHARGE, Shows.BONUS)
        if column.shows in accounts and terms.account is None:
            yield f"{key}.shows", "a column of an account needs the section account"


def _rider(terms: Terms) -> Found:
    rider = terms.identity.role is ContractRole.RIDER
    if rider != (terms.attaches is not None):
        yield "identity.role", "a rider has a section attaches, a main contract has none"
    for name in ("grace", "cooling_off", "reinstatement", "deductions", "disclosure", "claims"):
        by = getattr(terms, name).by
        if by is RuleBy.MAIN_CONTRACT and not rider:
            yield f"{name}.by", "only a rider follows the main contract's rule"
    instalments = any(plan.pay_mode is not PayMode.SINGLE for plan in terms.plans)
    if instalments and terms.grace.by is RuleBy.NONE:
        yield "grace.by", "premiums are paid by instalments, and there is no grace"


def _renewals(terms: Terms) -> Found:
    last = renewal_age_max(terms)
    if last is not None:
        if last <= terms.lives.issue_age_max:
            highest = terms.lives.issue_age_max
            yield "renewal.issue_age_max", f"{last} is not above {highest}, to which a new contract is sold"
        if terms.lives.ages is not IssueAges.STATED:
            yield "renewal.issue_age_max", "ages of renewals are stated beside `lives.ages: stated` alone"
        if terms.lives.whole_life_to_age is not None and last >= terms.lives.whole_life_to_age:
            yield "renewal.issue_age_max", f"{last} is not below lives.whole_life_to_age"
    for number, table in enumerate(terms.tables):
        if "renewal" in table.dimensions and last is None:
            yield f"tables[{number}].keys", "keyed by renewal, and renewal.issue_age_max is not stated"


def _exclusions(terms: Terms) -> Found:
    for number, exclusion in enumerate(terms.exclusions):
        if exclusion.item < 1:
            yield f"exclusions[{number}].item", f"the clause's items count from 1, not {exclusion.item}"


def _trees(terms: Terms) -> Iterator[tuple[str, Amount]]:
    """Every tree of amounts, with its key."""
    for number, benefit in enumerate(terms.benefits):
        yield from _benefit_trees(number, benefit)
    for number, one in enumerate(terms.sums_at_risk):
        yield f"sums_at_risk[{number}].amount", one.amount
    for number, shared in enumerate(terms.shared_limits):
        yield f"shared_limits[{number}].at_most", shared.at_most
    if terms.dividends is not None and terms.dividends.terminal_bonus is not None:
        yield "dividends.terminal_bonus.amount", terms.dividends.terminal_bonus.amount


def _benefit_trees(number: int, benefit: Benefit) -> Iterator[tuple[str, Amount]]:
    for place, case in enumerate(benefit.cases):
        yield f"benefits[{number}].cases[{place}].amount", case.amount
    for place, limit in enumerate(benefit.limits):
        yield f"benefits[{number}].limits[{place}].at_most", limit.at_most
