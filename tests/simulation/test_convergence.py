"""Whatever happens on the way, both sides agree in the end; then nothing happens."""

import asyncio
from typing import Final

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.life import Life

#: So many lives are new ones every time; fewer are always the same.
MANY: Final = 30


def _live(
    server: str, backstage: asyncio.AbstractEventLoop, *, lives: int, steps: int
) -> None:
    class Here(Life):
        def __init__(self) -> None:
            super().__init__(server, backstage)

    rules = settings(
        max_examples=lives,
        stateful_step_count=steps,
        deadline=None,
        derandomize=lives < MANY,
        # To make a failing course shorter takes minutes.
        phases=[Phase.generate],
    )
    run_state_machine_as_test(Here, settings=rules)


def test_every_life_ends_in_agreement(
    server: str, backstage: asyncio.AbstractEventLoop
) -> None:
    """
    After any course of events one contact stands for each customer, its fields are the
    shop's, the salespeople's are theirs, and the next run calls nobody (P2, P3, P4).
    """
    _live(server, backstage, lives=12, steps=15)


@pytest.mark.slow
def test_many_lives_end_in_agreement(
    server: str, backstage: asyncio.AbstractEventLoop
) -> None:
    """
    The same holds for many more and longer courses of events, new ones every time.
    """
    _live(server, backstage, lives=MANY, steps=40)
