"""What each failure of either side means."""

from typing import Any

import pytest

from crosswalk.domain.faults import (
    Failure,
    Fault,
    RemoteError,
    UnreachableError,
    crm_fault,
    shop_fault,
)


def shop_errors(code: str, **facts: str) -> dict[str, Any]:
    """Spell an error as commercetools does."""
    entry = {"code": code, "message": "because", **facts}
    return {"statusCode": 400, "message": "because", "errors": [entry]}


def crm_errors(message: object, **facts: int) -> dict[str, Any]:
    """Spell an error as Freshsales does."""
    return {"errors": {"message": message, **facts}}


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [
        (409, "ConcurrentModification", Fault.STALE),
        (400, "DuplicateField", Fault.DUPLICATE),
        (400, "DuplicateFieldWithConflictingResource", Fault.DUPLICATE),
        (400, "InvalidField", Fault.REFUSED),
        (400, "RequiredField", Fault.REFUSED),
        (400, "InvalidOperation", Fault.REFUSED),
        (400, "ReferenceExists", Fault.REFUSED),
        (400, "MaxResourceLimitExceeded", Fault.REFUSED),
        (400, "ResourceSizeLimitExceeded", Fault.REFUSED),
        (400, "InvalidInput", Fault.SCHEMA),
        (400, "InvalidJsonInput", Fault.SCHEMA),
        (400, "SyntaxError", Fault.SCHEMA),
        (400, "SemanticError", Fault.SCHEMA),
        (400, "QueryComplexityLimitExceeded", Fault.SCHEMA),
        (400, "ContentTooLarge", Fault.SCHEMA),
        (400, "ReferencedResourceNotFound", Fault.MISSING),
        (400, "LockedField", Fault.TRANSIENT),
        (400, "QueryTimedOut", Fault.TRANSIENT),
        (409, "SearchNotReady", Fault.TRANSIENT),
        (503, "OverCapacity", Fault.TRANSIENT),
        (503, "PendingOperation", Fault.TRANSIENT),
        (404, "ResourceNotFound", Fault.GONE),
        (401, "invalid_token", Fault.DENIED),
        (403, "insufficient_scope", Fault.DENIED),
        (400, "OfTomorrow", Fault.REFUSED),
        (409, "OfTomorrow", Fault.STALE),
        (500, "General", Fault.AMBIGUOUS),
        (502, "BadGateway", Fault.AMBIGUOUS),
    ],
)
def test_a_code_of_the_shop_tells_its_fault(
    status: int, code: str, fault: Fault
) -> None:
    """
    A commercetools error code names one fault; one nobody knows goes by the status.
    """
    assert shop_fault(status, shop_errors(code)) == Failure(fault, ("because",))


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (302, Fault.SCHEMA),
        (401, Fault.DENIED),
        (403, Fault.DENIED),
        (404, Fault.GONE),
        (405, Fault.SCHEMA),
        (408, Fault.TRANSIENT),
        (414, Fault.SCHEMA),
        (418, Fault.REFUSED),
        (429, Fault.THROTTLED),
        (502, Fault.AMBIGUOUS),
        (503, Fault.TRANSIENT),
        (200, Fault.AMBIGUOUS),
    ],
)
def test_a_status_of_the_shop_tells_its_fault_without_a_body(
    status: int, fault: Fault
) -> None:
    """
    An answer without a readable body goes by its status; a success that cannot be
    read settles nothing.
    """
    assert shop_fault(status, "") == Failure(fault)


def test_the_shop_names_the_field() -> None:
    """
    The field of a commercetools error comes along.
    """
    failure = shop_fault(400, shop_errors("DuplicateField", field="email"))
    assert failure == Failure(Fault.DUPLICATE, ("because",), "email")


def test_a_refused_client_is_told_by_the_authentication_server() -> None:
    """
    The token endpoint's own error shape is understood: code and words.
    """
    body = {"error": "invalid_client", "error_description": "who are you?"}
    assert shop_fault(400, body) == Failure(Fault.DENIED, ("who are you?",))


