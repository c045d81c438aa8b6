"""How names are read, sorted and cut into pairs."""

import pytest

from counterfoil.core.parties.names import bigrams, has_han, initials, joined, name_key, plain_name


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("单雄信", "shan xiong xin"),
        ("曾国藩", "zeng guo fan"),
        ("解缙", "xie jin"),
        ("仇英", "qiu ying"),
        ("区少安", "ou shao an"),
        ("查良镛", "zha liang yong"),
        ("朴正焕", "piao zheng huan"),
        ("任重", "ren zhong"),
        ("尉迟恭", "yu chi gong"),
        ("欧阳修", "ou yang xiu"),
        ("吕布", "lv bu"),
        ("王小明", "wang xiao ming"),
    ],
)
def test_a_surname_is_read_as_a_surname(name: str, key: str) -> None:
    assert name_key(name) == key


def test_the_same_characters_after_the_surname_are_read_as_usual() -> None:
    assert name_key("王单") == "wang dan"
    assert name_key("李解") == "li jie"
    assert name_key("曾经", surname_first=False) == "ceng jing"


def test_an_organisation_has_no_surname() -> None:
    assert name_key("单县粮食公司", surname_first=False).startswith("dan ")


def test_names_sort_by_syllable_and_not_by_letter() -> None:
    assert sorted(["连伟", "李伟", "李安"], key=name_key) == ["李安", "李伟", "连伟"]


def test_initials_and_joined_letters_come_from_the_key() -> None:
    key = name_key("曾国藩")
    assert (initials(key), joined(key)) == ("zgf", "zengguofan")


def test_pairs_are_of_neighbours_each_once_and_span_no_space() -> None:
    assert bigrams("王小明") == ["王小", "小明"]
    assert bigrams("王 小明") == ["王小", "小明"]
    assert bigrams("呵呵呵") == ["呵呵"]
    assert bigrams("王") == []


def test_a_name_has_one_written_form() -> None:
    assert plain_name(" 阿卜杜•买买提 ") == plain_name("阿卜杜・买买提") == "阿卜杜·买买提"
    assert plain_name("ＡＮＮＡ  Müller") == "ANNA Müller"
    assert name_key("Anna Müller") == "anna muller"


def test_chinese_characters_are_told_from_letters() -> None:
    assert has_han("𠮷野家")
    assert has_han("a曾")
    assert not has_han("Zeng ü")
