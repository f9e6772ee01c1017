"""API clients, access tokens and what their scopes allow."""

import base64
import binascii
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from multidict import MultiMapping

from crosswalk.simulators.clock import Clock
from crosswalk.simulators.commercetools.errors import ApiError, auth_error
from crosswalk.simulators.switches import Switches

EVERYTHING: Final = "manage_project"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClient:
    """An API client of the project."""

    client_id: str
    secret: str
    #: As in token requests: "manage_customers:sample".
    scopes: tuple[str, ...]
    #: The life of its tokens; None leaves it to the switch.
    token_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token."""

    client_id: str
    scopes: tuple[str, ...]
    permissions: frozenset[str]
    #: By the server's clock, in seconds since 1970.
    expires_at: float


class Gate:
    """Gives out tokens and lets requests pass."""

    def __init__(self, *, project_key: str, clock: Clock, switches: Switches) -> None:
        self._project_key = project_key
        self._clock = clock
        self._switches = switches
        self._clients: dict[str, ApiClient] = {}
        self._tokens: dict[str, Token] = {}

    def add(self, client: ApiClient) -> None:
        """Add an API client, or replace the one with its id."""
        self._clients[client.client_id] = client

    def remove(self, client_id: str) -> None:
        """Forget an API client with all its tokens."""
        self._clients.pop(client_id, None)
        self._tokens = {
            text: token
            for text, token in self._tokens.items()
            if token.client_id != client_id
        }

    def revoke(self) -> int:
        """Forget all tokens; return how many there were."""
        count = len(self._tokens)
        self._tokens.clear()
        return count

    def grant(self, authorization: str, form: MultiMapping[Any]) -> dict[str, Any]:
        """Answer a token request.

        Raises:
            ApiError: the client, the grant type or a scope is refused.
        """
        client = self._client(authorization)
        if form.get("grant_type") != "client_credentials":
            message = "Only grant_type client_credentials is supported."
            raise auth_error(400, "unsupported_grant_type", message)
        scopes = self._granted(client, str(form.get("scope") or ""))
        seconds = client.token_seconds
        if seconds is None:
            seconds = int(self._switches.number("token_seconds"))
        text = secrets.token_urlsafe(24)
        self._tokens[text] = Token(
            client_id=client.client_id,
            scopes=scopes,
            permissions=frozenset(self._permissions(scopes)),
            expires_at=self._clock.timestamp() + seconds,
        )
        return {
            "access_token": text,
            "expires_in": seconds,
            "scope": " ".join(scopes),
            "token_type": "Bearer",
        }

    def introspect(self, authorization: str, form: MultiMapping[Any]) -> dict[str, Any]:
        """Tell what a token is worth.

        Raises:
            ApiError: the client is refused.
        """
        self._client(authorization)
        token = self._tokens.get(str(form.get("token") or ""))
        if token is None or token.expires_at <= self._clock.timestamp():
            return {"active": False}
        return {
            "active": True,
            "scope": " ".join(token.scopes),
            "exp": int(token.expires_at * 1000),
            "client_id": token.client_id,
        }

    def authenticate(self, authorization: str) -> Token:
        """Return the token of a request.

        Raises:
            ApiError: there is none, or it is not valid any more.
        """
        kind, _, text = authorization.partition(" ")
        token = self._tokens.get(text) if kind == "Bearer" else None
        if token is None or token.expires_at <= self._clock.timestamp():
            raise auth_error(401, "invalid_token", "invalid_token")
        return token

    def authorize(self, token: Token, project_key: str, permission: str) -> None:
        """Let a request pass that needs *permission* in a project.

        Raises:
            ApiError: no scope of the token gives it.
        """
        held = token.permissions if project_key == self._project_key else frozenset()
        if not held.isdisjoint({EVERYTHING, permission}):
            return
        needed = f"{permission}:{project_key}"
        message = f"Insufficient scope. One of the following is needed: {needed}."
        raise auth_error(403, "insufficient_scope", message)

    def _client(self, authorization: str) -> ApiClient:
        client_id, secret = _credentials(authorization)
        client = self._clients.get(client_id)
        if client is None or not secrets.compare_digest(
            client.secret.encode(), secret.encode()
        ):
            raise _invalid_client()
        return client

    def _granted(self, client: ApiClient, wanted: str) -> tuple[str, ...]:
        held = set(self._permissions(client.scopes))
        scopes = tuple(wanted.split()) or client.scopes
        for scope in scopes:
            implied = set(self._permissions([scope]))
            covered = EVERYTHING in held or implied <= held
            if scope not in client.scopes and not (implied and covered):
                message = f"The scope '{scope}' is not granted to this client."
                raise auth_error(400, "invalid_scope", message)
        return scopes

    def _permissions(self, scopes: Iterable[str]) -> Iterable[str]:
        """Yield what *scopes* permit in the whole project (not in one store only)."""
        for scope in scopes:
            permission, *where = scope.split(":")
            if where == [self._project_key]:
                yield permission
                if permission.startswith("manage_"):
                    yield permission.replace("manage_", "view_", 1)


def actor(token: Token, headers: Mapping[str, str]) -> dict[str, Any]:
    """Return what ``createdBy`` and ``lastModifiedBy`` show of a caller.

    Raises:
        ApiError: the external user id is too long.
    """
    shown: dict[str, Any] = {"clientId": token.client_id, "isPlatformClient": False}
    user = headers.get("X-External-User-ID")
    if user is not None:
        if len(user) > 128:
            message = "X-External-User-ID is longer than 128 characters."
            raise ApiError(400, "InvalidInput", message)
        shown["externalUserId"] = user
    return shown


def _credentials(authorization: str) -> tuple[str, str]:
    kind, _, text = authorization.partition(" ")
    if kind != "Basic":
        raise _invalid_client()
    try:
        client_id, _, secret = base64.b64decode(text).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise _invalid_client() from error
    return client_id, secret


def _invalid_client() -> ApiError:
    message = "Please provide valid client credentials using HTTP Basic Authentication."
    return auth_error(401, "invalid_client", message)
