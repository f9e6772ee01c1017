"""The names under which `tests.simulated` used to be known here."""

from collections.abc import Iterator

from tests.simulated import (
    Simulator,
    running_commercetools,
    running_freshsales,
    simulated_crm,
    simulated_shop,
    simulator,
)

__all__ = [
    "Simulator",
    "run_simulator",
    "running_commercetools",
    "running_freshsales",
    "simulated_crm",
    "simulated_shop",
]


def run_simulator(name: str) -> Iterator[Simulator]:
    """Run a simulator until the generator ends."""
    with simulator(name) as running:
        yield running
