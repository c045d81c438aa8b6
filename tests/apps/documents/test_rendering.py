"""Papers come out in Chinese, whole, small, the same each time, and wrong contents are refused by name."""

import re
from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from counterfoil.apps.documents import rendering
from counterfoil.apps.documents.contents import CONTENTS
from counterfoil.apps.documents.rendering import (
    TEMPLATES,
    FontsMissing,
    UnableToRender,
    render,
)
from tests.apps.documents.reading import fonts_of, reader, sample, text_of

PAPERS = {
    # sample: (template, pages, largest size in bytes, texts that must be there)
    "policy_contract": (
        "policy_contract",
        6,
        150_000,
        [
            "保险单",
            "伍拾万元整",
            "500,000.00",
            "现金价值表",
            "按备案基础计算※",
            "责任免除",
            "犹豫期",
            "宽限期",
            "保险合同回执",
            "12378",
        ],
    ),
    "endorsement_slip": (
        "endorsement_slip",
        1,
        60_000,
        ["批单", "受益人变更", "变更前", "王秀兰（父母）50%", "陈立（QH0023）"],
    ),
    "claim_decision": (
        "claim_decision",
        1,
        90_000,
        ["理赔决定通知书", "给付", "金额计算", "300,000.00", "****8812", "仲裁或诉讼"],
    ),
    "claim_decision_reject": (
        "claim_decision",
        1,
        90_000,
        ["不予给付", "扩张型心肌病", "《保险法》第二十四条", "申请调解"],
    ),
    "payment_receipt": (
        "payment_receipt",
        1,
        60_000,
        ["收据", "交款人联", "公司留存联", "柒佰柒拾元整", "收款专用章"],
    ),
    "application_form": (
        "application_form",
        2,
        130_000,
        [
            "人身保险投保单",
            "＊姓名",
            "健康告知",
            "是否患有或曾患有",
            "请投保人抄写",
            "被保险人（法定监护人）签名",
        ],
    ),
    "claim_closing": (
        "claim_closing",
        1,
        80_000,
        ["结案通知", "已全部付讫", "保险合同已于2029年4月28日终止", "重新审核"],
    ),
    "policy_notice": (
        "policy_notice",
        1,
        80_000,
        ["催缴通知书", "欠交保险费", "2027年3月14日", "请您办理", "客户服务热线95000"],
    ),
}


@pytest.mark.parametrize("name", PAPERS)
def test_each_paper_says_what_its_contents_say(name: str) -> None:
    template, pages, largest, texts = PAPERS[name]
    contents = sample(name)

    pdf = render(template, "1", contents)

    text = text_of(pdf)
    assert [wanted for wanted in texts if wanted not in text] == []
    assert len(reader(pdf).pages) == pages
    assert len(pdf) <= largest
    heading = contents["heading"]
    assert isinstance(heading, dict)
    for page_number, page in enumerate(reader(pdf).pages, start=1):
        page_text = re.sub(r"\s", "", page.extract_text())
        assert f"第{page_number}页共{pages}页" in page_text
        assert f"控制号{heading['control_number']}" in page_text
        assert heading["insurer"]["name"] in page_text


@pytest.mark.parametrize("name", PAPERS)
def test_every_font_is_embedded_as_a_subset_and_no_character_is_an_empty_box(name: str) -> None:
    pdf = render(PAPERS[name][0], "1", sample(name))

    fonts = fonts_of(pdf)

    assert fonts
    for font_name, descriptor in fonts.items():
        assert re.match(r"/[A-Z]{6}\+", font_name), font_name
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
    assert "\x00" not in text_of(pdf)
    assert "\ufffd" not in text_of(pdf)


@pytest.mark.parametrize("name", PAPERS)
def test_every_text_of_the_contents_is_printed(name: str) -> None:
    template = PAPERS[name][0]
    contents = sample(name)
    pdf = render(template, "1", contents)
    text = text_of(pdf)

    def texts(value: object, field: str) -> list[str]:
        if isinstance(value, dict):
            return [found for key, inner in value.items() for found in texts(inner, key)]
        if isinstance(value, list):
            return [found for inner in value for found in texts(inner, field)]
        if field in {"created_at", "decision", "origin"} or not isinstance(value, str):
            return []
        return [f"{Decimal(value):,}" if re.fullmatch(r"-?\d+\.\d\d", value) else value]

    # A net amount without money lines, and what a rejection does not pay, have no place on the paper.
    silent = {"0.00", "零元整", "实际收付", "无"}
    # The letterhead's address and web address stand where the reader needs them only.
    insurer = contents["heading"]["insurer"] if template != "policy_contract" else {}  # type: ignore[index]
    silent |= {insurer.get(key, "") for key in ("address", "postcode", "website")}
    missing = [
        wanted
        for wanted in texts(contents, "")
        if re.sub(r"\s", "", wanted) not in text and wanted not in silent
    ]
    assert missing == []


def test_the_same_contents_give_the_same_bytes_also_with_a_new_compiler() -> None:
    contents = sample("policy_contract")
    first = render("policy_contract", "1", contents)
    render("claim_closing", "1", sample("claim_closing"))
    again = render("policy_contract", "1", contents)
    rendering._compiler.cache_clear()
    anew = render("policy_contract", "1", contents)

    assert first == again == anew


def test_the_file_carries_the_acts_moment_and_not_the_clocks() -> None:
    pdf = render("payment_receipt", "1", sample("payment_receipt"))

    metadata = reader(pdf).metadata
    assert metadata is not None
    assert metadata.creation_date == datetime.fromisoformat("2026-11-20T10:32:05+08:00")


