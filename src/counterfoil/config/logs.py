"""How the system logs: one JSON object a line to standard error, and never a value that could be personal.

An exception is logged by its type and its frames, without its message: a database's message quotes the row.
"""

import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

Raised = tuple[type[BaseException], BaseException, TracebackType | None]


def without_message(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace exception information by type names (cause first) and `file:line function` of the frames."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raise TypeError("log the exception itself: exc_info=error")
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["error"] = _names(error)
        event["frames"] = [
            f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)
        ][-25:]
    event.pop("exception", None)
    event.pop("stack", None)
    return event


def _names(error: BaseException) -> list[str]:
    names: list[str] = []
    current: BaseException | None = error
    while current is not None and len(names) < 10:
        names.append(f"{type(current).__module__}.{type(current).__qualname__}")
        current = current.__cause__ or current.__context__
    return names[::-1]


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING; also configures structlog to go through it."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_message,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # Statements carry parameters, failed sign-ins carry names.
            "django.db.backends": {"handlers": [], "level": "CRITICAL", "propagate": False},
            "procrastinate": {"handlers": [], "level": "WARNING", "propagate": True},
            "axes": {"handlers": [], "level": "ERROR", "propagate": True},
        },
    }
