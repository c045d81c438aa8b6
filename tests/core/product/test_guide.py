"""The author's guide shows only what the loader takes."""

import re
from pathlib import Path

import pytest
from msgspec import Struct
from ruamel.yaml import YAML

from counterfoil.commands.product_new import KINDS
from counterfoil.core.actuarial.basis import BasisFile
from counterfoil.core.kernel.strict_files import load_yaml
from counterfoil.core.product.account import Account
from counterfoil.core.product.benefits import Benefit, Factor, SharedLimit
from counterfoil.core.product.clauses import Claims, Disclosure, Reinstatement
from counterfoil.core.product.lookup import PlannedIn, PlannedOut
from counterfoil.core.product.money_rules import PremiumRule, SumAssured
from counterfoil.core.product.options import Dividends, Renewal
from counterfoil.core.product.plans import Choice, PlanGroup
from counterfoil.core.product.table_rules import TableRule

GUIDE = Path(__file__).parents[3] / "docs" / "how-to"
PAGES = [GUIDE / "new-product.md", *sorted(page for page in (GUIDE / "products").glob("*.md"))]
BLOCKS = [
    (page, number, block)
    for page in PAGES
    for number, block in enumerate(
        re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    )
]


class Parts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sections that a page may show on their own."""

    plans: tuple[PlanGroup, ...] = ()
    choices: tuple[Choice, ...] = ()
    event_facts: tuple[Choice, ...] = ()
    tables: tuple[TableRule, ...] = ()
    factors: tuple[Factor, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    shared_limits: tuple[SharedLimit, ...] = ()
    account: Account | None = None
    dividends: Dividends | None = None
    premium: PremiumRule | None = None
    sum_assured: SumAssured | None = None
    payments: tuple[PlannedIn, ...] = ()
    withdrawals: tuple[PlannedOut, ...] = ()
    renewal: Renewal | None = None
    reinstatement: Reinstatement | None = None
    disclosure: Disclosure | None = None
    claims: Claims | None = None


@pytest.mark.parametrize(("page", "number", "block"), BLOCKS, ids=[f"{p.stem}-{n}" for p, n, _ in BLOCKS])
def test_every_example_of_the_guide_is_yaml_and_its_sections_load(
    page: Path, number: int, block: str, tmp_path: Path
) -> None:
    if re.match(r"[a-z_]+:\n?", block) and not block.startswith("amount:"):
        pieces = re.split(r"\n\n(?=  - code)", block)  # an entry of another section may follow a blank line
        path = tmp_path / "part.yaml"
        path.write_text(pieces[0] + "\n", encoding="utf-8")
        load_yaml(path, Parts)
    else:
        for one in re.split(r"\n(?=amount:)", block):
            YAML(typ="safe", pure=True).load(one)


def test_there_is_a_chapter_for_every_kind_that_can_be_begun() -> None:
    index = (GUIDE / "new-product.md").read_text(encoding="utf-8")
    for kind in KINDS:
        assert (GUIDE / "products" / f"{kind}.md").is_file()
        assert f"products/{kind}.md" in index


def test_the_basis_of_the_guide_has_every_key_and_no_other(tmp_path: Path) -> None:
    page = (GUIDE / "products" / "basis.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml basis\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "basis.yaml"
    path.write_text(block, encoding="utf-8")
    basis = load_yaml(path, BasisFile)
    named = {
        name
        for line in page.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    assert named == {*basis.__struct_fields__}
