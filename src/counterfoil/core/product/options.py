"""Decides which options (保单权益) a product may give, and by which limits; what is not stated is not offered."""

from decimal import Decimal
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from counterfoil.core.product.amounts import Amount
from counterfoil.core.product.conventions import PayMode
from counterfoil.core.product.wording import Ages, Code, Days, Section, Text, Years


class Debts(StrEnum):
    """What the cash value is lessened by before a share of it is lent or turned into paid-up cover."""

    ALL = "all"
    LOANS_ONLY = "loans_only"
    NONE = "none"


class Loan(Section, frozen=True, kw_only=True):
    """Policy loan (保单贷款): up to `share` of (cash value less debts), for `term_months` at most a time.

    When debts reach the cash value the contract ends at 0:00 of the next day, if `ends_when_debts_reach_value`.
    """

    share: Decimal
    less: Debts = Debts.ALL
    term_months: Years
    rate_parameter: Text
    ends_when_debts_reach_value: bool

    def __post_init__(self) -> None:
        _check_share(self.share)


class PartialSurrender(Section, frozen=True, kw_only=True):
    """Partial surrender (减保): pays the cash value of the part given up; sum, premiums paid and value fall alike.

    `yearly_share_of_initial`: at most this share of the sum assured at effect in a policy year, cumulated.
    `minimum_left`: yuan of sum assured that must remain, None where the insurer's rule says. `not_when_paid_up`.
    """

    after_cooling_off: bool
    yearly_share_of_initial: Decimal | None = None
    minimum_left: Decimal | None = None
    not_when_paid_up: bool = False
    needs_approval: bool = True

    def __post_init__(self) -> None:
        if self.yearly_share_of_initial is not None:
            _check_share(self.yearly_share_of_initial)


class PaidUpValue(StrEnum):
    """Which cash value buys reduced paid-up cover: all of it, or that of the basic sum assured alone."""

    WHOLE = "whole"
    OF_BASIC_SUM_ASSURED = "of_basic_sum_assured"


class ValueDay(StrEnum):
    """The day whose cash value counts: the day before grace begins, or the day of the request."""

    DAY_BEFORE_GRACE = "day_before_grace"
    REQUEST = "request"


class PaidUp(Section, frozen=True, kw_only=True):
    """Reduced paid-up (减额交清): cash value less debts is the single premium of a new basic sum assured.

    `table` gives what 1,000 yuan (or `per`) buy at the attained age; without it the insurer is asked.
    """

    value: PaidUpValue
    on: ValueDay
    less: Debts = Debts.ALL
    table: Code | None = None
    per: Decimal | None = None
    premiums_paid_becomes_price: bool
    needs_approval: bool = True

    def __post_init__(self) -> None:
        if (self.table is None) != (self.per is None):
            raise ValueError("`table` and `per` stand together or not at all")


class ExtendedTerm(Section, frozen=True, kw_only=True):
    """Extended term (展期定期): the same sum for as long as the cash value buys; by the table's days."""

    on: ValueDay
    less: Debts = Debts.ALL
    table: Code | None = None


class AutomaticPremiumLoan(Section, frozen=True, kw_only=True):
    """Automatic premium loan (自动垫交) at the end of grace while the value less debts meets premium and interest."""

    chosen_at_application: bool
    less: Debts = Debts.ALL
    rate_parameter: Text
    part_of_premium_by_days: bool


class TopUp(Section, frozen=True, kw_only=True):
    """Further premiums (追加保险费) into an account, by approval where stated."""

    min: Decimal | None = None
    needs_approval: bool


class Withdrawal(Section, frozen=True, kw_only=True):
    """Partial withdrawal (部分领取) from an account; charges stand in the account section."""

    after_cooling_off: bool
    minimum: Decimal | None = None
    minimum_left: Decimal | None = None
    payment_days: Days


class ChangeUntil(StrEnum):
    """Until when a choice may be changed.

    before_first_payment: until the day before the first payment of the annuity or survival benefit. in_cooling_off:
    until cooling-off ends. before_next_anniversary: on any day, from the next anniversary on. while_paying: as long as
    premiums are due. any_time: as long as the contract lasts.
    """

    BEFORE_FIRST_PAYMENT = "before_first_payment"
    IN_COOLING_OFF = "in_cooling_off"
    BEFORE_NEXT_ANNIVERSARY = "before_next_anniversary"
    WHILE_PAYING = "while_paying"
    ANY_TIME = "any_time"


