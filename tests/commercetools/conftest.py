"""Tests here may run against the simulators."""

from tests.simulated import (
    running_commercetools,
    running_freshsales,
    simulated_crm,
    simulated_shop,
)

__all__ = [
    "running_commercetools",
    "running_freshsales",
    "simulated_crm",
    "simulated_shop",
]
