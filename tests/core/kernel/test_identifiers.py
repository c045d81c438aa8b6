"""Numbers of papers, cards and phones: the standards' samples, the traps of real numbers, the masks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.kernel.identifiers import (
    InvalidIdentifier,
    PaperKind,
    Sex,
    check_bank_card,
    check_identifier,
    check_mobile,
    mask_bank_card,
    mask_id_number,
    mask_mobile,
    resident_birth_date,
    resident_sex,
)

WOMAN = "11010519491231002X"  # sample of GB 11643-1999
MAN = "440524188001010014"  # sample of GB 11643-1999
CHECK_DIGITS = "10X98765432"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_check_digit(first_17: str) -> str:
    """Return the number with its check digit by the table of GB 11643, written out independently."""
    return first_17 + CHECK_DIGITS[sum(int(d) * w for d, w in zip(first_17, WEIGHTS, strict=True)) % 11]


def code_of(kind: PaperKind, number: str) -> str:
    with pytest.raises(InvalidIdentifier) as refused:
        check_identifier(kind, number)
    assert refused.value.parameters["kind"] == kind
    assert len(number) < 8 or number not in str(refused.value)
    return refused.value.code


@pytest.mark.parametrize("number", [WOMAN, MAN])
def test_the_samples_of_the_standard_are_taken(number: str) -> None:
    for kind in (PaperKind.RESIDENT_ID, PaperKind.TEMPORARY_RESIDENT_ID, PaperKind.HOUSEHOLD_REGISTER):
        assert check_identifier(kind, number) == number


def test_a_resident_id_is_normalised_to_half_width_capitals_without_spaces() -> None:
    assert check_identifier(PaperKind.RESIDENT_ID, " 110105 19491231 002x ") == WOMAN
    assert check_identifier(PaperKind.RESIDENT_ID, "１１０１０５１９４９１２３１００２Ｘ") == WOMAN


def test_an_old_id_of_15_digits_is_upgraded_to_18() -> None:
    assert check_identifier(PaperKind.RESIDENT_ID, "110105491231002") == WOMAN


def test_an_old_id_of_15_digits_is_checked_too() -> None:
    assert code_of(PaperKind.RESIDENT_ID, "110105491331002") == "identifier.birth_date"
    assert code_of(PaperKind.RESIDENT_ID, "990105491231002") == "identifier.region"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "identifier.empty"),
        ("  ", "identifier.empty"),
        ("1101051949123100", "identifier.length"),
        ("11010519491231002XX", "identifier.length"),
        ("1101051949123100AX", "identifier.format"),
        ("110105194912310021", "identifier.check_digit"),
        ("110105194912310002", "identifier.check_digit"),
        (with_check_digit("11010519490230002"), "identifier.birth_date"),
        (with_check_digit("11010519491331002"), "identifier.birth_date"),
        (with_check_digit("99010519491231002"), "identifier.region"),
        (with_check_digit("11000019491231002"), "identifier.region"),
        (with_check_digit("81000019801231002"), "identifier.region"),
    ],
)
def test_a_wrong_resident_id_is_refused_with_what_is_wrong(number: str, code: str) -> None:
    assert code_of(PaperKind.RESIDENT_ID, number) == code


@pytest.mark.parametrize(
    "first_17",
    [
        "11011119490101002",  # 房山区 exists since 1986: numbers were given later than birth
        "44190019900101002",  # 东莞: a city without counties
        "46040019900101002",  # 儋州: the same, since 2015
        "11010319700101002",  # 崇文区: no longer there
    ],
)
def test_regions_younger_than_the_holder_gone_or_without_counties_are_real(first_17: str) -> None:
    number = with_check_digit(first_17)
    assert check_identifier(PaperKind.RESIDENT_ID, number) == number


@given(st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place: int, shift: int) -> None:
    digits = list(MAN)
    digits[place] = str((int(digits[place]) + shift) % 10)
    with pytest.raises(InvalidIdentifier):
        check_identifier(PaperKind.RESIDENT_ID, "".join(digits))


@given(st.integers(0, 16))
def test_two_neighbouring_digits_exchanged_are_always_found(place: int) -> None:
    exchanged = MAN[:place] + MAN[place + 1] + MAN[place] + MAN[place + 2 :]
    if exchanged != MAN:
        with pytest.raises(InvalidIdentifier):
            check_identifier(PaperKind.RESIDENT_ID, exchanged)


def test_birth_date_and_sex_are_read_from_the_number() -> None:
    assert (resident_birth_date(WOMAN), resident_sex(WOMAN)) == (date(1949, 12, 31), Sex.FEMALE)
    assert (resident_birth_date(MAN), resident_sex(MAN)) == (date(1880, 1, 1), Sex.MALE)


def test_birth_date_and_sex_of_something_else_are_refused() -> None:
    for number in ("", "E12345678", "110105491231002"):
        with pytest.raises(InvalidIdentifier):
            resident_birth_date(number)
        with pytest.raises(InvalidIdentifier):
            resident_sex(number)


def test_a_residence_permit_has_its_own_regions_and_the_resident_ids_check_digit() -> None:
    for region in ("810000", "820000", "830000"):
        number = with_check_digit(region + "19801231002")
        assert check_identifier(PaperKind.RESIDENCE_PERMIT_HK_MO_TW, number) == number
    assert code_of(PaperKind.RESIDENCE_PERMIT_HK_MO_TW, WOMAN) == "identifier.region"
    right = with_check_digit("81000019801231002")
    wrong = right[:-1] + ("1" if right[-1] == "0" else "0")
    assert code_of(PaperKind.RESIDENCE_PERMIT_HK_MO_TW, wrong) == "identifier.check_digit"


def test_both_forms_of_a_permanent_residence_card_are_taken() -> None:
    kind = PaperKind.FOREIGNER_PERMANENT_RESIDENCE
    new = with_check_digit("91184019800101002")
    assert check_identifier(kind, new) == new
    assert check_identifier(kind, "usa110080010101") == "USA110080010101"
    assert code_of(kind, WOMAN) == "identifier.format"
    assert code_of(kind, "US1110080010101") == "identifier.length"


@pytest.mark.parametrize(
    ("kind", "number", "normal"),
    [
        (PaperKind.PASSPORT, "e12345678", "E12345678"),
        (PaperKind.PASSPORT, "EA1234567", "EA1234567"),
        (PaperKind.PASSPORT, "M 1234 5678", "M12345678"),
        (PaperKind.TRAVEL_PERMIT_HK_MO, "H12345678", "H12345678"),
        (PaperKind.TRAVEL_PERMIT_HK_MO, "M1234567801", "M1234567801"),
        (PaperKind.TRAVEL_PERMIT_TW, "12345678", "12345678"),
        (PaperKind.MILITARY_ID, "南字第01234567号", "南字第01234567号"),
        (PaperKind.MILITARY_ID, "01234567", "01234567"),
        (PaperKind.POLICE_ID, "武字第01234567号", "武字第01234567号"),
        (PaperKind.BIRTH_CERTIFICATE, "p330123456", "P330123456"),
        (PaperKind.ORGANISATION_CODE, "D2143569-X", "D2143569X"),
        (PaperKind.CREDIT_CODE, "91350100m000100y43", "91350100M000100Y43"),
    ],
)
def test_other_papers_are_taken_in_their_written_form(kind: PaperKind, number: str, normal: str) -> None:
    assert check_identifier(kind, number) == normal


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (PaperKind.PASSPORT, "ABCDEFG"),
        (PaperKind.PASSPORT, "E123"),
        (PaperKind.PASSPORT, "护照12345678"),
        (PaperKind.TRAVEL_PERMIT_HK_MO, "A12345678"),
        (PaperKind.TRAVEL_PERMIT_TW, "1234567"),
        (PaperKind.MILITARY_ID, "无"),
        (PaperKind.BIRTH_CERTIFICATE, "3301234567"),
        (PaperKind.ORGANISATION_CODE, "D2143569%"),
        (PaperKind.CREDIT_CODE, "91350100I000100Y43"),
    ],
)
def test_other_papers_in_another_form_are_refused(kind: PaperKind, number: str) -> None:
    assert code_of(kind, number) in ("identifier.format", "identifier.length")


def test_every_kind_of_paper_has_a_rule() -> None:
    for kind in PaperKind:
        assert code_of(kind, "!") in ("identifier.format", "identifier.length")


def test_a_credit_code_is_checked_by_its_last_character() -> None:
    assert code_of(PaperKind.CREDIT_CODE, "91350100M000100Y44") == "identifier.check_digit"
    assert code_of(PaperKind.CREDIT_CODE, "91350100M000100Y4") == "identifier.length"


def test_the_credit_code_of_a_rural_collective_begins_with_a_letter() -> None:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    first_17 = "N2110105MF0000001"
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(first_17))
    number = first_17 + alphabet[-total % 31]
    assert check_identifier(PaperKind.CREDIT_CODE, number) == number


def test_an_organisation_code_is_checked_by_its_last_character() -> None:
    assert code_of(PaperKind.ORGANISATION_CODE, "D2143569-1") == "identifier.check_digit"
    assert (
        check_identifier(PaperKind.ORGANISATION_CODE, "M000100Y4") == "M000100Y4"
    )  # inside the sample above


def test_a_bank_card_passes_the_luhn_check_and_a_passbook_need_not() -> None:
    assert check_bank_card("6222 0212 3456 7890 128") == "6222021234567890128"
    with pytest.raises(InvalidIdentifier, match=r"identifier\.check_digit"):
        check_bank_card("6222021234567890127")
    assert check_bank_card("6222021234567890127", passbook=True) == "6222021234567890127"


@pytest.mark.parametrize("number", ["", "622202123456", "62220212345678901234", "6222O21234567890128"])
def test_what_is_no_card_number_is_refused(number: str) -> None:
    with pytest.raises(InvalidIdentifier, match=r"identifier\.format"):
        check_bank_card(number)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("13812341234", "13812341234"),
        ("138 1234-1234", "13812341234"),
        ("+86 138 1234 1234", "13812341234"),
        ("１３８１２３４１２３４", "13812341234"),
        ("19912345678", "19912345678"),
        ("+852 6123 4567", "+85261234567"),
    ],
)
def test_a_mobile_number_has_one_written_form(written: str, normal: str) -> None:
    assert check_mobile(written) == normal


@pytest.mark.parametrize(
    "number", ["", "无", "12345", "010-12345678", "12812341234", "1381234123", "138123412345"]
)
def test_what_is_no_mobile_number_is_refused(number: str) -> None:
    with pytest.raises(InvalidIdentifier):
        check_mobile(number)


def test_masks_show_what_decisions_say() -> None:
    assert mask_id_number(WOMAN) == "110***********002X"
    assert mask_mobile("13812341234") == "138****1234"
    assert mask_bank_card("6222021234567890128") == "****0128"


@given(st.text(st.characters(categories=["Nd", "Lu"]), max_size=40))
def test_no_mask_of_a_paper_shows_more_than_half_or_more_than_seven(number: str) -> None:
    masked = mask_id_number(number)
    assert len(masked) == len(number)
    shown = [a for a, b in zip(masked, number, strict=True) if a == b]
    assert len(shown) <= min(7, len(number) / 2)


def test_masks_of_short_numbers_hide_most_of_them() -> None:
    assert mask_id_number("E12345678") == "E*****678"
    assert mask_mobile("12345") == "***45"
    assert mask_bank_card("1234") == "****"
    assert mask_id_number("") == ""
