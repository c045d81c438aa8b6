"""Every text on the screens has its Chinese, and no request, act or code is without a name."""

import re

import polib
import pytest
from django.utils.translation import gettext, override

from counterfoil.core.register import ACTS
from counterfoil.web import labels
from counterfoil.web.sentences import SENTENCES, sentence
from tests.web.messages import PROJECT, Message, used

CATALOGUE = PROJECT / "locale/zh_Hans/LC_MESSAGES/django.po"
_NAMED = re.compile(r"%\((\w+)\)s")
_HAN = re.compile(r"[一-鿿]")
SAID_ALIKE = frozenset({"; ", ": ", ", ", "."})
"""Punctuation, which has no Chinese character."""


def _entries() -> dict[Message, polib.POEntry]:
    return {Message(e.msgid, e.msgctxt or ""): e for e in polib.pofile(str(CATALOGUE)) if not e.obsolete}


def test_every_text_has_its_chinese() -> None:
    entries = _entries()
    missing = {m: where for m, where in used().items() if m not in entries or not entries[m].translated()}
    assert not missing


def test_nothing_is_translated_that_is_not_used() -> None:
    assert not set(_entries()) - set(used())


def test_the_chinese_of_every_text_is_chinese() -> None:
    for message, entry in _entries().items():
        text = entry.msgstr or entry.msgstr_plural[0]
        assert _HAN.search(text) or message.text in SAID_ALIKE, message


def test_no_translation_asks_for_a_parameter_that_the_text_does_not_give() -> None:
    for entry in _entries().values():
        given = set(_NAMED.findall(entry.msgid + entry.msgid_plural))
        asked = set(_NAMED.findall(entry.msgstr or entry.msgstr_plural[0]))
        assert asked <= given, entry.msgid


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_can_be_said_in_both_languages(code: str) -> None:
    parameters = dict.fromkeys(_NAMED.findall(SENTENCES[code]), "1")
    for language in ("en", "zh-hans"):
        with override(language):
            said = sentence(code, parameters)
            assert "%" not in said.replace("100%", "").replace("1%", ""), said
            assert sentence(code), "a sentence is said even when a parameter is missing"


def test_a_parameter_that_is_a_code_is_said_by_its_name() -> None:
    with override("zh-hans"):
        assert "核保通过待承保" in sentence("policy_not_issued", {"standing": "accepted"})
        assert "770.00" in sentence("amount_not_premium_due", {"due": "770.00", "amount": "7000.50"})
        assert "7,000.50" in sentence("amount_not_premium_due", {"due": "770.00", "amount": "7000.50"})


def test_every_act_has_a_name() -> None:
    assert set(labels.ACT) >= set(ACTS)
    with override("zh-hans"):
        assert all(_HAN.search(str(labels.ACT[act])) for act in ACTS)


def test_english_is_the_source_and_is_shown_as_written() -> None:
    with override("en"):
        assert gettext("Surrender") == "Surrender"
