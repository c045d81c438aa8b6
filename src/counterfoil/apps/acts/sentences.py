"""The sentence of a refusal's code in the reader's language, for those who may not know the workbench.

The function that has the sentences is named by the settings; without one a code is shown with what it came with.
"""

from collections.abc import Callable, Mapping
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

Sayer = Callable[[str, Mapping[str, str]], str]


@cache
def _sayer() -> Sayer | None:
    named = getattr(settings, "SENTENCES", "")
    try:
        said: Sayer | None = import_string(named) if named else None
    except ImportError:
        return None
    return said


def sentence_of(code: str, parameters: Mapping[str, str]) -> str:
    """What a code says, in the language that is active."""
    sayer = _sayer()
    return sayer(code, parameters) if sayer else f"{code} {dict(parameters)}" if parameters else code