@pytest.mark.parametrize(
    ("status", "message", "fault", "field"),
    [
        (400, "jane@example.com already exists.", Fault.DUPLICATE, "email"),
        (400, "c-1 already exists.", Fault.DUPLICATE, ""),
        (400, "Email is not unique", Fault.DUPLICATE, "email"),
        (400, "MobileNumber is not unique", Fault.DUPLICATE, "mobile_number"),
        (400, "Contact is not unique", Fault.DUPLICATE, ""),
        (400, "El correo ya existe", Fault.DUPLICATE, ""),
        (400, "Email no es único", Fault.DUPLICATE, "email"),
        (400, "Need to fill this Email ...", Fault.REFUSED, "email"),
        (
            400,
            "Need to fill this Mobile to submit the form.",
            Fault.REFUSED,
            "mobile_number",
        ),
        (
            400,
            "Invalid lifecycle stage provided.",
            Fault.REFUSED,
            "lifecycle_stage",
        ),
        (400, "Invalid contact status provided.", Fault.REFUSED, "contact_status"),
        (400, "invalid email address", Fault.REFUSED, "email"),
        (400, "First name not in required length", Fault.REFUSED, ""),
        (400, "Invalid or missing attributes", Fault.SCHEMA, ""),
        (
            400,
            (
                "UCR contact fetch failure :: response_code :: 429 :: response :: "
                "Too many requests"
            ),
            Fault.THROTTLED,
            "",
        ),
        (404, "Contact is not in the CRM", Fault.GONE, ""),
        (403, "You are not authorised to perform this operation.", Fault.DENIED, ""),
        (400, "anything else", Fault.REFUSED, ""),
    ],
)
def test_words_of_the_crm_tell_its_fault(
    status: int, message: str, fault: Fault, field: str
) -> None:
    """
    Freshsales' words decide before its status, in a list or alone.
    """
    expected = Failure(fault, (message,), field)
    assert crm_fault(status, crm_errors([message])) == expected
    assert crm_fault(status, crm_errors(message)) == expected


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"message": "no"}]},
        {"message": "no"},
        {"description": "no"},
        "no",
    ],
)
def test_every_shape_of_a_crm_error_is_read(body: object) -> None:
    """
    The words are found whichever of the known shapes an error has.
    """
    assert crm_fault(422, body) == Failure(Fault.REFUSED, ("no",))


def test_a_number_tells_a_duplicate_in_any_language() -> None:
    """
    error_code 3002 is a duplicate whatever the words are.
    """
    body = crm_errors(["既に存在します"], code=400, error_code=3002)
    assert crm_fault(400, body).fault is Fault.DUPLICATE


def test_a_failed_login_is_a_matter_of_credentials() -> None:
    """
    The login shape is DENIED, whatever its status.
    """
    body = {"login": "failed", "message": "bad key"}
    assert crm_fault(400, body) == Failure(Fault.DENIED, ("login failed", "bad key"))


def test_a_failure_inside_a_success_is_a_failure() -> None:
    """
    The code in the body counts, not the 200 around it.
    """
    body = crm_errors(["no such thing"], code=404)
    assert crm_fault(200, body).fault is Fault.GONE


@pytest.mark.parametrize(
    ("status", "call", "fault"),
    [
        (403, "GET /lookup", Fault.TRANSIENT),
        (403, "GET /contacts/view/1", Fault.DENIED),
        (405, "POST /contacts/bulk_upsert", Fault.TRANSIENT),
        (405, "POST /sales_accounts/bulk_upsert", Fault.TRANSIENT),
        (405, "POST /contacts", Fault.SCHEMA),
        (401, "GET /lookup", Fault.DENIED),
        (302, "GET /contacts/1", Fault.SCHEMA),
        (408, "POST /contacts", Fault.TRANSIENT),
        (500, "POST /contacts", Fault.AMBIGUOUS),
        (503, "POST /contacts", Fault.TRANSIENT),
    ],
)
def test_some_statuses_mean_something_else_on_one_call(
    status: int, call: str, fault: Fault
) -> None:
    """
    A forbidden look-up and a busy bulk call pass; elsewhere the status means itself.
    """
    assert crm_fault(status, {}, call=call).fault is fault


def test_of_a_web_page_only_the_title_is_told() -> None:
    """
    An edge's page is named, not copied, and its 429 throttles before any login.
    """
    page = "<html><head><title>Slow\ndown</title></head></html>"
    failure = crm_fault(429, page)
    assert failure == Failure(Fault.THROTTLED, ("a web page: Slow down",))
    assert crm_fault(502, "<html>").messages == ("a web page: no title",)


def test_shapes_nobody_has_seen_are_no_trouble() -> None:
    """
    A body that is a number or a list of numbers has no words.
    """
    assert crm_fault(400, 7) == Failure(Fault.REFUSED)
    assert shop_fault(400, {"errors": [7]}) == Failure(Fault.REFUSED)


def test_an_error_tells_its_facts() -> None:
    """
    A remote error says call, fault, status and words, and "no answer" without one.
    """
    error = RemoteError(Fault.STALE, call="POST /x", status=409, messages=["a", "b"])
    assert str(error) == "POST /x: stale (409): a; b"
    lost = RemoteError(Fault.AMBIGUOUS, call="POST /x")
    assert str(lost) == "POST /x: ambiguous (no status): no answer"


def test_a_database_out_of_reach_is_told_in_one_line() -> None:
    """
    Of what the driver says the first line is kept, and "no answer" stands for nothing.
    """
    assert str(UnreachableError("\n refused \nsecond line")) == "refused"
    assert str(UnreachableError("")) == "no answer"
