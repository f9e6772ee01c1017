"""The errors of the simulated API, spelled as the API spells them."""

from collections.abc import Mapping
from typing import Any, Final

#: The code and message that go with a status that is no fault of the request.
FAILURES: Final[Mapping[int, tuple[str, str]]] = {
    500: ("General", "Internal server error."),
    502: ("BadGateway", "Bad gateway."),
    503: ("OverCapacity", "The service is having trouble handling the load."),
    504: ("Timeout", "The request timed out."),
}


class ApiError(Exception):
    """An answer that is an error.

    ``facts`` are the extra fields of the first entry of ``errors``; ``top`` are
    extra fields beside it, as authorization errors have them.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        facts: Mapping[str, Any] | None = None,
        top: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.facts = dict(facts or {})
        self.top = dict(top or {})
        self.headers = dict(headers or {})
        super().__init__(f"{status} {code}: {message}")

    def body(self) -> dict[str, Any]:
        """Return the JSON of the answer."""
        entry = {"code": self.code, "message": self.message, **self.facts}
        return {
            "statusCode": self.status,
            "message": self.message,
            "errors": [entry],
            **self.top,
        }


def auth_error(status: int, error: str, description: str) -> ApiError:
    """Refuse a token, a scope or a client."""
    top = {"error": error, "error_description": description}
    headers = {"WWW-Authenticate": f'Bearer error="{error}"'} if status == 401 else {}
    return ApiError(status, error, description, top=top, headers=headers)


def failure(status: int) -> ApiError:
    """Fail through no fault of the request."""
    code, message = FAILURES[status]
    return ApiError(status, code, message)


def too_many_requests(retry_after: int) -> ApiError:
    """Ask to come back in *retry_after* seconds."""
    headers = {"Retry-After": str(retry_after), "X-RateLimit-Remaining": "0"}
    return ApiError(429, "TooManyRequests", "Too many requests.", headers=headers)


def invalid_input(message: str) -> ApiError:
    """Refuse a parameter."""
    return ApiError(400, "InvalidInput", message)


def invalid_json(detail: str) -> ApiError:
    """Refuse a body that is not JSON, or not of the expected shape."""
    message = "Request body does not contain valid JSON."
    facts = {"detailedErrorMessage": detail}
    return ApiError(400, "InvalidJsonInput", message, facts=facts)


def invalid_operation(message: str) -> ApiError:
    """Refuse what the rules of the business forbid."""
    return ApiError(400, "InvalidOperation", message)


def invalid_field(
    field: str, value: object, *, allowed: list[Any] | None = None
) -> ApiError:
    """Refuse the value of a field."""
    facts: dict[str, Any] = {"field": field, "invalidValue": value}
    if allowed is not None:
        facts["allowedValues"] = allowed
    message = f"The value '{value}' is not valid for field '{field}'."
    return ApiError(400, "InvalidField", message, facts=facts)


def required_field(field: str) -> ApiError:
    """Miss a field."""
    message = f"A value is required for field '{field}'."
    return ApiError(400, "RequiredField", message, facts={"field": field})


def duplicate_field(field: str, value: object) -> ApiError:
    """Refuse a value that another record holds."""
    message = f"A duplicate value '{value}' exists for field '{field}'."
    facts = {"field": field, "duplicateValue": value}
    return ApiError(400, "DuplicateField", message, facts=facts)


def reference_not_found(type_id: str, by: str, value: object) -> ApiError:
    """Miss the record that an id or a key points at; *by* is "id" or "key"."""
    message = (
        f"The referenced object of type '{type_id}' with {by} '{value}' was not found."
    )
    facts = {"typeId": type_id, by: value}
    return ApiError(400, "ReferencedResourceNotFound", message, facts=facts)


def reference_exists(referenced_by: str) -> ApiError:
    """Refuse to delete what a record of type *referenced_by* points at."""
    message = f"Can not delete a resource while it is referenced by a {referenced_by}."
    return ApiError(
        400, "ReferenceExists", message, facts={"referencedBy": referenced_by}
    )


def limit_exceeded(resource: str, message: str) -> ApiError:
    """Refuse one more than the documented number."""
    facts = {"exceededResource": {"typeId": resource}}
    return ApiError(400, "MaxResourceLimitExceeded", message, facts=facts)


def not_found(what: str) -> ApiError:
    """Miss a record."""
    return ApiError(404, "ResourceNotFound", f"The Resource with {what} was not found.")


def uri_not_found(path: str) -> ApiError:
    """Miss a path."""
    return ApiError(404, "ResourceNotFound", f"URI not found: {path}")


def method_not_allowed(method: str, allowed: tuple[str, ...]) -> ApiError:
    """Refuse a method that the path does not have."""
    message = f"Method {method} is not allowed; allowed are {', '.join(allowed)}."
    headers = {"Allow": ", ".join(allowed)}
    return ApiError(405, "MethodNotAllowed", message, headers=headers)


def concurrent_modification(resource_id: str, expected: int, actual: int) -> ApiError:
    """Refuse a change of a version that is not the current one."""
    message = (
        f"Object {resource_id} has a different version than expected. "
        f"Expected: {expected} - Actual: {actual}."
    )
    facts = {"currentVersion": actual}
    return ApiError(409, "ConcurrentModification", message, facts=facts)
