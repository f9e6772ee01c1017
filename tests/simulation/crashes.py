"""A process that dies at a chosen point: the parts of a world, wrapped.

The production code knows nothing of this. What stands for the death is an exception
that no code of ours catches; the test then builds a new world over the same database
and the same two sides, as a restart does.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar, cast

from crosswalk.engine.combiner import Combiner
from crosswalk.engine.world import World
from crosswalk.ports import Crm
from crosswalk.store.database import Database, Transaction

Answer = TypeVar("Answer")

#: Where a process can die, as often as a batch passes there: a transaction that is
#: about to commit or just did, a call that is about to be made or just was.
POINTS: Final = ("before commit", "after commit", "before call", "after call")
#: Calls that write.
WRITES: Final = ("claim", "create", "update")


class Death(BaseException):
    """The process is gone."""


@dataclass(slots=True)
class Fate:
    """When the process dies: the so-manieth time that it passes a point."""

    point: str = ""
    passes: int = 1

    def at(self, point: str) -> None:
        """Die here, if this is the moment."""
        if point == self.point:
            self.passes -= 1
            if self.passes == 0:
                raise Death


def doomed(world: World, fate: Fate) -> World:
    """Wrap what a world writes with, so that it can die there."""
    return replace(
        world,
        database=cast("Database", _Database(world.database, fate)),
        combiner=cast("Combiner", _Calls(world.combiner, fate)),
        crm=cast("Crm", _Calls(world.crm, fate)),
    )


class _Database:
    """A database whose process dies around a commit."""

    def __init__(self, real: Database, fate: Fate) -> None:
        self._real = real
        self._fate = fate

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever it has
        return getattr(self._real, name)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._real.transaction() as tx:
            yield tx
            self._fate.at("before commit")
        self._fate.at("after commit")


class _Calls:
    """A side, or the combiner before it, whose process dies around a write."""

    def __init__(self, real: object, fate: Fate) -> None:
        self._real = real
        self._fate = fate

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever it has
        found = getattr(self._real, name)
        if name == "on":
            return lambda lane: _Calls(found(lane), self._fate)
        return self._mortal(found) if name in WRITES else found

    def _mortal(
        self, call: Callable[..., Awaitable[Answer]]
    ) -> Callable[..., Awaitable[Answer]]:
        async def made(*args: object, **kwargs: object) -> Answer:
            self._fate.at("before call")
            answer = await call(*args, **kwargs)
            self._fate.at("after call")
            return answer

        return made
