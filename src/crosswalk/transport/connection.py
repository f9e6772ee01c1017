"""The pool of connections to one server."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from types import TracebackType
from typing import Final, Self

import aiohttp
from yarl import URL

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.transport.message import Answer, Request, settled


def _version() -> str:
    try:
        return metadata.version("crosswalk-sync")
    except metadata.PackageNotFoundError:
        return "source"


USER_AGENT: Final = f"crosswalk/{_version()}"

#: Failures of which it is certain that the server never saw the request.
NOT_SENT: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long we wait for a server, and how much we ask of it at once."""

    #: Seconds from asking for a connection to the last byte of the answer.
    total: float = 60.0
    #: Seconds to connect, waiting for a free connection included.
    connect: float = 10.0
    #: Seconds without a byte.
    silence: float = 30.0
    connections: int = 32


class Connection:
    """Sends requests to one server; use it as an asynchronous context manager.

    Redirects are not followed: neither side uses any, so whoever sends one is not
    the server we were told of.
    """

    def __init__(
        self, base_url: str, *, headers: Mapping[str, str], limits: Limits
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._headers = {"User-Agent": USER_AGENT, **headers}
        self._limits = limits
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        limits = self._limits
        self._session = aiohttp.ClientSession(
            headers=self._headers,
            connector=aiohttp.TCPConnector(limit=limits.connections),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(
                total=limits.total,
                connect=limits.connect,
                sock_read=limits.silence,
            ),
        )
        # aiohttp would send a PUT again by itself when a kept connection breaks: a call
        # that nobody spent, and after the fence that allowed the first one.
        self._session._retry_connection = False  # noqa: SLF001 - there is no other way
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, request: Request) -> Answer:
        """Send once and read the whole answer, whatever its status.

        Raises:
            RemoteError: TRANSIENT when the request was not sent or only reads,
                AMBIGUOUS when a write was sent and its answer is lost.
        """
        if self._session is None:
            raise RuntimeError("a connection sends only inside its context")
        query = f"?{request.query}" if request.query else ""
        url = URL(f"{self.base_url}{request.path}{query}", encoded=True)
        try:
            async with self._session.request(
                request.method,
                url,
                data=request.body,
                headers=request.headers,
                allow_redirects=False,
            ) as response:
                return Answer(
                    status=response.status,
                    headers=response.headers,
                    body=await response.read(),
                )
        except NOT_SENT as error:
            raise _lost(request, Fault.TRANSIENT, error) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _lost(request, Fault.AMBIGUOUS, error) from error


def _lost(request: Request, fault: Fault, error: Exception) -> RemoteError:
    said = f"{type(error).__name__}: {error}".removesuffix(": ")
    return RemoteError(
        settled(fault, request),
        call=request.call,
        messages=(said,),
        request_id=request.headers.get("X-Correlation-ID", ""),
    )