class Change(Section, frozen=True, kw_only=True):
    """A choice that may be changed later: until when, with or without approval."""

    choice: Code
    until: ChangeUntil
    needs_approval: bool = False


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of a contract; each is offered when it is stated."""

    loan: Loan | None = None
    partial_surrender: PartialSurrender | None = None
    paid_up: PaidUp | None = None
    extended_term: ExtendedTerm | None = None
    automatic_premium_loan: AutomaticPremiumLoan | None = None
    top_up: TopUp | None = None
    withdrawal: Withdrawal | None = None
    changes: tuple[Change, ...] = ()


class DividendMethod(StrEnum):
    """How surplus reaches a contract: cash dividends by contribution, or additions to the sum assured."""

    CASH = "cash"
    REVERSIONARY = "reversionary"


class DividendOption(StrEnum):
    """What is done with a dividend: paid out, left at interest, set against premium, or buying paid-up additions."""

    CASH = "cash"
    ACCUMULATE = "accumulate"
    OFFSET = "offset"
    PAID_UP_ADDITIONS = "paid_up_additions"


class BonusCounts(StrEnum):
    """From when a reversionary bonus, declared on the anniversary that ends a policy year, is part of the benefits.

    at_year_end: from that anniversary on, so that the row of the year itself holds it. from_next_year: the first row
    that holds it is the next year's.
    """

    AT_YEAR_END = "at_year_end"
    FROM_NEXT_YEAR = "from_next_year"


class Reversionary(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bonuses that are added to the sum assured and stay (增额红利), as they are illustrated; none is guaranteed.

    A year's bonus is `rate_illustrated` of the sum, and for `form: compound` also `rate_on_additions_illustrated` (the
    same rate where it is left out) of the additions so far; null where the insurer publishes no rate: the additions are
    then carried from the print. It is rounded as `rounding.sum_assured` says.
    """

    form: Literal["simple", "compound"]
    of: Literal["basic_sum_assured", "effective_sum_assured"] = "basic_sum_assured"
    rate_illustrated: Decimal | None
    rate_on_additions_illustrated: Decimal | None = None
    from_policy_year: Years = 1
    counts: BonusCounts

    def __post_init__(self) -> None:
        for rate in (self.rate_illustrated, self.rate_on_additions_illustrated):
            if rate is not None and not 0 <= rate < 1:
                raise ValueError(f"a rate of bonus is a fraction like 0.01, not {rate}")
        if self.rate_on_additions_illustrated is not None and (
            self.form == "simple" or self.rate_illustrated is None
        ):
            raise ValueError(
                "`rate_on_additions_illustrated` goes with `form: compound` and `rate_illustrated`"
            )


class TerminalBonus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bonus paid once when the contract ends (终了红利), as illustrated: an amount, such as a share of the additions.

    Benefits pay it by the quantity `terminal_bonus`; before `from_policy_year` it is nothing.
    """

    amount: Amount
    from_policy_year: Years = 1
    basis: Text


class Dividends(Section, frozen=True, kw_only=True):
    """Dividends (红利): not guaranteed. The options and their accumulation belong to cash dividends.

    `accumulation_rate_illustrated` is for illustrations alone; the rate in force is the parameter.
    `taken_out_up_to_last_anniversary`: what can be taken is what had accumulated by then. `additions_grow`: paid-up
    additions grow as the effective sum does; `additions_sum` is then the grown sum of the moment.
    `accumulated_paid_at_end`: what has accumulated is paid when the contract ends, whatever ends it, and no benefit
    is needed for it; else a benefit over `accumulated_dividends` says when.
    """

    method: DividendMethod
    share_to_policyholders: Decimal
    options: tuple[DividendOption, ...] = ()
    if_none_chosen: DividendOption | None = None
    accumulation_parameter: Text | None = None
    accumulation_rate_illustrated: Decimal | None = None
    none_while_suspended: bool
    taken_out_up_to_last_anniversary: bool | None = None
    additions_grow: bool = False
    accumulated_paid_at_end: bool = False
    terminal: bool = False
    reversionary: Reversionary | None = None
    terminal_bonus: TerminalBonus | None = None

    def __post_init__(self) -> None:
        _check_share(self.share_to_policyholders)
        if self.method is DividendMethod.REVERSIONARY:
            if self.reversionary is None and not self.options:
                raise ValueError("`method: reversionary` states how, in `reversionary`")
            if self.options or self.if_none_chosen is not None:
                self._check_options()
            return
        if self.reversionary is not None:
            raise ValueError("`reversionary` goes with `method: reversionary`")
        self._check_options()
        for name in (
            "accumulation_parameter",
            "accumulation_rate_illustrated",
            "taken_out_up_to_last_anniversary",
        ):
            if getattr(self, name) is None:
                raise ValueError(f"cash dividends state `{name}`")

    def _check_options(self) -> None:
        if not self.options or self.if_none_chosen not in self.options:
            raise ValueError(f"`if_none_chosen` ({self.if_none_chosen}) is one of the options")


class Attaches(Section, frozen=True, kw_only=True):
    """What a rider hangs on: main contracts (empty: any), and what they must be.

    `ends_with_main` and `ends_when_main_paid_up`: the rider ends then. `term_by_main`: its term is the years from the
    start to the last due date of the main contract's premium.
    """

    main_codes: tuple[Text, ...] = ()
    main_pay_modes: tuple[PayMode, ...] = ()
    policyholder_is_not_insured: bool = False
    ends_with_main: bool
    ends_when_main_paid_up: bool = False
    term_by_main: bool = False
    premium_with_main: bool = False


class Renewal(Section, frozen=True, kw_only=True):
    """Renewal of a short contract: guaranteed for so many years or to an age, or by new application only.

    `issue_age_max`: the highest age at which a renewal begins, where that is above `lives.issue_age_max`, to which a
    new contract is sold; tables then hold the ages up to it.
    """

    guaranteed_years: Years | None = None
    to_age: Years | None = None
    issue_age_max: Ages | None = None
    by_new_application: bool


class Risk(StrEnum):
    """What a sum at risk is counted under for a life over all policies (UW-1)."""

    DEATH = "death"
    ACCIDENT = "accident"
    ILLNESS = "illness"
    DAILY = "daily"


def _check_share(share: Decimal) -> None:
    if not 0 < share <= 1:
        raise ValueError(f"a share is more than 0 and at most 1, not {share}")
