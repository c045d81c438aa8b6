"""Decides the JSON Schema of `product.yaml`, format 2, for editors: made from the Structs that the loader reads by."""

import json
from typing import Any

import msgspec

from counterfoil.core.product.definition import Terms

SCHEMA_ID = "product-2.json"


def schema_text() -> str:
    """The schema as the text of `docs/schema/product-2.json`. Decimals may be written as text or as plain numbers."""
    schema = msgspec.json.schema(Terms)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "product.yaml, format 2",
        **_plain(schema),
    }
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _plain(node: Any) -> Any:
    """The schema with decimals and dates as a YAML editor sees them, and closed mappings."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("format") == "decimal":
        return {"type": ["string", "number"], "pattern": "^-?[0-9]+(\\.[0-9]+)?$"}
    plain = {key: _plain(value) for key, value in node.items() if key not in ("discriminator", "default")}
    if plain.get("type") == "object" and "properties" in plain:
        plain["additionalProperties"] = False
    return plain
