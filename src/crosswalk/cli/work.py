"""``crosswalk run`` and ``crosswalk worker``: work until told to stop."""

import asyncio
import os

from crosswalk import bootstrap
from crosswalk.cli.opening import open_everything
from crosswalk.cli.output import Exit, say
from crosswalk.cli.signals import on_end
from crosswalk.domain.model import Side
from crosswalk.engine.pollers import poll


async def run() -> Exit:
    """Poll both sides and work off what changed, until SIGTERM or Ctrl-C.

    Of several processes on one database one polls, and another takes over when it ends.
    """
    return await _work(polls=True)


async def worker() -> Exit:
    """Work off what others take in, until SIGTERM or Ctrl-C."""
    return await _work(polls=False)


async def _work(*, polls: bool) -> Exit:
    """Work until told to stop; what is begun by then is finished."""
    stop = asyncio.Event()
    async with open_everything(os.environ) as opened:
        world, sync = opened.world, opened.config.sync
        every = {Side.SHOP: sync.poll_every, Side.CRM: sync.poll_crm_every}
        with on_end(stop.set):
            async with bootstrap.working(world):
                if polls:
                    pace = f"{sync.poll_every} s, the CRM every {sync.poll_crm_every} s"
                    say(f"Polling both sides: the shop every {pace}; Ctrl-C ends it.")
                    await poll(world, every=every, stop=stop)
                else:
                    say("Working; Ctrl-C ends it.")
                    await stop.wait()
                say("Finishing what is begun.")
    return Exit.DONE
