"""The demo insurer's units, staff and authority: head office, a province, two cities, four counties."""

from datetime import date
from decimal import Decimal
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction
from msgspec import Struct

from counterfoil.apps.organisation.counted import BACK_DATING, DROPPING
from counterfoil.apps.organisation.operations import assign_position, create_unit, grant_authority, hire

SET_UP = "demo"
DEMO_PASSWORD = "counterfoil-demo"  # noqa: S105 - printed for everybody; made for the demo insurer only
PAPER = "示范公司授权书〔2018〕1号"

HEAD, PROVINCE = "86", "8632"


class County(Struct, frozen=True):
    """A county unit: its code, name, the region of its people's resident ids, and where they live."""

    unit_id: str
    name: str
    region: str
    place: str


UNITS = (
    (HEAD, "示范人寿总公司", "head", None),
    (PROVINCE, "江苏分公司", "province", HEAD),
    ("863201", "南京中心支公司", "city", PROVINCE),
    ("863205", "苏州中心支公司", "city", PROVINCE),
)
COUNTIES = (
    County("86320101", "溧水支公司", "320117", "江苏省南京市溧水区"),
    County("86320102", "高淳支公司", "320118", "江苏省南京市高淳区"),
    County("86320501", "昆山支公司", "320583", "江苏省苏州市昆山市"),
    County("86320502", "常熟支公司", "320581", "江苏省苏州市常熟市"),
)

# Unit, sign-in name, name, positions; those with True have the demo password, one for each position.
STAFF: tuple[tuple[str, str, str, tuple[str, ...], bool], ...] = (
    ("86320101", "fang.min", "方敏", ("outer_counter",), True),
    ("86320101", "tao.yan", "陶燕", ("outer_counter",), False),
    ("86320101", "xu.lan", "徐岚", ("inner_counter",), True),
    ("86320101", "lu.jing", "陆静", ("servicing_handler",), True),
    ("86320101", "hall.screen", "大厅屏幕", ("hall_screen",), True),
    ("86320101", "ge.tao", "葛涛", ("claims_report_taker",), True),
    ("86320102", "sun.li", "孙丽", ("outer_counter",), False),
    ("86320102", "bao.hui", "包慧", ("inner_counter",), False),
    ("86320102", "ji.yong", "纪勇", ("servicing_handler", "claims_report_taker"), False),
    ("86320501", "gu.ting", "顾婷", ("outer_counter",), False),
    ("86320501", "zhu.hong", "朱红", ("inner_counter",), False),
    ("86320501", "qian.bo", "钱波", ("servicing_handler", "claims_report_taker"), False),
    ("86320502", "shen.yue", "沈悦", ("outer_counter",), False),
    ("86320502", "pan.ying", "潘颖", ("inner_counter",), False),
    ("86320502", "wu.jian", "吴健", ("servicing_handler", "claims_report_taker"), False),
    ("863201", "he.qiang", "何强", ("supervisor",), True),
    ("863201", "cao.lin", "曹琳", ("underwriter",), True),
    ("863201", "deng.hua", "邓华", ("claims_approver",), True),
    ("863201", "jin.ping", "金萍", ("finance",), True),
    ("863205", "tang.wei", "唐伟", ("supervisor",), False),
    ("863205", "ren.jie", "任杰", ("underwriter",), False),
    ("863205", "shao.na", "邵娜", ("claims_approver",), False),
    ("863205", "hao.mei", "郝梅", ("finance",), False),
    (PROVINCE, "song.yang", "宋阳", ("manager",), False),
    (PROVINCE, "meng.fei", "孟飞", ("claims_approver",), False),
    (HEAD, "zhao.ping", "赵平", ("manager",), True),
    (HEAD, "yan.ning", "严宁", ("claims_approver",), False),
    (HEAD, "qian.wei", "钱伟", ("auditor",), True),
    (HEAD, "admin", "管理员", ("administrator",), True),
    (HEAD, "night.run", "夜间批处理", ("system_client",), False),
)
# Position, level of unit, act, limit in yuan.
GRANTS = (
    ("underwriter", "city", "decide_application", "300000"),
    ("servicing_handler", "county", "surrender", "1000"),
    ("servicing_handler", "county", "withdraw_in_cooling_off", "5000"),
    ("outer_counter", "county", "withdraw_in_cooling_off", "1000"),
    ("servicing_handler", "county", "refund_suspense", "1000"),
    ("servicing_handler", "county", "order_payment", "5000"),
    ("outer_counter", "county", "refund_suspense", "500"),
    ("outer_counter", "county", "order_payment", "1000"),
    ("claims_approver", "city", "decide_death_claim", "100000"),
    ("claims_approver", "city", "pay_claim", "100000"),
    ("claims_approver", "city", "reject_death_claim", "100000"),
    ("supervisor", "city", "*", "100000"),
    ("supervisor", "city", "decide_application", "500000"),
    ("claims_approver", "province", "*", "500000"),
    ("manager", "province", "*", "600000"),
    ("claims_approver", "head", "*", "10000000"),
    ("manager", "head", "*", "10000000"),
    # days back, and later acts left out, count for themselves
    ("servicing_handler", "county", BACK_DATING, "60"),
    ("supervisor", "city", BACK_DATING, "366"),
    ("supervisor", "city", DROPPING, "1"),
    ("manager", "province", BACK_DATING, "3660"),
    ("manager", "province", DROPPING, "5"),
    ("manager", "head", BACK_DATING, "36600"),
    ("manager", "head", DROPPING, "100"),
)


class Staff:
    """Who holds which position where."""

    def __init__(self) -> None:
        self.by_place: dict[tuple[str, str], list[UUID]] = {}
        for unit, username, _, positions, _ in STAFF:
            for position in positions:
                self.by_place.setdefault((unit, position), []).append(employee_id(username))

    def at(self, unit_id: str, position: str, n: int = 0) -> UUID:
        """The holder of a position at a unit, or at the nearest unit above that has one."""
        while unit_id:
            found = self.by_place.get((unit_id, position))
            if found:
                return found[n % len(found)]
            unit_id = unit_id[:-2]
        raise LookupError(position)


def employee_id(username: str) -> UUID:
    """The same person has the same id in every demo."""
    return uuid5(NAMESPACE_OID, f"counterfoil demo {username}")


def set_up_organisation(since: date, *, passwords: bool = True) -> None:
    """Make units, staff, positions and authority, all or nothing, in a database that has no units yet."""
    with transaction.atomic():
        for unit_id, name, level, parent in UNITS:
            create_unit(unit_id, name, level, parent, SET_UP)
        for county in COUNTIES:
            create_unit(county.unit_id, county.name, "county", county.unit_id[:-2], SET_UP)
        for unit, username, name, positions, signs_in in STAFF:
            password = DEMO_PASSWORD if signs_in and passwords else None
            hire(username, name, unit, password, SET_UP, employee_id=employee_id(username))
            for position in positions:
                assign_position(employee_id(username), position, since, None, SET_UP)
        for position, level, act, limit in GRANTS:
            grant_authority(
                holder_kind="position",
                holder=position,
                act=act,
                product="*",
                amount_limit=Decimal(limit),
                valid_from=since,
                valid_until=None,
                source=PAPER,
                actor=SET_UP,
                unit_level=level,
            )


def sign_ins() -> list[tuple[str, str, str]]:
    """Position, unit and sign-in name of everybody who has the demo password."""
    names = {unit_id: name for unit_id, name, _, _ in UNITS} | {c.unit_id: c.name for c in COUNTIES}
    return [(positions[0], names[unit], user) for unit, user, _, positions, signs_in in STAFF if signs_in]
