"""What the tests of the account's socket share."""

from collections.abc import Awaitable
from itertools import count

import pytest

from crosswalk.domain.faults import RemoteError
from crosswalk.domain.model import Kind, Lane

WANTED = {
    Kind.PERSON: (
        "first_name",
        "city",
        "external_id",
        "lifecycle_stage",
        "cf_a",
        "cf_b",
    ),
    Kind.COMPANY: ("name",),
}

NUMBERS = count(1)


def fresh_email() -> str:
    """Invent an address that no record has."""
    return f"gateway.{next(NUMBERS)}@example.com"


async def spend_freely(_: Lane) -> None:
    """Spend a call without counting it."""


async def failure_of(call: Awaitable[object]) -> RemoteError:
    """Take the error that a call ends in."""
    with pytest.raises(RemoteError) as caught:
        await call
    return caught.value
