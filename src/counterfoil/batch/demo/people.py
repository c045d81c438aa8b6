"""Invented people of the demo insurer: names from lists, numbers with right check digits, all from one seed.

No number is anybody's on purpose; as every number that can exist, one may be somebody's by chance.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum import luhn
from stdnum.cn import ric

from counterfoil.core.kernel.identifiers import PaperKind, Sex
from counterfoil.core.parties.contacts import PlainContact
from counterfoil.core.parties.register_party import PlainPaper, PlainRegisterParty
from counterfoil.core.parties.values import ContactKind, PartyKind

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
MEN = "伟强磊军勇杰涛斌波辉鹏飞超浩宇轩博文俊峰健宁龙凯明亮志远建国海洋东旭晨阳"
WOMEN = "芳娜敏静丽娟艳秀英霞梅玲婷雪倩颖慧琳洁莹佳欣怡悦萍红燕蓉岚晓月雨桐"
BANKS = ("中国工商银行", "中国农业银行", "中国银行", "中国建设银行", "江苏银行", "南京银行")
OCCUPATIONS = (
    ("0001001", 1), ("2020902", 1), ("2090104", 1), ("3010100", 1), ("4010101", 2), ("4030203", 2), ("5010101", 3),
    ("6050301", 3), ("6290203", 4),
)  # fmt: skip
STREETS = ("永阳路", "秦淮大道", "人民南路", "前进西路", "珠江路", "宝塔路", "虞山北路", "学海路")
HIGHEST_CLASS = 4


@dataclass
class Person:
    """An invented person; the demo keeps the clear numbers in memory only."""

    serial: int
    name: str
    sex: str
    born: date
    id_number: str
    mobile: str
    address: str
    occupation: tuple[str, int]
    card: str
    bank: str

    def registration(self) -> PlainRegisterParty:
        """As a clerk types it."""
        contacts = [PlainContact(ContactKind.ADDRESS, self.address)]
        if self.mobile:
            contacts.insert(0, PlainContact(ContactKind.MOBILE, self.mobile))
        return PlainRegisterParty(
            kind=PartyKind.PERSON,
            name=self.name,
            sex=Sex(self.sex),
            birth_date=self.born,
            occupation_code=self.occupation[0],
            occupation_class=self.occupation[1],
            papers=(PlainPaper(PaperKind.RESIDENT_ID, self.id_number),),
            contacts=tuple(contacts),
        )


class Crowd:
    """Makes people that differ in their numbers."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self._used: set[str] = set()
        self._serial = 0

    def person(self, region: str, place: str, born: date, sex: str, surname: str = "") -> Person:
        """Somebody born on a day in a region (six digits of the resident id), living at ``place``."""
        draw = self.random
        given = MEN if sex == "M" else WOMEN
        name = (surname or draw.choice(SURNAMES)) + "".join(draw.sample(given, draw.choice((1, 2, 2))))
        self._serial += 1
        street = (
            f"{draw.choice(STREETS)}{draw.randint(1, 200)}号{draw.randint(1, 30)}幢{draw.randint(1, 18)}02室"
        )
        return Person(
            serial=self._serial,
            name=name,
            sex=sex,
            born=born,
            id_number=self._new(lambda: self._resident_id(region, born, sex)),
            mobile=self.mobile(),
            address=place + street,
            occupation=draw.choice(OCCUPATIONS),
            card=self._new(self._card),
            bank=draw.choice(BANKS),
        )

    def mobile(self) -> str:
        """A new mobile number."""
        return self._new(lambda: f"13{self.random.randint(0, 9)}{self.random.randint(0, 99999999):08d}")

    def birthday(self, on: date, youngest: int, oldest: int) -> date:
        """A birthday of somebody who is between two ages (completed years) on a day."""
        return on - timedelta(days=self.random.randint(youngest * 366, oldest * 365))

    def _resident_id(self, region: str, born: date, sex: str) -> str:
        serial = self.random.randint(1, 499) * 2 - (1 if sex == "M" else 0)
        body = f"{region}{born:%Y%m%d}{serial:03d}"
        return body + str(ric.calc_check_digit(body + "0"))

    def _card(self) -> str:
        body = f"6222{self.random.randint(0, 10**14 - 1):014d}"
        return body + str(luhn.calc_check_digit(body))

    def _new(self, make: Callable[[], str]) -> str:
        while (number := make()) in self._used:
            pass
        self._used.add(number)
        return number
