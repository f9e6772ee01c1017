"""``crosswalk demo``: everything on this machine, and nothing left behind."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Final

from cyclopts import Parameter

from crosswalk import bootstrap
from crosswalk.cli.demo import alive, page, story
from crosswalk.cli.demo.stage import Stage, set_up
from crosswalk.cli.demo.story import Play
from crosswalk.cli.opening import open_everything
from crosswalk.cli.output import Exit, say
from crosswalk.cli.signals import on_end

#: What shells expect of a command that Ctrl-C ended.
INTERRUPTED: Final = 130


async def demo(
    *,
    once: Annotated[
        bool, Parameter(help="End after the second pass.", negative="")
    ] = False,
    customers: Annotated[int, Parameter(help="The size of the sample shop.")] = 200,
    seed: Annotated[
        int, Parameter(help="Which sample shop: the same number, the same people.")
    ] = 7,
) -> int:
    """Simulate both systems, sync a sample shop, then watch changes arrive.

    Works in a temporary folder of its own and leaves nothing behind. Fails when the
    result is not what the sample must come to, or when a second pass writes anything.
    """
    task = asyncio.create_task(_perform(once=once, customers=customers, seed=seed))
    with on_end(task.cancel):
        try:
            return await task
        except asyncio.CancelledError:
            say("Ended; nothing is left running.")
            return INTERRUPTED


async def _perform(*, once: bool, customers: int, seed: int) -> Exit:
    page.heading("Crosswalk", "a shop and its CRM, both simulated on this machine")
    async with set_up() as stage:
        await story.fill(stage, customers=customers, seed=seed)
        return await _play(stage, once=once, customers=customers, seed=seed)


async def _play(stage: Stage, *, once: bool, customers: int, seed: int) -> Exit:
    async with open_everything(stage.environ) as opened:
        play = Play(
            stage=stage,
            world=opened.world,
            customers=customers,
            seed=seed,
            bulk_from=opened.config.sync.bulk_from,
        )
        await story.show_plan(play)
        async with bootstrap.working(play.world):
            began = await story.bring_over(play)
            await story.tell_result(play, began)
            writes = await story.repeat(play)
            verdict = _verdict(await story.differences(play), writes)
            if once or verdict is not Exit.DONE:
                return verdict
            alive.explain_where(play)
            with suppress(asyncio.CancelledError):
                await alive.keep_alive(play)
    say("Ended; nothing is left running.")
    return Exit.DONE


def _verdict(wrong: Sequence[str], writes: int) -> Exit:
    """Say whether all is as it must be."""
    if writes:
        wrong = [*wrong, f"the second pass made {writes} write calls instead of none"]
    for difference in wrong:
        page.line(difference, "red")
    if wrong:
        return Exit.FAILED
    page.line("Everything is as it must be.", "green")
    return Exit.DONE
