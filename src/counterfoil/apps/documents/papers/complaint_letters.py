"""The letters of a complaint (投诉告知书): received, longer, decided, reviewed; with findings, basis and ways."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from counterfoil.apps.acts.facts import parameters
from counterfoil.apps.cases.processes import clock_rules, tables
from counterfoil.apps.cases.queries import CaseFile, load_case
from counterfoil.apps.documents.contents import ComplaintLetter, Heading, NoticeRow, Way
from counterfoil.apps.documents.insurer import insurer_of, ways
from counterfoil.apps.documents.words import NOTHING, long_day
from counterfoil.core.complaints.extension import LETTER as LONGER
from counterfoil.core.work.case import Role
from counterfoil.core.work.clocks import Extension, NotComputable, as_of, due

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAW = "《银行业保险业消费投诉处理管理办法》"
WRITES = frozenset({"receive", "go", "fill"})
AROUND = """
SELECT u.name, coalesce(above.name, ''), coalesce((SELECT name FROM party WHERE party_id = %(customer)s::uuid), ''),
       e.name
FROM organisation_employee e
JOIN organisation_unit u ON u.unit_id = e.unit_id
LEFT JOIN organisation_unit above ON above.unit_id = u.parent_id
WHERE e.employee_id = %(by)s::uuid
"""
CHANNELS = {
    "counter": "柜面", "hotline": "客户服务热线", "outlet": "服务网点", "online": "网络", "letter": "来信",
    "field": "上门服务", "regulator": "监管机构转送",
}  # fmt: skip


class Letter(Struct, frozen=True):
    """A letter of a case: its place (from 1), kind, who issued it and when, and what was written down."""

    line: int
    kind: str
    by: UUID
    at: datetime
    fields: dict[str, str]


def letters_of(file: CaseFile) -> list[Letter]:
    """The letters that a complaint issued so far, the oldest first, with their places among all of the case."""
    return [
        Letter(line, one.letter, one.by, one.at, _fields_at(file, one.at))
        for line, one in enumerate(file.case.letters, start=1)
        if one.letter in LETTERS
    ]


def _fields_at(file: CaseFile, at: datetime) -> dict[str, str]:
    """What was written down up to and with a moment, by the events of the case."""
    fields: dict[str, str] = {}
    for event in file.events:
        if event.verb in WRITES and event.at <= at:
            fields = {**fields, **event.data.get("fields", {})}
    return fields


class Said(Struct, frozen=True, kw_only=True):
    """What differs from letter to letter."""

    title: str
    opening: str
    rows: list[tuple[str, str]]
    sections: list[tuple[str, str]]
    ways: list[Way]


class About(Struct, frozen=True):
    """A letter, its case, and the units around: who issued it and who is above."""

    letter: Letter
    file: CaseFile
    unit: str
    above: str

    def field(self, name: str) -> str:
        """What was written down then."""
        return self.letter.fields.get(name, "").strip() or NOTHING

    def days(self, name: str) -> int:
        """A number of days of the law, on the day of receipt."""
        day = _day(self.file.case.opened_at)
        return int(parameters().get(name, day, day).number)


def complaint_letter(cursor: Any, case_id: UUID, line: int) -> tuple[str, ComplaintLetter] | None:
    """Template and contents of a complaint's letter; None where the reader sees no such letter. Inside the reader's
    scope; five statements at most."""
    file = load_case(cursor, case_id)
    letter = next((one for one in letters_of(file) if one.line == line), None) if file else None
    if file is None or letter is None:
        return None
    cursor.execute(AROUND, {"customer": file.case.customer_id, "by": letter.by}, prepare=True)
    unit, above, customer, by = cursor.fetchone()
    about = About(letter, file, unit, above)
    said = LETTERS[letter.kind](about)
    named = [p.name for p in file.case.persons if p.role in (Role.COMPLAINANT, Role.REPRESENTATIVE)]
    return "complaint_letter", ComplaintLetter(
        heading=Heading(
            insurer=insurer_of(unit),
            document_number=f"{file.case.number}-{line:02}",
            control_number=NOTHING,
            issued_on=long_day(_day(letter.at)),
            created_at=letter.at.astimezone(SHANGHAI).replace(microsecond=0),
        ),
        title=said.title,
        addressee="、".join(named[:5]) or customer or "投诉人",
        opening=said.opening,
        rows=[NoticeRow(label=name, value=text) for name, text in said.rows],
        sections=[Way(title=name, text=text) for name, text in said.sections],
        ways_title="如您对本决定有异议" if letter.kind in DECIDES else "联系我们",
        ways=said.ways,
        handler=by,
    )


def _day(moment: datetime) -> Any:
    return moment.astimezone(SHANGHAI).date()


def _head(about: About) -> list[tuple[str, str]]:
    case = about.file.case
    return [
        ("投诉编号", case.number),
        ("受理日期", long_day(_day(case.opened_at))),
        ("受理渠道", CHANNELS[case.channel]),
        ("被投诉人", about.field("respondent")),
    ]


def _received(about: About) -> Said:
    simple, complex_ = about.days("complaints.decide_simple"), about.days("complaints.decide_complex")
    more = about.days("complaints.extension")
    return Said(
        title="消费投诉受理告知书",
        opening="您提出的投诉，本公司已经收悉并受理，现将有关事项告知如下。",
        rows=[*_head(about), ("投诉请求", about.field("request"))],
        sections=[
            (
                "处理期限",
                (
                    f"事实清楚、争议情况简单的，自收到投诉之日起{simple}日内作出处理决定并告知您；情况复杂的，{complex_}日内作出处理决定"
                    f"并告知您；情况特别复杂或者有其他特殊原因的，经上级机构批准并告知您，可以再延长{more}日。委托外部机构鉴定、检测"
                    f"以及调解所需时间不计入前述期限（{LAW}第十八条、第二十三条）。"
                ),
            ),
            (
                "您的权利",
                (
                    "处理期间您可以补充新的事实和理由，处理期限自本公司收到之日起重新计算；您也可以撤回投诉，本公司自收到撤回申请当日"
                    "终止处理。经办人员与投诉事项有利害关系的，您可以要求其回避。"
                ),
            ),
        ],
        ways=ways(("咨询与办理",)),
    )


def _longer(about: About) -> Said:
    more = about.days("complaints.extension")
    asked = about.file.case.more_time
    reason = next(
        (
            str(event.data.get("reason", ""))
            for event in reversed(about.file.events)
            if event.verb == "ask_extension" and event.at <= about.letter.at
        ),
        asked.reason if asked else NOTHING,
    )
    until = _longer_until(about)
    return Said(
        title="投诉处理延期告知书",
        opening="您提出的投诉正在处理之中。因情况特别复杂，不能在原定期限内作出处理决定，现将延期事项告知如下。",
        rows=_head(about),
        sections=[
            ("延期原因", reason),
            (
                "延长后的期限",
                f"经{about.unit}批准，处理期限延长{more}日{until}（{LAW}第十八条）。本投诉只延期一次。",
            ),
        ],
        ways=ways(("咨询与办理",)),
    )


def _longer_until(about: About) -> str:
    """Until which day, told on the day of the letter; nothing where it cannot be computed."""
    for one in about.file.case.clocks:
        rule = clock_rules()[one.rule]
        if rule.extension is None or one.clock.started_at > about.letter.at:
            continue
        seen = as_of(one.clock, about.letter.at)
        told = Extension(approved_at=about.letter.at, approved_by=LONGER, notified_at=about.letter.at)
        try:
            ends = due(structs.replace(seen, extensions=(told,)), rule, tables(), _day(about.letter.at))
        except NotComputable:
            return ""
        return f"，至{long_day(_day(ends) - timedelta(days=1))}" if ends else ""
    return ""


def _decided(about: About) -> Said:
    days = about.days("complaints.review_application")
    outside = ways(("申请调解", "仲裁或诉讼"))
    review = Way(
        title="申请核查",
        text=f"您可以自收到本决定之日起{days}日内，以书面形式向{about.above}申请核查（{LAW}第二十条）。",
    )
    return Said(
        title="消费投诉处理决定告知书",
        opening="您提出的投诉，本公司已经调查核实并作出处理决定，现告知如下。",
        rows=_head(about),
        sections=[
            ("投诉请求", about.field("request")),
            ("核查认定的事实", about.field("findings")),
            ("处理依据", about.field("basis")),
            ("处理决定", about.field("decision")),
        ],
        ways=[review, *outside] if about.above else outside,
    )


def _reviewed(about: About) -> Said:
    return Said(
        title="消费投诉核查决定告知书",
        opening="您对本公司分支机构投诉处理决定提出的核查申请，本机构已经核查完毕，现将核查决定告知如下。",
        rows=_head(about),
        sections=[
            ("原处理决定", about.field("decision")),
            ("核查查明的事实", about.field("review_findings")),
            ("核查依据", about.field("review_basis")),
            ("核查决定", about.field("review_decision")),
        ],
        ways=ways(("申请调解", "仲裁或诉讼", "向监管机构反映")),
    )


LETTERS: dict[str, Callable[[About], Said]] = {
    "complaint_acknowledgement": _received,
    LONGER: _longer,
    "complaint_result": _decided,
    "complaint_review_result": _reviewed,
}
DECIDES = frozenset({"complaint_result", "complaint_review_result"})
