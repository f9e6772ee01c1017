"""A shop to try things on: the simulated server on a loopback port, and a caller."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from crosswalk.simulators.commercetools.server import Server

#: Any JSON, and what the client takes beside it.
JSON = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    json: JSON

    @property
    def code(self) -> str:
        """The code of the first error."""
        return str(self.json["errors"][0]["code"])

    @property
    def error(self) -> dict[str, Any]:
        """The first error."""
        first: dict[str, Any] = self.json["errors"][0]
        return first


class Shop:
    """A caller with a token for everything."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self.client = client
        self.headers: dict[str, str] = {}

    async def log_in(
        self,
        client_id: str = "sample-client",
        secret: str = "sample-secret",  # noqa: S107 (an invented shop)
        **form: str,
    ) -> Answer:
        """Fetch a token and use it from now on."""
        authorization = aiohttp.encode_basic_auth(client_id, secret)
        answer = await self.send(
            "POST",
            "/oauth/token",
            data={"grant_type": "client_credentials", **form},
            headers={"Authorization": authorization},
        )
        if answer.status == 200:
            token = answer.json["access_token"]
            self.headers["Authorization"] = f"Bearer {token}"
        return answer

    async def send(self, method: str, path: str, **options: JSON) -> Answer:
        """Send any request as it stands."""
        async with self.client.request(method, path, **options) as response:
            body = await response.read()
            return Answer(
                status=response.status,
                headers=response.headers,
                json=orjson.loads(body) if body else None,
            )

    async def get(self, path: str, **params: str | list[str]) -> Answer:
        """Read below the project; a list repeats its parameter."""
        return await self.call("GET", path, params=_pairs(params))

    async def post(self, path: str, body: JSON, **headers: str) -> Answer:
        """Write below the project."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.call("POST", path, json=body, headers=named)

    async def delete(self, path: str, **params: str) -> Answer:
        """Delete below the project."""
        return await self.call("DELETE", path, params=params)

    async def call(self, method: str, path: str, **options: JSON) -> Answer:
        """Send a request with the token below the project."""
        headers = {**self.headers, **options.pop("headers", {})}
        return await self.send(method, f"/sample{path}", headers=headers, **options)

    async def act(self, path: str, body: Mapping[str, Any] | None = None) -> JSON:
        """Use the control API: PUT for switches, POST otherwise."""
        method = "PUT" if path == "switches" else "POST"
        answer = await self.send(method, f"/_control/{path}", json=body or {})
        assert answer.status == 200, answer.json
        return answer.json

    async def seed(self, resource: str, *records: Mapping[str, Any]) -> None:
        """Seed records of one resource."""
        lines = [{"resource": resource, "record": record} for record in records]
        body = b"\n".join(orjson.dumps(line) for line in lines)
        answer = await self.send("POST", "/_control/seed", data=body)
        assert answer.status == 200, answer.json

    async def customer(self, email: str, **fields: JSON) -> dict[str, Any]:
        """Create a customer that cannot log in."""
        draft = {"email": email, "authenticationMode": "ExternalAuth", **fields}
        answer = await self.post("/customers", draft)
        assert answer.status == 201, answer.json
        record: dict[str, Any] = answer.json["customer"]
        return record

    async def unit(self, key: str, parent: str = "", **fields: JSON) -> dict[str, Any]:
        """Create a company, or a division below *parent*."""
        draft = {"key": key, "name": key.upper(), "unitType": "Company", **fields}
        if parent:
            above = {"typeId": "business-unit", "key": parent}
            draft.update(unitType="Division", parentUnit=above)
        answer = await self.post("/business-units", draft)
        assert answer.status == 201, answer.json
        record: dict[str, Any] = answer.json
        return record

    async def update(self, path: str, record: JSON, *actions: JSON) -> Answer:
        """Run update actions on the version of *record*."""
        body = {"version": record["version"], "actions": list(actions)}
        return await self.post(f"{path}/{record['id']}", body)

    async def emails(self, **params: str | list[str]) -> list[str]:
        """Return the e-mails of a list of customers."""
        answer = await self.get("/customers", **params)
        assert answer.status == 200, answer.json
        return [record["email"] for record in answer.json["results"]]


def _pairs(params: Mapping[str, str | list[str]]) -> list[tuple[str, str]]:
    """Spell ``var_x`` as ``var.x`` and repeat lists."""
    return [
        (name.replace("var_", "var."), one)
        for name, value in params.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def visit(steps: Callable[[Shop], Awaitable[None]]) -> None:
    """Run *steps* in a new shop."""

    async def session() -> None:
        server = Server(
            project_key="sample",
            client_id="sample-client",
            client_secret="sample-secret",
        )
        async with TestClient(TestServer(server.app())) as client:
            shop = Shop(client)
            await shop.log_in()
            await steps(shop)

    asyncio.run(session())
