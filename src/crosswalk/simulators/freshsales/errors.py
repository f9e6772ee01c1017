"""Refusals of the API, and how they are spelled.

RefusalError
├── NotFoundError        404: unknown path or id, or a deleted record
├── ForbiddenError       403: the key may not do this, or there is no such view
├── UnauthenticatedError 401: no key, or one that nobody issued
└── DuplicateError       400: another record holds a unique value
"""

from collections.abc import Sequence
from typing import Any, Final

import orjson

from crosswalk.simulators.switches import Switches

#: The integer beside ``code`` that some accounts send for a duplicate.
UNIQUENESS_CODE: Final = 3002

NO_ATTRIBUTES: Final = "Invalid or missing attributes"


class RefusalError(Exception):
    """The API refuses a request with a status and one or more texts."""

    status = 400

    def __init__(
        self, *messages: str, status: int | None = None, retry_after: str = ""
    ) -> None:
        self.messages: Sequence[str] = messages
        #: The Retry-After header in seconds; empty for none.
        self.retry_after = retry_after
        self.status = status or self.status
        super().__init__("; ".join(messages))


class NotFoundError(RefusalError):
    """There is no such path or record, or the record was deleted."""

    status = 404

    def __init__(self, what: str = "The requested resource") -> None:
        super().__init__(f"{what} is not in the CRM")


class ForbiddenError(RefusalError):
    """The key may not do this, or the view does not exist or is not shared."""

    status = 403

    def __init__(self) -> None:
        super().__init__("You are not authorised to perform this operation.")


class UnauthenticatedError(RefusalError):
    """The Authorization header is missing or names no key of this account."""

    status = 401


class DuplicateError(RefusalError):
    """Another record of the module holds a value that must be unique."""


def missing_attributes() -> RefusalError:
    """Return the refusal of a body that is not a JSON object of attributes."""
    return RefusalError(NO_ATTRIBUTES)


def error_content(error: RefusalError, switches: Switches) -> bytes:
    """Spell *error* as the body of an answer."""
    if isinstance(error, UnauthenticatedError):
        return orjson.dumps({"login": "failed", "message": error.messages[0]})
    content: dict[str, Any] = {"code": error.status, "message": list(error.messages)}
    if switches.on("error_message_as_string"):
        content["message"] = ", ".join(error.messages)
    if isinstance(error, DuplicateError) and switches.on("uniqueness_error_code"):
        content["error_code"] = UNIQUENESS_CODE
    return orjson.dumps({"errors": content})
