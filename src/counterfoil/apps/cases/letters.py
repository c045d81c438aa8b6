"""What a letter of a case says: from what the case kept when it was made, so that a second print says the same."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from counterfoil.apps.cases.papers_named import paper_in_chinese
from counterfoil.apps.cases.processes import process_of
from counterfoil.apps.cases.queries import CASE
from counterfoil.apps.cases.store import case_of
from counterfoil.apps.documents.contents import CaseLetter, Heading, Way
from counterfoil.apps.documents.insurer import insurer_of, ways
from counterfoil.apps.documents.words import NOTHING, long_day
from counterfoil.core.work.working import SUPPLEMENT_LETTER

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEMPLATE, VERSION = "case_letter", "1"
WITH_TEMPLATE = frozenset({SUPPLEMENT_LETTER})
"""Letters that can be printed; the others are noted with the case until their templates come."""
NAMES = """
SELECT coalesce((SELECT name FROM party WHERE party_id = %(customer)s::uuid), ''),
  coalesce((SELECT policy_number FROM policy WHERE policy_id = %(policy)s::uuid), ''),
  coalesce((SELECT name FROM organisation_unit WHERE unit_id = %(unit)s), ''),
  coalesce((SELECT name FROM organisation_employee WHERE employee_id = %(by)s::uuid), '')
"""
WHERE_TO = "请将所列资料交至任一柜面、交给您的服务人员，或按工作人员发送的链接用手机拍照上传。"
STANDS = "自本通知发出之日起至资料补齐之日止，不计入办理时限；资料补齐后我公司继续办理，不需要您重新申请。"


def letter_of(cursor: Any, case_id: UUID, line: int) -> tuple[str, str, CaseLetter] | None:
    """Template, version and contents of letter ``line`` (from 1) of a case; None where the reader sees none. Inside the
    reader's scope; at most three statements."""
    cursor.execute(CASE, (case_id,), prepare=True)
    row = cursor.fetchone()
    case = case_of(row[0]) if row else None
    if case is None or not 0 < line <= len(case.letters):
        return None
    letter = case.letters[line - 1]
    if letter.letter not in WITH_TEMPLATE:
        return None
    process = process_of(cursor, case.kind, case.version)
    about = {"customer": case.customer_id, "policy": case.policy_id, "unit": case.unit_id, "by": letter.by}
    cursor.execute(NAMES, about, prepare=True)
    customer, policy, unit, by = cursor.fetchone()
    wanted = [paper_in_chinese(one) for one in letter.missing] + ([letter.words] if letter.words else [])
    contents = CaseLetter(
        heading=Heading(
            insurer=insurer_of(unit),
            document_number=f"{case.number}-{line}",
            control_number=NOTHING,
            issued_on=long_day(letter.at.astimezone(SHANGHAI).date()),
            created_at=letter.at.astimezone(SHANGHAI).replace(microsecond=0),
        ),
        title="补充资料通知书",
        addressee=customer or "客户",
        case_number=case.number,
        business=process.title.zh,
        policy_number=policy or NOTHING,
        received_on=long_day(case.opened_at.astimezone(SHANGHAI).date()),
        opening="您申请办理的业务，经审核尚缺以下资料。我公司已一次性列明全部需要补充的内容，请您按列补齐：",
        wanted=wanted or [NOTHING],
        todo=[Way(title="如何补充", text=WHERE_TO), Way(title="办理时限", text=STANDS)],
        ways=ways(("咨询与办理", "向本公司投诉", "向监管机构反映")),
        handler=by or NOTHING,
    )
    return TEMPLATE, VERSION, contents
