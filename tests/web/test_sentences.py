"""No refusal is shown as a bare code, and no sentence is left of a code that is gone."""

from counterfoil.web.sentences import SENTENCES
from tests.web.codes import codes_in_use


def test_every_code_has_a_sentence() -> None:
    missing = {code: where for code, where in codes_in_use().items() if code not in SENTENCES}
    assert not missing


def test_every_sentence_has_a_code() -> None:
    assert not set(SENTENCES) - set(codes_in_use())
