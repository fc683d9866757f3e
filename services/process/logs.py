"""Logs: one JSON object a line on stderr, with the correlation id of the request, without personal data.

A library's exception may contain values (a duplicate e-mail, a body's text), so exceptions are logged by type and place only;
libraries log warnings and above.
"""

import logging
import sys
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

from readmodels.sqlstate import sqlstate_of

ROOT = Path(__file__).resolve().parents[2]


def places(traceback: TracebackType | None) -> list[str]:
    """The stack of an exception, innermost last: "services/api/scheduling/visit.py:120 book"."""
    found = []
    for frame in extract_tb(traceback)[-12:]:
        path = Path(frame.filename)
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-2:])
        found.append(f"{shown}:{frame.lineno} {frame.name}")
    return found


def _without_messages(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and place."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["where"] = places(error.__traceback__)
        if (sqlstate := sqlstate_of(error)) is not None:
            event["sqlstate"] = sqlstate
    return event


def _json(event: EventDict, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


def configure(level: str = "INFO") -> None:
    """Let structlog and the standard library's logging write JSON lines to stderr."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_messages,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer(_json)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # for libraries: their lower levels log addresses with queries
    logging.getLogger("denta").setLevel(level)
