"""Faults that a test orders in advance, each for the next n calls it concerns."""

from collections.abc import Callable, Mapping
from typing import Final

from crosswalk.simulators.freshsales.calls import Answer
from crosswalk.simulators.freshsales.errors import ForbiddenError, RefusalError
from crosswalk.simulators.switches import Switches

#: The text that integrately.com's catalogue gives for a throttle inside Freshworks.
INNER_THROTTLE: Final = (
    "UCR contact fetch failure :: response_code :: 429 :: response :: Too many requests"
)

#: Counting switch -> (which paths it concerns, the refusal).
REFUSALS: Final[
    Mapping[str, tuple[Callable[[str], bool], Callable[[Switches], RefusalError]]]
] = {
    "server_error_next": (
        lambda _: True,
        lambda switches: RefusalError(
            "Something went wrong", status=int(switches.number("server_error_status"))
        ),
    ),
    "inner_throttle_next": (
        lambda path: path.startswith("contacts"),
        lambda _: RefusalError(INNER_THROTTLE),
    ),
    "lookup_forbidden_next": (
        lambda path: path == "lookup",
        lambda _: ForbiddenError(),
    ),
    "bulk_busy_next": (
        lambda path: path.endswith("/bulk_upsert"),
        lambda _: RefusalError("Method not allowed", status=405),
    ),
}


def refuse_ordered_fault(path: str, switches: Switches) -> None:
    """Raise the refusal that a test ordered for a call of *path*, if any."""
    for name, (concerns, refusal) in REFUSALS.items():
        if concerns(path) and switches.take(name):
            raise refusal(switches)


def edge_throttle(switches: Switches) -> Answer | None:
    """Return the edge gateway's answer when a test ordered one.

    The gateway throttles by address before authentication, in HTML, and asks for
    minutes (contract 1.5).
    """
    if not switches.take("edge_throttle_next"):
        return None
    seconds = int(switches.number("edge_retry_after"))
    return Answer(
        status=429,
        body=b"<html><body><h1>429 Too Many Requests</h1></body></html>",
        headers={"Retry-After": str(seconds)},
        content_type="text/html",
    )
