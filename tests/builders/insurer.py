"""The insurer of the tests: four units, a small cast with positions and authority, product 611005 on sale."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from counterfoil.apps.catalogue.operations import load_into_catalogue
from counterfoil.apps.organisation.counted import BACK_DATING, DROPPING
from counterfoil.apps.organisation.operations import assign_position, create_unit, grant_authority, hire

PROJECT = Path(__file__).resolve().parents[2]
SINCE = date(2014, 1, 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
SET_UP = "test set-up"


@dataclass(frozen=True)
class Cast:
    """Who works there. County 86320101 and its sister 86320102 are under one city."""

    clerk: UUID
    """Fang Min, outer counter of the county: applications, premiums, changes; surrenders up to 1,000 yuan."""
    handler: UUID
    """Xu Lan, servicing and claims handler of the county."""
    city_supervisor: UUID
    """He Qiang, supervisor of the city: approves up to 100,000 yuan."""
    head_manager: UUID
    """Zhao Ping, manager at head office: approves everything."""
    stranger: UUID
    """Sun Li, outer counter of the sister county."""
    auditor: UUID
    """Qian Wei, auditor at head office: reads, does nothing."""


def morning(day: date) -> datetime:
    """Ten in the morning of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, 10, 0, tzinfo=SHANGHAI)


def set_up_insurer() -> Cast:
    """Create units, staff, positions, grants and the product, by their operations."""
    create_unit("86", "总公司", "head", None, SET_UP)
    create_unit("8632", "江苏分公司", "province", "86", SET_UP)
    create_unit("863201", "南京中心支公司", "city", "8632", SET_UP)
    create_unit("86320101", "溧水支公司", "county", "863201", SET_UP)
    create_unit("86320102", "高淳支公司", "county", "863201", SET_UP)
    counter = ("outer_counter", "servicing_handler", "underwriter", "claims_report_taker", "finance")
    cast = Cast(
        clerk=_hired("fang.min", "方敏", "86320101", counter),
        handler=_hired(
            "xu.lan", "徐岚", "86320101", ("inner_counter", "servicing_handler", "claims_approver")
        ),
        city_supervisor=_hired(
            "he.qiang", "何强", "863201", ("supervisor", "claims_approver", "underwriter")
        ),
        head_manager=_hired("zhao.ping", "赵平", "86", ("manager", "claims_approver", "finance")),
        stranger=_hired("sun.li", "孙丽", "86320102", counter),
        auditor=_hired("qian.wei", "钱伟", "86", ("auditor",)),
    )
    for position, act, limit in (
        ("outer_counter", "decide_application", "500000"),
        ("underwriter", "decide_application", "1000000"),
        ("outer_counter", "surrender", "1000"),
        ("outer_counter", "withdraw_in_cooling_off", "5000"),
        ("outer_counter", "refund_suspense", "1000"),
        ("outer_counter", "order_payment", "1000"),
        ("claims_approver", "decide_death_claim", "50000"),
        ("claims_approver", "pay_claim", "50000"),
        ("finance", "pay_claim", "50000"),
    ):
        _granted(position, act, limit, "county")
    _granted("supervisor", "*", "100000", "city")
    _granted("manager", "*", "10000000", "head")
    for position in ("outer_counter", "inner_counter", "servicing_handler"):
        _granted(position, BACK_DATING, "800", "county")
    _granted("supervisor", BACK_DATING, "4000", "city")
    _granted("supervisor", DROPPING, "3", "city")
    _granted("manager", BACK_DATING, "36500", "head")
    _granted("manager", DROPPING, "100", "head")
    load_into_catalogue(PROJECT / "products" / "611005")
    return cast


def _hired(username: str, name: str, unit: str, positions: tuple[str, ...]) -> UUID:
    employee = hire(username, name, unit, None, SET_UP, employee_id=uuid4())
    for position in positions:
        assign_position(employee.employee_id, position, SINCE, None, SET_UP)
    return employee.employee_id


def _granted(position: str, act: str, limit: str, level: str) -> None:
    grant_authority(
        holder_kind="position", holder=position, act=act, product="*", amount_limit=Decimal(limit), valid_from=SINCE,
        valid_until=None, source="test", actor=SET_UP, unit_level=level,
    )  # fmt: skip
