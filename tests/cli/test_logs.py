"""What is logged is one line of facts, and never a person's data."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from crosswalk.cli import logs


class Terminal(io.StringIO):
    """Stands for a terminal."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Put logging back as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def fail(email: str) -> None:
    """Fail with a person's data in the error and around it."""
    raise ValueError(f"cannot map {email}")


def test_a_warning_is_a_line_of_json() -> None:
    """
    Where nobody watches a warning is one JSON object with its facts as keys.
    """
    stream = io.StringIO()
    logs.configure(stream)
    structlog.get_logger("crosswalk.engine").warning("side lost", side="crm")
    told = json.loads(stream.getvalue())
    assert (told["level"], told["event"], told["side"]) == (
        "warning",
        "side lost",
        "crm",
    )
    assert told["timestamp"].endswith("Z")


def test_on_a_terminal_it_is_key_and_value() -> None:
    """
    A person reads one line of keys and values.
    """
    stream = Terminal()
    logs.configure(stream)
    structlog.get_logger("crosswalk.engine").warning("side lost", side="crm")
    (line,) = stream.getvalue().splitlines()
    assert 'level=warning event="side lost"' in line
    assert "side=crm" in line


def test_all_well_is_silence() -> None:
    """
    What is no warning is not told, whoever says it.
    """
    stream = io.StringIO()
    logs.configure(stream)
    structlog.get_logger().info("drain begun")
    logging.getLogger("aiohttp.client").warning("slow")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("ours", [True, False], ids=["ours", "a library's"])
def test_an_error_is_told_without_its_values(*, ours: bool) -> None:
    """
    Of an unforeseen error the type and the places are told, never a value.
    """
    stream = io.StringIO()
    logs.configure(stream)
    logger = structlog.get_logger() if ours else logging.getLogger("asyncio")
    try:
        fail("ada@example.com")
    except ValueError:
        logger.exception("drain failed")
    told = json.loads(stream.getvalue())
    assert told["error"] == "ValueError"
    assert told["places"].startswith("test_logs.py:")
    assert "ada" not in stream.getvalue()