def test_another_name_gives_another_paper() -> None:
    contents = sample("payment_receipt")
    first = render("payment_receipt", "1", contents)
    contents["payer"] = "钱学勤"

    second = render("payment_receipt", "1", contents)

    assert "钱学勤" in text_of(second)
    assert first != second


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        ("0.00", "0.00"),
        ("999.99", "999.99"),
        ("1000.00", "1,000.00"),
        ("-123456.70", "-123,456.70"),
        ("1000000000.00", "1,000,000,000.00"),
    ],
)
def test_amounts_are_grouped_by_thousands(amount: str, printed: str) -> None:
    contents = sample("payment_receipt")
    contents["lines"] = [{"item": "首期保险费", "detail": "甲乙", "amount": amount}]

    assert f"甲乙{printed}合计金额" in text_of(render("payment_receipt", "1", contents))


def test_every_template_file_is_registered_and_every_registered_one_is_there() -> None:
    files = {path.stem for path in TEMPLATES.glob("*.typ")} - {"house_style_v1", "barcode_v1"}

    assert files == {f"{template}_v{version}" for template, version in CONTENTS}


def test_text_from_data_is_printed_and_never_run() -> None:
    contents = sample("payment_receipt")
    contents["payer"] = '#panic("x") *粗* $y$ <标签> \\u{41} "引号" [括号]'

    text = text_of(render("payment_receipt", "1", contents))

    assert '#panic("x")*粗*$y$<标签>\\u{41}"引号"[括号]' in text


def test_rare_characters_of_names_are_printed() -> None:
    contents = sample("payment_receipt")
    contents["payer"] = "䶮喆𬱖㛃祎"

    assert "䶮喆𬱖㛃祎" in text_of(render("payment_receipt", "1", contents))


def test_a_character_that_no_font_has_is_refused_instead_of_an_empty_box() -> None:
    contents = sample("payment_receipt")
    contents["payer"] = "王\ue123"

    with pytest.raises(UnableToRender, match="could not be displayed"):
        render("payment_receipt", "1", contents)


@pytest.mark.parametrize(("count", "last_on_page"), [(30, 0), (45, 1)])
def test_many_beneficiaries_go_over_the_page_with_the_head_repeated(count: int, last_on_page: int) -> None:
    contents = sample("policy_contract")
    names = [f"受益人{number:02d}号" for number in range(1, count + 1)]
    first = contents["beneficiaries"][0]  # type: ignore[index]
    contents["beneficiaries"] = [first | {"name": name, "share": "2%"} for name in names]

    pdf = render("policy_contract", "1", contents)

    pages = [re.sub(r"\s", "", page.extract_text()) for page in reader(pdf).pages]
    assert len(pages) == 7
    assert [name for name in names if name not in pages[0] + pages[1]] == []
    assert names[-1] in pages[last_on_page]
    assert [("受益顺序" in page) for page in pages[: last_on_page + 2]] == [True] * (last_on_page + 1) + [
        False
    ]


def test_very_long_names_break_inside_their_cells() -> None:
    contents = sample("policy_contract")
    latin = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"
    chinese = "阿卜杜勒热合曼买买提艾力吾买尔江吐尔逊古丽努尔阿不都克里木" * 2
    contents["insured"]["name"] = latin  # type: ignore[index]
    contents["policyholder"]["name"] = chinese  # type: ignore[index]
    contents["beneficiaries"] = []

    pdf = render("policy_contract", "1", contents)

    assert latin in text_of(pdf)
    assert chinese in text_of(pdf)
    lines = [line for page in reader(pdf).pages for line in page.extract_text().splitlines()]
    assert not any(latin in line or chinese in line for line in lines)
    assert "未指定受益人" in text_of(pdf)


def test_a_number_printed_whole_keeps_no_hidden_breaks() -> None:
    contents = sample("application_form")

    pages = reader(render("application_form", "1", contents)).pages

    assert "02000113053480020260000017" in "".join(page.extract_text() for page in pages)


def test_without_chinese_fonts_nothing_is_printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rendering._compiler.cache_clear()
    monkeypatch.setattr(rendering, "font_paths", lambda: [tmp_path])
    try:
        with pytest.raises(FontsMissing, match="run the set-up"):
            render("payment_receipt", "1", sample("payment_receipt"))
    finally:
        rendering._compiler.cache_clear()


def test_a_process_forked_after_rendering_is_told_instead_of_hanging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_first_used_in_process", -1)

    with pytest.raises(UnableToRender, match="forked"):
        render("payment_receipt", "1", sample("payment_receipt"))


def test_an_emphasised_clause_is_printed_bold() -> None:
    def outlined_runs(emphasised: bool) -> int:
        contents = sample("policy_contract")
        section = {
            "title": "责任免除",
            "basis": "条款2.4",
            "clauses": [{"text": "战争。", "emphasised": emphasised}],
        }
        contents["sections"] = [section]
        pages = reader(render("policy_contract", "1", contents)).pages
        streams = b"".join(page.get_contents().get_data() for page in pages)
        return len(re.findall(rb"\b2 Tr\b", streams))

    assert outlined_runs(emphasised=True) == outlined_runs(emphasised=False) + 1


def test_rendering_leaves_the_contents_as_they_were() -> None:
    contents = sample("policy_contract")
    before = deepcopy(contents)

    render("policy_contract", "1", contents)

    assert contents == before
