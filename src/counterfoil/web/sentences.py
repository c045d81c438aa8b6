"""Sentences for violation codes."""


def sentence(code: str, parameters: dict[str, str] | None = None) -> str:
    """The sentence of a code."""
    return code
