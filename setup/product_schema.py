"""Write docs/schema/product-2.json from the Structs of the product format, or with --check say that it is stale."""

import sys
from pathlib import Path

from counterfoil.core.product.schema import SCHEMA_ID, schema_text

PATH = Path(__file__).parents[1] / "docs/schema" / SCHEMA_ID


def main() -> int:
    """Write the file where it differs; with --check the exit code is 1 instead."""
    wanted = schema_text()
    stale = not PATH.is_file() or PATH.read_text(encoding="utf-8") != wanted
    if stale and "--check" in sys.argv[1:]:
        print("docs/schema/product-2.json is not what the Structs say: run python setup/product_schema.py")
        return 1
    if stale:
        PATH.parent.mkdir(parents=True, exist_ok=True)
        PATH.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
