"""The columns of a file of applications: name, what each takes, and which values are personal.

They are the typed requests of register_party, record_health_notice and submit_application laid flat.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from msgspec import Struct

from counterfoil.core.kernel.identifiers import PaperKind, Sex
from counterfoil.core.kernel.text import has_control_characters
from counterfoil.core.product.definition import PayMode, SaleChannel

TEMPLATE = "applications-1"
MOST_BENEFICIARIES = 3


class Takes(StrEnum):
    """What a column takes."""

    TEXT = "text"
    WHOLE = "whole number"
    AMOUNT = "amount"
    PERCENT = "percent"
    DAY = "date"
    YES_NO = "yes or no"
    CHOICE = "choice"


class Shown(StrEnum):
    """How much of a value an error may show."""

    WHOLE = "whole"
    NAME = "name"
    NUMBER = "number"
    YEAR = "year"
    NOTHING = "nothing"


class Column(Struct, frozen=True):
    """One column. ``choices`` map what may be written to the code."""

    name: str
    title: str
    takes: Takes = Takes.TEXT
    needed: bool = False
    shown: Shown = Shown.WHOLE
    choices: Mapping[str, str] = {}
    example: str = ""


YES = {"yes": "yes", "y": "yes", "true": "yes", "1": "yes", "是": "yes"}
NO = {"no": "no", "n": "no", "false": "no", "0": "no", "否": "no"}
PAPERS = {kind.value: kind.value for kind in PaperKind} | {
    "居民身份证": "RESIDENT_ID", "身份证": "RESIDENT_ID", "护照": "PASSPORT", "户口簿": "HOUSEHOLD_REGISTER",
}  # fmt: skip
SEXES = {sex.value: sex.value for sex in Sex} | {"男": "M", "女": "F"}
PAY_MODES = {mode.value: mode.value for mode in PayMode} | {"趸交": "single", "年交": "annual"}
CHANNELS = {c.value: c.value for c in SaleChannel} | {"柜面": "counter", "个人代理": "agent", "银行": "bank"}
RELATIONS = {
    code: code for code in ("self", "spouse", "child", "parent", "supported_relative", "employee", "other")
} | {"本人": "self", "配偶": "spouse", "子女": "child", "父母": "parent", "雇员": "employee", "其他": "other"}


def _person(prefix: str, title: str, needed: bool, example: tuple[str, ...]) -> tuple[Column, ...]:
    def column(name: str, what: str, n: int, **more: Any) -> Column:
        return Column(f"{prefix}_{name}", f"{title}{what}", example=example[n], **more)

    return (
        column("name", "姓名", 0, needed=needed, shown=Shown.NAME),
        column("paper_kind", "证件类型", 1, takes=Takes.CHOICE, choices=PAPERS),
        column("paper_number", "证件号码", 2, needed=needed, shown=Shown.NUMBER),
        column("birth_date", "出生日期", 3, takes=Takes.DAY, shown=Shown.YEAR),
        column("sex", "性别", 4, takes=Takes.CHOICE, choices=SEXES),
        column("mobile", "手机", 5, shown=Shown.NUMBER),
        column("address", "地址", 6, shown=Shown.NOTHING),
        column("occupation_code", "职业代码", 7, needed=needed),
        column("occupation_class", "职业类别", 8, takes=Takes.WHOLE, needed=needed),
    )


def _beneficiary(n: int, example: tuple[str, ...]) -> tuple[Column, ...]:
    prefix, title = f"beneficiary_{n}", f"受益人{n}"
    return (
        Column(f"{prefix}_name", f"{title}姓名", shown=Shown.NAME, example=example[0]),
        Column(f"{prefix}_id_number", f"{title}身份证号", shown=Shown.NUMBER, example=example[1]),
        Column(f"{prefix}_order", f"{title}顺序", Takes.WHOLE, example=example[2]),
        Column(f"{prefix}_share", f"{title}份额%", Takes.PERCENT, example=example[3]),
        Column(f"{prefix}_relation", f"{title}是被保险人的", example=example[4]),
    )


_NOBODY = ("",) * 9
COLUMNS: tuple[Column, ...] = (
    Column("application_number", "投保单号", needed=True, example="TB20260001"),
    Column("product_code", "产品代码", needed=True, example="611005"),
    *_person(
        "holder", "投保人", True,
        ("王芳", "RESIDENT_ID", "320117199003072822", "1990-03-07", "F", "13912345678", "南京市溧水区永阳路1号",
         "2090104", "1"),
    ),
    *_person("insured", "被保险人", False, _NOBODY),
    Column("relation", "被保险人是投保人的", Takes.CHOICE, choices=RELATIONS, example="self"),
    Column("sum_assured", "基本保额", Takes.AMOUNT, needed=True, example="200000.00"),
    Column("term_years", "保险期间(年)", Takes.WHOLE, needed=True, example="10"),
    Column("pay_mode", "交费方式", Takes.CHOICE, needed=True, choices=PAY_MODES, example="annual"),
    Column("pay_years", "交费年数", Takes.WHOLE, needed=True, example="10"),
    *_beneficiary(1, ("李雷", "320117198801010018", "1", "100", "spouse")),
    *_beneficiary(2, ("",) * 5),
    *_beneficiary(3, ("",) * 5),
    Column("answers_all_no", "健康告知全部为否", Takes.YES_NO, needed=True, example="yes"),
    Column("health_data_consent", "同意处理健康信息", Takes.YES_NO, needed=True, example="yes"),
    Column("applied_on", "投保日期", Takes.DAY, needed=True, example="2026-11-02"),
    Column("sales_channel", "销售渠道", Takes.CHOICE, needed=True, choices=CHANNELS, example="agent"),
    Column("exclusions_acknowledged", "责任免除已说明并确认", Takes.YES_NO, needed=True, example="yes"),
    Column("insured_consents", "被保险人同意", Takes.YES_NO, needed=True, example="yes"),
    Column("holder_signed", "投保人已签名", Takes.YES_NO, needed=True, example="yes"),
    Column("insured_signed", "被保险人已签名", Takes.YES_NO, needed=True, example="yes"),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
BY_TITLE = {column.title: column for column in COLUMNS}


class WrongCell(ValueError):
    """A cell that a column does not take."""

    def __init__(self, code: str, **parameters: str) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


def read_cell(column: Column, text: str) -> Any:
    """The value of a cell; None for an empty one. Raises WrongCell."""
    text = text.strip()
    if not text:
        if column.needed:
            raise WrongCell("cell_missing")
        return None
    if has_control_characters(text):
        raise WrongCell("cell_control_character")
    try:
        return _READ[column.takes](column, text)
    except (ValueError, InvalidOperation) as wrong:
        if isinstance(wrong, WrongCell):
            raise
        raise WrongCell("cell_wrong_kind", takes=column.takes) from None


def _choice(column: Column, text: str) -> str:
    try:
        return column.choices[text if text in column.choices else text.lower()]
    except KeyError:
        codes = sorted(set(column.choices.values()))
        raise WrongCell("cell_not_a_choice", choices=", ".join(codes)) from None


def _yes_no(column: Column, text: str) -> bool:
    said = (YES | NO).get(text.lower())
    if said is None:
        raise WrongCell("cell_wrong_kind", takes=column.takes)
    return said == "yes"


def _amount(column: Column, text: str) -> Decimal:
    amount = Decimal(text.replace(",", ""))
    if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
        raise WrongCell("cell_wrong_kind", takes=column.takes)
    return amount.quantize(Decimal("0.01"))


_READ = {
    Takes.TEXT: lambda column, text: text,
    Takes.WHOLE: lambda column, text: int(text),
    Takes.AMOUNT: _amount,
    Takes.PERCENT: lambda column, text: _amount(column, text.rstrip("%")),
    Takes.DAY: lambda column, text: date.fromisoformat(text.replace("/", "-")),
    Takes.YES_NO: _yes_no,
    Takes.CHOICE: _choice,
}


def shown(column: Column, text: str) -> str:
    """As much of a cell as an error may show."""
    from counterfoil.core.kernel.identifiers import mask_id_number

    match column.shown:
        case Shown.WHOLE:
            return text
        case Shown.NAME:
            return text[:1] + "*" * (len(text) - 1)
        case Shown.NUMBER:
            return mask_id_number(text)
        case Shown.YEAR:
            return text[:4] + "*" * max(0, len(text) - 4)
        case Shown.NOTHING:
            return "****" if text else ""
