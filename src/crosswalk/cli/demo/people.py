"""What people do in the shop, by its real HTTP API; what a simulator has counted."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import BasicAuth, ClientSession
from yarl import URL

from crosswalk.simulators.sample import ShopChange


class ShopFront:
    """Changes records of the shop as its own applications do."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        settings = {
            name.removeprefix("CROSSWALK_COMMERCETOOLS__"): value
            for name, value in environ.items()
        }
        self._token_url = URL(settings["AUTH_URL"]) / "oauth" / "token"
        self._project = URL(settings["API_URL"]) / settings["PROJECT_KEY"]
        self._client = BasicAuth(settings["CLIENT_ID"], settings["CLIENT_SECRET"])
        self._session = ClientSession(raise_for_status=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def make(self, change: ShopChange) -> dict[str, Any]:
        """Make a change and answer the record as it is then."""
        headers = {"Authorization": f"Bearer {await self._token()}"}
        url = self._project / change.resource / change.id
        async with self._session.get(url, headers=headers) as answer:
            version = (await answer.json())["version"]
        update = {"version": version, "actions": list(change.actions)}
        async with self._session.post(url, json=update, headers=headers) as answer:
            record: dict[str, Any] = await answer.json()
        return record

    async def _token(self) -> str:
        async with self._session.post(
            self._token_url,
            data={"grant_type": "client_credentials"},
            auth=self._client,
        ) as answer:
            return str((await answer.json())["access_token"])


class Counter:
    """What a simulator says about itself, beside the API that it imitates."""

    def __init__(self, url: str) -> None:
        self._control = URL(url).origin() / "_control"

    async def reset(self) -> None:
        """Begin to count calls anew."""
        async with ClientSession(raise_for_status=True) as session:
            await session.delete(self._control / "calls")

    async def writes(self) -> int:
        """Count the calls that wrote something."""
        return int((await self._told())["calls"]["writes"])

    async def records(self, resource: str) -> int:
        """Count the records of a resource."""
        return int((await self._told())["counts"][resource])

    async def _told(self) -> dict[str, Any]:
        async with (
            ClientSession(raise_for_status=True) as session,
            session.get(self._control) as answer,
        ):
            told: dict[str, Any] = await answer.json()
        return told
