"""The JSON Schema for editors is what the Structs say, and every product file holds by it."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from ruamel.yaml import YAML

from counterfoil.core.product.reference import reference_text
from counterfoil.core.product.schema import SCHEMA_ID, schema_text

PROJECT = Path(__file__).parents[3]
SCHEMA = PROJECT / "docs" / "schema" / SCHEMA_ID
FILES = sorted((PROJECT / "products").glob("*/product.yaml"))


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "run python setup/product_schema.py"


def test_the_committed_reference_page_is_current() -> None:
    page = PROJECT / "docs/how-to/products/reference.md"
    assert page.read_text(encoding="utf-8") == reference_text(), "run python setup/product_schema.py"


@pytest.mark.parametrize("path", FILES, ids=[path.parent.name for path in FILES])
def test_every_product_file_holds_by_the_schema_and_names_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../docs/schema/product-2.json\n")
    document = json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))
    assert list(jsonschema_rs.validator_for(json.loads(schema_text())).iter_errors(document)) == []


def test_the_schema_refuses_what_the_loader_refuses() -> None:
    document = json.loads(
        json.dumps(YAML(typ="safe", pure=True).load(FILES[0].read_text(encoding="utf-8")), default=str)
    )
    document["identity"]["kind"] = "lottery"
    document["benefits"][0]["cases"][0]["amount"] = {"take": "half_of", "of": "cash_value"}
    found = list(jsonschema_rs.validator_for(json.loads(schema_text())).iter_errors(document))
    assert {"/".join(str(part) for part in error.instance_path) for error in found} == {
        "identity/kind",
        "benefits/0/cases/0/amount",
    }
