"""Writes docs/handbook from the register of acts, positions, products and parameters; --check only compares.

Chinese comes from the catalogue in locale/, English from the source. A page is never edited by hand.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
HANDBOOK = ROOT / "docs/handbook"
MADE = "<!-- Made by `python setup/handbook.py`. Do not edit. -->\n"
YES, NO = "是 yes", "否 no"
UNITS = {"working_days": ("个工作日", "working days"), "days": ("天", "days")}
ABOVE_AUTHORITY = (
    "金额超出本人权限的业务转上一级审批，经办人本人不能审批。"
    "An act above the person's authority waits for the next level; its maker may not approve it."
)
OPTIONAL = "○ 表单允许不填，规则仍可能要求 the form lets it be empty, the rule may still ask for it."
SUBJECTS = {"policy": "保单 policy", "party": "客户 customer"}

if not settings.configured:
    settings.configure(USE_I18N=False)

from counterfoil.apps.organisation.positions import Position, load_positions  # noqa: E402
from counterfoil.core.kernel.parameters import Parameters  # noqa: E402
from counterfoil.core.policy.act import Act  # noqa: E402
from counterfoil.core.product.loading import load_product  # noqa: E402
from counterfoil.core.product.lookup import Product  # noqa: E402
from counterfoil.core.register import ACTS  # noqa: E402
from counterfoil.web import labels  # noqa: E402
from counterfoil.web.forms.fields import Field, fields_of, shape_of  # noqa: E402

CHINESE = {
    entry.msgid: entry.msgstr
    for entry in polib.pofile(str(ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"))
    if not entry.obsolete and not entry.msgctxt
}


def both(english: object) -> str:
    """Chinese and English of one text."""
    text = str(english)
    return f"{CHINESE.get(text, '')} {text}".strip()


def asked(field: Field) -> str:
    """A field; for rows, with the fields of a row."""
    text = both(field.title)
    if field.inner:
        text += "（" + "; ".join(asked(one) for one in field.inner) + "）"
    return text if field.required else f"{text} ○"


def papers(act: Act, products: list[Product]) -> str:
    """The papers that each product asks for."""
    lines = []
    for product in products if act.papers_key else ():
        listed = [
            f"{paper.name.zh} {paper.name.en}" + (f" ({when})" if (when := paper.when) != "always" else "")
            for paper in product.terms.papers_for(act.papers_key)
        ]
        if listed:
            lines.append(f"{product.code}: " + "; ".join(listed))
    return "<br>".join(lines) or "—"


def promise(act: Act, parameters: Parameters) -> str:
    """The time limit of the act with its source."""
    if not act.promise:
        return "—"
    history = parameters.history(act.promise)
    if not history:
        return f"`{act.promise}`: 参数中没有 not among the parameters"
    zh, en = UNITS[str(history[0].unit)]
    return f"{history[0].value} {zh} {en}（{history[0].source}）"


def act_section(
    act: Act, positions: dict[str, Position], products: list[Product], parameters: Parameters
) -> str:
    """What the register says of one act."""
    who = [f"[{p.name.zh} {p.name.en}]({p.code}.md)" for p in positions.values() if act.name in p.permits]
    rows = {
        "业务对象 Subject": SUBJECTS[act.subject] + ("，新建 creates it" if act.creates else ""),
        "岗位 Positions": "; ".join(who) or "—",
        "填写 Asked for": "<br>".join(asked(field) for field in fields_of(shape_of(act))) or "—",
        "应备单证 Papers": papers(act, products),
        "时限 Promise": promise(act, parameters),
        "按金额授权 Needs authority for the amount": YES if act.amount_needs_authority else NO,
        "涉及款项 Moves money": YES if act.moves_money else NO,
        "可追溯生效 May be back-dated": YES if act.back_dating else NO,
        "可撤销 May be undone": YES if act.undoable else NO,
    }
    lines = [f"| {name} | {value.replace('|', '/')} |" for name, value in rows.items()]
    head = [
        f'## <a id="{act.name}"></a>{both(labels.ACT[act.name])}',
        "",
        f"`{act.name}`",
        "",
        "| | |",
        "|---|---|",
    ]
    return "\n".join([*head, *lines])


def position_page(position: Position) -> str:
    """What one position may do."""
    acts = [name for name in position.permits if name in ACTS]
    screens = [name for name in position.permits if name not in ACTS]
    lines = [
        MADE,
        f"# {position.name.zh} · {position.name.en} · {position.name.ko}",
        "",
        f"`{position.code}`",
        "",
    ]
    lines += ["## 可办业务 Acts", ""]
    lines += [f"- [{both(labels.ACT[name])}](acts.md#{name})" for name in acts] or ["无 none"]
    lines += ["", "## 可用页面 Screens", ""]
    lines += [f"- {both(labels.PERMISSION[name])} `{name}`" for name in screens] or ["无 none"]
    if any(ACTS[name].amount_needs_authority for name in acts):
        lines += ["", ABOVE_AUTHORITY]
    return "\n".join(lines) + "\n"


def pages() -> Iterator[tuple[str, str]]:
    """Every page of the handbook: file name and text."""
    positions = load_positions(ROOT / "parameters/organisation/positions.yaml")
    parameters = Parameters.load(ROOT / "parameters")
    products = [load_product(file.parent) for file in sorted((ROOT / "products").glob("*/product.yaml"))]
    for position in positions.values():
        yield f"{position.code}.md", position_page(position)
    head = f"{MADE}\n# 业务一览 · Acts\n\n{OPTIONAL} 单证按产品 papers by product.\n\n"
    sections = [act_section(act, positions, products, parameters) for act in ACTS.values()]
    yield "acts.md", head + "\n\n".join(sections) + "\n"
    index = [
        MADE,
        "# 岗位手册 · Handbook",
        "",
        "一岗一页 one page per position; [业务一览 all acts](acts.md).",
        "",
    ]
    index += ["| 岗位 | Position | 직책 |", "|---|---|---|"]
    index += [f"| [{p.name.zh}]({p.code}.md) | {p.name.en} | {p.name.ko} |" for p in positions.values()]
    yield "README.md", "\n".join(index) + "\n"


def main() -> int:
    """Write what differs; with --check name it, and the exit code is 1."""
    wanted = dict(pages())
    HANDBOOK.mkdir(parents=True, exist_ok=True)
    there = {path.name: path.read_text(encoding="utf-8") for path in HANDBOOK.glob("*.md")}
    stale = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    if "--check" in sys.argv[1:]:
        for name in stale:
            print(f"docs/handbook/{name} is not what the register says: run python setup/handbook.py")
        return 1 if stale else 0
    for name in stale:
        if name in wanted:
            (HANDBOOK / name).write_text(wanted[name], encoding="utf-8")
        else:
            (HANDBOOK / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
