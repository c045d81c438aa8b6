"""The log: JSON lines from which nobody's data can be read."""

import io
import json
import logging
import logging.config

import pytest
import structlog

from counterfoil.config.logs import logging_settings

CANARY = "110101199003074578"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    settings = logging_settings("DEBUG")
    formatter = settings["formatters"]["json"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        formatter["()"](processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"])
    )
    logger = logging.getLogger("counterfoil_test_log")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel("DEBUG")
    return stream


def _fail() -> None:
    try:
        raise ValueError(f"Key (id_number)=({CANARY}) already exists.")
    except ValueError as error:
        raise KeyError(CANARY) from error


@pytest.mark.parametrize("own", [True, False])
def test_an_exception_is_logged_by_type_and_place_without_its_message(log: io.StringIO, own: bool) -> None:
    try:
        _fail()
    except KeyError as error:
        if own:
            structlog.get_logger("counterfoil_test_log").error("failed", exc_info=error)
        else:
            logging.getLogger("counterfoil_test_log").exception("failed")
    written = json.loads(log.getvalue())
    assert CANARY not in log.getvalue()
    assert written["event"] == "failed"
    assert written["error"] == ["builtins.ValueError", "builtins.KeyError"]
    assert written["frames"][-1].endswith("_fail")


def test_statements_are_not_logged() -> None:
    settings = logging_settings("DEBUG")["loggers"]["django.db.backends"]
    assert settings == {"handlers": [], "level": "CRITICAL", "propagate": False}
