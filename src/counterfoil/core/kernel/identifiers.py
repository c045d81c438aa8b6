"""Decides whether the number of a paper, a bank card or a mobile phone can exist, and how it is written.

Resident id: GB 11643-1999. Credit code: GB 32100-2015. Organisation code: GB 11714. Bank card: Luhn.
The other papers are checked by the forms they are written in (certainty: memory).
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum

import phonenumbers
from stdnum import luhn, numdb
from stdnum.cn import ric, uscc


class PaperKind(StrEnum):
    """The identity papers of persons and organisations."""

    RESIDENT_ID = "RESIDENT_ID"  # 居民身份证
    TEMPORARY_RESIDENT_ID = "TEMPORARY_RESIDENT_ID"  # 临时身份证: the resident id number
    HOUSEHOLD_REGISTER = "HOUSEHOLD_REGISTER"  # 户口簿: the resident id number printed on the person's page
    RESIDENCE_PERMIT_HK_MO_TW = "RESIDENCE_PERMIT_HK_MO_TW"  # 港澳台居民居住证
    TRAVEL_PERMIT_HK_MO = "TRAVEL_PERMIT_HK_MO"  # 港澳居民来往内地通行证
    TRAVEL_PERMIT_TW = "TRAVEL_PERMIT_TW"  # 台湾居民来往大陆通行证
    FOREIGNER_PERMANENT_RESIDENCE = "FOREIGNER_PERMANENT_RESIDENCE"  # 外国人永久居留身份证
    PASSPORT = "PASSPORT"  # 护照
    MILITARY_ID = "MILITARY_ID"  # 军官证
    POLICE_ID = "POLICE_ID"  # 武警警官证
    BIRTH_CERTIFICATE = "BIRTH_CERTIFICATE"  # 出生医学证明
    CREDIT_CODE = "CREDIT_CODE"  # 统一社会信用代码
    ORGANISATION_CODE = "ORGANISATION_CODE"  # 组织机构代码


class Sex(StrEnum):
    """Sex as the resident id and the rate tables know it."""

    MALE = "M"
    FEMALE = "F"


class InvalidIdentifier(ValueError):
    """A number that cannot exist. `code` names the sentence; the number itself is in no message."""

    def __init__(self, code: str, parameters: dict[str, str] | None = None) -> None:
        self.code = code
        self.parameters = parameters or {}
        super().__init__(f"{code} {self.parameters}" if self.parameters else code)


# The kinds whose number is the holder's citizen number.
_CITIZEN_NUMBERS = (PaperKind.RESIDENT_ID, PaperKind.TEMPORARY_RESIDENT_ID, PaperKind.HOUSEHOLD_REGISTER)
_HK_MO_TW_REGIONS = ("810000", "820000", "830000")
_WRITTEN_FORMS = {
    PaperKind.PASSPORT: r"(?=[A-Z0-9]*[0-9])[A-Z0-9]{5,15}",
    PaperKind.TRAVEL_PERMIT_HK_MO: r"[HM][0-9]{8}([0-9]{2})?",
    PaperKind.TRAVEL_PERMIT_TW: r"[0-9]{8}|[0-9]{10}[A-Z]?",
    PaperKind.MILITARY_ID: r"([\u4e00-\u9fff]{1,4}字第?)?[0-9A-Z]{4,9}号?",
    PaperKind.POLICE_ID: r"([\u4e00-\u9fff]{1,4}字第?)?[0-9A-Z]{4,9}号?",
    PaperKind.BIRTH_CERTIFICATE: r"[A-Z][0-9]{9}",
}
_OLD_PERMANENT_RESIDENCE = re.compile(r"[A-Z]{3}[0-9]{12}")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_CARD = re.compile(r"[0-9]{13,19}")
_PASSBOOK = re.compile(r"[0-9]{8,32}")


def check_identifier(kind: PaperKind, number: str) -> str:
    """Return the number of a paper in its one written form: half-width capitals, no spaces or hyphens.

    A resident id of 15 digits comes back with 18. Raises InvalidIdentifier with code identifier.empty,
    .format, .length, .region, .birth_date or .check_digit, and the kind (and length) as parameters.
    """
    plain = _plain(number)
    if not plain:
        raise _invalid("empty", kind)
    if kind in _CITIZEN_NUMBERS:
        return _citizen_number(kind, plain)
    if kind is PaperKind.RESIDENCE_PERMIT_HK_MO_TW:
        return _residence_permit(kind, plain)
    if kind is PaperKind.FOREIGNER_PERMANENT_RESIDENCE:
        return _permanent_residence(kind, plain)
    if kind is PaperKind.CREDIT_CODE:
        return _credit_code(kind, plain)
    if kind is PaperKind.ORGANISATION_CODE:
        return _organisation_code(kind, plain)
    if not re.fullmatch(_WRITTEN_FORMS[kind], plain):
        raise _invalid("format", kind)
    return plain


def check_bank_card(number: str, *, passbook: bool = False) -> str:
    """Return the digits of a bank card (13 to 19, Luhn) or, with `passbook`, of an account (8 to 32, any).

    Raises InvalidIdentifier with code identifier.format or .check_digit and kind BANK_CARD or PASSBOOK.
    """
    plain = _plain(number)
    if passbook:
        if not _PASSBOOK.fullmatch(plain):
            raise InvalidIdentifier("identifier.format", {"kind": "PASSBOOK"})
        return plain
    if not _CARD.fullmatch(plain):
        raise InvalidIdentifier("identifier.format", {"kind": "BANK_CARD"})
    if not luhn.is_valid(plain):
        raise InvalidIdentifier("identifier.check_digit", {"kind": "BANK_CARD"})
    return plain


def check_mobile(number: str) -> str:
    """Return a mainland mobile number as 11 digits, one of elsewhere (written with +) as +country and digits.

    Raises InvalidIdentifier with code identifier.format (no phone number) or identifier.mobile (no mobile).
    """
    try:
        parsed = phonenumbers.parse(unicodedata.normalize("NFKC", number), "CN")
    except phonenumbers.NumberParseException:
        raise InvalidIdentifier("identifier.format", {"kind": "MOBILE"}) from None
    mobile_types = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if (
        parsed.extension
        or not phonenumbers.is_valid_number(parsed)
        or phonenumbers.number_type(parsed) not in mobile_types
    ):
        raise InvalidIdentifier("identifier.mobile", {"kind": "MOBILE"})
    if parsed.country_code == 86:
        return str(parsed.national_number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def resident_birth_date(number: str) -> date:
    """Return the birth date in a checked citizen number (resident id, residence permit) of 18 characters."""
    return _birth_date(PaperKind.RESIDENT_ID, _plain(number))


def resident_sex(number: str) -> Sex:
    """Return the sex in a checked citizen number of 18 characters: an odd sequence number is a man's."""
    plain = _plain(number)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", plain):
        raise _invalid("format", PaperKind.RESIDENT_ID)
    return Sex.MALE if int(plain[16]) % 2 else Sex.FEMALE


