"""Decides how a name is read, sorted and found: surnames as surnames are read, two characters at a time.

Surnames read otherwise than the character commonly is: from memory, to be checked against a dictionary.
"""

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "盖": "ge", "朴": "piao",
    "乐": "yue", "任": "ren", "华": "hua", "黑": "he", "员": "yun", "翟": "zhai", "覃": "qin", "缪": "miao",
    "宓": "mi", "秘": "bi", "牟": "mu", "召": "shao", "种": "chong", "折": "she", "繁": "po", "燕": "yan",
    "葛": "ge", "晁": "chao", "祭": "zhai", "柏": "bai", "卜": "bu", "车": "che", "谌": "chen", "那": "na",
    "能": "nai", "宁": "ning", "曲": "qu", "佘": "she", "石": "shi", "沈": "shen", "宿": "su", "隗": "wei",
    "洗": "xian", "冼": "xian", "应": "ying", "尉": "wei", "於": "yu", "臧": "zang", "訾": "zi", "纪": "ji",
    "逄": "pang", "强": "qiang", "薄": "bo", "都": "du", "盛": "sheng", "眭": "sui", "阚": "kan", "厍": "she",
    "句": "gou", "过": "guo", "莘": "shen", "占": "zhan", "郇": "xun", "重": "chong", "藏": "zang", "哈": "ha",
    "乜": "nie", "幺": "yao", "么": "yao", "贾": "jia", "俞": "yu", "行": "xing", "长": "chang", "夏": "xia",
    "郗": "xi", "郄": "qie", "仉": "zhang", "褚": "chu", "卒": "zu", "褶": "zhe", "吕": "lv", "芮": "rui",
}  # fmt: skip
COMPOUND_SURNAMES = {
    "尉迟": ("yu", "chi"), "长孙": ("zhang", "sun"), "万俟": ("mo", "qi"), "单于": ("chan", "yu"),
    "澹台": ("tan", "tai"), "令狐": ("ling", "hu"), "呼延": ("hu", "yan"), "宇文": ("yu", "wen"),
    "鲜于": ("xian", "yu"), "濮阳": ("pu", "yang"), "皇甫": ("huang", "fu"), "夏侯": ("xia", "hou"),
}  # fmt: skip
_HAN = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]")


def plain_name(name: str) -> str:
    """The name in one written form: half-width, single spaces, one kind of dot between its parts."""
    text = unicodedata.normalize("NFKC", re.sub(r"[・•‧⋅∙●]", "·", name))
    return " ".join(text.split())


def syllables(name: str, *, surname_first: bool) -> list[str]:
    """The name's syllables in pinyin without tones, ü as v; Latin letters become small and lose their accents."""
    text = plain_name(name)
    read: list[str] = []
    if surname_first and text[:2] in COMPOUND_SURNAMES:
        read = list(COMPOUND_SURNAMES[text[:2]])
        text = text[2:]
    elif surname_first and text[:1] in SURNAMES:
        read = [SURNAMES[text[0]]]
        text = text[1:]
    parts = lazy_pinyin(text, style=Style.NORMAL, v_to_u=False)
    words = (word for part in parts for word in re.split(r"[^a-z0-9]+", _without_accents(part.lower())))
    return read + [word for word in words if word]


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def name_key(name: str, *, surname_first: bool = True) -> str:
    """The key that names sort by: syllables with a space between, so that li wei comes before lian."""
    return " ".join(syllables(name, surname_first=surname_first))


def initials(key: str) -> str:
    """The first letters of a sort key's syllables."""
    return "".join(word[0] for word in key.split())


def joined(key: str) -> str:
    """A sort key's syllables without spaces, as people type them."""
    return key.replace(" ", "")


def bigrams(text: str) -> list[str]:
    """The distinct pairs of neighbouring characters, in order; what a stored name and a search share."""
    plain = plain_name(text).casefold().replace(" ", "")
    return list(dict.fromkeys(plain[n : n + 2] for n in range(len(plain) - 1)))


def has_han(text: str) -> bool:
    """True when the text has a Chinese character."""
    return _HAN.search(text) is not None
