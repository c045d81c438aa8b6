"""Money: exactness, rounding by name, splits that lose nothing, amounts in words."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from counterfoil.core.kernel.money import Rounding, in_words, round_money, round_to, split_by_weights, yuan

CENTS = st.integers(min_value=-(10**14), max_value=10**14)
AMOUNTS = CENTS.map(lambda cents: Decimal(cents).scaleb(-2))


@pytest.mark.parametrize("written", ["770", "770.0", "770.00", 770, Decimal("770"), Decimal("7.7E+2")])
def test_an_amount_has_two_places_however_it_is_written(written: str | int | Decimal) -> None:
    assert str(yuan(written)) == "770.00"


@pytest.mark.parametrize("value", [0.0, 770.0, 1.1, True, False, None, b"1"])
def test_floats_booleans_and_other_types_are_no_amounts(value: object) -> None:
    with pytest.raises(TypeError):
        yuan(value)  # type: ignore[arg-type]


@given(st.floats())
def test_no_float_whatever_becomes_an_amount(value: float) -> None:
    with pytest.raises(TypeError):
        yuan(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "1,000",
        "1_000",
        "1e3",
        "+1",
        ".5",
        "5.",
        "1.005",
        "1.000",
        "NaN",
        "Infinity",
        "-",
        "１２",
    ],
)
def test_text_that_is_not_plainly_an_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        yuan(text)


@pytest.mark.parametrize("value", [Decimal("1.001"), Decimal("1.000"), Decimal("NaN"), Decimal("-Infinity")])
def test_a_decimal_that_is_no_exact_amount_is_refused(value: Decimal) -> None:
    with pytest.raises(ValueError):
        yuan(value)


def test_the_largest_amount_the_books_hold_is_taken_and_the_next_refused() -> None:
    assert str(yuan("9999999999999999.99")) == "9999999999999999.99"
    for beyond in ("10000000000000000", 10**16, Decimal("-1E+16")):
        with pytest.raises(ValueError):
            yuan(beyond)


def test_minus_zero_is_zero() -> None:
    assert [str(yuan("-0")), str(yuan(Decimal("-0.00")))] == ["0.00", "0.00"]
    assert str(round_money(Decimal("-0.004"))) == "0.00"


def test_a_callers_decimal_context_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 3
        assert str(yuan("1234567.89")) == "1234567.89"
        assert str(round_money(Decimal("1234567.895"))) == "1234567.90"
        assert split_by_weights(Decimal("1234567.89"), [1, 1])[0] == Decimal("617283.95")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rounding.HALF_UP, ["2.68", "2.67", "-2.68", "2.67", "2.69"]),
        (Rounding.HALF_EVEN, ["2.68", "2.67", "-2.68", "2.66", "2.68"]),
        (Rounding.DOWN, ["2.67", "2.67", "-2.67", "2.66", "2.68"]),
        (Rounding.UP, ["2.68", "2.68", "-2.68", "2.67", "2.69"]),
    ],
)
def test_each_rule_rounds_halves_its_own_way(rule: Rounding, expected: list[str]) -> None:
    amounts = ["2.675", "2.6749", "-2.675", "2.665", "2.685"]
    assert [str(round_money(Decimal(amount), rule)) for amount in amounts] == expected


def test_rounding_reaches_hundreds_and_tenths() -> None:
    assert round_to(Decimal("15050"), -2, Rounding.HALF_UP) == Decimal("15100")
    assert str(round_to(Decimal("43.358"), 1, Rounding.HALF_UP)) == "43.4"


def test_only_decimals_are_rounded() -> None:
    with pytest.raises(TypeError):
        round_money(2.675)  # type: ignore[arg-type]


def test_a_third_each_gives_the_cent_left_to_the_first() -> None:
    assert split_by_weights(Decimal("100.00"), [1, 1, 1]) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


def test_the_cent_goes_to_the_part_that_was_cut_most() -> None:
    assert split_by_weights(Decimal("0.05"), [Decimal("33.3"), Decimal("66.7")]) == [
        Decimal("0.02"),
        Decimal("0.03"),
    ]
    assert split_by_weights(Decimal("0.01"), [1, 3]) == [Decimal("0.00"), Decimal("0.01")]


def test_a_weight_of_zero_gets_nothing() -> None:
    assert split_by_weights(Decimal("0.01"), [0, 1, 0]) == [Decimal("0.00"), Decimal("0.01"), Decimal("0.00")]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [Decimal("NaN")], [Decimal("Infinity")], [-1]])
def test_weights_that_divide_nothing_are_refused(weights: list[Decimal | int]) -> None:
    with pytest.raises(ValueError):
        split_by_weights(Decimal("1.00"), weights)


@pytest.mark.parametrize("weights", [[1, 0.5], [True, 1]])
def test_weights_that_are_no_exact_numbers_are_refused(weights: list[int]) -> None:
    with pytest.raises(TypeError):
        split_by_weights(Decimal("1.00"), weights)


WEIGHTS = st.lists(
    st.one_of(
        st.integers(min_value=0, max_value=10**9),
        st.decimals(min_value=0, max_value=10**6, places=4, allow_nan=False, allow_infinity=False),
    ),
    min_size=1,
    max_size=12,
)


@given(AMOUNTS, WEIGHTS)
def test_a_split_sums_exactly_and_each_part_is_within_a_cent_of_its_share(
    total: Decimal, weights: list[Decimal | int]
) -> None:
    assume(any(weights))
    parts = split_by_weights(total, weights)
    assert sum(parts) == total
    whole = sum(Fraction(weight) for weight in weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(part) - Fraction(total) * Fraction(weight) / whole) < Fraction(1, 100)
        assert part.as_tuple().exponent == -2


@given(AMOUNTS, WEIGHTS)
def test_a_negative_total_splits_as_the_positive_one_does(
    total: Decimal, weights: list[Decimal | int]
) -> None:
    assume(any(weights))
    assert split_by_weights(-total, weights) == [-part for part in split_by_weights(total, weights)]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.55", "伍角伍分"),
        ("1.00", "壹元整"),
        ("10.00", "壹拾元整"),
        ("10.50", "壹拾元伍角整"),
        ("16.02", "壹拾陆元零贰分"),
        ("770.00", "柒佰柒拾元整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("500000.00", "伍拾万元整"),
        ("1000001.00", "壹佰万零壹元整"),
        ("100000001.00", "壹亿零壹元整"),
        ("100200300.40", "壹亿零贰拾万零叁佰元肆角整"),
        ("20000000010.10", "贰佰亿零壹拾元壹角整"),
        ("1000000000000.00", "壹万亿元整"),
    ],
)
def test_amounts_in_words_are_written_as_the_rules_for_vouchers_ask(amount: str, words: str) -> None:
    assert in_words(amount) == words


DIGITS = "零壹贰叁肆伍陆柒捌玖"


def read_back(words: str) -> Decimal:
    """Return the amount that the words say, by an own reading: units multiply what stands before them."""
    yuan_words, found, rest = words.partition("元")
    if not found:
        yuan_words, rest = "", words
    total = section = digit = 0
    for character in yuan_words:
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[character]
            digit = 0
        elif character == "万":
            section, digit = (section + digit) * 10_000, 0
            total, section = total + section, 0
        else:
            assert character == "亿"
            total, section, digit = (total + section + digit) * 100_000_000, 0, 0
    cents = 0
    for character in rest:
        if character in DIGITS:
            digit_value = DIGITS.index(character)
        elif character == "角":
            cents += digit_value * 10
        elif character == "分":
            cents += digit_value
    return Decimal((total + section + digit) * 100 + cents).scaleb(-2)


@given(st.one_of(st.integers(0, 10**7), st.integers(0, 10**17)).map(lambda cents: Decimal(cents).scaleb(-2)))
def test_words_read_back_as_the_amount_and_have_no_double_zero(amount: Decimal) -> None:
    words = in_words(amount)
    assert read_back(words) == amount
    assert not any(wrong in words for wrong in ("零零", "零万", "零亿", "零元") if words != "零元整")
    assert words.endswith(("整", "分"))


def test_a_negative_amount_has_no_words() -> None:
    with pytest.raises(ValueError):
        in_words("-1.00")
