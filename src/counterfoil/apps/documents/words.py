"""The Chinese words of papers: papers are Chinese whatever language the reader's screen has."""

from datetime import date
from decimal import Decimal

from counterfoil.core.product.definition import Terms

NOTHING = "无"
SEX = {"M": "男", "F": "女"}
PAPER_KIND = {
    "RESIDENT_ID": "居民身份证",
    "TEMPORARY_RESIDENT_ID": "临时居民身份证",
    "HOUSEHOLD_REGISTER": "户口簿",
    "RESIDENCE_PERMIT_HK_MO_TW": "港澳台居民居住证",
    "TRAVEL_PERMIT_HK_MO": "港澳居民来往内地通行证",
    "TRAVEL_PERMIT_TW": "台湾居民来往大陆通行证",
    "FOREIGNER_PERMANENT_RESIDENCE": "外国人永久居留身份证",
    "PASSPORT": "护照",
    "MILITARY_ID": "军官证",
    "POLICE_ID": "武警警官证",
    "BIRTH_CERTIFICATE": "出生医学证明",
    "CREDIT_CODE": "统一社会信用代码",
    "ORGANISATION_CODE": "组织机构代码",
}
RELATION = {
    "self": "本人",
    "spouse": "配偶",
    "child": "子女",
    "parent": "父母",
    "sibling": "兄弟姐妹",
    "grandparent": "祖父母、外祖父母",
    "grandchild": "孙子女、外孙子女",
    "supported_relative": "有抚养、赡养或扶养关系的亲属",
    "employee": "雇员",
    "other": "其他",
}
# What the policyholder is to the insured, from what the insured is to the policyholder.
HOLDER_IS = {**RELATION, "child": "父母", "parent": "子女", "employee": "用人单位"}
PAY_MODE = {
    "single": "趸交",
    "annual": "年交",
    "half_yearly": "半年交",
    "quarterly": "季交",
    "monthly": "月交",
}
METHOD = {"cash": "现金", "transfer": "银行转账", "card": "银行卡", "suspense": "暂收款项转入"}
COUNTRY = {"CHN": "中国"}
CAUSE = {
    "accident": "意外身故",
    "illness": "疾病身故",
    "sudden_death": "猝死",
    "suicide": "自杀身故",
    "unknown": "身故",
    "other": "身故",
}
ACT = {
    "change_beneficiary": "受益人变更",
    "correct_insured": "更正被保险人年龄性别",
    "correct_parameter": "更正事后公布的参数",
    "reinstate": "复效",
    "refund_suspense": "退还暂收款",
    "surrender": "退保",
    "withdraw_in_cooling_off": "犹豫期退保",
    "undo_act": "撤销业务",
    "record_contract_receipt": "登记合同回执",
}
END_REASON = {
    "cooling_off": "犹豫期退保",
    "surrender": "退保",
    "death_claim": "身故给付",
    "excluded_death": "责任免除",
    "maturity": "保险期间届满",
    "lapse": "效力中止期满未复效",
    "rescission": "保险人解除合同",
}
CLAIM_LINE = {
    "basic_sum_assured": "身故保险金（基本保险金额）",
    "premiums_paid": "返还已交保险费",
    "cash_value": "现金价值",
    "owed_premium": "减：欠交保险费",
    "other_debts": "减：其他未还款项",
    "interest": "减：利息",
    "underpaid_premium": "减：少交保险费对应部分",
    "held_in_suspense": "退还暂收款项",
    "premium_after_event": "退还身故后期间的保险费",
    "premium_on_rescission": "退还保险费",
}
ORDER = "一二三四五六七八九十"


def long_day(day: date | None) -> str:
    """A date as papers print it; 无 for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else NOTHING


def word(words: dict[str, str], code: str) -> str:
    """The word for a code; what has none is printed as it is."""
    return words.get(code, code) or NOTHING


def text_amount(amount: Decimal) -> str:
    """An amount as ``contents`` wants it."""
    return f"{amount:.2f}"


def shown_amount(amount: Decimal) -> str:
    """An amount inside a sentence."""
    return f"{amount:,.2f}元"


def share(percent: Decimal) -> str:
    """A share in percent."""
    return f"{percent.normalize():f}%"


def clause(basis: str) -> str:
    """Clause or law as papers cite it: ``2.3`` is a clause, ``Insurance Law 40`` an article."""
    for name, law in (
        ("Insurance Law ", "《保险法》第{}条"),
        ("Civil Code ", "《民法典》第{}条"),
        ("SPC2 ", "《保险法司法解释（二）》第{}条"),
        ("SPC3 ", "《保险法司法解释（三）》第{}条"),
    ):
        if basis.startswith(name):
            return law.format(basis.removeprefix(name))
    return f"条款{basis}" if basis[:1].isdigit() else basis or NOTHING


def product_name(terms: Terms) -> str:
    """Name and code of a product."""
    return f"{terms.identity.name.zh}（{terms.identity.code}）"


def paying(pay_mode: str, pay_years: int) -> str:
    """How a premium is paid, in short."""
    return "趸交" if pay_mode == "single" else f"{word(PAY_MODE, pay_mode)}{pay_years}年"
