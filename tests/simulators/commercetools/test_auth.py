"""Tokens and scopes."""

import pytest

from tests.simulators.commercetools.shop import Shop, visit


def test_a_token_carries_the_scopes_of_its_client() -> None:
    """
    Without a scope in the request a token carries all of its client's, and says for
    how long.
    """

    async def steps(shop: Shop) -> None:
        answer = await shop.log_in()
        assert answer.json["token_type"] == "Bearer"
        assert answer.json["expires_in"] == 172_800
        assert answer.json["scope"] == "manage_project:sample"

    visit(steps)


def test_wrong_credentials_get_no_token() -> None:
    """
    A wrong secret, an unknown client, a missing header, another grant type and a
    scope of another project are refused.
    """

    async def steps(shop: Shop) -> None:
        for client_id, secret in (("sample-client", "no"), ("nobody", "no")):
            refused = await shop.log_in(client_id, secret)
            assert (refused.status, refused.code) == (401, "invalid_client")
        bare = await shop.send("POST", "/oauth/token", data={})
        assert bare.json["error"] == "invalid_client"
        grant = await shop.log_in(grant_type="password")
        assert (grant.status, grant.code) == (400, "unsupported_grant_type")
        scope = await shop.log_in(scope="manage_customers:other")
        assert (scope.status, scope.code) == (400, "invalid_scope")

    visit(steps)


def test_without_a_valid_token_nothing_is_served() -> None:
    """
    No token, an invented one, an expired one and a revoked one are invalid_token.
    """

    async def steps(shop: Shop) -> None:
        assert (await shop.send("GET", "/sample/customers")).code == "invalid_token"
        invented = {"Authorization": "Bearer x"}
        answer = await shop.send("GET", "/sample/customers", headers=invented)
        assert (answer.status, answer.json["error"]) == (401, "invalid_token")
        await shop.act("clock", {"advance_seconds": 172_799})
        assert (await shop.get("/customers")).status == 200
        await shop.act("clock", {"advance_seconds": 2})
        assert (await shop.get("/customers")).status == 401
        await shop.log_in()
        assert (await shop.get("/customers")).status == 200
        await shop.act("act", {"act": "revoke_tokens"})
        assert (await shop.get("/customers")).status == 401

    visit(steps)


def test_the_life_of_a_token_is_a_switch() -> None:
    """
    The switch shortens tokens; a client with a life of its own is not touched by it.
    """

    async def steps(shop: Shop) -> None:
        await shop.act("switches", {"token_seconds": 5})
        assert (await shop.log_in()).json["expires_in"] == 5
        client = {"client_id": "c", "client_secret": "s", "token_seconds": 3600}
        scopes = ["view_customers:sample"]
        await shop.act("act", {"act": "add_client", "scopes": scopes, **client})
        assert (await shop.log_in("c", "s")).json["expires_in"] == 3600

    visit(steps)


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("view_customers:sample", "GET", "/customers", 200),
        ("view_customers:sample", "POST", "/customers", 403),
        ("manage_customers:sample", "GET", "/customers", 200),
        ("manage_customers:sample", "POST", "/customers", 400),
        ("manage_customers:sample:de", "GET", "/customers", 403),
        ("manage_orders:sample", "GET", "/customers", 403),
        ("view_messages:sample", "GET", "/messages", 200),
        ("view_project_settings:sample", "GET", "", 200),
        ("view_project_settings:sample", "POST", "", 403),
        ("view_business_units:sample", "GET", "/business-units", 200),
        ("view_customers:sample", "GET", "/business-units", 403),
    ],
)
def test_a_scope_opens_its_own_door(
    scope: str, method: str, path: str, status: int
) -> None:
    """
    Reading needs the view scope of the resource, writing its manage scope, which
    contains the other; a scope for one store does not open the whole project.
    """

    async def steps(shop: Shop) -> None:
        client = {"client_id": "c", "client_secret": "s", "scopes": [scope]}
        await shop.act("act", {"act": "add_client", **client})
        await shop.log_in("c", "s")
        answer = await shop.call(method, path, json={} if method == "POST" else None)
        assert answer.status == status
        if status == 403:
            assert answer.code == "insufficient_scope"

    visit(steps)


def test_another_project_is_out_of_scope() -> None:
    """
    A good token asks in vain for a project that is not its own.
    """

    async def steps(shop: Shop) -> None:
        answer = await shop.send("GET", "/other/customers", headers=shop.headers)
        assert (answer.status, answer.code) == (403, "insufficient_scope")

    visit(steps)


def test_introspection_tells_what_a_token_is_worth() -> None:
    """
    A live token is active with its scopes, anything else is not.
    """

    async def steps(shop: Shop) -> None:
        token = (await shop.log_in()).json["access_token"]
        basic = "Basic c2FtcGxlLWNsaWVudDpzYW1wbGUtc2VjcmV0"
        headers = {"Authorization": basic}
        path = "/oauth/introspect"
        live = await shop.send("POST", path, data={"token": token}, headers=headers)
        assert live.json["active"] is True
        assert live.json["scope"] == "manage_project:sample"
        dead = await shop.send("POST", path, data={"token": "x"}, headers=headers)
        assert dead.json == {"active": False}

    visit(steps)
