"""Small pieces of text that the folders of several kinds share."""

from counterfoil.commands import product_template as t

STANDARD_KEYS = "sex, issue_age, term, pay_mode, pay_years"
CARRIED = "  carried: illustrated_values.csv\n"


def column(name: str, shows: str, benefit: str = "", guaranteed: bool = True) -> str:
    more = f", benefit: {benefit}" if benefit else ""
    more += "" if guaranteed else ", guaranteed: false"
    return f"    - {{column: {name}, shows: {shows}{more}}}\n"


def cash_value_table(keys: str) -> str:
    return (
        "  - code: cash_values\n    file: cash_values.csv\n"
        f"    keys: [{keys}, policy_year]\n    gives: cash_value\n    figures: not_negative\n    basis:\n"
    )


def tail(claim_act: str = "decide_death_claim", acts: str = t.MAIN_ACTS) -> str:
    papers = t.REINSTATE_PAPERS if " reinstate," in acts else ""
    return t.TAIL % {"acts": acts, "claim_act": claim_act, "reinstate": papers}


def periods(days: int, not_for: str = "[]", restarts: str = "false", periods: str = t.PERIODS) -> str:
    return periods % {"waiting": days, "not_for": not_for, "restarts": restarts}


def head(kind: str, page: str = "", role: str = "main", participating: str = "false") -> str:
    return t.HEAD.format(kind=kind, page=page or kind, role=role, participating=participating)
