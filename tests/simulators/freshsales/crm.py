"""A running simulator and a caller in one, so that a test reads as a dialogue."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from crosswalk.simulators.freshsales import make_app

API = "/crm/sales/api"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer."""

    status: int
    #: The decoded JSON, or None without any.
    body: Any
    headers: Mapping[str, str]

    @property
    def messages(self) -> list[str]:
        """The texts of a refusal."""
        texts: list[str] = self.body["errors"]["message"]
        return texts


class Crm:
    """A fresh account, its API with the first key, and its control API."""

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        self._runner.__enter__()
        self._client = self._runner.run(self._start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.run(self._client.close())
        self._runner.__exit__(kind, error, trace)

    async def _start(self) -> TestClient[web.Request, web.Application]:
        client = TestClient(TestServer(make_app("sample-key")))
        await client.start_server()
        return client

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str = "sample-key",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Call the API with a key and a JSON body."""
        given = {"Authorization": f"Token token={key}"} if key else {}
        if body is not None:
            given["Content-Type"] = "application/json"
        content = None if body is None else orjson.dumps(body)
        return self.send(method, API + path, content, {**given, **(headers or {})})

    def send(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        """Send a request exactly as given."""
        return self._runner.run(self._send(method, path, content, headers))

    def send_together(self, *calls: tuple[str, str, object]) -> list[Reply]:
        """Call the API several times at once."""
        return self._runner.run(self._send_together(calls))

    async def _send_together(
        self, calls: tuple[tuple[str, str, object], ...]
    ) -> list[Reply]:
        headers = {
            "Authorization": "Token token=sample-key",
            "Content-Type": "application/json",
        }
        sent = (
            self._send(method, API + path, orjson.dumps(body), headers)
            for method, path, body in calls
        )
        return list(await asyncio.gather(*sent))

    async def _send(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        sent = self._client.request(
            method, path, data=content, headers=headers, skip_auto_headers=["Accept"]
        )
        async with sent as answer:
            text = await answer.read()
            is_json = answer.content_type == "application/json" and text
            body = orjson.loads(text) if is_json else text or None
            return Reply(status=answer.status, body=body, headers=answer.headers)

    def get(self, path: str) -> Reply:
        """GET *path*."""
        return self.call("GET", path)

    def post(self, path: str, body: object) -> Reply:
        """POST *body* to *path*."""
        return self.call("POST", path, body)

    def put(self, path: str, body: object) -> Reply:
        """PUT *body* to *path*."""
        return self.call("PUT", path, body)

    def contact(self, **attributes: object) -> dict[str, Any]:
        """Create a contact and return it."""
        reply = self.post("/contacts", {"contact": attributes})
        assert reply.status == 200, reply.body
        created: dict[str, Any] = reply.body["contact"]
        return created

    def account(self, **attributes: object) -> dict[str, Any]:
        """Create a sales account and return it."""
        reply = self.post("/sales_accounts", {"sales_account": attributes})
        assert reply.status == 200, reply.body
        created: dict[str, Any] = reply.body["sales_account"]
        return created

    def switch(self, **values: object) -> None:
        """Set switches."""
        reply = self.send("PUT", "/_control/switches", orjson.dumps(values), {})
        assert reply.status == 200, reply.body

    def seed(self, resource: str, *records: Mapping[str, object]) -> None:
        """Store records as they stand."""
        lines = [orjson.dumps({"resource": resource, "record": r}) for r in records]
        reply = self.send("POST", "/_control/seed", b"\n".join(lines), {})
        assert reply.status == 200, reply.body

    def act(self, act: str, /, **facts: object) -> Reply:
        """Do what a person or another app does."""
        content = orjson.dumps({"act": act, **facts})
        return self.send("POST", "/_control/act", content, {})

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        content = orjson.dumps({"advance_seconds": seconds})
        self.send("POST", "/_control/clock", content, {})

    def dump(self, resource: str) -> list[dict[str, Any]]:
        """Return every record of a resource with all its references."""
        reply = self.send("GET", f"/_control/records/{resource}", None, {})
        assert reply.status == 200, reply.body
        return [orjson.loads(line) for line in (reply.body or b"").splitlines() if line]

    def view(self, name: str, query: str = "", module: str = "contacts") -> Reply:
        """Return a page of the view called *name*."""
        views = self.get(f"/{module}/filters").body["filters"]
        view_id = next(view["id"] for view in views if view["name"] == name)
        return self.get(f"/{module}/view/{view_id}{query}")

    def selector(self, name: str, entry: str) -> int:
        """Return the id of an entry by its name."""
        (rows,) = self.get(f"/selector/{name}").body.values()
        keys = ("name", "display_name")
        found = (row for row in rows if entry in [row.get(key) for key in keys])
        return int(next(found)["id"])


LOST = aiohttp.ServerDisconnectedError
