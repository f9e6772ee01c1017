"""Faults: what the switches make of a call before and after it is served."""

import asyncio
import random
from typing import Final

from crosswalk.simulators.commercetools.errors import failure, too_many_requests
from crosswalk.simulators.switches import Switches

#: The seed of the calls that fail by rate, so that a run can be repeated.
SEED: Final = 20261123


class DroppedError(Exception):
    """The connection is to be lost instead of answered."""


class Faults:
    """The faulty side of the server."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._random = random.Random(SEED)
        self._served = 0

    async def wait(self) -> None:
        """Take the time that a call takes at least."""
        milliseconds = self._switches.number("latency_ms")
        if milliseconds:
            await asyncio.sleep(milliseconds / 1000)

    def before_token(self) -> None:
        """Fail a token request, if one is to fail.

        Raises:
            ApiError: it is.
        """
        if self._switches.take("token_fail_next"):
            raise failure(self._status())

    def before(self, *, write: bool) -> None:
        """Fail a call that has done nothing yet.

        Raises:
            ApiError: it is limited, or fails.
            DroppedError: it loses its connection.
        """
        self._served += 1
        nth = int(self._switches.number("limit_every_nth"))
        if nth and self._served % nth == 0:
            seconds = self._switches.number("retry_after_seconds")
            raise too_many_requests(int(seconds))
        rate = self._switches.number("fail_rate")
        if self._switches.take("fail_next") or (rate and self._random.random() < rate):
            raise failure(self._status())
        if write and self._switches.take("drop_before_commit_next"):
            raise DroppedError

    def after_write(self) -> None:
        """Fail a write that is done.

        Raises:
            ApiError: it is answered with a failure.
            DroppedError: it loses its connection.
        """
        if self._switches.take("drop_after_commit_next"):
            raise DroppedError
        if self._switches.take("fail_after_commit_next"):
            raise failure(self._status())

    def _status(self) -> int:
        return int(self._switches.text("fail_status"))