def mask_id_number(number: str) -> str:
    """Return a paper's number with its first 3 and last 4 shown; of a short one fewer, never above half."""
    shown = min(7, len(number) // 2)
    head = shown * 3 // 7
    tail = shown - head
    return number[:head] + "*" * (len(number) - shown) + number[len(number) - tail :]


def mask_mobile(number: str) -> str:
    """Return a phone number as 138****1234."""
    return mask_id_number(number) if len(number) < 11 else number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_bank_card(number: str) -> str:
    """Return the last 4 digits of a card or account behind four stars; of a very short one only the stars."""
    return "****" + (number[-4:] if len(number) >= 8 else "")


def _plain(number: str) -> str:
    """Return the text with half-width characters and capitals, without white space and hyphens."""
    return re.sub(r"[\s\-‐‑–—]", "", unicodedata.normalize("NFKC", number)).upper()


def _invalid(problem: str, kind: PaperKind, **parameters: str) -> InvalidIdentifier:
    return InvalidIdentifier(f"identifier.{problem}", {"kind": kind.value, **parameters})


def _citizen_number(kind: PaperKind, plain: str) -> str:
    if re.fullmatch(r"[0-9]{15}", plain):
        # GB 11643-1989: two digits of the year, no check digit.
        upgraded = plain[:6] + "19" + plain[6:]
        plain = upgraded + ric.calc_check_digit(upgraded + "0")
    _check_citizen_form(kind, plain)
    # The library's own validate() also refuses a region younger than the holder's birth. People born before
    # their region's code was made carry it all the same (numbers were given from 1984 on), so it is not used.
    if not _region_known(plain[:6]):
        raise _invalid("region", kind)
    return plain


def _residence_permit(kind: PaperKind, plain: str) -> str:
    _check_citizen_form(kind, plain)
    if plain[:6] not in _HK_MO_TW_REGIONS:
        raise _invalid("region", kind)
    return plain


def _permanent_residence(kind: PaperKind, plain: str) -> str:
    """The 2023 card has a number of 18 digits beginning with 9; the older one three letters and 12 digits."""
    if _OLD_PERMANENT_RESIDENCE.fullmatch(plain):
        return plain
    _check_citizen_form(kind, plain)
    if not plain.startswith("9"):
        raise _invalid("format", kind)
    return plain


def _check_citizen_form(kind: PaperKind, plain: str) -> None:
    """Check length, digits, birth date and the ISO 7064 MOD 11-2 check digit of a number of 18."""
    if len(plain) != 18:
        raise _invalid("length", kind, length=str(len(plain)))
    if not re.fullmatch(r"[0-9]{17}[0-9X]", plain):
        raise _invalid("format", kind)
    _birth_date(kind, plain)
    if ric.calc_check_digit(plain) != plain[-1]:
        raise _invalid("check_digit", kind)


def _birth_date(kind: PaperKind, plain: str) -> date:
    digits = plain[6:14]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise _invalid("birth_date", kind) from None


def _region_known(region: str) -> bool:
    """True when the code 行政区划代码 has existed at some time and is below a province.

    Cities without counties (东莞 441900, 儋州 460400) stand in real numbers, so a city's code is enough.
    """
    parts = numdb.get("cn/loc").info(region)
    return any("county" in properties for _, properties in parts) and not region.endswith("0000")


def _credit_code(kind: PaperKind, plain: str) -> str:
    # The library asks for a digit in front; rural collectives have N and the army A (登记管理部门代码).
    if len(plain) != 18:
        raise _invalid("length", kind, length=str(len(plain)))
    if not _CREDIT_CODE.fullmatch(plain):
        raise _invalid("format", kind)
    if uscc.calc_check_digit(plain[:17]) != plain[17]:
        raise _invalid("check_digit", kind)
    return plain


def _organisation_code(kind: PaperKind, plain: str) -> str:
    if len(plain) != 9:
        raise _invalid("length", kind, length=str(len(plain)))
    if not _ORGANISATION_CODE.fullmatch(plain):
        raise _invalid("format", kind)
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(character, 36) * weight for character, weight in zip(plain[:8], weights, strict=True))
    if "0123456789X0"[11 - total % 11] != plain[8]:
        raise _invalid("check_digit", kind)
    return plain
