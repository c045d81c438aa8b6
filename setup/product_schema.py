"""Write the schema and the reference page of the product format, or with --check name what is stale."""

import sys
from pathlib import Path

from counterfoil.core.product.reference import reference_text
from counterfoil.core.product.schema import SCHEMA_ID, schema_text

DOCS = Path(__file__).parents[1] / "docs"


def main() -> int:
    """Write the files that differ; with --check the exit code is 1 instead."""
    wanted = {
        DOCS / "schema" / SCHEMA_ID: schema_text(),
        DOCS / "how-to/products/reference.md": reference_text(),
    }
    stale = [p for p, text in wanted.items() if not p.is_file() or p.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path} is not what the Structs say: run python setup/product_schema.py")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
