"""What is logged, and how: facts as keys, one line each, silent when all is well.

A person's data must not come here: of an error that nobody foresaw only its type and
the places it went through are told, never its text or the values around it.
"""

import logging
import sys
import traceback
from types import TracebackType
from typing import Any, Final, TextIO

import orjson
import structlog
from structlog.types import EventDict, Processor

#: Who says more than is worth reading: the quietest level that is still heard. What
#: the pool has to say about a lost database, the worker says in one line.
LEVELS: Final = {
    "psycopg.pool": logging.CRITICAL,
    "procrastinate": logging.ERROR,
    "aiohttp": logging.ERROR,
}
#: The innermost places that an error is shown to have gone through.
PLACES: Final = 6


def configure(stream: TextIO = sys.stderr) -> None:
    """Log warnings and worse to *stream*: for people on a terminal, else as JSON."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_logger_name,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_SHARED],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _key_value() if stream.isatty() else _json(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name, level in LEVELS.items():
        logging.getLogger(name).setLevel(level)


def tell_error(_: object, __: str, event: EventDict) -> EventDict:
    """Replace an error by its type and the places it went through."""
    error = _error(event.pop("exc_info", None))
    event.pop("exc_text", None)
    if error is not None:
        event["error"] = type(error).__name__
        event["places"] = _places(error.__traceback__)
    return event


def _error(found: object) -> BaseException | None:
    match found:
        case BaseException():
            return found
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exception()
        case _:
            return None


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-PLACES:]
    return " > ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames
    )


def _dumps(event: EventDict, **_: Any) -> str:  # noqa: ANN401 - structlog's own
    return orjson.dumps(event, default=str).decode()


def _key_value() -> Processor:
    return structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "event"], drop_missing=True
    )


def _json() -> Processor:
    return structlog.processors.JSONRenderer(serializer=_dumps)


_SHARED: Final[list[Processor]] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    tell_error,
]
