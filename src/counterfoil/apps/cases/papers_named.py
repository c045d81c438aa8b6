"""The names of kinds of paper, as ``parameters/papers/types.yaml`` has them."""

from functools import cache
from typing import Any

from django.conf import settings

from counterfoil.core.kernel.strict_files import load_yaml


@cache
def paper_names() -> dict[str, dict[str, str]]:
    """Names by code, each by language; read once a process."""
    kinds = load_yaml(settings.PARAMETERS_DIR / "papers" / "types.yaml", list[dict[str, Any]])
    return {str(kind["code"]): kind["name"] for kind in kinds}


def paper_in_chinese(code: str) -> str:
    """A kind of paper, or several of which one will do, for a letter."""
    return "或".join(paper_names().get(one, {}).get("zh", one) for one in code.split("/"))
